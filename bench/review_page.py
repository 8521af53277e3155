"""What the review room costs when much is said: statements, bytes, first paint, scrubbing, seeking, live.

    python -m bench.review_page [--rounds 60] [--streams 500]

Runs the whole product with one web process on a folder that is thrown away, a real take that the worker
made ready, 500 comments of 20 people, and real Chromium. The last line is JSON: `statements_5` and
`statements_500` (SQL statements of the page), `server_ratio` (its time divided by that of a bare Flask
template of the same bytes, medians of one run), `gzip_kb` (document, styles, own scripts, font; each
compressed), `lcp_ms`, `scrub_inp_p95_ms` (a move on the timeline until the next frame is painted),
`seek_p95_ms` (a click on a comment until its frame is shown), `live_p95_ms` (posted in one browser until it
stands in another) and `sse500_p95_ratio` (p95 of the page with that many open live streams and without).
"""

import argparse
import gzip
import json
import os
import random
import socket
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask import Flask, render_template_string
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, Response, sync_playwright
from sqlalchemy import event, select

from bench.asking import client_of
from pitchreview import logs
from pitchreview.models import Take, User
from pitchreview.web.app import create_app
from tests import crowd
from tests import site as sites
from tests.factories import Factory
from tests.media import Clips
from tests.site import Site, arrived, person, team_of
from worker.media.tools import find_tools

FEW, MANY, PEOPLE = 5, 500, 20
SEEKS, POSTS, MOVES, LOADS = 40, 40, 120, 7
CLIP = "long.mp4"
# Only in the bundle of hls.js, which is counted apart.
HLS = b"maxBufferLength"

SCRUB = """async (moves) => {
  const line = document.querySelector("[data-area]");
  const { left, width, top, height } = line.getBoundingClientRect();
  const tell = (name, x) => line.dispatchEvent(new PointerEvent(name, {
    bubbles: true, button: 0, pointerId: 1, pointerType: "mouse",
    clientX: left + x * width, clientY: top + height - 4,
  }));
  const painted = () => new Promise((done) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => done(performance.now());
    port2.postMessage(null);
  }));
  line.setPointerCapture = line.closest("time-line").setPointerCapture = () => {};
  const spent = [];
  for (let i = 0; i < moves; i += 1) {
    const began = performance.now();
    tell(i ? "pointermove" : "pointerdown", Math.abs(Math.sin(i / 9)));
    spent.push((await painted()) - began);
  }
  tell("pointerup", 0.5);
  return spent;
}"""

SEEK = """async (id) => {
  const video = document.querySelector("pitch-player video");
  const thread = document.getElementById(`comment-${id}`);
  const wanted = Number(thread.dataset.at) / 1000;
  const shown = new Promise((done) => {
    const look = (now, { mediaTime }) => {
      if (Math.abs(mediaTime - wanted) < 0.05) done(performance.now());
      else video.requestVideoFrameCallback(look);
    };
    video.requestVideoFrameCallback(look);
  });
  const began = performance.now();
  // A click by a pointer: one without plays from a second before.
  thread.querySelector("[data-body]").dispatchEvent(new MouseEvent("click", { bubbles: true, detail: 1 }));
  return (await shown) - began;
}"""

POST = """async ([address, body, token]) => {
  const form = new FormData();
  form.set("body", body); form.set("at_ms", "1000");
  const headers = { "X-CSRFToken": token, "X-Requested-With": "fetch", Accept: "text/html" };
  await fetch(address, { method: "POST", body: form, headers });
  return performance.timeOrigin + performance.now();
}"""

WAIT_FOR = """(body) => new Promise((done) => {
  const look = () => {
    const said = [...document.querySelectorAll("comment-thread [data-body]")];
    if (!said.some(({ textContent }) => textContent === body)) return;
    watch.disconnect();
    done(performance.timeOrigin + performance.now());
  };
  const watch = new MutationObserver(look);
  watch.observe(document.querySelector("comment-feed"), { childList: true, subtree: true });
  look();
})"""

LCP = """() => new Promise((done) => {
  new PerformanceObserver((list) => done(list.getEntries().at(-1).startTime))
    .observe({ type: "largest-contentful-paint", buffered: true });
})"""


