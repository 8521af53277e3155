"""A take that plays while it is made: the stream grows under the viewer and becomes the whole rung."""

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page

from pitchreview import db
from pitchreview.actions import intake
from pitchreview.models import (
    LiveSegment,
    Recording,
    RecordingState,
    Rendition,
    RenditionKind,
    StepName,
    StepState,
)
from tests.factories import Factory
from tests.site import Site, person, team_of
from worker.media import ladder
from worker.media.growth import Growth, Stretch
from worker.media.probe import probe
from worker.media.renditions import Rung
from worker.media.tools import find_tools

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("second-site")]

SECONDS = 12
HALF = 4  # the head and three stretches of two seconds

LOOK = """
() => {
  const { video } = document.querySelector("pitch-player");
  const { seekable } = video;
  return {
    at: video.currentTime,
    reach: seekable.length ? seekable.end(seekable.length - 1) : 0,
    isPlaying: !video.paused,
    loads: window.loads,
  };
}
"""


@dataclass
class Made:
    """The lowest rung as the worker makes it: stretch by stretch, and whole."""

    stretches: list[Stretch]
    rung: Rung


@pytest.fixture(scope="module")
def made(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Made:
    tools, folder = find_tools(site.settings), tmp_path_factory.mktemp("growing")
    source = folder / "source.mp4"
    drawn = f"-f lavfi -i testsrc2=s=320x180:r=30:d={SECONDS} -f lavfi -i sine=d={SECONDS}".split()
    encode = ["-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac"]
    subprocess.run([tools.ffmpeg, "-nostdin", "-v", "error", *drawn, *encode, source], check=True)
    found = probe(tools, source)
    assert found.video is not None
    (plan,) = ladder.plan_rungs(found.video)
    (rung,) = ladder.make_ladder(tools, source, found, folder, [plan], grows=True).rungs
    growth = Growth(ladder.file_in(folder, plan.name), ladder.playlist_in(folder, plan.name))
    return Made(growth.fresh(), rung)


class Growing:
    """A take of Jonas whose stretches are published by the test, in the worker's place."""

    def __init__(self, site: Site, made: Made) -> None:
        self.site, self.made = site, made
        with site.session() as session:
            make = Factory(session, site.store)
            recording = make.recording(RecordingState.PLAYABLE)
            recording.renditions = []
            recording.duration_ms = SECONDS * 1000
            recording.step(StepName.OPEN).state = StepState.DONE
            # Far away, so that the site's own worker leaves it alone
            intake.queue_step(session, recording, StepName.ENCODE, in_seconds=3600)
            take = make.take(person(session, "jonas"), make.scenario(team_of(session)), recording=recording)
            session.commit()
            self.recording_id, self.page = recording.id, f"/takes/{take.id}"

    def publish(self, stretches: list[Stretch]) -> None:
        self._change(lambda recording: recording.live_segments.extend(map(self._stored, stretches)))

    def finish(self) -> None:
        rung = self.made.rung
        key = f"recordings/{self.recording_id}/open/attempt-1/rung.mp4"
        self.site.store.put_file(rung.path, key, "video/mp4")
        row = Rendition(
            kind=RenditionKind.RUNG,
            rung=180,
            attempt=1,
            object_key=key,
            content_type="video/mp4",
            size_bytes=rung.bytes,
            width=rung.width,
            height=rung.height,
            duration_ms=rung.duration_ms,
            bitrate=rung.peak_bitrate,
            codecs=rung.codecs,
            layout={
                "init": [rung.init.offset, rung.init.length],
                "segments": [[s.offset, s.length, s.duration_ms] for s in rung.segments],
            },
        )
        self._change(lambda recording: recording.renditions.append(row))

    def _stored(self, stretch: Stretch) -> LiveSegment:
        key = f"recordings/{self.recording_id}/open/attempt-1/live/{stretch.number}.mp4"
        self.site.store.put_bytes(stretch.content, key, "video/mp4")
        return LiveSegment(
            attempt=1, sequence=stretch.number, object_key=key, duration_ms=stretch.duration_ms
        )

    def _change(self, change: Callable[[Recording], None]) -> None:
        with self.site.session() as session:
            recording = session.get_one(Recording, self.recording_id)
            change(recording)
            db.announce(session, intake.recording_topic(self.recording_id))
            session.commit()


def until(page: Page, what: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    for _ in range(150):
        seen: dict[str, Any] = page.evaluate(LOOK)
        if what(seen):
            return seen
        page.wait_for_timeout(100)
    raise AssertionError(f"It did not happen: {seen}")


@pytest.mark.campaign
def test_it_plays_from_the_first_stretch_grows_and_ends_without_a_break(
    window: Callable[..., Page], site: Site, made: Made
) -> None:
    growing = Growing(site, made)
    growing.publish(made.stretches[:HALF])
    page = window("jonas")
    page.goto(growing.page, wait_until="domcontentloaded")
    page.locator("[data-start]").wait_for()
    page.evaluate(
        "() => { window.loads = 0; document.querySelector('video')"
        ".addEventListener('emptied', () => { window.loads += 1; }); }"
    )
    page.locator("[data-start]").click()

    seen = until(page, lambda seen: seen["at"] > 0.5)
    assert seen["at"] < 3, "it begins at the beginning, not where the stream is being made"
    assert 5.5 < seen["reach"] < 6.5
    assert page.locator("[data-follow]").inner_text().startswith("Still being made")
    page.evaluate("() => document.querySelector('pitch-player').seek(11_000)")
    assert until(page, lambda seen: seen["at"] > 4)["at"] < 6.5, "nobody is sent where nothing is yet"

    growing.publish(made.stretches[HALF:])
    growing.finish()
    until(page, lambda seen: seen["reach"] > SECONDS - 0.5)
    assert until(page, lambda seen: seen["at"] > 6.6)["loads"] == seen["loads"], "the stream went on"

    page.keyboard.press("k")
    page.locator("pitch-player:not([data-growing])").wait_for()
    at = until(page, lambda now: now["loads"] > seen["loads"])["at"]
    assert page.locator("pitch-player").get_attribute("data-hls").endswith("/master.m3u8")  # type: ignore[union-attr]
    assert until(page, lambda now: now["at"] > 6)["isPlaying"] is False and at >= 0
