"""The review queue as pages show it: what is mine, what I may pick, giving it back, and time for it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from pitchreview import db
from pitchreview.actions import assigning, queueing
from pitchreview.models import (
    Absence,
    Assignment,
    AssignmentOrigin,
    AssignmentState,
    Conflict,
    ReviewersFrom,
    Take,
    User,
)
from tests.conftest import Cast
from tests.factories import Factory

ClientOf = Callable[[User | None], FlaskClient]


@pytest.fixture
def take(make: Factory, cast: Cast) -> Take:
    take = make.take(cast.ada, make.scenario(cast.team))
    make.session.commit()
    return take


def give(session: Session, take: Take, reviewer: User) -> Assignment:
    given = Assignment(
        take=take,
        reviewer=reviewer,
        origin=AssignmentOrigin.SHARED_OUT,
        minutes=3,
        leased_until=db.now() + timedelta(days=3),
    )
    session.add(given)
    session.commit()
    return given


def test_the_page_says_what_is_mine_and_what_i_may_pick(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    give(session, make.take(cast.jonas, make.scenario(cast.team, "Too expensive")), cast.cole)
    page = client_of(cast.cole).get("/review").text
    assert "One take waits for you: about 3 minutes." in page
    assert page.index("Too expensive") < page.index("Pick one") < page.index("We already have a vendor")


def test_picking_makes_it_mine_and_who_comes_later_is_told(
    client_of: ClientOf, session: Session, cast: Cast, take: Take
) -> None:
    answer = client_of(cast.cole).post(f"/takes/{take.id}/assignments")
    assert answer.location.endswith(f"/takes/{take.id}")
    late = client_of(cast.mona).post(f"/takes/{take.id}/assignments", follow_redirects=True)
    assert "Somebody was quicker" in late.text
    assert "Nobody waits for you." in late.text


def test_going_on_into_the_pool_claims_the_take_and_one_press_gives_it_back(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    mine = make.take(cast.jonas, make.scenario(cast.team, "Too expensive"))
    held = give(session, mine, cast.cole)
    cole = client_of(cast.cole)
    assert cole.get("/review/next").status_code == 405, "looking changes nothing"
    assert cole.post("/review/next").location.endswith(f"/takes/{mine.id}"), "what is theirs comes first"
    assert "You took this from the pool" not in cole.get(f"/takes/{mine.id}").text
    address = cole.post("/review/next", data={"after": str(mine.id)}).location
    page = cole.get(address).text
    assert address.endswith(f"/takes/{take.id}") and "You took this from the pool" in page
    picked = assigning.open_assignment(session, take, cast.cole)
    assert picked is not None and picked.origin is AssignmentOrigin.PICKED
    nothing = client_of(cast.mona).post("/review/next", follow_redirects=True)
    assert "Nothing else waits for you" in nothing.text
    assert f'action="/assignments/{picked.id}/return"' in page
    cole.post(f"/assignments/{picked.id}/return")
    assert "You took this from the pool" not in cole.get(address).text
    assert client_of(cast.mona).post("/review/next").location == address
    session.refresh(held)
    assert held.is_open


def test_after_publishing_the_pool_is_shown_and_nothing_of_it_claimed(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    mine = make.take(cast.jonas, make.scenario(cast.team, "Too expensive"))
    make.comment(mine, cast.cole, review=make.review(mine, cast.cole, published=False), published_at=None)
    give(session, mine, cast.cole)
    cole = client_of(cast.cole)
    answer = cole.post(f"/takes/{mine.id}/review", data={"one_thing": "Ask first."})
    assert answer.location.endswith("/review")
    assert "Take the next" in cole.get("/review").text
    assert assigning.open_assignment(session, take, cast.cole) is None


def test_two_who_should_not_meet_do_not_meet_in_the_pool(
    client_of: ClientOf, session: Session, cast: Cast, take: Take
) -> None:
    low, high = sorted([cast.ada.id, cast.cole.id])
    session.add(Conflict(team_id=cast.team.id, one_id=low, other_id=high))
    session.commit()
    cole = client_of(cast.cole)
    assert "Nobody waits for you." in cole.get("/review").text
    answer = cole.post(f"/takes/{take.id}/assignments", follow_redirects=True)
    assert "This take is for somebody else to review." in answer.text
    assert "Take the next" in client_of(cast.mona).get("/review").text


def test_two_who_go_on_at_once_come_to_two_takes(
    sessions: sessionmaker[Session], make: Factory, cast: Cast, take: Take
) -> None:
    """Both have seen the same pool; the second asks while the first has not committed."""
    make.take(cast.jonas, take.pitch.scenario)
    make.session.commit()
    with sessions() as one, sessions() as other, ThreadPoolExecutor(1) as pool:
        cole, mona = one.get_one(User, cast.cole.id), other.get_one(User, cast.mona.id)
        seen = [queueing.waiting_for(each, who, cast.team.id) for each, who in ((one, cole), (other, mona))]
        assert [found.id for found in seen[0]] == [found.id for found in seen[1]]
        first = queueing.go_on(one, cole, seen[0], but=None)
        asked = pool.submit(queueing.go_on, other, mona, seen[1], but=None)
        one.commit()
        second = asked.result(timeout=10)
        other.commit()
        assert first is not None and second is not None
        assert {first.id, second.id} == {found.id for found in seen[0]}
        assert queueing.go_on(one, cole, queueing.waiting_for(one, cole, cast.team.id), but=first.id) is None


def test_what_i_give_back_is_another_ones_and_the_manager_reads_why(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    drill = make.drill(take.pitch.scenario, cast.mona)
    drill.reviewers_from, take.drill = ReviewersFrom.COACHES, drill
    held = give(session, take, cast.cole)
    cole, mona = client_of(cast.cole), client_of(cast.mona)
    assert "A word on why" in cole.get(f"/assignments/{held.id}/return").text
    cole.post(f"/assignments/{held.id}/return", data={"reason": "I am away."})
    assert "Nobody waits for you." in cole.get("/review").text
    assert "One take waits for you" in mona.get("/review").text
    assert "I am away." in mona.get("/team/reviews").text


def test_a_peer_who_was_given_a_take_finds_it_and_may_score_it(
    client_of: ClientOf, session: Session, cast: Cast, take: Take
) -> None:
    jonas = client_of(cast.jonas)
    assert jonas.get(f"/takes/{take.id}").status_code == 404
    give(session, take, cast.jonas)
    assert "One take waits for you" in jonas.get("/review").text
    assert "Finish review" in jonas.get(f"/takes/{take.id}").text


def test_my_week_and_days_off(client_of: ClientOf, session: Session, cast: Cast) -> None:
    cole = client_of(cast.cole)
    cole.post("/review/time", data={"weekly_minutes": "30"})
    session.refresh(cast.cole.memberships[0])
    assert cast.cole.memberships[0].weekly_minutes == 30
    assert cole.post("/review/time", data={"weekly_minutes": "-1"}).status_code == 400
    wrong = cole.post("/review/time/absences", data={"from_on": "2030-05-02", "until_on": "2030-05-01"})
    assert (wrong.status_code, "The last day comes after the first." in wrong.text) == (400, True)
    cole.post("/review/time/absences", data={"from_on": "2030-05-02"})
    assert "Thu 2 May" in cole.get("/review/time").text
    (absence_id,) = session.scalars(select(Absence.id))
    client_of(cast.mona).post(f"/review/time/absences/{absence_id}/removal")
    assert session.scalars(select(Absence.id)).all() == [absence_id]
    cole.post(f"/review/time/absences/{absence_id}/removal")
    assert session.scalars(select(Absence.id)).all() == []


def test_a_manager_says_who_does_not_review_whom(client_of: ClientOf, session: Session, cast: Cast) -> None:
    mona = client_of(cast.mona)
    pair = {"one": str(cast.ada.id), "other": str(cast.cole.id)}
    for _ in range(2):
        mona.post("/team/conflicts", data=pair)
    (conflict_id,) = session.scalars(select(Conflict.id))
    page = mona.get("/team/reviews").text
    assert "Ada Lindqvist and Cole Okafor" in page or "Cole Okafor and Ada Lindqvist" in page
    assert mona.post("/team/conflicts", data={**pair, "other": str(cast.zoe.id)}).status_code == 400
    mona.post(f"/team/conflicts/{conflict_id}/removal")
    assert session.scalars(select(Conflict.id)).all() == []


def test_what_a_leaver_has_goes_on_with_the_leaving(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    drill = make.drill(take.pitch.scenario, cast.mona)
    drill.reviewers_from, take.drill = ReviewersFrom.COACHES, drill
    held = give(session, take, cast.cole)
    client_of(cast.cole).post("/team/leave")
    session.refresh(held)
    assert held.state is AssignmentState.DROPPED
    assert assigning.open_assignment(session, take, cast.mona) is not None
