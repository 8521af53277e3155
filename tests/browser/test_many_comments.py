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
from pitchreview.web.views.takes import FIRST_THREADS
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
    assert page.evaluate(LOADED) == FIRST_THREADS
    gap.scroll_into_view_if_needed()
    expect(page.locator("comment-thread").nth(FIRST_THREADS + 39)).to_be_attached()
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
    last = shown.get_attribute("id") or ""
    page.keyboard.press("p")
    expect(shown).not_to_have_id(last)
    expect(shown).to_be_in_viewport()


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


def test_what_comes_in_above_moves_nothing_and_takes_no_focus(
    site: Site, page: Page, crowded: tuple[Take, list[UUID]]
) -> None:
    read = page.locator(f"#comment-{crowded[1][5]}")
    read.scroll_into_view_if_needed()
    page.locator("comment-composer [data-body]").fill("Half a sentence")
    at = read.bounding_box()
    with site.session() as session:
        Factory(session, site.store).comment(
            session.get_one(Take, crowded[0].id), person(session, "mona"), "Above.", at_ms=2
        )
        db.announce(session, f"take:{crowded[0].id}", "comments")
        session.commit()
    expect(page.locator("comment-thread", has_text="Above.")).to_be_attached()
    # Browsers scroll by whole pixels.
    assert read.bounding_box() == pytest.approx(at, abs=1)
    expect(page.locator("comment-composer [data-body]")).to_be_focused()
    expect(page.locator("comment-composer [data-body]")).to_have_value("Half a sentence")


@pytest.mark.campaign
def test_five_thousand_comments_stay_usable(
    site: Site, window: Callable[..., Page], crowded: tuple[Take, list[UUID]]
) -> None:
    with site.session() as session:
        make = Factory(session, site.store)
        take = make.take(person(session, "jonas"), make.scenario(team_of(session)))
        crowd.discuss(session, take, [person(session, "mona"), person(session, "cole")], 5000)
        session.commit()
    page = window("cole")
    page.goto(f"/takes/{take.id}")
    expect(page.locator(".feed-gap")).to_contain_text("4,9", timeout=5000)
    assert sum(page.evaluate(MARKED)) == 5000
    for key in ("End", "Home"):
        page.locator("[data-track]").focus()
        page.keyboard.press(key)
        page.locator("[data-track]").blur()
        page.keyboard.press("p" if key == "End" else "n")
        expect(page.locator("comment-thread.is-now")).to_be_in_viewport(timeout=5000)
    assert page.evaluate(LOADED) < 300


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
@pytest.mark.campaign
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
