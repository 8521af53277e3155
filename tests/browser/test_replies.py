"""Cole says it instead of writing it: recorded in the form, kept through a crash, played in its place."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import delete, select

from pitchreview.models import Comment, Recording, Take
from tests.factories import Factory
from tests.site import Site, arrived, person, team_of
from tests.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("second-site")]

REFUSE = """
const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = (wanted) =>
  wanted.video ? Promise.reject(new DOMException("", "NotAllowedError")) : open(wanted);
"""


@pytest.fixture(scope="module")
def played(site: Site, clips_folder: Path) -> Take:
    """A submitted take of Ada that can be watched."""
    with site.session() as session:
        make = Factory(session, site.store)
        scenario = make.scenario(team_of(session), "Answered by voice")
        recording = arrived(make, clips_folder / "discovery-ada.mp4")
        take = make.take(person(session, "ada"), scenario, recording=recording)
        session.commit()

    def is_playable() -> bool:
        with site.session() as session:
            return session.get_one(Recording, take.recording_id).is_playable

    until(is_playable, seconds=30)
    return take


@pytest.fixture
def take(site: Site, played: Take) -> Take:
    """The same take, with nothing said about it yet."""
    with site.session() as session:
        session.execute(delete(Comment).where(Comment.take_id == played.id))
        session.commit()
    return played


def enter(page: Page, take: Take) -> None:
    page.goto(f"/takes/{take.id}")
    expect(page.get_by_label("Comment", exact=True)).to_be_visible()


def in_composer(page: Page) -> Locator:
    return page.locator("comment-composer reply-recorder")


def be(recorder: Locator, state: str) -> None:
    expect(recorder).to_have_attribute("data-state", state)


def press(recorder: Locator, act: str) -> None:
    recorder.locator(f"[data-recorder={act}]:visible").click()


def record(recorder: Locator, seconds: float = 1.1) -> None:
    """From the open camera to a recording that runs, without waiting for the countdown."""
    be(recorder, "ready")
    press(recorder, "record")
    expect(recorder.locator("studio-countdown")).to_have_text(re.compile("[321]"))
    press(recorder, "counted")
    be(recorder, "recording")
    recorder.page.wait_for_timeout(seconds * 1000)


def spoken_of(site: Site, take: Take) -> Recording:
    with site.session() as session:
        query = select(Recording).join(Comment, Comment.recording_id == Recording.id)
        return session.scalars(query.where(Comment.take_id == take.id)).one()


def test_a_reply_is_recorded_kept_through_a_crash_and_played_in_its_thread(
    as_cole: Page, site: Site, take: Take
) -> None:
    page, recorder = as_cole, in_composer(as_cole)
    enter(page, take)
    page.keyboard.press("k")
    expect(page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    page.keyboard.press("Shift+C")
    expect(page.get_by_role("button", name="Pause", exact=True)).to_have_count(0)
    record(recorder)
    expect(recorder.locator("[data-left]")).to_have_text(re.compile("1:2[0-9] left"))
    pinned = page.locator("[data-pin]").inner_text()
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    be(recorder, "kept")
    expect(page.locator("[data-pin]")).to_have_text(pinned)
    page.get_by_label("Comment", exact=True).fill("Name the gap\nbefore you name us")
    page.keyboard.press("Control+Enter")
    thread = page.locator("comment-thread", has_text="Name the gap before you name us")
    thread.get_by_role("button", name="Play the recording").click()
    expect(thread.locator("reply-player.is-playing")).to_be_visible()
    be(recorder, "closed")
    recording = spoken_of(site, take)
    assert recording.is_reply and recording.has_video
    assert 500 <= (recording.duration_ms or 0) <= 4000


@pytest.mark.campaign
def test_without_a_camera_an_answer_is_given_by_voice_and_by_keyboard(
    as_cole: Page, site: Site, take: Take
) -> None:
    with site.session() as session:
        make = Factory(session, site.store)
        make.comment(session.get_one(Take, take.id), person(session, "ada"), "Was that too fast?", at_ms=1000)
        session.commit()
    page = as_cole
    page.add_init_script(REFUSE)
    enter(page, take)
    thread = page.locator("comment-thread")
    recorder = thread.locator("reply-recorder")
    thread.locator("summary", has_text="Reply").press("Enter")
    recorder.get_by_role("button", name="Record a reply").press("Enter")
    expect(recorder.get_by_text("keeps camera and microphone closed")).to_be_visible()
    expect(recorder.get_by_role("button", name="Try again")).to_be_focused()
    recorder.get_by_role("button", name="Voice only").press("Enter")
    be(recorder, "ready")
    assert Axe().run(page).response["violations"] == []
    recorder.get_by_role("button", name="Record", exact=True).press("Enter")
    expect(recorder.get_by_role("button", name="Start now")).to_be_focused()
    page.keyboard.press("Enter")
    expect(recorder.get_by_role("button", name="Stop")).to_be_focused()
    page.wait_for_timeout(1200)
    page.keyboard.press("Enter")
    expect(recorder.get_by_role("button", name="Keep")).to_be_focused()
    page.keyboard.press("Enter")
    expect(thread.get_by_label("Your reply")).to_be_focused()
    page.keyboard.type("A breath after the price")
    page.keyboard.press("Control+Enter")
    answer = thread.locator(".note--reply", has_text="A breath after the price")
    answer.get_by_role("button", name="Play the recording").press("Enter")
    expect(answer.locator("reply-player.is-playing")).to_have_count(1)
    assert spoken_of(site, take).has_video is False


@pytest.mark.campaign
def test_a_recording_ends_by_itself_and_what_is_thrown_away_can_be_taken_back(
    as_cole: Page, take: Take
) -> None:
    page, recorder = as_cole, in_composer(as_cole)
    enter(page, take)
    recorder.evaluate("(element) => (element.dataset.seconds = 2)")
    page.keyboard.press("Shift+C")
    record(recorder)
    be(recorder, "watching")
    expect(recorder.get_by_text("This is the longest a reply may be")).to_be_visible()
    press(recorder, "discard")
    be(recorder, "closed")
    page.get_by_role("button", name="Undo").click()
    be(recorder, "kept")
    press(recorder, "watch")
    be(recorder, "watching")
    page.get_by_label("Comment", exact=True).fill("From the second look")
    page.keyboard.press("Control+Enter")
    thread = page.locator("comment-thread", has_text="From the second look")
    expect(thread.get_by_role("button", name="Play the recording")).to_be_visible()


@pytest.mark.campaign
def test_a_recording_waits_for_the_network_and_its_comment_for_the_recording(
    as_cole: Page, take: Take
) -> None:
    page, recorder = as_cole, in_composer(as_cole)
    enter(page, take)
    page.keyboard.press("Shift+C")
    record(recorder)
    page.context.set_offline(True)
    press(recorder, "stop")
    press(recorder, "keep")
    page.get_by_label("Comment", exact=True).fill("Said without a network")
    page.keyboard.press("Control+Enter")
    note = page.locator(".note--sending", has_text="Said without a network")
    expect(note).to_contain_text("Your recording, 0:01")
    page.wait_for_timeout(1500)
    expect(note).to_be_visible()
    page.context.set_offline(False)
    thread = page.locator("comment-thread", has_text="Said without a network")
    expect(thread.get_by_role("button", name="Play the recording")).to_be_visible(timeout=30_000)


@pytest.mark.campaign
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_on_a_phone_the_recorder_fits_beside_nothing_else(
    window: Callable[..., Page], take: Take, theme: str
) -> None:
    more: dict[str, Any] = {"color_scheme": theme, "has_touch": True, "is_mobile": True}
    page = window("cole", width=390, height=844, **more)
    recorder = in_composer(page)
    enter(page, take)
    recorder.get_by_role("button", name="Record a reply").tap()
    be(recorder, "ready")
    for act in ("camera", "voice", "record", "close"):
        expect(recorder.locator(f"[data-recorder={act}]:visible")).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert Axe().run(page).response["violations"] == []
