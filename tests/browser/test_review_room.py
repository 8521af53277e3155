"""Cole reviews a take of Ada's in real Chromium: the player, the timeline, the comments, both pages."""

import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, Route, expect
from sqlalchemy import delete

from pitchreview import db
from pitchreview.actions import intake, reviewing
from pitchreview.models import (
    Comment,
    CommentKind,
    Draft,
    Recording,
    RecordingState,
    Review,
    StepName,
    StepState,
    Take,
)
from tests.factories import Factory
from tests.media import Clips
from tests.site import Site, arrived, person, team_of, wait_until_ready
from worker.media.tools import find_tools

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]

FRAME_MS = 1000 / 30
PLAYER = "document.querySelector('pitch-player')"
WORDS = "You answer a question she has not asked yet"


@pytest.fixture(scope="module")
def processed(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Take:
    """A submitted take of Ada: 20 s at 30 frames a second, made ready by the site's own worker."""
    clip = Clips(find_tools(site.settings), tmp_path_factory.mktemp("room"))("long.mp4")
    with site.session() as session:
        make = Factory(session, site.store)
        scenario = make.scenario(team_of(session))
        scenario.set_beats([("Hook", 6), ("Value", 8), ("Next step", 20)])
        take = make.take(person(session, "ada"), scenario, recording=arrived(make, clip))
        session.commit()
        wait_until_ready(site, take)
        return take


@pytest.fixture
def take(site: Site, processed: Take) -> Iterator[Take]:
    """The same take, with nothing said about it yet, nor begun to be said."""
    with site.session() as session:
        session.execute(delete(Comment).where(Comment.take_id == processed.id))
        session.execute(delete(Review).where(Review.take_id == processed.id))
        session.execute(delete(Draft).where(Draft.take_id == processed.id))
        session.commit()
    yield processed


@pytest.fixture
def say(site: Site, take: Take) -> Callable[..., str]:
    """Puts a comment into the database, as if another window had sent it; answers its id."""

    def say_it(who: str, body: str, at_ms: int = 5000, *, reply_to: str | None = None, **more: Any) -> str:
        with site.session() as session:
            make = Factory(session, site.store)
            author, mine = person(session, who), session.get_one(Take, take.id)
            if reply_to:
                said = make.reply(session.get_one(Comment, reply_to), author, body)
            else:
                said = make.comment(mine, author, body, at_ms=at_ms, **more)
            reviewing.touch(session, said)
            session.commit()
            return str(said.id)

    return say_it


def enter(page: Page, take: Take, query: str = "") -> Page:
    """Opens the room and waits until the video takes orders; whatever the browser refuses fails the test."""
    page.on("console", lambda message: refuse(message.text) if "Content Security" in message.text else None)
    page.on("pageerror", lambda error: refuse(str(error)))
    page.goto(f"/takes/{take.id}{query}", wait_until="domcontentloaded")
    until(page, f"{PLAYER}.video.readyState >= 2")
    return page


def until(page: Page, truth: str, seconds: float = 15) -> None:
    """Waits for an expression to become true; the page's own policy forbids the waiting of Playwright."""
    deadline = time.monotonic() + seconds
    while not page.evaluate(f"Boolean({truth})"):
        assert time.monotonic() < deadline, f"This did not come true: {truth}"
        page.wait_for_timeout(30)


def refuse(text: str) -> None:
    raise AssertionError(text)


def time_of(page: Page) -> int:
    return int(page.evaluate(f"{PLAYER}.timeMs"))


def is_playing(page: Page) -> bool:
    return bool(page.evaluate(f"{PLAYER}.isPlaying"))


def go_to(page: Page, ms: int) -> None:
    page.evaluate(f"{PLAYER}.show({ms})")
    until(page, f"!{PLAYER}.video.seeking")


def play(page: Page) -> None:
    page.keyboard.press("k")
    until(page, f"{PLAYER}.isPlaying && {PLAYER}.video.currentTime > 0.3")


def composer(page: Page) -> Locator:
    return page.get_by_label("Comment", exact=True)


def thread(page: Page, words: str) -> Locator:
    return page.locator("comment-thread").filter(has_text=words)


def marks(page: Page) -> Locator:
    return page.locator("time-marks button")


# --- writing ------------------------------------------------------------------------------------


def test_the_first_letter_stops_the_video_and_pins_its_moment(as_cole: Page, take: Take) -> None:
    page = enter(as_cole, take)
    play(page)
    composer(page).focus()
    before = time_of(page)
    page.keyboard.type("Y")
    assert not is_playing(page)
    pinned = time_of(page)
    assert before <= pinned <= before + 2000
    page.evaluate(f"{PLAYER}.seek(15000)")
    page.keyboard.type("ou answer")
    page.keyboard.press("Control+Enter")
    expect(thread(page, "You answer")).to_have_attribute("data-at", re.compile(r"\d+"))
    at = int(thread(page, "You answer").get_attribute("data-at") or -1)
    assert abs(at - pinned) < 100


def test_posting_goes_on_playing_and_the_comment_stands_at_its_place(
    as_cole: Page, take: Take, say: Callable[..., str]
) -> None:
    say("cole", "The first", 1000)
    say("cole", "The last", 19_000)
    page = enter(as_cole, take)
    page.evaluate(f"{PLAYER}.seek(8000)")
    play(page)
    page.keyboard.press("x")
    page.keyboard.type(WORDS)
    page.locator("comment-composer").get_by_label("What to say or do instead").fill("Ask about day one.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("comment-thread")).to_have_count(3)
    until(page, f"{PLAYER}.isPlaying")
    expect(page.locator("comment-thread").nth(1)).to_contain_text(WORDS)
    expect(page.locator("comment-thread").nth(1)).to_contain_text("Ask about day one.")
    expect(marks(page)).to_have_count(3)
    expect(page.get_by_role("button", name="Try instead at 0:08 by Cole Okafor")).to_be_visible()
    expect(composer(page)).to_have_value("")


@pytest.mark.campaign
def test_a_kind_can_be_chosen_before_the_words_and_taken_back(as_cole: Page, take: Take) -> None:
    page = enter(as_cole, take)
    kinds = page.get_by_role("group", name="Kind of comment")
    kinds.locator("label", has_text="Question").click()
    composer(page).fill("Why now?")
    expect(kinds.get_by_role("radio", name="Question")).to_be_checked()
    kinds.locator("label", has_text="Question").click()
    expect(kinds.get_by_role("radio", name="Question")).not_to_be_checked()
    composer(page).fill("")
    kinds.locator("label", has_text="Strength").click()
    composer(page).fill("A calm start")
    page.get_by_role("button", name="Post").click()
    expect(thread(page, "A calm start")).to_have_attribute("data-kind", "strength")


@pytest.mark.campaign
def test_a_comment_at_the_very_beginning_keeps_its_moment(as_cole: Page, take: Take) -> None:
    page = enter(as_cole, take)
    page.keyboard.press("s")
    page.keyboard.type("A warm first second")
    page.keyboard.press("Control+Enter")
    expect(thread(page, "A warm first second")).to_have_attribute("data-at", "0")
    expect(thread(page, "A warm first second").get_by_label("Show the moment at 0:00")).to_be_visible()


def test_a_range_begins_with_i_and_ends_with_o(as_cole: Page, take: Take) -> None:
    page = enter(as_cole, take)
    go_to(page, 4000)
    page.keyboard.press("i")
    go_to(page, 7000)
    page.keyboard.press("o")
    expect(page.locator("[data-moment-text]")).to_have_text("0:04 – 0:07")
    page.keyboard.press("c")
    page.keyboard.type("A range")
    page.keyboard.press("Control+Enter")
    expect(thread(page, "A range")).to_contain_text("0:04 – 0:07")
    expect(page.locator(".lane-range")).to_have_count(1)


@pytest.mark.campaign
def test_escape_takes_the_range_back_and_leaves_the_words(as_cole: Page, take: Take) -> None:
    page = enter(as_cole, take)
    go_to(page, 4000)
    page.keyboard.press("i")
    go_to(page, 7000)
    page.keyboard.press("o")
    page.keyboard.press("c")
    page.keyboard.type("Words")
    page.keyboard.press("Escape")
    expect(page.locator("[data-moment-text]")).to_have_text("0:04")
    expect(composer(page)).to_have_value("Words")


def test_what_was_not_sent_keeps_its_words_and_becomes_one_comment(as_cole: Page, take: Take) -> None:
    page = enter(as_cole, take)
    arrivals: list[Any] = []

    def lose_the_answer(route: Route) -> None:
        arrivals.append(route.fetch())
        route.abort()

    page.route(f"**/takes/{take.id}/comments", lambda route: route.abort())
    page.keyboard.press("c")
    page.keyboard.type(WORDS)
    page.keyboard.press("Control+Enter")
    note = page.locator(".note--failed")
    expect(note).to_contain_text(WORDS)
    expect(note).to_contain_text("Not sent.")
    page.reload()
    expect(note).to_contain_text(WORDS)

    # The server has it, but its answer is lost on the way.
    page.unroute(f"**/takes/{take.id}/comments")
    page.route(
        f"**/takes/{take.id}/comments",
        lambda route: lose_the_answer(route) if route.request.method == "POST" else route.continue_(),
    )
    note.get_by_role("button", name="Try again").click()
    while not arrivals:
        page.wait_for_timeout(30)
    # The live stream brings it, in the place of what waits.
    expect(thread(page, WORDS)).to_have_count(1)
    expect(note).to_have_count(0)
    page.unroute(f"**/takes/{take.id}/comments")
    page.reload()
    expect(thread(page, WORDS)).to_have_count(1)
    expect(page.locator("[data-sending-key]")).to_have_count(0)
    assert [answer.status for answer in arrivals] == [201]


@pytest.mark.campaign  # a draft outlives a killed tab in test_composer
def test_a_draft_survives_a_reload(as_cole: Page, take: Take) -> None:
    page = enter(as_cole, take)
    go_to(page, 9000)
    page.keyboard.press("x")
    page.keyboard.type(WORDS)
    until(page, "Object.keys(localStorage).some((key) => key.startsWith('draft:comment'))")
    page.reload()
    expect(composer(page)).to_have_value(WORDS)
    expect(page.get_by_text("Draft restored")).to_be_visible()
    expect(page.locator("[data-moment-text]")).to_have_text("0:09")
    expect(page.get_by_role("radio", name="Try instead").last).to_be_checked()
    page.get_by_role("button", name="Discard").click()
    page.reload()
    expect(composer(page)).to_have_value("")


def test_keys_rest_while_somebody_types(as_cole: Page, take: Take) -> None:
    page = enter(as_cole, take)
    composer(page).focus()
    page.keyboard.type("k m 5 j ? n")
    assert not is_playing(page)
    assert time_of(page) == 0
    expect(composer(page)).to_have_value("k m 5 j ? n")
    expect(page.locator("dialog#keys")).not_to_be_visible()
    page.keyboard.press("Shift+Space")
    until(page, f"{PLAYER}.isPlaying")


# --- threads ------------------------------------------------------------------------------------


@pytest.mark.campaign  # a reply arrives by itself in the next test
def test_ada_answers_and_cole_sees_it_without_a_reload(
    as_ada: Page, as_cole: Page, take: Take, say: Callable[..., str]
) -> None:
    say("cole", WORDS)
    ada, cole = enter(as_ada, take), enter(as_cole, take)
    thread(ada, WORDS).locator("summary", has_text="Reply").click()
    expect(thread(ada, WORDS).locator("textarea:focus")).to_be_visible()
    ada.keyboard.type("I will ask first.")
    ada.keyboard.press("Control+Enter")
    expect(thread(ada, "I will ask first.")).to_be_visible()
    expect(thread(cole, "I will ask first.")).to_be_visible()


def test_what_others_say_does_not_disturb_what_one_writes(
    as_cole: Page, take: Take, say: Callable[..., str]
) -> None:
    first = say("cole", WORDS)
    page = enter(as_cole, take)
    thread(page, WORDS).locator("summary", has_text="Reply").click()
    page.keyboard.type("Half a sen")
    say("ada", "I see.", reply_to=first)
    say("mona", "Two next steps in one sentence.", 12_000, kind=CommentKind.QUESTION)
    expect(page.get_by_text("I see.")).to_be_visible()
    expect(page.get_by_text("Two next steps")).to_be_visible()
    page.keyboard.type("tence")
    expect(page.get_by_label("Your reply").first).to_have_value("Half a sentence")
    expect(page.get_by_label("Your reply").first).to_be_focused()


def test_cole_edits_his_words(as_cole: Page, take: Take, say: Callable[..., str]) -> None:
    say("cole", WORDS)
    page = enter(as_cole, take)
    open_editor(page, WORDS)
    page.get_by_label("Edit your words").fill("She asked nothing yet")
    page.keyboard.press("Control+Enter")
    expect(page.locator("comment-thread [data-body]")).to_have_text("She asked nothing yet")
    expect(page.get_by_text("· edited")).to_be_visible()


def test_an_edit_is_shown_even_when_the_live_message_overtakes_its_answer(
    as_cole: Page, take: Take, say: Callable[..., str]
) -> None:
    say("cole", WORDS)
    page = enter(as_cole, take)

    def answer_late(route: Route) -> None:
        response = route.fetch()
        page.wait_for_timeout(1500)
        route.fulfill(response=response)

    page.route(re.compile(r"/comments/[0-9a-f-]{36}$"), answer_late)
    open_editor(page, WORDS)
    page.get_by_label("Edit your words").fill("She asked nothing yet")
    page.keyboard.press("Control+Enter")
    expect(page.locator("comment-thread [data-body]")).to_have_text("She asked nothing yet")


def test_an_edit_made_in_another_window_is_not_overwritten_unseen(
    as_cole: Page, window: Callable[..., Page], take: Take, say: Callable[..., str]
) -> None:
    say("cole", WORDS)
    here, there = enter(as_cole, take), enter(window("cole"), take)
    open_editor(here, WORDS)
    here.get_by_label("Edit your words").fill("Mine")
    open_editor(there, WORDS)
    there.get_by_label("Edit your words").fill("Theirs")
    there.keyboard.press("Control+Enter")
    expect(there.locator("comment-thread [data-body]")).to_have_text("Theirs")

    here.get_by_role("button", name="Save").click()
    expect(here.locator("[data-theirs]")).to_have_text("Theirs")
    expect(here.get_by_label("Edit your words")).to_have_value("Mine")
    here.get_by_role("button", name="Use mine").click()
    expect(here.locator("comment-thread [data-body]")).to_have_text("Mine")
    expect(there.locator("comment-thread [data-body]")).to_have_text("Mine")


@pytest.mark.campaign
def test_a_deleted_comment_comes_back_by_undo(as_cole: Page, take: Take, say: Callable[..., str]) -> None:
    say("cole", WORDS)
    page = enter(as_cole, take)
    thread(page, WORDS).get_by_label("More about this comment").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.locator("comment-thread")).to_have_count(0)
    expect(marks(page)).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(thread(page, WORDS)).to_be_visible()
    expect(marks(page)).to_have_count(1)


@pytest.mark.campaign
def test_nobody_edits_the_words_of_others(as_ada: Page, take: Take, say: Callable[..., str]) -> None:
    say("cole", WORDS)
    page = enter(as_ada, take)
    thread(page, WORDS).get_by_label("More about this comment").click()
    expect(page.get_by_role("button", name="Copy link", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Edit")).to_have_count(0)


def open_editor(page: Page, words: str) -> None:
    thread(page, words).get_by_label("More about this comment").click()
    thread(page, words).get_by_role("button", name="Edit").click()


# --- moments ------------------------------------------------------------------------------------


def test_a_click_shows_the_exact_frame_and_enter_plays_from_a_second_before(
    as_ada: Page, take: Take, say: Callable[..., str]
) -> None:
    say("cole", WORDS, 5010)
    page = enter(as_ada, take)
    thread(page, WORDS).locator("[data-body]").click()
    until(page, f"!{PLAYER}.video.seeking && {PLAYER}.timeMs > 0")
    assert not is_playing(page)
    assert time_of(page) == pytest.approx((150 + 0.5) * FRAME_MS, abs=2)
    thread(page, WORDS).get_by_label("Show the moment at 0:05").focus()
    page.keyboard.press("Enter")
    until(page, f"{PLAYER}.isPlaying")
    assert 4000 <= time_of(page) <= 5500


@pytest.mark.campaign
def test_shift_click_repeats_the_range_of_a_comment(
    as_ada: Page, take: Take, say: Callable[..., str]
) -> None:
    say("cole", WORDS, 5000, until_ms=6000)
    page = enter(as_ada, take)
    thread(page, WORDS).locator("[data-body]").click(modifiers=["Shift"])
    until(page, f"{PLAYER}.timeMs > 5800")
    until(page, f"{PLAYER}.timeMs < 5400 && {PLAYER}.isPlaying")
    expect(page.get_by_role("button", name="Loop moment")).to_have_attribute("aria-pressed", "true")


def test_n_and_p_walk_through_the_comments(as_ada: Page, take: Take, say: Callable[..., str]) -> None:
    say("cole", "One", 2000)
    say("cole", "Two", 9000)
    page = enter(as_ada, take)
    page.keyboard.press("n")
    expect(thread(page, "One")).to_have_class(re.compile("is-now"))
    page.keyboard.press("n")
    expect(thread(page, "Two")).to_have_class(re.compile("is-now"))
    until(page, f"Math.abs({PLAYER}.timeMs - 9000) < 40")
    page.keyboard.press("p")
    expect(thread(page, "One")).to_have_class(re.compile("is-now"))


@pytest.mark.parametrize(
    ("address", "ms"),
    [
        pytest.param("?t=8.25", 8250, marks=pytest.mark.campaign),
        ("#t=3,6", 3000),
        ("?t=4&c={id}", 4000),
        ("?c={id}", 5000),
    ],
)
def test_links_open_at_their_moment(
    as_ada: Page, take: Take, say: Callable[..., str], address: str, ms: int
) -> None:
    comment = say("cole", WORDS, 5000)
    page = enter(as_ada, take, address.format(id=comment))
    until(page, f"Math.abs({PLAYER}.video.currentTime * 1000 - {ms}) < 40")
    assert not is_playing(page)
    if "{id}" in address:
        expect(thread(page, WORDS)).to_have_class(re.compile("is-now"))


@pytest.mark.campaign
def test_the_list_follows_the_video_until_somebody_scrolls(
    as_ada: Page, take: Take, say: Callable[..., str]
) -> None:
    for second in range(1, 20, 3):
        say("cole", f"At second {second}. " + "More words. " * 40, second * 1000)
    page = enter(as_ada, take)
    page.evaluate(f"{PLAYER}.video.playbackRate = 2")
    page.evaluate(f"{PLAYER}.seek(9500)")
    page.keyboard.press("k")
    expect(thread(page, "At second 10.")).to_be_in_viewport()
    page.wait_for_timeout(600)  # until the list has come to rest there
    page.locator("#feedback").hover()
    page.mouse.wheel(0, -4000)
    expect(thread(page, "At second 1.")).to_be_in_viewport()
    until(page, f"{PLAYER}.timeMs > 13500")
    expect(thread(page, "At second 1.")).to_be_in_viewport()
    page.get_by_role("button", name="Jump to current").click()
    expect(page.locator("comment-thread.is-now")).to_be_in_viewport()


# --- player and timeline ------------------------------------------------------------------------


@pytest.mark.campaign
def test_the_keys_of_the_player(as_ada: Page, take: Take) -> None:
    page = enter(as_ada, take)
    go_to(page, 5000)
    page.keyboard.press("l")
    assert time_of(page) == pytest.approx(15_017, abs=3)
    page.keyboard.press("ArrowLeft")
    assert time_of(page) == pytest.approx(10_017, abs=3)
    until(page, f"!{PLAYER}.video.seeking")
    page.keyboard.press(".")
    assert time_of(page) == pytest.approx(10_050, abs=3)
    until(page, f"!{PLAYER}.video.seeking")
    page.keyboard.press(",")
    assert time_of(page) == pytest.approx(10_017, abs=3)
    page.keyboard.press("5")
    assert time_of(page) == pytest.approx(10_000, abs=60)
    page.keyboard.press("Shift+>")
    assert page.evaluate(f"{PLAYER}.speed") == 1.25
    page.keyboard.press("m")
    assert page.evaluate(f"{PLAYER}.video.muted") is True
    page.keyboard.press("Shift+?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.reload()
    until(page, f"{PLAYER}?.video")
    assert page.evaluate(f"{PLAYER}.speed") == 1.25


@pytest.mark.campaign
def test_the_timeline_is_a_slider_for_keyboard_and_pointer(as_ada: Page, take: Take) -> None:
    page = enter(as_ada, take)
    slider = page.get_by_role("slider", name="Position in the take")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuenow", "5")
    expect(slider).to_have_attribute("aria-valuetext", re.compile("^5 seconds of (19|20) seconds$"))
    page.keyboard.press("End")
    page.keyboard.press("Home")
    expect(slider).to_have_attribute("aria-valuenow", "0")
    box = page.locator(".lanes-area").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 4, box["y"] + box["height"] / 2)
    expect(page.locator(".lane-preview")).to_contain_text("0:05")
    expect(page.locator(".lane-preview")).to_contain_text("Hook")
    expect(page.locator(".lane-preview image")).to_have_attribute("href", re.compile("/media/"))
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=5)
    page.mouse.up()
    until(page, f"Math.abs({PLAYER}.video.currentTime - 10) < 0.2 && !{PLAYER}.video.seeking")


@pytest.mark.campaign
def test_comments_close_together_share_a_mark(as_ada: Page, take: Take, say: Callable[..., str]) -> None:
    say("cole", "One", 5000, kind=CommentKind.STRENGTH)
    say("cole", "Two", 5060, kind=CommentKind.QUESTION)
    say("cole", "Three", 9000)
    page = enter(as_ada, take)
    expect(marks(page)).to_have_count(2)
    both = page.get_by_role(
        "button", name="2 comments from 0:05: strength by Cole Okafor, question by Cole Okafor"
    )
    both.click()
    expect(thread(page, "One")).to_have_class(re.compile("is-now"))
    both.click()
    expect(thread(page, "Two")).to_have_class(re.compile("is-now"))


def test_the_ladder_is_played_by_the_streaming_library(as_ada: Page, take: Take) -> None:
    asked: list[str] = []
    as_ada.on("request", lambda request: asked.append(request.url))
    page = enter(as_ada, take)
    assert any(url.endswith("/master.m3u8") for url in asked)
    assert page.evaluate(f"{PLAYER}.video.currentSrc").startswith("blob:")


def test_a_media_address_that_expired_is_taken_up_at_the_same_time(as_ada: Page, take: Take) -> None:
    page = as_ada
    page.route("**/master.m3u8*", lambda route: route.fulfill(status=403))
    media = re.compile(rf"/media/{take.recording_id}/[0-9a-f-]+(\?|$)")
    expired: list[str] = []

    def expire_once(route: Route) -> None:
        if len(expired) < 1 and route.request.resource_type == "media":
            expired.append(route.request.url)
            return route.fulfill(status=403)
        return route.continue_()

    page.route(media, expire_once)
    page.clock.install()
    page.goto(f"/takes/{take.id}?t=7")
    while page.evaluate(f"{PLAYER}.video.readyState") < 2:
        page.clock.run_for(500)
        page.wait_for_timeout(100)
    assert expired
    assert time_of(page) == pytest.approx(7017, abs=40)
    page.keyboard.press("k")
    until(page, f"{PLAYER}.video.currentTime > 7.3")


def test_a_video_that_cannot_be_reached_says_what_is_safe(as_ada: Page, take: Take) -> None:
    page = as_ada
    page.route("**/media/**", lambda route: route.abort())
    page.clock.install()
    page.goto(f"/takes/{take.id}")
    while not page.get_by_text("The take and everything written about it are safe.").is_visible():
        page.clock.run_for(1000)
        page.wait_for_timeout(30)
    page.unroute("**/media/**")
    page.get_by_role("button", name="Try again").click()
    until(page, f"{PLAYER}.isPlaying && {PLAYER}.timeMs > 100")
    expect(page.get_by_text("are safe.")).not_to_be_visible()


# --- the stage and the review -------------------------------------------------------------------


def test_what_was_said_before_the_stream_began_is_shown(
    as_ada: Page, take: Take, say: Callable[..., str]
) -> None:
    def speak_first(route: Route) -> None:
        say("cole", WORDS)
        route.continue_()

    as_ada.route(re.compile(r"/live\?"), speak_first, times=1)
    page = enter(as_ada, take)
    expect(page.locator("comment-thread [data-body]")).to_have_text(WORDS)


def test_the_stage_follows_the_worker_to_the_first_picture(as_ada: Page, site: Site, processed: Take) -> None:
    with site.session() as session:
        make = Factory(session, site.store)
        scenario = session.get_one(Take, processed.id).pitch.scenario
        waiting = make.take(
            person(session, "ada"), scenario, submitted=False, state=RecordingState.AWAITING_UPLOAD
        )
        session.commit()
    page = as_ada
    page.goto(f"/takes/{waiting.id}")
    expect(page.get_by_role("heading", name="The file is on its way")).to_be_visible()

    def turn(act: Callable[[Recording], None]) -> None:
        with site.session() as session:
            recording = session.get_one(Recording, waiting.recording_id)
            act(recording)
            intake.announce_recording(session, recording)
            session.commit()

    def prepare(recording: Recording) -> None:
        recording.state = RecordingState.RECEIVED
        recording.step(StepName.CHECK).state = StepState.DONE
        step = recording.step(StepName.ENCODE)
        step.state, step.percent = StepState.RUNNING, 42

    turn(prepare)
    expect(page.get_by_text("You can leave this page.")).to_be_visible()
    expect(page.locator(".step-percent")).to_have_text("42 %")
    turn(lambda recording: recording.break_down("The file is cut off in the middle."))
    expect(page.get_by_text("The file is cut off in the middle.")).to_be_visible()
    expect(page.get_by_role("button", name="Try again")).to_be_visible()


@pytest.mark.campaign  # a review is finished in test_by_keyboard and in test_review_whole
def test_finishing_a_review_asks_for_the_one_thing(
    as_cole: Page, as_ada: Page, take: Take, say: Callable[..., str]
) -> None:
    say("cole", WORDS)
    page = enter(as_cole, take)
    page.keyboard.press("Control+Shift+Enter")
    question = page.get_by_role("dialog", name="Finish this review")
    expect(question.get_by_text("No strength named yet.")).to_be_visible()
    page.keyboard.type("Ask one question before you name a feature.")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/review$|/takes/(?!" + str(take.id) + ")"))
    ada = enter(as_ada, take)
    expect(ada.get_by_text("Ask one question before you name a feature.")).to_be_visible()
    cole = enter(page, take)
    expect(cole.get_by_role("button", name="Finish review")).to_have_count(0)


def test_a_review_arrives_on_the_open_page(as_ada: Page, site: Site, take: Take) -> None:
    page = enter(as_ada, take)
    with site.session() as session:
        Factory(session, site.store).review(session.get_one(Take, take.id), person(session, "cole"))
        db.announce(session, f"take:{take.id}", "reviews")
        session.commit()
    expect(page.get_by_text("Ask one question before you name a feature.")).to_be_visible()


@pytest.mark.campaign
def test_only_the_tab_that_is_looked_at_holds_a_stream(
    as_ada: Page, take: Take, say: Callable[..., str]
) -> None:
    page = as_ada
    page.add_init_script("""
        window.streams = [];
        const Real = EventSource;
        window.EventSource = class extends Real {
          constructor(url) { super(url); window.streams.push(this); }
        };
        window.look = (hidden) => {
          Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
          document.dispatchEvent(new Event("visibilitychange"));
        };
    """)
    enter(page, take)
    open_ones = "window.streams.filter((stream) => stream.readyState < 2).length"
    assert page.evaluate(open_ones) == 1
    page.evaluate("look(true)")
    assert page.evaluate(open_ones) == 0
    say("cole", WORDS)
    page.evaluate("look(false)")
    expect(thread(page, WORDS)).to_be_visible()
    assert page.evaluate(open_ones) == 1


@pytest.mark.campaign
def test_without_a_stream_the_page_asks_every_few_seconds(
    as_ada: Page, take: Take, say: Callable[..., str]
) -> None:
    as_ada.route("**/live?*", lambda route: route.fulfill(status=503))
    as_ada.clock.install()
    page = enter(as_ada, take)
    say("cole", WORDS)
    page.clock.run_for(10_000)
    expect(thread(page, WORDS)).to_be_visible()


def test_a_page_without_scripts_shows_the_video_and_takes_a_comment(
    window: Callable[..., Page], take: Take, say: Callable[..., str]
) -> None:
    say("cole", WORDS)
    page = window("ada", java_script_enabled=False)
    page.goto(f"/takes/{take.id}")
    expect(page.locator("video[controls][src]")).to_be_visible()
    expect(page.locator(".transport")).not_to_be_visible()
    expect(thread(page, WORDS)).to_be_visible()
    composer(page).fill("Written without scripts")
    page.get_by_role("button", name="Post").click()
    expect(thread(page, "Written without scripts")).to_be_visible()


# --- for everybody ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("width", "theme"),
    [
        pytest.param(1440, "light", marks=pytest.mark.campaign),
        (390, "dark"),
        pytest.param(1440, "dark", marks=pytest.mark.campaign),
        pytest.param(390, "light", marks=pytest.mark.campaign),
    ],
)
def test_the_room_has_no_barriers(
    window: Callable[..., Page], take: Take, say: Callable[..., str], theme: str, width: int
) -> None:
    first = say("cole", WORDS, kind=CommentKind.TRY_INSTEAD, instead="Ask first.", until_ms=8000)
    say("ada", "I see.", reply_to=first)
    say("cole", "The pause after the price.", 12_000, kind=CommentKind.STRENGTH)
    say("mona", "What did you hope for?", 16_000, kind=CommentKind.QUESTION)
    page = enter(window("cole", width=width, color_scheme=theme), take)
    open_editor(page, WORDS)
    found = Axe().run(
        page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}
    )
    assert found.violations_count == 0, found.generate_report()


def test_on_a_phone_everything_fits_and_can_be_touched(
    window: Callable[..., Page], take: Take, say: Callable[..., str]
) -> None:
    say("cole", WORDS)
    page = enter(window("cole", width=390, height=844, has_touch=True, is_mobile=True), take)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    composer(page).tap()
    touched = "button, summary, .seg label, a[data-moment]"
    small = page.evaluate(
        """(touched) => [...document.querySelectorAll(touched)]
        .filter((element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
        .map((element) => [element.ariaLabel || element.textContent.trim(), element.getBoundingClientRect()])
        .filter(([, box]) => box.width && (box.width < 43.5 || box.height < 43.5))
        .map(([name, box]) => `${name}: ${Math.round(box.width)} x ${Math.round(box.height)}`)""",
        touched,
    )
    assert small == []
    page.mouse.wheel(0, 600)
    expect(page.locator("pitch-player video")).to_be_in_viewport()
