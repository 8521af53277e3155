"""Cole at the player of the review room: drawing, the ends of a range, keys of his own."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import delete, select

from pitchreview.models import Comment, Draft, Recording, RecordingState, Review, Take
from tests.browser.test_review_room import PLAYER, composer, enter, go_to, thread, until
from tests.factories import Factory
from tests.media import Clips
from tests.site import Site, arrived, barriers, person, team_of
from tests.waiting import until as wait
from worker.media.tools import find_tools

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]

RANGE = "document.querySelector('comment-composer').range"
STROKES = "document.querySelectorAll('frame-drawing .stroke').length"
# Where the picture lies on the page, without the bars beside it.
PICTURE = """(() => {
  const video = document.querySelector("pitch-player video"), box = video.getBoundingClientRect();
  const scale = Math.min(box.width / video.videoWidth, box.height / video.videoHeight);
  const [width, height] = [video.videoWidth * scale, video.videoHeight * scale];
  return { x: box.x + (box.width - width) / 2, y: box.y + (box.height - height) / 2, width, height };
})()"""


@pytest.fixture(scope="module")
def played(site: Site, clips_folder: Path) -> Take:
    """A submitted take of Ada that can be watched."""
    return submitted(site, clips_folder / "discovery-ada.mp4", lambda recording: recording.is_playable)


def submitted(site: Site, clip: Path, is_far_enough: Callable[[Recording], bool]) -> Take:
    with site.session() as session:
        make = Factory(session, site.store)
        scenario = make.scenario(team_of(session), "Drawn on")
        take = make.take(person(session, "ada"), scenario, recording=arrived(make, clip))
        session.commit()

    def has_come() -> bool:
        with site.session() as session:
            return is_far_enough(session.get_one(Recording, take.recording_id))

    wait(has_come, seconds=60)
    return take


@pytest.fixture
def take(site: Site, played: Take) -> Iterator[Take]:
    """The same take, with nothing said or begun about it, and Cole without habits."""
    with site.session() as session:
        session.execute(delete(Draft).where(Draft.take_id == played.id))
        session.execute(delete(Comment).where(Comment.take_id == played.id))
        session.execute(delete(Review).where(Review.take_id == played.id))
        person(session, "cole").habits = {}
        session.commit()
    yield played


def board(page: Page) -> Locator:
    return page.locator("[data-surface]")


def drawing_of(page: Page) -> Any:
    text = page.evaluate("document.querySelector('drawing-field').value")
    return json.loads(text) if text else None


def drag(page: Page, *places: tuple[float, float]) -> None:
    """Over the picture, in shares of it: the picture is what the bars leave."""
    frame = page.evaluate(PICTURE)
    points = [(frame["x"] + x * frame["width"], frame["y"] + y * frame["height"]) for x, y in places]
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point)
    page.mouse.up()


@pytest.mark.campaign
def test_a_drawing_goes_with_its_comment_and_lies_right_at_any_size(
    window: Callable[..., Page], site: Site, take: Take
) -> None:
    page = enter(window("cole"), take)
    go_to(page, 4000)
    page.keyboard.press("d")
    expect(board(page)).to_be_focused()
    page.get_by_role("button", name="Box").click()
    drag(page, (0.25, 0.2), (0.4, 0.3), (0.75, 0.8))
    page.get_by_role("button", name="Arrow").click()
    drag(page, (0.1, 0.9), (0.3, 0.6))
    drag(page, (0.5, 0.5), (0.9, 0.9))
    page.keyboard.press("Control+z")
    drawn = drawing_of(page)
    expected = [(0.25, 0.2), (0.75, 0.8)], [(0.1, 0.9), (0.3, 0.6)]
    assert [stroke["tool"] for stroke in drawn] == ["box", "arrow"]
    for stroke, places in zip(drawn, expected, strict=True):
        assert stroke["points"] == [pytest.approx(place, abs=0.004) for place in places]
    assert barriers(page) == []
    page.get_by_role("button", name="Done").click()
    expect(composer(page)).to_be_focused()
    page.keyboard.type("Look at her hands")
    page.wait_for_timeout(600)
    page.reload()
    assert drawing_of(page) == drawn
    composer(page).press("Control+Enter")
    expect(thread(page, "Look at her hands")).to_be_visible()
    carried = thread(page, "Look at her hands").get_attribute("data-drawing")
    assert json.loads(carried or "") == drawn
    with site.session() as session:
        (kept,) = session.scalars(select(Comment.drawing).where(Comment.take_id == take.id))
    assert kept == drawn

    small = enter(window("cole", width=390, height=844), take)
    thread(small, "Look at her hands").get_by_role("link", name="Show the moment").click()
    until(small, f"{STROKES} === 2")
    box, frame = small.locator("frame-drawing .stroke").first.bounding_box(), small.evaluate(PICTURE)
    assert box is not None
    assert (box["x"] - frame["x"]) / frame["width"] == pytest.approx(0.25, abs=0.02)
    assert (box["y"] - frame["y"]) / frame["height"] == pytest.approx(0.2, abs=0.03)
    small.evaluate(f"{PLAYER}.show(9000)")
    until(small, f"{STROKES} === 0")


@pytest.mark.campaign
def test_a_box_is_drawn_by_keys_alone(as_cole: Page, take: Take) -> None:
    page = enter(as_cole, take)
    go_to(page, 3000)
    page.keyboard.press("d")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    for key in ["ArrowLeft"] * 5 + ["Enter"] + ["ArrowRight"] * 10 + ["ArrowDown"] * 5 + ["Enter"]:
        page.keyboard.press(key)
    assert drawing_of(page) == [{"tool": "box", "points": [[0.4, 0.5], [0.6, 0.6]]}]
    page.keyboard.press("Escape")
    expect(board(page)).to_be_hidden()
    expect(composer(page)).to_be_focused()
    until(page, f"{STROKES} === 1")


def test_a_range_is_dragged_by_its_ends_and_moved_by_frames(as_cole: Page, take: Take) -> None:
    page = enter(as_cole, take)
    go_to(page, 4000)
    page.keyboard.press("i")
    go_to(page, 8000)
    page.keyboard.press("o")
    end = page.get_by_role("slider", name="End of the range")
    box, lane = end.bounding_box(), page.locator("range-handles").bounding_box()
    assert box is not None and lane is not None
    middle = box["x"] + box["width"] / 2
    page.mouse.move(middle, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(middle + lane["width"] / 10, box["y"] + 20, steps=4)
    page.mouse.up()
    until_ms = page.evaluate(f"{RANGE}.untilMs")
    assert until_ms == pytest.approx(8000 + page.evaluate(f"{PLAYER}.durationMs") / 10, abs=100)
    assert page.evaluate(f"{PLAYER}.timeMs") == pytest.approx(until_ms, abs=50)
    begin = page.get_by_role("slider", name="Begin of the range")
    begin.press("ArrowLeft")
    frame_ms = 1000 / page.evaluate(f"{PLAYER}.fps")
    assert page.evaluate(f"{RANGE}.fromMs") == pytest.approx(4000 - frame_ms, abs=frame_ms)
    for _ in range(9):
        begin.press("PageUp")
    assert page.evaluate(f"{RANGE}.untilMs - {RANGE}.fromMs") == 200


def test_keys_and_habits_follow_a_person_elsewhere(window: Callable[..., Page], take: Take) -> None:
    page = enter(window("cole"), take)
    page.keyboard.press(">")
    page.keyboard.press("?")
    page.get_by_role("button", name="Change keys").click()
    page.get_by_role("button", name="change the key for “Write a comment”").click()
    page.keyboard.press("s")
    expect(page.get_by_text("S is “Write a strength” already")).to_be_visible()
    page.keyboard.press("Enter")
    with page.expect_response(lambda answer: '"pauses":false' in (answer.request.post_data or "")):
        page.get_by_label("Pause while I type").uncheck()
    assert barriers(page) == []

    other = enter(window("cole"), take)
    assert other.evaluate(f"{PLAYER}.speed") == 1.25
    other.keyboard.press("s")
    expect(composer(other)).to_be_focused()
    expect(other.get_by_label("Strength")).not_to_be_checked()
    other.keyboard.press("Escape")
    expect(composer(other)).not_to_be_focused()
    other.keyboard.press("k")
    until(other, f"{PLAYER}.isPlaying")
    other.keyboard.press("c")
    expect(other.get_by_label("Strength")).to_be_checked()
    other.keyboard.type("Nice")
    pinned = other.evaluate("document.querySelector('comment-composer').moment.pin")
    until(other, f"{PLAYER}.isPlaying && {PLAYER}.timeMs > {pinned} + 100")


@pytest.fixture(scope="module")
def sharp(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Take:
    """A second of video in two qualities."""
    clip = Clips(find_tools(site.settings), tmp_path_factory.mktemp("sharp"))("hd.mp4")
    return submitted(site, clip, lambda recording: recording.state is RecordingState.READY)


@pytest.mark.campaign
def test_a_quality_is_chosen_and_shown_at_rest(as_cole: Page, sharp: Take) -> None:
    page = enter(as_cole, sharp)
    until(page, f"{PLAYER}.qualities.length === 2")
    go_to(page, 500)
    for quality in (360, 720):
        page.locator(".transport-speed").click()
        page.get_by_role("button", name=f"{quality}p", exact=True).click()
        until(page, f"{PLAYER}.shownQuality === {quality}")
        assert page.evaluate(f"Math.abs({PLAYER}.timeMs - 500) < 50")
    page.reload()
    until(page, f"{PLAYER}.shownQuality === 720")
    page.locator(".transport-speed").click()
    chosen = page.get_by_role("button", name="720p", exact=True)
    expect(chosen).to_have_attribute("aria-current", "true")


FRAMES = Path(__file__).parents[2] / "static" / "js" / "lib" / "frames.js"
RATES = [24000 / 1001, 24, 25, 30000 / 1001, 30, 48, 50, 60000 / 1001, 60]
# The frame of: its first millisecond, its middle, a link to it, one step on from it, one step back.
LANDINGS = """
(asked) => asked.map(([frame, fps]) => {
  const { centreOf, frameAt, frameCentre } = window.module;
  const rest = (ms) => Math.round(frameCentre(ms, fps));
  const at = rest(Math.round((frame * 1000) / fps));
  const linked = Math.round(Number((at / 1000).toFixed(3)) * 1000);
  const step = (frames) => rest(centreOf(frameAt(at, fps) + frames, fps));
  const moments = [Math.round((frame * 1000) / fps), at, rest(at), linked, step(1), step(-1)];
  return moments.map((ms) => frameAt(ms, fps) - frame);
})
"""


def test_a_moment_finds_its_frame_at_every_rate(window: Callable[..., Page]) -> None:
    page = window(None)
    source = FRAMES.read_text(encoding="utf-8")
    page.evaluate(
        """async (source) => {
          const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
          window.module = await import(address);
        }""",
        source,
    )

    frames = st.tuples(st.integers(1, 3 * 3600 * 60), st.sampled_from(RATES) | st.floats(23.976, 60))

    @settings(max_examples=40, deadline=None)
    @given(asked=st.lists(frames, min_size=1, max_size=50))
    def holds(asked: list[tuple[int, float]]) -> None:
        assert page.evaluate(LANDINGS, asked) == [[0, 0, 0, 0, 1, -1]] * len(asked)

    holds()


def test_the_whole_screen_keeps_the_comments_at_hand(as_cole: Page, take: Take) -> None:
    page = enter(as_cole, take)
    page.keyboard.press("f")
    comments = page.get_by_role("button", name="Comments", exact=True)
    expect(composer(page)).to_be_visible()
    comments.click()
    expect(composer(page)).to_be_hidden()
    page.keyboard.press("x")
    expect(composer(page)).to_be_focused()
    expect(comments).to_have_attribute("aria-pressed", "true")
    page.keyboard.type("Ask first")
    page.keyboard.press("Control+Enter")
    expect(thread(page, "Ask first")).to_be_visible()
    page.evaluate("document.exitFullscreen()")
    expect(comments).to_be_hidden()


def test_what_was_watched_is_shown_and_what_repeats_outlasts_a_reload(as_cole: Page, take: Take) -> None:
    page = enter(as_cole, take)
    detail = "{ detail: { ranges: [[0, 2000], [5000, 10000]] } }"
    page.evaluate(f"document.dispatchEvent(new CustomEvent('watched-change', {detail}))")
    watched, total = page.locator(".lane-rail-watched"), page.evaluate(f"{PLAYER}.durationMs")
    widths = [float((bar.get_attribute("width") or "").rstrip("%")) for bar in watched.all()]
    assert widths == [pytest.approx(100 * ms / total) for ms in (2000, 5000)]
    go_to(page, 5000)
    page.keyboard.press("r")
    looped = page.evaluate(f"{PLAYER}.looped")
    page.reload()
    until(page, f"{PLAYER}.looped && {PLAYER}.timeMs >= 4000")
    assert page.evaluate(f"{PLAYER}.looped") == looped
    page.keyboard.press("r")
    page.reload()
    until(page, f"{PLAYER}.video.readyState >= 2")
    assert page.evaluate(f"{PLAYER}.looped") is None
