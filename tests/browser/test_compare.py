"""Ada watches two takes side by side: in step, one heard at a time, lined up where she wants."""

import statistics
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_review_room import until
from tests.factories import Factory
from tests.site import Site, arrived, barriers, person, require_a_good_page, team_of
from tests.waiting import until as wait

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("second-site")]

# Two players that are not kept together differ by whole seconds. How close they are is for
# `bench.compare_drift` to say: a busy machine shows its pictures late.
MOST_APART_SECONDS = 0.4
# Where the part that is held up begins and ends
FROM_MS, UNTIL_MS = 4000, 9000
TIMES = "[...document.querySelectorAll('side-by-side video')].map(({ currentTime }) => currentTime)"
PLAYING = "[...document.querySelectorAll('side-by-side video')].map(({ paused }) => !paused)"
HEARD = "[...document.querySelectorAll('side-by-side video')].map(({ muted }) => !muted)"
# Where both are, once both play: fifteen pictures of the page, one after the other
GLANCE = """async () => {
  const videos = [...document.querySelectorAll("side-by-side video")];
  const seen = [];
  for (let look = 0; look < 600 && seen.length < 15; look += 1) {
    await new Promise(requestAnimationFrame);
    if (videos.every(({ paused, seeking }) => !paused && !seeking)) {
      seen.push(videos.map(({ currentTime }) => currentTime));
    }
  }
  return seen;
}"""
WITHOUT_BYTES = """
Object.defineProperty(document.querySelectorAll("side-by-side video")[1], "readyState", {
  configurable: true,
  get: () => HTMLMediaElement.HAVE_CURRENT_DATA,
})"""
# For a tenth of a second after each leap a slow browser tells of the frame before it
LATE_FRAMES = """() => {
  const ask = HTMLVideoElement.prototype.requestVideoFrameCallback;
  HTMLVideoElement.prototype.requestVideoFrameCallback = function (tell) {
    if (!this.framesAreLate) {
      this.framesAreLate = true;
      this.addEventListener("seeking", () => (this.lateFrame = this.lastFrame));
      this.addEventListener("seeked", () => setTimeout(() => (this.lateFrame = null), 100));
    }
    return ask.call(this, (now, frame) => {
      const told = this.lateFrame ? { mediaTime: this.lateFrame.mediaTime, expectedDisplayTime: now } : frame;
      if (!this.lateFrame) this.lastFrame = frame;
      tell(now, told);
    });
  };
}"""
CAN_PLAY = "[...document.querySelectorAll('side-by-side video')].every(({ readyState }) => readyState >= 3)"


@pytest.fixture(scope="module")
def address(site: Site, clips_folder: Path) -> str:
    """A practice take of Ada beside a part of what Jonas shows, with a comment on hers."""
    with site.session() as session:
        make = Factory(session, site.store)
        ada, jonas = person(session, "ada"), person(session, "jonas")
        scenario = make.scenario(team_of(session), "Side by side")
        clips = [arrived(make, clips_folder / f"{name}.mp4") for name in ("discovery-ada", "email-ada")]
        mine = make.take(ada, scenario, recording=clips[0])
        model = make.take(jonas, scenario, recording=clips[1])
        exemplar = make.exemplar(model, person(session, "mona"), from_ms=FROM_MS, until_ms=UNTIL_MS)
        make.comment(
            mine, person(session, "cole"), "Wait for her answer here.", at_ms=8000, exemplar=exemplar
        )
        session.commit()

        def both_play() -> bool:
            session.expire_all()
            return mine.recording.is_playable and model.recording.is_playable

        wait(both_play, seconds=60)
        return f"/compare/take:{mine.id}/exemplar:{exemplar.id}"


def open_it(page: Page, address: str) -> None:
    page.goto(address)
    until(page, CAN_PLAY)


def apart(page: Page, left: float = 0, right: float = FROM_MS / 1000) -> float:
    """How far both are from being `left` and `right` at the same time."""
    times = page.evaluate(TIMES)
    return abs((times[0] - left) - (times[1] - right))


def require_in_step(page: Page, left: float = 0, right: float = FROM_MS / 1000) -> None:
    """While both play they stay together, but for a glance that falls into the making up."""
    glances = [abs(a - left - (b - right)) for a, b in page.evaluate(GLANCE)]
    assert len(glances) == 15
    assert statistics.median(glances) <= MOST_APART_SECONDS, glances


