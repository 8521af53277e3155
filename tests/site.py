"""The whole product for browser tests: `pitchreview up` on a folder of its own, and real Chromium.

A site serves all tests of its process. Browser tests mostly wait, so they are two groups, marked
`xdist_group("site")` and `xdist_group("second-site")`, which run side by side with one site each. People
sign in once, through the page; each test gets a fresh window of theirs.
"""

import json
import os
import random
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Error, Page, Request, expect, sync_playwright
from sqlalchemy.orm import Session, sessionmaker

from pitchreview.actions import accounts, intake
from pitchreview.config import Settings
from pitchreview.db import make_engine, make_session_factory
from pitchreview.local import ports
from pitchreview.models import Recording, RecordingState, Role, StepName, Take, Team, User
from pitchreview.store import ObjectStore
from tests.factories import Factory

PASSWORD = "a-long-password"
READY_SECONDS = 60
# What a page sends when it goes, and the next page of the same person would find.
LAST_WORDS = re.compile(r"/takes/[^/]+/drafts/|/account/habits$")
LAST_WORDS_SECONDS = 5
PROCESSING_SECONDS = 60

CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
)


@dataclass
class Site:
    """A running product with a team in it."""

    url: str
    data: Path
    process: subprocess.Popen[bytes]
    sessions: sessionmaker[Session]
    store: ObjectStore
    team_name: str = "EMEA mid-market"
    states: dict[str, Any] = field(default_factory=dict)

    def session(self) -> Session:
        return self.sessions()

    @property
    def settings(self) -> Settings:
        return settings_of(self.data)


def settings_of(data: Path) -> Settings:
    """What the processes that run on this folder were told."""
    return Settings(**json.loads((data / "environment.json").read_text())["environment"])


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("site")) as site:
        yield site


def _own_port() -> int:
    """Below those that object stores choose: one that starts at the same time takes a dozen of theirs."""
    return next(port for port in random.sample(range(16_000, 20_000), 200) if ports.is_free(port))


@contextmanager
def running_site(data: Path) -> Iterator[Site]:
    port = _own_port()
    command = [
        sys.executable,
        "-m",
        "pitchreview",
        "up",
        "--data",
        str(data),
        "--port",
        str(port),
        "--no-demo",
    ]
    with (data.parent / "site.log").open("wb") as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=subprocess.STDOUT, env={**os.environ, "NO_COLOR": "1"}
        )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_until_ready(url, process, data.parent / "site.log")
        running = settings_of(data)
        engine = make_engine(running.sqlalchemy_url, pool_size=3)
        site = Site(url, data, process, make_session_factory(engine), ObjectStore(running))
        _add_team(site)
        yield site
        engine.dispose()
    finally:
        end_at_once(process)


def end_at_once(process: "subprocess.Popen[bytes]") -> None:
    """Nobody needs what it kept: all of its children go when it is killed."""
    family = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.wait()
    _, alive = psutil.wait_procs(family, timeout=20)
    assert not alive


def _wait_until_ready(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"The site did not come up:\n{log.read_text()[-3000:]}")


def _add_team(site: Site) -> None:
    with site.session() as session:
        make = Factory(session, site.store)
        team = make.team(site.team_name)
        cast = (("Ada Lindqvist", Role.REP), ("Jonas Weber", Role.REP), ("Cole Okafor", Role.COACH))
        for name, role in (*cast, ("Mona Ruiz", Role.MANAGER)):
            make.user(name, team, role, password=PASSWORD)
        make.user("Zoe Park", make.team("Partner sales"), Role.MANAGER, password=PASSWORD)
        session.commit()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # A busy machine is slow, not wrong: as patient as the windows below
    expect.set_options(timeout=15_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(CHROMIUM_FLAGS))
        yield browser
        browser.close()


def chromium() -> str:
    """Its shell without windows where there is one: a page of it costs a third of the processor time."""
    names = ("chromium-headless-shell", "chromium", "google-chrome", "chrome")
    executable = next(filter(None, map(shutil.which, names)), None)
    assert executable, "Chromium is missing; `make test` installs it or says how."
    return executable


