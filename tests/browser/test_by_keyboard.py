"""A whole review without a mouse: from the queue to the next take, and the presenter's way through it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from pitchreview.actions import rubrics
from pitchreview.actions.ready_rubrics import CONVERSATION
from pitchreview.models import Take
from tests.factories import Factory
from tests.site import Site, person, team_of

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("second-site")]

# More than any page here has places to stop at.
MOST_STOPS = 120


@pytest.fixture
def take(site: Site) -> Take:
    """Ada's take, which waits in Cole's queue."""
    with site.session() as session:
        make, team = Factory(session, site.store), team_of(session)
        rubric = rubrics.use_ready(session, team.id, CONVERSATION)
        take: Take = make.take(person(session, "ada"), make.scenario(team, "By keys", rubric=rubric))
        session.commit()
        return take


def tab_to(page: Page, wanted: Locator) -> None:
    """As somebody does who has only the Tab key."""
    for _ in range(MOST_STOPS):
        if wanted.evaluate("(element) => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{wanted} cannot be reached with Tab.")


def say(page: Page, key: str, words: str) -> None:
    """Write a comment: the key that opens the box, the words, and the keys that post it."""
    page.keyboard.press(key)
    expect(page.get_by_role("textbox", name="Comment", exact=True)).to_be_focused()
    page.keyboard.type(words)
    page.keyboard.press("Control+Enter")
    expect(page.locator("comment-thread", has_text=words)).to_be_visible()
    page.keyboard.press("Escape")


def test_a_review_from_the_queue_to_the_next_take(window: Callable[..., Page], take: Take) -> None:
    page = window("cole")
    page.goto("/review")
    tab_to(page, page.get_by_role("button", name="Pick Ada Lindqvist: By keys"))
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/takes/{take.id}")
    expect(page.locator("comment-composer form")).to_be_visible()

    page.keyboard.press("3")
    say(page, "s", "You ask before you tell")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("i")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("o")
    say(page, "x", "This goes on after she has agreed")
    threads = page.locator("comment-thread")
    expect(threads).to_have_count(2)
    assert threads.first.get_attribute("data-at") == "27000"
    assert (threads.nth(1).get_attribute("data-at"), threads.nth(1).get_attribute("data-until")) == (
        "32000",
        "37000",
    )

    for thread in (threads.nth(1), threads.first):
        page.keyboard.press("p")
        expect(thread).to_have_class(re.compile("is-now"))
    tab_to(page, page.get_by_role("tab", name="Feedback"))
    page.keyboard.press("ArrowRight")
    level = page.get_by_role("group", name="Opening").get_by_role("radio").first
    tab_to(page, level)
    page.keyboard.press("4")
    expect(page.get_by_text("1 of 5 given.")).to_be_visible()

    page.keyboard.press("Control+Shift+Enter")
    box = page.get_by_role("dialog", name="Finish this review").get_by_label("What is the one thing")
    expect(box).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("Stop when she has agreed.")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(rf"/review$|/takes/(?!{take.id})"))

    ada = window("ada")
    ada.goto(f"/takes/{take.id}")
    tab_to(ada, ada.get_by_role("button", name="Walk through the moments"))
    ada.keyboard.press("Enter")
    expect(ada.locator("[data-step]:visible")).to_contain_text("You ask before you tell")
    ada.keyboard.press("n")
    expect(ada.locator("[data-step]:visible")).to_contain_text("This goes on after she has agreed")
    ada.keyboard.press("Escape")
    expect(ada.locator("[data-step]:visible")).to_have_count(0)
