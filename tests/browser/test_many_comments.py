"""Much is said about one take: the page holds a part of it, and brings the rest when somebody comes near."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import delete, update

from pitchreview import db
from pitchreview.actions import reviewing
from pitchreview.actions.reviewing import NewComment
from pitchreview.models import Comment, Take, Visit
from tests import crowd
from tests.factories import Factory
from tests.site import Site, person, team_of

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("second-site")]

MANY = 600
THREADS = "[...document.querySelectorAll('comment-thread')]"
MARKED = "[...document.querySelectorAll('time-marks button')].map(({ ids }) => ids.length)"
LOADED = "document.querySelectorAll('comment-thread').length"


@pytest.fixture(scope="module")
def crowded(site: Site) -> tuple[Take, list[UUID]]:
    """A take of Ada's about which twenty coaches said much."""
    with site.session() as session:
        make = Factory(session, site.store)
        take = make.take(person(session, "ada"), make.scenario(team_of(session)))
        ids = crowd.discuss(session, take, [person(session, "mona"), person(session, "cole")], MANY)
        session.commit()
        return take, ids


@pytest.fixture
def page(window: Callable[..., Page], crowded: tuple[Take, list[UUID]]) -> Page:
    page = window("cole")
    page.goto(f"/takes/{crowded[0].id}")
    return page


def test_the_list_grows_where_somebody_reads(page: Page) -> None:
    gap = page.locator(".feed-gap")
    expect(gap).to_contain_text("more comments here")
    assert page.evaluate(LOADED) == 40
    gap.scroll_into_view_if_needed()
    expect(page.locator("comment-thread").nth(79)).to_be_attached()
    assert page.evaluate(LOADED) < MANY / 2
    times = page.evaluate(f"{THREADS}.map(({{ dataset }}) => Number(dataset.at))")
    assert times == sorted(times)


def test_a_mark_far_away_brings_its_thread_and_what_stands_around_it(
    page: Page, crowded: tuple[Take, list[UUID]]
) -> None:
    expect(page.locator(".feed-gap")).to_be_visible()
    marks = page.locator("time-marks button")
    assert marks.count() < 140, "so many that they lie on each other"
    assert sum(page.evaluate(MARKED)) == MANY
    marks.last.click()
    shown = page.locator("comment-thread.is-now")
    expect(shown).to_be_in_viewport()
    assert page.evaluate(LOADED) < 140
    page.keyboard.press("p")
    before = page.locator("comment-thread.is-now")
    expect(before).not_to_have_id(shown.get_attribute("id") or "")


def test_what_somebody_else_says_appears_in_its_place(
    site: Site, page: Page, crowded: tuple[Take, list[UUID]]
) -> None:
    expect(page.locator(".feed-gap")).to_be_visible()
    with site.session() as session:
        take, mona = session.get_one(Take, crowded[0].id), person(session, "mona")
        reviewing.publish(session, take, mona, "Ask first.")
        reviewing.comment(session, take, mona, NewComment("Said just now.", 1))
        session.commit()
    expect(page.locator("comment-thread").nth(1)).to_contain_text("Said just now.")


@pytest.fixture
def back_again(site: Site, crowded: tuple[Take, list[UUID]]) -> Iterator[None]:
    """Ada was here some hours ago, and Mona has said one thing since."""
    with site.session() as session:
        take, ada = session.get_one(Take, crowded[0].id), person(session, "ada")
        session.execute(delete(Visit).where(Visit.take_id == take.id))
        before = db.now() - timedelta(hours=3)
        old = update(Comment).where(Comment.take_id == take.id)
        session.execute(old.values(published_at=before - timedelta(hours=1)))
        session.add(Visit(user_id=ada.id, take_id=take.id, began_at=before, last_at=before, watched=[]))
        Factory(session, site.store).comment(take, person(session, "mona"), "New to you.", at_ms=80_000)
        session.commit()
    yield


@pytest.mark.usefixtures("back_again")
def test_who_comes_back_is_led_to_what_is_new(
    window: Callable[..., Page], crowded: tuple[Take, list[UUID]]
) -> None:
    ada, cole = window("ada"), window("cole")
    cole.goto(f"/takes/{crowded[0].id}")
    ada.goto(f"/takes/{crowded[0].id}")
    expect(ada.get_by_role("img", name="Cole Okafor is here")).to_be_visible()
    ada.get_by_role("button", name="1 new since you were here").click()
    expect(ada.locator("comment-thread.is-now")).to_contain_text("New to you.")
    expect(ada.locator("feed-news")).to_be_hidden()
    cole.goto("/")
    expect(ada.get_by_role("img", name="Cole Okafor is here")).to_be_hidden()