@dataclass(frozen=True)
class Room:
    site: Site
    browser: Browser
    take_id: UUID
    comment_ids: list[UUID]

    @property
    def address(self) -> str:
        return f"/takes/{self.take_id}"

    def page(self, who: str) -> Page:
        context = self.browser.new_context(
            base_url=self.site.url,
            viewport={"width": 1440, "height": 900},
            storage_state=self._state(who),
        )
        return context.new_page()

    def _state(self, who: str) -> Any:
        if who not in self.site.states:
            self.site.states[who] = sites.sign_in(self.site, self.browser, who)
        return self.site.states[who]

    def cookie(self, who: str) -> str:
        (cookie,) = [c for c in self._state(who)["cookies"] if "session" in c["name"]]
        return f"{cookie['name']}={cookie['value']}"


def main() -> None:
    options = _options()
    with _room() as room:
        figures: dict[str, float] = {}
        with _asked_of(room) as (client, statements):
            figures |= statements
            figures["server_ratio"] = _beside_a_bare_page(client, room, options.rounds)
        figures["gzip_kb"] = _bytes_of(room)
        figures["lcp_ms"] = round(statistics.median(_first_paint(room) for _ in range(LOADS)))
        figures["scrub_inp_p95_ms"] = _scrub(room)
        figures["seek_p95_ms"] = _seek(room)
        figures["live_p95_ms"] = _live(room)
        figures["sse500_p95_ratio"] = _beside_streams(room, options.streams, options.rounds)
    print(json.dumps(figures))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--streams", type=int, default=500)
    return parser.parse_args()


@contextmanager
def _room() -> Iterator[Room]:
    os.environ["WEB_WORKERS"] = "1"
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-review-")))
        site = stack.enter_context(sites.running_site(folder / "site"))
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(
            executable_path=sites.chromium(), args=list(sites.CHROMIUM_FLAGS)
        )
        yield Room(site, browser, *_discussed_take(site, folder))
        browser.close()


def _discussed_take(site: Site, folder: Path) -> tuple[UUID, list[UUID]]:
    clip = Clips(find_tools(site.settings), folder)(CLIP)
    with site.session() as session:
        make = Factory(session, site.store)
        recording = arrived(make, clip)
        take = make.take(person(session, "ada"), make.scenario(team_of(session)), recording=recording)
        session.commit()
        sites.wait_until_ready(site, take)
        session.refresh(take.recording)
        ids = crowd.discuss(session, take, crowd.people(session, make, take, PEOPLE), FEW)
        session.commit()
        return take.id, ids


# --- the server ---------------------------------------------------------------------------------------


@contextmanager
def _asked_of(room: Room) -> Iterator[tuple[FlaskClient, dict[str, float]]]:
    """The page asked for in this process, on the site's own database: with few comments, then with many."""
    settings = room.site.settings.model_copy(update={"log_level": "error"})
    logs.configure(settings)
    app = create_app(settings)
    heard: list[str] = []
    engine = app.extensions["pitchreview"].engine
    event.listen(engine, "before_cursor_execute", lambda *told: heard.append(told[2]))
    client = client_of(app, room.site, "cole")

    def count() -> int:
        client.get(room.address)
        heard.clear()
        client.get(room.address)
        return len(heard)

    few = count()
    with room.site.session() as session:
        take = session.get_one(Take, room.take_id)
        speakers = list(session.scalars(select(User).where(User.name.like("Coach%"))))
        room.comment_ids.extend(crowd.discuss(session, take, speakers, MANY - FEW))
        session.commit()
    many = count()
    print(f"statements: {few} with {FEW} comments, {many} with {MANY}", flush=True)
    yield client, {"statements_5": few, "statements_500": many}
    engine.dispose()


def _beside_a_bare_page(client: FlaskClient, room: Room, rounds: int) -> float:
    html = client.get(room.address).text
    bare = Flask("bare")
    bare.add_url_rule("/", "page", lambda: render_template_string("{{ html|safe }}", html=html))
    page = bare.test_client()
    ours, theirs = [], []
    for _ in range(rounds):
        theirs.append(_milliseconds(lambda: page.get("/")))
        ours.append(_milliseconds(lambda: client.get(room.address)))
    print(
        f"server: {statistics.median(ours):.1f} ms, a bare page {statistics.median(theirs):.2f} ms",
        flush=True,
    )
    return round(statistics.median(ours) / statistics.median(theirs), 1)


def _milliseconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


# --- the browser --------------------------------------------------------------------------------------


