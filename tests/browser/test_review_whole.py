"""A review from its first level to its publication, and what the presenter makes of it, by keyboard."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import delete

from pitchreview.actions import rubrics
from pitchreview.actions.ready_rubrics import CONVERSATION
from pitchreview.models import Comment, CommentKind, Pitch, Review, Take
from tests.factories import Factory
from tests.site import Site, barriers, person, team_of

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("second-site")]

PLAYER = "document.querySelector('pitch-player')"


@pytest.fixture
def take(site: Site) -> Iterator[Take]:
    """A take of Ada's about which Cole has said two things that nobody else reads yet."""
    with site.session() as session:
        make, cole = Factory(session, site.store), person(session, "cole")
        team = team_of(session)
        rubric = rubrics.use_ready(session, team.id, CONVERSATION)
        take = make.take(person(session, "ada"), make.scenario(team, "Whole", rubric=rubric))
        review = make.review(take, cole, published=False)
        review.rubric = rubric
        held = {"review": review, "published_at": None}
        make.comment(take, cole, "Too fast", at_ms=12_000, instead="Wait for her.", **held)
        make.comment(take, cole, "A calm start", at_ms=30_000, kind=CommentKind.STRENGTH, **held)
        session.commit()
        yield take
        session.execute(delete(Comment).where(Comment.take_id == take.id))
        session.execute(delete(Review).where(Review.take_id == take.id))
        session.execute(delete(Take).where(Take.id == take.id))
        session.execute(delete(Pitch).where(Pitch.id == take.pitch_id))
        session.commit()


@pytest.mark.campaign
def test_cole_gives_levels_and_publishes_and_ada_walks_through_it(
    window: Callable[..., Page], take: Take
) -> None:
    page = window("cole")
    page.goto(f"/takes/{take.id}")
    page.keyboard.press("g")
    opening = page.get_by_role("group", name="Opening")
    expect(opening.get_by_role("radio").first).to_be_focused()
    # A digit gives the level and goes on to the next criterion.
    for digit in "31":
        page.keyboard.press(digit)
    expect(opening.get_by_role("radio", name="Solid")).to_be_checked()
    expect(page.get_by_text("2 of 5 given.")).to_be_visible()
    expect(page.get_by_role("group", name="Value in their words").get_by_role("radio").first).to_be_focused()
    assert barriers(page) == []
    page.get_by_role("button", name="Show the moment").click()
    expect(page.get_by_role("textbox", name="Comment", exact=True)).to_be_focused()
    expect(
        page.get_by_role("group", name="Kind of comment").get_by_role("radio", name="Try instead")
    ).to_be_checked()

    ada = window("ada")
    ada.goto(f"/takes/{take.id}")
    expect(ada.get_by_text("No feedback yet")).to_be_visible()

    # Finishing and publishing are two presses of the same keys.
    page.keyboard.press("Control+Shift+Enter")
    question = page.get_by_role("dialog", name="Finish this review")
    expect(question.get_by_text("3 of 5 levels are open.")).to_be_visible()
    expect(question.get_by_text("“Asking before telling” is low")).to_be_visible()
    expect(question.get_by_label("What is the one thing")).to_have_value("Wait for her.")
    assert barriers(page) == []
    page.keyboard.press("Control+Shift+Enter")
    page.wait_for_url(re.compile(rf"/review$|/takes/(?!{take.id})"))

    expect(ada.get_by_role("article", name="The one thing, by Cole Okafor")).to_contain_text("Wait for her.")
    ada.get_by_role("button", name="Walk through the moments").click()
    step = ada.locator("[data-step]:visible")
    expect(step).to_contain_text("A calm start")
    assert abs(ada.evaluate(f"{PLAYER}.timeMs") - 28_500) < 1000
    assert barriers(ada) == []
    ada.keyboard.press("n")
    expect(step).to_contain_text("Too fast")
    ada.get_by_role("button", name="Leave the walk").click()
    ada.get_by_role("button", name="Walk through the moments").click()
    expect(step).to_contain_text("Too fast")
    step.get_by_role("button", name="Helpful").click()
    step.get_by_role("button", name="I will use it").click()
    expect(step.get_by_role("button", name="I will use it")).to_have_attribute("aria-pressed", "true")
    step.get_by_role("button", name="Reply").first.click()
    ada.keyboard.type("I will count to three, then ask.")
    ada.keyboard.press("Control+Enter")
    expect(step.locator(".walk-reply")).to_contain_text("I will count to three, then ask.")
    ada.keyboard.press("n")
    expect(ada.get_by_role("heading", name="That was all of it")).to_be_visible()
    ada.keyboard.press("Escape")
    ada.get_by_role("tab", name="Scores").click()
    expect(ada.get_by_role("region", name="Asking before telling")).to_contain_text("Not yet")


def test_a_level_that_is_chosen_again_is_taken_back_and_a_lost_one_is_told(
    window: Callable[..., Page], take: Take
) -> None:
    page = window("cole", width=390, height=844, has_touch=True)
    page.goto(f"/takes/{take.id}#scores")
    next_step = page.get_by_role("group", name="Next step")
    solid = next_step.get_by_text("Solid")
    solid.click()
    expect(page.get_by_text("1 of 5 given.")).to_be_visible()
    solid.click()
    expect(page.get_by_text("0 of 5 given.")).to_be_visible()
    page.route(
        "**/scores", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    solid.click()
    expect(page.get_by_text("Not saved.")).to_be_visible()
    expect(next_step.get_by_role("radio", name="Solid")).not_to_be_checked()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    box = page.locator(".level-name").first.bounding_box()
    assert box is not None and box["height"] >= 44


def lose_what_is_sent(route: Route) -> None:
    if route.request.method == "POST":
        route.abort()
    else:
        route.continue_()
