"""Cole writes with all that a comment can carry; nothing of it is lost, and nobody overwrites another."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import delete, select

from pitchreview.models import Comment, Criterion, Draft, Phrase, Recording, Review, Rubric, Take
from tests.factories import Factory
from tests.site import Site, arrived, barriers, person, team_of
from tests.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("second-site")]

WORDS = "She leans out here"


@pytest.fixture(scope="module")
def played(site: Site, clips_folder: Path) -> Take:
    """A submitted take of Ada that can be watched; it has a rubric, and a part of it is held up."""
    with site.session() as session:
        make = Factory(session, site.store)
        scenario = make.scenario(team_of(session), "Written with care")
        scenario.rubric = Rubric(team_id=scenario.team_id, name="Sales conversation")
        names = ("Opens with them", "Asks before telling")
        scenario.rubric.criteria = [Criterion(position=i, name=name) for i, name in enumerate(names)]
        recording = arrived(make, clips_folder / "discovery-ada.mp4")
        take = make.take(person(session, "ada"), scenario, recording=recording)
        make.exemplar(
            take, person(session, "mona"), title="A question given back", from_ms=1000, until_ms=4000
        )
        session.commit()

    def is_playable() -> bool:
        with site.session() as session:
            return session.get_one(Recording, take.recording_id).is_playable

    until(is_playable, seconds=30)
    return take


@pytest.fixture
def take(site: Site, played: Take) -> Iterator[Take]:
    """The same take, with nothing said about it yet."""
    with site.session() as session:
        for table in (Comment, Review, Draft):
            session.execute(delete(table).where(table.take_id == played.id))
        session.execute(delete(Phrase))
        session.commit()
    yield played


def enter(page: Page, take: Take) -> Page:
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.goto(f"/takes/{take.id}")
    expect(words(page)).to_be_visible()
    return page


def words(page: Page) -> Locator:
    return page.get_by_label("Comment", exact=True)


def thread(page: Page, text: str) -> Locator:
    return page.locator("comment-thread").filter(has_text=text)


def reach(page: Page, tool: str) -> None:
    page.get_by_label("Add to this comment").press("Enter")
    page.locator(f'[data-tool="{tool}"]').press("Enter")


@pytest.mark.campaign  # a whole review without a mouse is in test_by_keyboard
def test_a_comment_is_written_with_all_it_can_carry_by_keyboard_alone(
    as_cole: Page, as_ada: Page, site: Site, take: Take
) -> None:
    page = enter(as_cole, take)
    words(page).press_sequentially("One question first.")
    reach(page, "phrases")
    page.get_by_role("button", name="Save what is written").press("Enter")
    expect(page.locator("composer-tray [data-pick]")).to_have_count(1)
    page.keyboard.press("Escape")
    words(page).fill("")
    # Two keys put it in again: the slash opens the phrases, the digit takes the first.
    page.keyboard.type("/")
    expect(page.locator("composer-tray [data-pick]")).to_have_count(1)
    page.keyboard.press("1")
    expect(words(page)).to_have_value("One question first.")

    page.keyboard.type(" Right, @mo")
    expect(page.get_by_role("option", name="Mona Ruiz")).to_be_visible()
    page.keyboard.press("Enter")
    expect(words(page)).to_have_value("One question first. Right, @Mona Ruiz ")

    reach(page, "criteria")
    expect(page.locator("composer-tray [data-pick]")).to_have_count(2)
    page.keyboard.type("asks")
    page.keyboard.press("Enter")
    reach(page, "exemplars")
    page.keyboard.type("question given")
    expect(page.locator("composer-tray [data-pick]")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+Enter")

    note = thread(page, "One question first.")
    expect(note).to_contain_text("Asks before telling")
    expect(note).to_contain_text("Draft, only you see it")
    with site.session() as session:
        remark = session.scalars(select(Comment).where(Comment.take_id == take.id)).one()
        assert [mention.user.name for mention in remark.mentions] == ["Mona Ruiz"]
    note.get_by_role("button", name="Hear it done").press("Enter")
    expect(note.locator("hear-it-done video:visible")).to_have_count(1)

    ada = enter(as_ada, take)
    expect(ada.locator("comment-thread")).to_have_count(0)
    note.get_by_role("button", name="Share now").press("Enter")
    expect(thread(ada, "One question first.")).to_be_visible()
    expect(note).not_to_contain_text("Draft")


def test_what_was_just_posted_can_be_taken_back_and_settled_threads_step_back(
    as_cole: Page, take: Take
) -> None:
    page = enter(as_cole, take)
    reach(page, "private")
    words(page).press_sequentially(WORDS)
    page.keyboard.press("Control+Enter")
    expect(thread(page, WORDS)).to_contain_text("Only you")
    page.get_by_role("button", name="Undo").click()
    expect(thread(page, WORDS)).to_have_count(0)
    expect(words(page)).to_have_value(WORDS)
    expect(page.get_by_text("Only you will see this")).to_be_visible()
    page.get_by_role("button", name="Take off: only me").click()
    page.keyboard.press("Control+Enter")
    note = thread(page, WORDS)
    note.get_by_role("button", name="Share now").click()
    expect(note).not_to_contain_text("Draft")
    note.get_by_label("More about this comment").click()
    note.get_by_role("button", name="Resolve").click()
    expect(note).to_contain_text("Resolved by Cole")
    note.get_by_label("More about this comment").click()
    note.get_by_role("button", name="Open again").click()
    expect(note).not_to_contain_text("Resolved by Cole")


@pytest.mark.campaign
def test_a_draft_is_there_after_a_killed_tab_in_another_browser_and_gone_once_it_is_posted(
    window: Callable[..., Page], site: Site, take: Take
) -> None:
    def server_has(text: str) -> Callable[[], bool]:
        def look() -> bool:
            with site.session() as session:
                kept = session.scalars(select(Draft).where(Draft.take_id == take.id)).all()
                return [draft.words["body"] for draft in kept] == ([text] if text else [])

        return look

    killed = enter(window("cole"), take)
    words(killed).press_sequentially(WORDS)
    until(server_has(WORDS))
    killed.close()
    elsewhere = enter(window("cole"), take)
    expect(words(elsewhere)).to_have_value(WORDS)
    expect(elsewhere.get_by_text("Draft restored")).to_be_visible()

    # What others say meanwhile leaves the open box alone.
    mona = enter(window("mona"), take)
    words(mona).press_sequentially("Two next steps")
    mona.keyboard.press("Control+Enter")
    thread(mona, "Two next steps").get_by_role("button", name="Share now").click()
    expect(thread(elsewhere, "Two next steps")).to_be_visible()
    words(elsewhere).press_sequentially("!")
    expect(words(elsewhere)).to_have_value(f"{WORDS}!")
    until(server_has(f"{WORDS}!"))
    elsewhere.keyboard.press("Control+Enter")
    expect(thread(elsewhere, f"{WORDS}!")).to_be_visible()
    until(server_has(""))
    elsewhere.reload()
    expect(thread(elsewhere, f"{WORDS}!")).to_be_visible()
    expect(words(elsewhere)).to_have_value("")

    # So is an answer that was begun; once it is posted its box stays empty.
    thread(mona, "Two next steps").locator("summary", has_text="Reply").click()
    mona.get_by_label("Your reply").press_sequentially("Which one?")
    until(server_has("Which one?"))
    mona.reload()
    expect(mona.get_by_label("Your reply")).to_have_value("Which one?")
    mona.get_by_label("Your reply").press("Control+Enter")
    expect(mona.locator(".note--reply", has_text="Which one?")).to_be_visible()
    until(server_has(""))
    expect(mona.get_by_label("Your reply")).not_to_be_visible()


@pytest.mark.campaign  # that nothing is overwritten unseen is shown in the review room
def test_two_windows_that_change_one_comment_choose_what_stands(
    window: Callable[..., Page], site: Site, take: Take
) -> None:
    with site.session() as session:
        make = Factory(session, site.store)
        make.comment(session.get_one(Take, take.id), person(session, "cole"), WORDS)
        session.commit()
    here, there = (enter(window("cole"), take) for _ in range(2))
    for page, text in ((here, "Mine"), (there, "Theirs")):
        page.get_by_label("More about this comment").click()
        page.get_by_role("button", name="Edit", exact=True).click()
        page.get_by_label("Edit your words").fill(text)
    there.keyboard.press("Control+Enter")
    expect(there.locator("comment-thread [data-body]")).to_have_text("Theirs")
    here.keyboard.press("Control+Enter")
    expect(here.get_by_role("group", name="Changed in another window")).to_contain_text("Theirs")
    here.get_by_role("button", name="Put both in the box").click()
    expect(here.get_by_label("Edit your words")).to_have_value("Theirs\n\nMine")
    here.keyboard.press("Control+Enter")
    expect(thread(there, "Mine")).to_contain_text("Theirs")
    here.get_by_role("button", name="edited").click()
    expect(here.locator(".history-list li")).to_have_count(2)


def test_on_a_phone_the_composer_is_a_sheet_that_can_be_put_away(
    window: Callable[..., Page], take: Take
) -> None:
    page = enter(window("cole", width=390, height=844, has_touch=True, is_mobile=True), take)
    words(page).tap()
    page.locator("comment-composer label", has_text="Try instead").tap()
    words(page).fill(WORDS)
    page.get_by_label("Add to this comment").tap()
    page.locator('[data-tool="exemplars"]').tap()
    expect(page.locator("composer-tray [data-pick]").first).to_be_visible()
    assert barriers(page) == []
    sheet = page.locator(".composer").bounding_box()
    assert sheet is not None
    assert sheet["y"] >= 0
    assert sheet["y"] + sheet["height"] == pytest.approx(844, abs=1)
    small = page.evaluate(
        """[...document.querySelectorAll("comment-composer :is(button, summary, label, input[type=search])")]
        .filter((part) => part.checkVisibility({ visibilityProperty: true }))
        .map((part) => [part.ariaLabel || part.textContent.trim(), part.getBoundingClientRect()])
        .filter(([, box]) => box.width && (box.width < 43.5 || box.height < 43.5))
        .map(([name, box]) => `${name}: ${Math.round(box.width)} x ${Math.round(box.height)}`)"""
    )
    assert small == []
    page.get_by_role("button", name="Close").last.tap()
    page.get_by_role("button", name="Put the composer away").tap()
    expect(words(page)).to_have_value(WORDS)
