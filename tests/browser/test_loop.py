"""The whole loop by three people: a drill, a take, feedback, an agreement, and the take that proves it."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from pitchreview import db
from pitchreview.actions import rubrics
from pitchreview.actions.ready_rubrics import CONVERSATION
from pitchreview.models import Scenario
from tests.browser.test_studio import be, record
from tests.factories import Factory
from tests.site import Site, team_of

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]


@pytest.fixture
def scenario(site: Site) -> Scenario:
    with site.session() as session:
        rubric = rubrics.use_ready(session, team_of(session).id, CONVERSATION)
        scenario = Factory(session, site.store).scenario(team_of(session), "Round the loop", rubric=rubric)
        session.commit()
        return scenario


def record_and_submit(ada: Page, scenario: Scenario) -> str:
    """A short take, recorded in the studio and handed in; answers its address."""
    ada.goto(f"/scenarios/{scenario.id}/studio")
    be(ada, "preview")
    record(ada, 1.5)
    ada.get_by_role("button", name="Stop and watch").click()
    ada.get_by_role("button", name="Keep this take").click()
    ada.wait_for_url(re.compile(r"/takes/[0-9a-f-]{36}$"))
    expect(ada.locator("pitch-player")).to_be_visible(timeout=20_000)
    ada.get_by_role("button", name="Submit for feedback").first.click()
    expect(ada.get_by_text("Round")).not_to_have_count(0)
    return ada.url


def look_at_it_first(ada: Page, take: str) -> None:
    ada.goto(take)
    ada.get_by_label("One thing you would keep", exact=True).fill("A calm start")
    ada.get_by_label("One thing you would change", exact=True).fill("I talk too early")
    for name in ("Opening", "Asking before telling", "Value in their words", "Handling doubt", "Next step"):
        ada.get_by_role("group", name=name).get_by_text("Solid").click()
    ada.get_by_role("button", name="Done, open the feedback").click()


def test_from_a_drill_to_a_change_that_is_proved(window: Callable[..., Page], scenario: Scenario) -> None:
    mona, ada, cole = window("mona"), window("ada", permissions=["camera", "microphone"]), window("cole")

    # Mona sets a drill with a focus, and asks people to look at their own take first.
    mona.goto(f"/drills/new?scenario={scenario.id}")
    mona.get_by_label("Due on").fill((db.now() + timedelta(days=5)).date().isoformat())
    mona.get_by_label("Focus", exact=True).select_option(label="Asking before telling")
    mona.get_by_text("More choices").click()
    mona.get_by_label("Ask before telling").check()
    mona.get_by_role("button", name="Set the drill").click()

    # Ada records and hands it in.
    ada.goto("/")
    expect(ada.get_by_text("Round the loop").first).to_be_visible()
    first = record_and_submit(ada, scenario)

    # Cole says what to try instead, gives levels, proposes a change, and publishes.
    cole.goto(first)
    expect(cole.locator("comment-composer form")).to_be_visible()
    cole.keyboard.press("x")
    cole.keyboard.type("The price comes before the question")
    cole.keyboard.press("Control+Enter")
    expect(cole.locator("comment-thread", has_text="The price comes")).to_be_visible()
    cole.keyboard.press("Escape")
    cole.get_by_role("tab", name="Scores").click()
    cole.get_by_role("group", name="Asking before telling").get_by_text("In parts").click()
    cole.get_by_role("button", name="Finish review").click()
    question = cole.get_by_role("dialog", name="Finish this review")
    question.get_by_label(re.compile("What is the one thing")).fill("Ask who loses before you name a price.")
    question.get_by_label("In your words").fill("Ask who loses when nothing changes")
    question.get_by_label("About").select_option(label="Asking before telling")
    question.get_by_role("button", name="Publish review").click()
    cole.wait_for_url(re.compile(rf"/review$|/takes/(?!{first.rsplit('/', 1)[-1]})"))

    # Nothing reaches Ada before her own look; then she agrees.
    ada.goto(first)
    expect(ada.get_by_text("The price comes before the question")).to_have_count(0)
    look_at_it_first(ada, first)
    expect(ada.get_by_text("Ask who loses before you name a price.").first).to_be_visible()
    ada.get_by_role("button", name="I will do that").click()
    expect(ada.get_by_text("Agreed. Your next take opens on it.")).to_be_visible()

    # Her next take opens on it.
    ada.goto(f"/scenarios/{scenario.id}/studio")
    expect(ada.get_by_text("Ask who loses when nothing changes").first).to_be_visible()
    second = record_and_submit(ada, scenario)

    # Cole sees what was agreed, and says that it is fixed, at this moment.
    cole.goto(second)
    carried = cole.get_by_role("group", name="Last time Ada agreed to")
    carried.get_by_role("button", name="Fixed").click()
    expect(carried.get_by_role("button", name="Fixed")).to_have_attribute("aria-pressed", "true")
    cole.get_by_role("tab", name="Scores").click()
    cole.get_by_role("group", name="Asking before telling").get_by_text("A model").click()
    cole.get_by_role("button", name="Finish review").click()
    question.get_by_label(re.compile("What is the one thing")).fill("Keep that silence.")
    question.get_by_role("button", name="Publish review").click()
    cole.wait_for_url(re.compile(rf"/review$|/takes/(?!{second.rsplit('/', 1)[-1]})"))

    # Ada reads it, and her way from the beginning stands on her page.
    look_at_it_first(ada, second)
    expect(ada.get_by_text("Fixed").first).to_be_visible()
    ada.goto("/progress")
    trend = ada.get_by_role("article").filter(has_text="Asking before telling")
    expect(trend.get_by_role("img")).to_have_accessible_name(re.compile("to 4 of 4"))

    # Mona sees what was fixed, and the result with the take behind it.
    mona.goto("/coaching")
    expect(mona.get_by_role("link", name=re.compile("Fix rate"))).not_to_contain_text("nothing was looked at")
    mona.goto("/coaching/commitments?state=fixed")
    expect(mona.get_by_role("heading", name="Ask who loses when nothing changes")).to_be_visible()
    mona.get_by_role("link", name=re.compile("fixed, Cole")).first.click()
    mona.wait_for_url(re.compile(re.escape(second.rsplit("/", 1)[-1])))
