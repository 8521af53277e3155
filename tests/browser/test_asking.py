"""Ada asks Jonas for feedback in real Chromium: the dialog, the bell, the answer; and pages to take along."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from pitchreview.actions import asking, reviewing
from pitchreview.actions.asking import Question
from pitchreview.models import Take
from tests.factories import Factory
from tests.site import Site, barriers, person, require_a_good_page, team_of

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("second-site")]


@pytest.fixture
def take(site: Site) -> Take:
    """A practice take of Ada's; nobody needs to play it here."""
    with site.session() as session:
        make = Factory(session, site.store)
        take = make.take(
            person(session, "ada"), make.scenario(team_of(session), "Asked about"), submitted=False
        )
        session.commit()
        return take


@pytest.mark.campaign
def test_who_is_asked_hears_at_once_and_can_say_no_in_a_word(window: Callable[..., Page], take: Take) -> None:
    jonas, ada = window("jonas"), window("ada")
    jonas.goto("/scenarios")
    number = jonas.locator("notification-bell:visible [data-count]")
    expect(number).to_be_hidden()

    ada.goto(f"/takes/{take.id}")
    ada.get_by_label("More about this take").click()
    ada.get_by_role("link", name="Ask for feedback").click()
    dialog = ada.get_by_role("dialog", name="Ask for feedback")
    # The first person to choose has the focus: all of it goes by keyboard.
    expect(dialog.get_by_role("checkbox", name="Cole Okafor")).to_be_focused()
    assert barriers(ada) == []
    ada.keyboard.press("Tab")
    ada.keyboard.press("Space")
    ada.keyboard.press("Tab")
    ada.keyboard.press("Tab")
    ada.keyboard.type("Is the opening too long?")
    dialog.get_by_role("button", name="Submit and ask").press("Enter")
    expect(ada.get_by_text("Jonas will hear of it.")).to_be_visible()

    expect(number).to_have_text("1 unread")
    jonas.locator("notification-bell:visible a").click()
    # Who looks at the take has heard of it.
    with jonas.expect_response(f"**/takes/{take.id}/notifications/reading"):
        jonas.get_by_role("link", name="Ada Lindqvist asks for your feedback").click()
    expect(jonas.get_by_text("Is the opening too long?")).to_be_visible()
    jonas.goto("/notifications")
    expect(jonas.get_by_text("You have seen everything.")).to_be_visible()

    jonas.goto("/")
    jonas.get_by_role("link", name="Decline to review Ada Lindqvist").click()
    jonas.get_by_label("A word to Ada").fill("I am away until Monday.")
    jonas.get_by_role("button", name="Decline").click()
    expect(jonas.get_by_text("Ada is told, and can ask somebody else.")).to_be_visible()
    assert jonas.goto(f"/takes/{take.id}").status == 404  # type: ignore[union-attr]

    ada.goto("/notifications")
    expect(ada.get_by_role("link", name="Jonas Weber cannot review your take")).to_be_visible()
    expect(ada.get_by_text("I am away until Monday.")).to_be_visible()


@pytest.mark.campaign
def test_the_list_of_notifications_fills_by_itself(
    window: Callable[..., Page], site: Site, take: Take
) -> None:
    page = window("mona")
    page.goto("/notifications")
    with site.session() as session:
        mine, ada = session.get_one(Take, take.id), person(session, "ada")
        asking.ask(session, mine, ada, Question([person(session, "mona").id], "And the end?"))
        session.commit()
    expect(page.get_by_text("And the end?")).to_be_visible()
    page.get_by_role("button", name="Mark all as read").click()
    expect(page.get_by_text("You have seen everything.")).to_be_visible()


@pytest.mark.campaign
def test_the_pages_are_good_ones(window: Callable[..., Page], site: Site, take: Take) -> None:
    with site.session() as session:
        make, mine = Factory(session, site.store), session.get_one(Take, take.id)
        ada, cole = person(session, "ada"), person(session, "cole")
        asking.ask(session, mine, ada, Question([cole.id], "Does the opening make you curious?"))
        make.comment(mine, cole, review=make.review(mine, cole, published=False), published_at=None)
        reviewing.publish(session, mine, cole, "Ask one question first.")
        session.commit()
    for address in ("/notifications", f"/takes/{take.id}/requests", f"/takes/{take.id}/report"):
        require_a_good_page(window("ada"), address)
