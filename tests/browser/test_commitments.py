"""Feedback that is followed up, in the browser: an own look survives a reload, an answer keeps its moment."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import delete

from pitchreview.actions import committing, rubrics
from pitchreview.actions.committing import Proposal
from pitchreview.actions.ready_rubrics import CONVERSATION
from pitchreview.models import Commitment, Focus, Pitch, Review, Take
from tests.factories import Factory
from tests.site import Site, barriers, person, team_of

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("second-site")]

PLAYER = "document.querySelector('pitch-player')"


@pytest.fixture
def later(site: Site) -> Iterator[Take]:
    """A take of Ada's that comes after she agreed to something, and waits for her own look."""
    with site.session() as session:
        make, ada = Factory(session, site.store), person(session, "ada")
        rubric = rubrics.use_ready(session, team_of(session).id, CONVERSATION)
        scenario = make.scenario(team_of(session), "Followed up", rubric=rubric)
        earlier = make.take(ada, scenario)
        own = Proposal("Wait after the question.", criterion_id=rubric.criteria[1].id, at_ms=12_000)
        committing.write(session, earlier, ada, own)
        later = make.take(ada, scenario)
        later.awaits_self_assessment = True
        review = make.review(later, person(session, "cole"), published=False)
        make.comment(later, review.reviewer, "Too fast", instead="Count.", review=review, published_at=None)
        session.commit()
        yield later
        for table in (Focus, Commitment):
            session.execute(delete(table).where(table.user_id == ada.id))
        session.execute(delete(Review).where(Review.take_id == later.id))
        session.execute(delete(Take).where(Take.pitch_id == later.pitch_id))
        session.execute(delete(Pitch).where(Pitch.id == later.pitch_id))
        session.commit()


@pytest.mark.campaign
def test_what_ada_agreed_to_is_proved_by_cole_after_her_own_look(
    window: Callable[..., Page], later: Take
) -> None:
    cole = window("cole")
    cole.goto(f"/takes/{later.id}")
    carried = cole.get_by_role("group", name="Last time Ada agreed to")
    cole.evaluate(f"{PLAYER}.seek(30_000)")
    carried.get_by_role("button", name="Closer").click()
    expect(carried.get_by_role("button", name="Closer")).to_have_attribute("aria-pressed", "true")
    expect(carried.get_by_label("Seen at")).to_have_value("0:30.0")
    # The same answer again takes it back; another one is kept with its moment.
    carried.get_by_role("button", name="Closer").click()
    expect(carried.get_by_role("button", name="Closer")).to_have_attribute("aria-pressed", "false")
    carried.get_by_role("button", name="Fixed").click()
    expect(carried.get_by_role("button", name="Fixed")).to_have_attribute("aria-pressed", "true")

    ada = window("ada", width=390, height=844, has_touch=True)
    ada.goto(f"/takes/{later.id}")
    ada.get_by_label("One thing you would keep", exact=True).fill("A calm start")
    ada.get_by_role("group", name="Opening").get_by_text("Solid").click()
    expect(ada.get_by_text("Kept.")).to_be_visible()
    ada.reload()
    expect(ada.get_by_label("One thing you would keep", exact=True)).to_have_value("A calm start")
    expect(ada.get_by_role("group", name="Opening").get_by_role("radio", name="Solid")).to_be_checked()
    assert ada.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert barriers(ada) == []

    cole.get_by_role("button", name="Finish review").click()
    question = cole.get_by_role("dialog", name="Finish this review")
    question.get_by_role("checkbox").check()
    question.get_by_label("In your words").fill("Name a day.")
    question.get_by_label("In your words").fill("")
    assert barriers(cole) == []
    question.get_by_role("button", name="Publish review").click()
    cole.wait_for_url(re.compile(rf"/review$|/takes/(?!{later.id})"))
    # Nothing reaches her before she has looked herself.
    expect(ada.get_by_text("Fixed")).to_have_count(0)

    ada.get_by_label("One thing you would change", exact=True).fill("The pause")
    for name in ("Asking before telling", "Value in their words", "Handling doubt", "Next step"):
        ada.get_by_role("group", name=name).get_by_text("Solid").click()
    ada.get_by_role("button", name="Done, open the feedback").click()
    expect(ada.get_by_text("Fixed")).to_be_visible()
    ada.get_by_role("button", name="I will do that").click()
    expect(ada.get_by_text("Agreed. Your next take opens on it.")).to_be_visible()
    ada.goto("/commitments")
    expect(ada.get_by_role("heading", name="Count.")).to_be_visible()
    ada.get_by_role("link", name="Before and after").click()
    expect(ada.get_by_role("button", name="Before")).to_have_attribute("aria-pressed", "true")
    ada.get_by_role("button", name="After").click()
    expect(ada.locator("[data-side=before]")).to_be_hidden()
    assert barriers(ada) == []
