"""What the worker makes, in real Chromium: it plays, and a seek shows the very picture that was asked for.

Each picture of these clips tells its own number, so a test reads from the screen which one is shown.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page
from sqlalchemy.orm import Session

from pitchreview.models import Recording, RecordingState, RenditionKind, Take
from tests.factories import Factory
from tests.media import Clips
from tests.site import Site, arrived, person, team_of
from worker.media.tools import find_tools

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("second-site")]

PROCESSING_SECONDS = 60
FRAMES_PER_SECOND = 30
# Out of order, so that nothing comes from playing on
ASKED = (40, 70, 3, 61)
SOUND = "a sound"
PLAYED = (RenditionKind.COPY, RenditionKind.RUNG, RenditionKind.AUDIO)

MAKE: dict[str, Callable[[Clips], Path]] = {
    "a turned phone": lambda clips: clips.displayed("counter.mp4", 90),
    "uneven HEVC": lambda clips: clips("counter-uneven.mov"),
    "VP9": lambda clips: clips("counter.webm"),
    "plain H.264": lambda clips: clips("counter.mp4"),
    "a late clock": lambda clips: clips("counter-late.mp4"),
    "a trimmed phone": lambda clips: clips.trimmed("counter.mp4", 0.5),
    SOUND: lambda clips: clips("sound.m4a"),
}
# A phone that leaves out every fifth picture shows the one before in its place. The late clock starts with
# the warm-up of its sound, most of a picture early.
MOST_FRAMES_OFF = {"uneven HEVC": 1, "a late clock": 1}

# An edit list hides these pictures; the clip begins with the next one
HIDDEN_FRAMES = {"a trimmed phone": 15}

# Seeks to the middle of each picture and reads the number that is shown
READ = """
async ([media, asked, rate]) => {
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  const seen = [];
  for (const frame of asked) {
    const arrived = new Promise((resolve) => media.addEventListener("seeked", resolve, { once: true }));
    // The seek is over a moment before its picture is on the screen
    const shown = new Promise((resolve) => media.requestVideoFrameCallback(resolve));
    media.currentTime = (frame + 0.5) / rate;
    await Promise.all([arrived, shown]);
    [canvas.width, canvas.height] = [media.videoWidth, media.videoHeight];
    pen.drawImage(media, 0, 0);
    const isTurned = canvas.height > canvas.width;
    let number = 0;
    for (let bit = 0; bit < 8; bit++) {
      const [x, y] = isTurned ? [90, 40 * bit + 20] : [40 * bit + 20, 90];
      if (pen.getImageData(x, y, 1, 1).data[1] > 127) number += 2 ** bit;
    }
    seen.push({ number, time: media.currentTime, size: [canvas.width, canvas.height] });
  }
  return seen;
}
"""
# A second element beside the page's own, for files that the page would not choose
OPEN = """
async ([kind, address]) => {
  const media = document.createElement(kind);
  media.crossOrigin = "anonymous"; // or its pixels could not be read
  media.muted = true;
  media.src = address;
  document.body.append(media);
  await new Promise((resolve, reject) => {
    media.addEventListener("canplay", resolve, { once: true });
    media.addEventListener("error", () => reject(media.error.message), { once: true });
  });
  return media;
}
"""
PLAY = """
async (media) => {
  media.currentTime = 0;
  await media.play();
  const until = performance.now() + 5000;
  while (media.currentTime < 0.3 && performance.now() < until) await new Promise((go) => setTimeout(go, 20));
  media.pause();
  return media.currentTime;
}
"""


@dataclass(frozen=True)
class Ready:
    """A take of Jonas, and where its files are."""

    page: str
    files: list[str]


@pytest.fixture(scope="module")
def takes(site: Site, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Ready]:
    """One take for each clip, made ready by the site's own worker."""
    clips = Clips(find_tools(site.settings), tmp_path_factory.mktemp("playback"))
    with site.session() as session:
        make = Factory(session, site.store)
        scenario = make.scenario(team_of(session), "What the worker makes")
        made = {
            name: make.take(person(session, "jonas"), scenario, recording=arrived(make, make_clip(clips)))
            for name, make_clip in MAKE.items()
        }
        session.commit()
        return {name: wait_until_ready(session, take) for name, take in made.items()}