def _bytes_of(room: Room) -> float:
    """Document, styles, own scripts and font, each as gzip sends it; hls.js and pictures come later."""
    page, sizes = room.page("cole"), {}

    def weigh(response: Response) -> None:
        path = urlsplit(response.url).path
        if not response.ok or not (path == room.address or path.endswith((".css", ".js", ".woff2"))):
            return
        body = response.body()
        if HLS not in body and "hls.worker" not in path:
            sizes[path] = len(gzip.compress(body))

    page.on("response", weigh)
    page.goto(room.address)
    page.wait_for_timeout(2000)
    for path, size in sorted(sizes.items(), key=lambda item: -item[1]):
        print(f"  {size / 1024:6.1f} KB {path.replace(str(room.take_id), '…')}", flush=True)
    page.context.close()
    return round(sum(sizes.values()) / 1024, 1)


def _first_paint(room: Room) -> float:
    page = room.page("cole")
    page.goto(room.address)
    page.wait_for_timeout(1500)
    found = float(page.evaluate(LCP))
    page.context.close()
    return found


def _open(room: Room, who: str) -> Page:
    page = room.page(who)
    page.goto(room.address)
    page.locator(".feed-gap").first.wait_for()
    page.locator("[data-start]").click()
    page.wait_for_timeout(1000)
    page.keyboard.press("k")
    return page


def _scrub(room: Room) -> float:
    page = _open(room, "cole")
    spent = page.evaluate(SCRUB, MOVES)
    page.context.close()
    return _p95("scrubbing", spent)


def _seek(room: Room) -> float:
    page = _open(room, "cole")
    here = page.evaluate("[...document.querySelectorAll('comment-thread')].map(({ dataset }) => dataset.id)")
    spent = [float(page.evaluate(SEEK, name)) for name in random.Random(5).choices(here, k=SEEKS)]
    page.context.close()
    return _p95("a click on a comment until its frame", spent)


def _live(room: Room) -> float:
    """Ada says something about her own take; Cole's page shows it."""
    ada, cole = _open(room, "ada"), _open(room, "cole")
    token = ada.locator("meta[name=csrf-token]").get_attribute("content")
    spent = []
    for turn in range(POSTS):
        body = f"Live {turn}"
        sent_at = time.time() * 1000
        ada.evaluate(POST, [f"{room.address}/comments", body, token])
        spent.append(float(cole.evaluate(WAIT_FOR, body)) - sent_at)
    for page in (ada, cole):
        page.context.close()
    return _p95("posted until it stands in another browser", spent)


def _p95(what: str, spent: list[float]) -> float:
    p95 = sorted(spent)[max(0, round(len(spent) * 0.95) - 1)]
    print(f"{what}: median {statistics.median(spent):.0f} ms, p95 {p95:.0f} ms of {len(spent)}", flush=True)
    return round(p95, 1)


# --- many open pages ----------------------------------------------------------------------------------


def _beside_streams(room: Room, streams: int, rounds: int) -> float:
    quiet = _page_p95(room, rounds)
    with ExitStack() as stack:
        for _ in range(streams):
            stack.enter_context(_live_stream(room))
        crowded = _page_p95(room, rounds)
    print(f"page: p95 {quiet:.0f} ms alone, {crowded:.0f} ms with {streams} open streams", flush=True)
    return round(crowded / quiet, 2)


@contextmanager
def _live_stream(room: Room) -> Iterator[socket.socket]:
    parts = urlsplit(room.site.url)
    stream = socket.create_connection((parts.hostname or "", parts.port or 80), timeout=10)
    lines = (
        f"GET /live?topic=take:{room.take_id} HTTP/1.1",
        f"Host: {parts.netloc}",
        f"Cookie: {room.cookie('cole')}",
    )
    stream.sendall("\r\n".join((*lines, "", "")).encode())
    head = stream.recv(200)
    if b" 200 " not in head:
        raise RuntimeError(f"A stream was refused: {head!r}")
    with stream:
        yield stream


def _page_p95(room: Room, rounds: int) -> float:
    context = room.browser.new_context(base_url=room.site.url, storage_state=room._state("cole"))
    spent = [_milliseconds(lambda: context.request.get(room.address)) for _ in range(rounds)]
    context.close()
    return sorted(spent)[max(0, round(len(spent) * 0.95) - 1)]


if __name__ == "__main__":
    main()