def test_both_go_together_and_meet_where_she_lines_them_up(as_ada: Page, address: str) -> None:
    open_it(as_ada, address)
    as_ada.keyboard.press(" ")
    until(as_ada, f"{TIMES}[0] > 1")
    require_in_step(as_ada)
    assert as_ada.evaluate(HEARD) == [True, False]
    as_ada.keyboard.press("s")
    assert as_ada.evaluate(HEARD) == [False, True]

    # A leap back is no leap of one side alone, however late the browser tells of it
    as_ada.evaluate(LATE_FRAMES)
    until(as_ada, f"{TIMES}[0] > 2.5")
    as_ada.keyboard.press("j")
    until(as_ada, f"{TIMES}[1] < {FROM_MS / 1000 + 1.5}")
    require_in_step(as_ada)

    # Where one waits for its bytes the other is held, and goes on with it
    as_ada.evaluate(WITHOUT_BYTES)
    until(as_ada, f"!{PLAYING}[0]")
    as_ada.evaluate("delete document.querySelectorAll('side-by-side video')[1].readyState")
    until(as_ada, f"{PLAYING}.every(Boolean)")

    # The part that is held up ends before the take does, and nothing after it is played
    as_ada.keyboard.press("2")  # a fifth of the whole
    until(as_ada, f"{TIMES}[0] > 5.2")
    assert as_ada.evaluate(PLAYING) == [True, False]
    assert as_ada.evaluate(TIMES)[1] == pytest.approx(UNTIL_MS / 1000, abs=0.05)
    as_ada.keyboard.press("k")
    assert as_ada.evaluate(PLAYING) == [False, False]

    # The time of a comment leads both there
    as_ada.get_by_role("button", name="Show both at 0:08").click()
    until(as_ada, f"{TIMES}[0] > 7.9")
    as_ada.keyboard.press("a")
    as_ada.get_by_label("Position of Your take").fill("6000")
    as_ada.get_by_label("Position of Handing").fill("500")
    as_ada.get_by_role("button", name="Align here").click()
    assert as_ada.url.endswith("?a=6&b=0.5")
    expect(as_ada.locator("[data-now]")).to_have_text("0:06.0")

    # Whoever opens that address sees the same, and it stays so while both play
    open_it(as_ada, as_ada.url)
    until(as_ada, f"{TIMES}[0] > 5.9")
    assert apart(as_ada, 6, FROM_MS / 1000 + 0.5) <= 0.01
    as_ada.keyboard.press(" ")
    until(as_ada, f"{TIMES}[0] > 6.5")
    require_in_step(as_ada, 6, FROM_MS / 1000 + 0.5)
    as_ada.keyboard.press(" ")
    as_ada.get_by_role("button", name="Start", exact=True).click()
    assert "a=" not in as_ada.url


@pytest.mark.campaign
def test_it_is_a_good_page_and_shows_one_at_a_time_on_a_phone(
    window: Callable[..., Page], address: str
) -> None:
    page = window("ada")
    require_a_good_page(page, address)
    pictures = page.locator("side-by-side video")
    page.get_by_role("button", name="One", exact=True).click()
    expect(pictures.nth(1)).to_be_hidden()
    page.keyboard.press("s")
    expect(pictures.nth(0)).to_be_hidden()
    expect(pictures.nth(1)).to_be_visible()
    page.keyboard.press("a")
    assert barriers(page) == []


def test_she_hears_it_done_by_keys(as_ada: Page, address: str) -> None:
    as_ada.goto(address.split("/exemplar:")[0].replace("/compare/take:", "/takes/"))
    as_ada.get_by_role("button", name="Hear it done").click()
    seen = (
        "[...document.querySelectorAll('hear-it-done video')].map((it) => it.checkVisibility() && !it.paused)"
    )
    until(as_ada, f"String({seen}) === 'false,true'")
    as_ada.keyboard.press("1")
    until(as_ada, f"String({seen}) === 'true,false'")
    # The room itself leaves that key alone
    assert as_ada.evaluate("document.querySelector('pitch-player').timeMs") == 0
    expect(as_ada.get_by_role("link", name="Record just this answer")).to_be_visible()