def wait_until_ready(session: Session, take: Take) -> Ready:
    deadline = time.monotonic() + PROCESSING_SECONDS
    while time.monotonic() < deadline:
        session.rollback()
        recording = session.get_one(Recording, take.recording_id, populate_existing=True)
        assert not recording.is_broken, recording.reason
        if recording.state is RecordingState.READY:
            files = [
                f"/media/{recording.id}/{made.id}" for made in recording.renditions if made.kind in PLAYED
            ]
            return Ready(f"/takes/{take.id}", files)
        time.sleep(0.1)
    raise AssertionError("The clip did not become ready.")


@pytest.fixture
def as_jonas(window: Callable[..., Page], takes: dict[str, Ready]) -> Page:
    return window("jonas")


def require_pictures(name: str, seen: list[dict[str, Any]]) -> None:
    for asked, found in zip(ASKED, seen, strict=True):
        wanted = asked + HIDDEN_FRAMES.get(name, 0)
        assert abs(found["number"] - wanted) <= MOST_FRAMES_OFF.get(name, 0), f"{name} shows {seen}"
        assert found["time"] == pytest.approx((asked + 0.5) / FRAMES_PER_SECOND, abs=1 / FRAMES_PER_SECOND)
        assert found["size"] == ([180, 320] if name == "a turned phone" else [320, 180])


PICTURES = [name for name in MAKE if name != SOUND]


# These are looked at as files each time, and as streams in `make campaign`.
USUAL = ("VP9", "plain H.264", "a late clock")


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=pytest.mark.campaign if name in USUAL else ()) for name in PICTURES],
)
def test_the_player_shows_the_picture_that_was_asked_for(
    as_jonas: Page, takes: dict[str, Ready], name: str
) -> None:
    as_jonas.goto(takes[name].page, wait_until="domcontentloaded")
    as_jonas.locator("pitch-player video").wait_for()
    video = as_jonas.evaluate_handle("document.querySelector('pitch-player').video")
    as_jonas.evaluate(
        "async (video) => { while (video.readyState < 2) await new Promise((go) => setTimeout(go, 20)); }",
        video,
    )

    assert as_jonas.evaluate("(video) => video.currentSrc", video).startswith("blob:"), "a stream"
    require_pictures(name, as_jonas.evaluate(READ, [video, ASKED, FRAMES_PER_SECOND]))
    assert as_jonas.evaluate(PLAY, video) >= 0.3


def test_every_file_plays_and_seeks_by_itself(as_jonas: Page, takes: dict[str, Ready]) -> None:
    as_jonas.goto("/", wait_until="domcontentloaded")

    for name in PICTURES:
        for address in takes[name].files:
            video = as_jonas.evaluate_handle(OPEN, ["video", address])
            require_pictures(name, as_jonas.evaluate(READ, [video, ASKED, FRAMES_PER_SECOND]))
            assert as_jonas.evaluate(PLAY, video) >= 0.3
            as_jonas.evaluate("(video) => video.remove()", video)


def test_a_sound_plays_and_seeks(as_jonas: Page, takes: dict[str, Ready]) -> None:
    as_jonas.goto("/", wait_until="domcontentloaded")
    (address,) = takes[SOUND].files

    sound = as_jonas.evaluate_handle(OPEN, ["audio", address])

    assert as_jonas.evaluate("(sound) => sound.duration", sound) == pytest.approx(2, abs=0.1)
    assert as_jonas.evaluate(PLAY, sound) >= 0.3
    as_jonas.evaluate("(sound) => { sound.currentTime = 1.5; }", sound)
    assert as_jonas.evaluate("(sound) => sound.currentTime", sound) == pytest.approx(1.5, abs=0.03)
