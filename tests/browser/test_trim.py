"""What presenters make of a practice take, in real Chromium: a shorter one, and another layout."""

import re
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from pitchreview import db
from pitchreview.actions import intake
from pitchreview.config import Settings
from pitchreview.models import Recording, RecordingState, Source
from tests.factories import Factory
from tests.media import Clips
from tests.site import Site, person, team_of
from worker.media.tools import find_tools

pytestmark = [pytest.mark.browser, pytest.mark.campaign, pytest.mark.xdist_group("second-site")]

PROCESSING_MS = 60_000


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Clips:
    return Clips(find_tools(Settings()), tmp_path_factory.mktemp("clips"))


def practice(site: Site, **files: Path) -> str:
    """The address of a practice take of Jonas, of whose files, by role, the site's own worker makes it."""
    with site.session() as session:
        make = Factory(session, site.store)
        recording = Recording(id=uuid4(), state=RecordingState.AWAITING_UPLOAD, steps=[], renditions=[])
        recording.sources = [_arrived(site, recording, role, path) for role, path in files.items()]
        scenario = make.scenario(team_of(session), f"Trim {uuid4().hex[:6]}")
        take = make.take(person(session, "jonas"), scenario, submitted=False, recording=recording)
        recording.receive(db.now())
        session.flush()
        intake.queue_due_steps(session, recording)
        session.commit()
        return f"/takes/{take.id}"


def _arrived(site: Site, recording: Recording, role: str, path: Path) -> Source:
    key = f"{recording.folder}source/{uuid4()}"
    site.store.put_file(path, key, "application/octet-stream")
    size = path.stat().st_size
    return Source(
        role=role,
        object_key=key,
        file_name=path.name,
        content_type="video/mp4",
        size_bytes=size,
        part_size=8 * 1024 * 1024,
        received_at=db.now(),
    )


def drag(page: Page, edge: str, share: float) -> None:
    rail = page.locator("[data-rail]").bounding_box()
    handle = page.locator(f"[data-edge={edge}]").bounding_box()
    assert rail and handle
    page.mouse.move(handle["x"] + handle["width"] / 2, handle["y"] + 10)
    page.mouse.down()
    page.mouse.move(rail["x"] + rail["width"] * share, handle["y"] + 10, steps=3)
    page.mouse.up()


def test_a_shorter_take_is_chosen_played_and_made(
    site: Site, window: Callable[..., Page], clips: Clips
) -> None:
    page = window("jonas")
    page.goto(practice(site, camera=clips("long.mp4")))
    expect(page.locator("pitch-player")).to_be_visible(timeout=PROCESSING_MS)
    page.get_by_text("Trim", exact=True).click()
    make = page.get_by_role("button", name="Make the shorter take")
    expect(make).to_be_disabled()

    drag(page, "from", 0.25)
    drag(page, "until", 0.5)
    begin, end = page.get_by_label("From"), page.get_by_label("Until")
    expect(begin).to_have_value(re.compile(r"0:0(4\.9|5\.[01])"))
    expect(end).to_have_value(re.compile(r"0:(09\.9|10\.[01])"))
    begin.fill("8")
    begin.press("Tab")
    expect(begin).to_have_value("0:08.0")
    page.get_by_role("slider", name="End of the shorter take").press("Shift+ArrowLeft")
    expect(page.locator("take-trim [data-told]")).to_have_text(re.compile(r"^0:01\.\d of 0:20\.0\.$"))

    page.get_by_role("button", name="Play it").click()
    expect(page.locator("player-transport [data-act=toggle]")).to_have_attribute("aria-label", "Pause")
    expect(page.locator("player-transport [data-act=toggle]")).to_have_attribute("aria-label", "Play")

    make.click()
    expect(page.locator("h1")).to_have_text("Your take 2")
    expect(page.locator("pitch-player")).to_be_visible(timeout=PROCESSING_MS)
    assert 900 <= page.evaluate("document.querySelector('pitch-player').durationMs") <= 1200


def test_screen_and_camera_are_arranged_anew(site: Site, window: Callable[..., Page], clips: Clips) -> None:
    page = window("jonas")
    page.goto(practice(site, camera=clips("clapper.mp4"), screen=clips("window.mp4")))
    expect(page.locator("pitch-player")).to_be_visible(timeout=PROCESSING_MS)
    expect(page.locator("video")).to_have_attribute("height", "240")

    page.get_by_text("Screen and camera", exact=True).click()
    page.get_by_text("Camera alone").click()
    page.get_by_role("button", name="Put together").click()
    expect(page.locator("video")).to_have_attribute("height", "480", timeout=PROCESSING_MS)