@pytest.fixture
def window(site: Site, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens windows: `window("ada")`, `window("ada", width=390, height=844)`, `window(None)`."""
    contexts: list[tuple[BrowserContext, set[Request]]] = []

    def open_window(who: str | None, *, width: int = 1440, height: int = 900, **more: Any) -> Page:
        if who is not None and who not in site.states:
            site.states[who] = sign_in(site, browser, who)
        state = site.states.get(who) if who else None
        context = browser.new_context(
            viewport={"width": width, "height": height}, base_url=site.url, storage_state=state, **more
        )
        contexts.append((context, last_words_of(context)))
        page = context.new_page()
        page.set_default_timeout(15_000)
        return page

    yield open_window
    for context, on_their_way in contexts:
        hear_out(context, on_their_way)
        # One by one: a browser that is given a whole window to close at once has been seen to hang.
        for page in context.pages:
            page.close()
        context.close()


def last_words_of(context: BrowserContext) -> set[Request]:
    """The drafts and habits that are on their way to the server, at any time."""
    on_their_way: set[Request] = set()

    def sent(request: Request) -> None:
        if request.method != "GET" and LAST_WORDS.search(request.url):
            on_their_way.add(request)

    context.on("request", sent)
    context.on("requestfinished", lambda request: on_their_way.discard(request))
    context.on("requestfailed", lambda request: on_their_way.discard(request))
    return on_their_way


def hear_out(context: BrowserContext, on_their_way: set[Request]) -> None:
    """What the pages have not said yet is said now: later it would arrive in the middle of the next test."""
    for page in context.pages:
        with suppress(Error):  # a page that has crashed says nothing any more
            page.evaluate("() => { dispatchEvent(new Event('pagehide')) }")
    deadline = time.monotonic() + LAST_WORDS_SECONDS
    while on_their_way and time.monotonic() < deadline:
        while on_their_way and time.monotonic() < deadline:
            context.pages[0].wait_for_timeout(10)
        context.pages[0].wait_for_timeout(30)  # one may follow the other


def sign_in(site: Site, browser: Browser, who: str) -> Any:
    context = browser.new_context(base_url=site.url)
    page = context.new_page()
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(f"{who}@example.com")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit], form button[type=submit]").first.click()
    page.wait_for_url(f"{site.url}/")
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def as_ada(window: Callable[..., Page]) -> Page:
    return window("ada")


@pytest.fixture
def as_cole(window: Callable[..., Page]) -> Page:
    return window("cole")


@pytest.fixture
def as_mona(window: Callable[..., Page]) -> Page:
    return window("mona")


def person(session: Session, who: str) -> User:
    user = accounts.find_user(session, f"{who}@example.com")
    assert user is not None
    return user


def team_of(session: Session, who: str = "mona") -> Team:
    return person(session, who).active_memberships[0].team


def arrived(make: Factory, clip: Path) -> Recording:
    """A recording whose file lies in the store, and which the site's own worker will find in its queue."""
    recording = make.recording(RecordingState.RECEIVED)
    source = recording.sources[0]
    source.size_bytes = clip.stat().st_size
    make.store.put_file(clip, source.object_key, "video/mp4")
    recording.step(StepName.CHECK)
    intake.queue_step(make.session, recording, StepName.CHECK)
    return recording


def wait_until_ready(site: Site, take: Take) -> None:
    """The site's own worker has made all that there is to make."""
    deadline = time.monotonic() + PROCESSING_SECONDS
    while time.monotonic() < deadline:
        with site.session() as session:
            recording = session.get_one(Recording, take.recording_id)
            if recording.state is RecordingState.READY:
                return
            assert not recording.is_broken, recording.reason
        time.sleep(0.2)
    raise AssertionError("The clip did not become ready.")


def require_a_good_page(page: Page, address: str) -> None:
    """As a person meets it: no barriers in both themes, no complaint of the browser, and it fits a phone."""
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if "Security Policy" in said.text else None)
    answer = page.goto(address)
    assert answer is not None and answer.status == 200
    assert barriers(page) == []
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert barriers(page) == []
    assert complaints == []


def barriers(page: Page) -> list[Any]:
    """What keeps people with disabilities out of this page as it stands."""
    # What is in order is not listed: that takes longer than finding what is not.
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    violations: list[Any] = found.response["violations"]
    return violations
