"""Who is here, what is new since the visit before, and what was watched."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.actions import reviewing, visiting
from pitchreview.actions.reviewing import NewComment
from pitchreview.errors import InvalidInput
from pitchreview.models import Take, User, Visit
from tests.conftest import Cast
from tests.factories import DURATION_MS, Factory

HOURS = timedelta(hours=1)
moments = st.integers(min_value=0, max_value=100_000)


@pytest.fixture
def take(make: Factory, cast: Cast) -> Take:
    return make.take(cast.ada, make.scenario(cast.team))  # type: ignore[no-any-return]


def look_in(
    session: Session, take: Take, viewer: User, *spans: tuple[int, int], is_open: bool = True
) -> Visit:
    return visiting.look_in(session, take, viewer, watched=spans, is_open=is_open)


def test_people_see_who_else_is_here_until_they_leave(session: Session, cast: Cast, take: Take) -> None:
    look_in(session, take, cast.ada)
    look_in(session, take, cast.cole)
    assert visiting.others_here(session, take, cast.ada) == [cast.cole]
    look_in(session, take, cast.cole, is_open=False)
    session.flush()
    assert visiting.others_here(session, take, cast.ada) == []


def test_a_page_that_says_nothing_for_a_while_counts_as_closed(
    session: Session, cast: Cast, take: Take
) -> None:
    visit = look_in(session, take, cast.cole)
    visit.last_at = db.now() - timedelta(minutes=1)
    session.flush()
    assert visiting.others_here(session, take, cast.ada) == []


def test_what_others_said_since_the_visit_before_is_new(
    session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    old = make.comment(take, cast.mona, published_at=db.now() - 3 * HOURS)
    visit = look_in(session, take, cast.ada)
    assert visiting.new_threads(session, visit, cast.ada) == []
    visit.last_at = db.now() - 2 * HOURS
    session.flush()
    own = reviewing.comment(session, take, cast.ada, NewComment("Here I was lost.", 0))
    new = make.comment(take, cast.mona)
    reviewing.comment(session, take, cast.cole, NewComment("Still a draft.", 0))
    again = look_in(session, take, cast.ada)
    assert visiting.new_threads(session, again, cast.ada) == [new.id]
    reviewing.reply(session, old, cast.cole, "Yes.", None)
    reviewing.reply(session, own, cast.ada, "Or here.", None)
    assert set(visiting.new_threads(session, again, cast.ada)) == {new.id, old.id}


def test_a_reload_makes_nothing_old(session: Session, make: Factory, cast: Cast, take: Take) -> None:
    visit = look_in(session, take, cast.ada)
    visit.last_at = db.now() - 2 * HOURS
    new = make.comment(take, cast.mona)
    for _ in range(2):
        assert visiting.new_threads(session, look_in(session, take, cast.ada), cast.ada) == [new.id]


def test_what_was_watched_adds_up_within_the_take(session: Session, cast: Cast, take: Take) -> None:
    look_in(session, take, cast.cole, (0, 2000), (5000, 6000))
    visit = look_in(session, take, cast.cole, (1900, 3000), (DURATION_MS - 10, DURATION_MS + 900))
    assert visit.watched == [(0, 3000), (5000, 6000), (DURATION_MS - 10, DURATION_MS)]
    with pytest.raises(InvalidInput):
        look_in(session, take, cast.cole, *[(0, 1)] * 501)


@given(st.lists(st.tuples(moments, moments).filter(lambda span: span[0] < span[1]), max_size=30))
def test_joined_spans_hold_all_that_was_watched_and_never_touch(spans: list[tuple[int, int]]) -> None:
    joined = visiting.join(spans)
    for start, until in spans:
        assert any(from_ms <= start and until <= until_ms for from_ms, until_ms in joined)
    for before, after in zip(joined, joined[1:], strict=False):
        assert before[1] + visiting.SEAM_MS < after[0]
