"""A take becomes somebody's to review, and goes on to somebody else when they cannot."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from pitchreview import db
from pitchreview.actions import (
    accounts,
    assigning,
    availability,
    capacity,
    leasing,
    practising,
    queueing,
    reviewing,
    seats,
    sharing_out,
    telling,
)
from pitchreview.actions.reviewing import NewComment
from pitchreview.errors import InvalidState
from pitchreview.models import (
    Assignment,
    AssignmentOrigin,
    AssignmentState,
    Drill,
    DrillReviewer,
    Notification,
    NotificationKind,
    ReviewersFrom,
    Role,
    Take,
    Team,
    User,
)
from pitchreview.permissions import (
    Act,
    find_visible,
    may,
    notifications_visible_to,
    people_who_see,
    takes_visible_to,
)
from tests.conftest import Cast
from tests.factories import Factory
from tests.waiting import together

NOON = "2026-03-02T12:00:00+00:00"


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def drill(make: Factory, cast: Cast) -> Drill:
    return set_drill(make, cast)


def set_drill(
    make: Factory, cast: Cast, whom: ReviewersFrom = ReviewersFrom.COACHES, count: int = 1
) -> Drill:
    drill = make.drill(make.scenario(cast.team), cast.mona, due_in=timedelta(days=14))
    drill.reviewers_from, drill.reviewers_count = whom, count
    make.session.flush()
    return drill


def hand_in(make: Factory, drill: Drill, presenter: User) -> Take:
    take = make.take(presenter, drill.scenario, submitted=False)
    practising.submit(make.session, take)
    return take


def share_out(session: Session, team: Team) -> None:
    staff = capacity.staff_of(session, assigning.hold_still(session, team.id))
    wanted = seats.wanted_in(session, staff)
    assigning.give_all(session, staff, sharing_out.share_out(staff.reviewers, wanted, db.now()))


def reviewers_of(session: Session, take: Take) -> list[str]:
    query = (
        select(User.name)
        .join(Assignment, Assignment.reviewer_id == User.id)
        .where(Assignment.take_id == take.id, Assignment.state == AssignmentState.OPEN)
        .order_by(User.name)
    )
    return [name.split()[0] for name in session.scalars(query)]


def held(session: Session, take: Take, reviewer: User) -> Assignment:
    found = assigning.open_assignment(session, take, reviewer)
    assert found is not None
    return found


def told(session: Session, person: User) -> list[NotificationKind]:
    query = select(Notification.kind).where(Notification.user_id == person.id)
    return list(session.scalars(query.order_by(Notification.created_at)))


# --- sharing out ------------------------------------------------------------------------------------


def test_a_take_for_a_drill_becomes_a_coachs_who_hears_of_it(
    session: Session, make: Factory, cast: Cast, drill: Drill
) -> None:
    take = hand_in(make, drill, cast.ada)
    share_out(session, cast.team)
    assert reviewers_of(session, take) == ["Cole"]
    assert told(session, cast.cole) == [NotificationKind.ASSIGNED]
    assert queueing.waiting_for(session, cast.cole, cast.team.id) == [take]
    assert queueing.waiting_for(session, cast.mona, cast.team.id) == []


def test_sharing_out_twice_gives_nothing_twice(
    session: Session, make: Factory, cast: Cast, drill: Drill
) -> None:
    take = hand_in(make, drill, cast.ada)
    share_out(session, cast.team)
    share_out(session, cast.team)
    assert reviewers_of(session, take) == ["Cole"]
    assert told(session, cast.cole) == [NotificationKind.ASSIGNED]


@pytest.mark.parametrize(
    ("whom", "count", "expected"),
    [
        (ReviewersFrom.COACHES, 1, ["Cole"]),
        (ReviewersFrom.COACHES, 2, ["Cole", "Mona"]),
        (ReviewersFrom.MANAGERS, 1, ["Mona"]),
        (ReviewersFrom.PEERS, 1, ["Cole", "Jonas"]),
        (ReviewersFrom.PEERS, 3, ["Cole", "Jonas"]),
        (ReviewersFrom.NAMED, 1, ["Jonas"]),
        (ReviewersFrom.POOL, 1, []),
    ],
)
def test_a_drill_says_who_reviews_its_takes(
    session: Session, make: Factory, cast: Cast, whom: ReviewersFrom, count: int, expected: list[str]
) -> None:
    drill = set_drill(make, cast, whom, count)
    if whom is ReviewersFrom.NAMED:
        drill.reviewers = [DrillReviewer(user=cast.jonas)]
    take = hand_in(make, drill, cast.ada)
    share_out(session, cast.team)
    assert reviewers_of(session, take) == expected


def test_a_take_without_a_drill_and_one_of_a_coach_are_given_to_nobody(
    session: Session, make: Factory, cast: Cast, drill: Drill
) -> None:
    alone, model = make.take(cast.ada, make.scenario(cast.team)), hand_in(make, drill, cast.mona)
    share_out(session, cast.team)
    assert reviewers_of(session, alone) == reviewers_of(session, model) == []


def test_who_is_away_has_no_minutes_or_is_not_to_meet_the_presenter_is_spared(
    session: Session, make: Factory, cast: Cast, drill: Drill
) -> None:
    away, busy, apart, here = (
        make.user(f"{name} Coach", cast.team, Role.COACH) for name in ("Away", "Busy", "Apart", "Here")
    )
    cast.cole.memberships[0].weekly_minutes = busy.memberships[0].weekly_minutes = 0
    availability.add_absence(session, away, date(2026, 3, 1), date(2026, 3, 2))
    availability.add_conflict(session, cast.team, cast.ada.id, apart.id)
    take = hand_in(make, drill, cast.ada)
    share_out(session, cast.team)
    assert reviewers_of(session, take) == [here.first_name]


def test_days_off_are_those_of_the_place_where_somebody_is(
    session: Session, make: Factory, cast: Cast
) -> None:
    cast.cole.time_zone = "Pacific/Auckland"  # there it is 3 March already
    availability.add_absence(session, cast.cole, date(2026, 3, 3), None)
    assert cast.cole.id not in capacity.staff_of(session, cast.team).reviewers


def test_where_nobody_who_is_named_can_those_who_coach_stand_in(
    session: Session, make: Factory, cast: Cast
) -> None:
    drill = set_drill(make, cast, ReviewersFrom.NAMED)
    drill.reviewers = [DrillReviewer(user=cast.ada)]
    take = hand_in(make, drill, cast.ada)
    share_out(session, cast.team)
    assert reviewers_of(session, take) == ["Cole"]


def test_who_knows_the_presenter_least_comes_first(
    session: Session, make: Factory, cast: Cast, drill: Drill
) -> None:
    make.user("Carla Coach", cast.team, Role.COACH)
    make.review(make.take(cast.ada, make.scenario(cast.team)), cast.cole)
    take = hand_in(make, drill, cast.ada)
    share_out(session, cast.team)
    assert reviewers_of(session, take) == ["Carla"]


# --- the end of one -----------------------------------------------------------------------------------


def test_publishing_ends_it(session: Session, make: Factory, cast: Cast, drill: Drill) -> None:
    take = hand_in(make, drill, cast.ada)
    share_out(session, cast.team)
    assignment = held(session, take, cast.cole)
    assigning.reviewed(session, make.review(take, cast.cole))
    assert assignment.state is AssignmentState.DONE
    share_out(session, cast.team)
    assert reviewers_of(session, take) == []


@pytest.mark.parametrize("way", ["taken back", "swapped", "deleted"])
def test_a_take_that_goes_is_nobodys_any_more(
    session: Session, make: Factory, cast: Cast, drill: Drill, way: str
) -> None:
    take = hand_in(make, drill, cast.ada)
    share_out(session, cast.team)
    if way == "taken back":
        practising.take_back(session, take)
    elif way == "deleted":
        practising.delete_take(session, take)
    else:
        later = hand_in(make, drill, cast.ada)
        share_out(session, cast.team)
        assert reviewers_of(session, later) == ["Cole"]
    assert reviewers_of(session, take) == []


def test_what_is_given_back_goes_to_somebody_else_and_never_returns(
    session: Session, make: Factory, cast: Cast, drill: Drill
) -> None:
    take = hand_in(make, drill, cast.ada)
    share_out(session, cast.team)
    assigning.give_back(session, held(session, take, cast.cole), "  I am  away. ")
    assert reviewers_of(session, take) == ["Mona"]
    assigning.give_back(session, held(session, take, cast.mona), "")
    share_out(session, cast.team)
    assert reviewers_of(session, take) == []
    kept = session.scalars(select(Assignment.reason).where(Assignment.reviewer_id == cast.cole.id))
    assert list(kept) == ["I am away."]


@pytest.mark.parametrize("way", ["leaves", "is demoted", "is deactivated"])
def test_what_somebody_has_who_leaves_others_have(
    session: Session, make: Factory, cast: Cast, drill: Drill, way: str
) -> None:
    take, membership = hand_in(make, drill, cast.ada), cast.cole.memberships[0]
    share_out(session, cast.team)
    if way == "leaves":
        accounts.end_membership(session, membership, actor=cast.mona)
        assigning.let_go(session, membership)
    elif way == "is demoted":
        accounts.change_role(session, membership, Role.REP, actor=cast.mona)
        assigning.let_go(session, membership)
    else:
        accounts.deactivate_user(session, cast.cole, actor=cast.olga)
        leasing.sweep(session, cast.team.id)
    assert reviewers_of(session, take) == ["Mona"]


def test_a_peer_who_stops_coaching_keeps_what_a_peer_has(session: Session, make: Factory, cast: Cast) -> None:
    take = hand_in(make, set_drill(make, cast, ReviewersFrom.PEERS), cast.ada)
    share_out(session, cast.team)
    assigning.let_go(session, cast.jonas.memberships[0])
    assert reviewers_of(session, take) == ["Cole", "Jonas"]


def test_one_more_is_asked_once_and_for_two_days(
    session: Session, make: Factory, cast: Cast, drill: Drill
) -> None:
    take = hand_in(make, drill, cast.ada)
    make.review(take, cast.cole)
    extra = assigning.ask_one_more(session, take)
    assert extra is not None and extra.reviewer == cast.mona
    assert extra.origin is AssignmentOrigin.SPREAD
    assert extra.leased_until == db.now() + timedelta(hours=48)
    assert assigning.ask_one_more(session, take) is None


# --- leases -------------------------------------------------------------------------------------------


def test_a_lease_is_reminded_once_then_handed_on(
    session: Session, make: Factory, cast: Cast, drill: Drill, clock: Any
) -> None:
    take = hand_in(make, drill, cast.ada)
    share_out(session, cast.team)
    for hours, expected in (
        (47, []),
        (49, [NotificationKind.REVIEW_DUE]),
        (71, [NotificationKind.REVIEW_DUE]),
    ):
        clock.move_to(NOON)
        clock.shift(timedelta(hours=hours))
        leasing.sweep(session, cast.team.id)
        leasing.sweep(session, cast.team.id)
        assert told(session, cast.cole)[1:] == expected, hours
        assert reviewers_of(session, take) == ["Cole"]
    clock.shift(timedelta(hours=2))
    leasing.sweep(session, cast.team.id)
    assert reviewers_of(session, take) == ["Mona"]
    assert [one.take for one in queueing.handed_on_from(session, cast.cole, cast.team.id)] == [take]
    leasing.sweep(session, cast.team.id)
    new = list(session.scalars(notifications_visible_to(cast.cole).where(Notification.read_at.is_(None))))
    assert [message.kind for message in new] == [NotificationKind.HANDED_ON], "the rest is settled"
    assert telling.words_of(session, new) == {new[0].id: "Its time was over, so it went on to others."}
    assert told(session, cast.mona) == [NotificationKind.ASSIGNED]


def test_who_has_begun_gets_two_days_more_once_and_keeps_the_words(
    session: Session, make: Factory, cast: Cast, drill: Drill, clock: Any
) -> None:
    take = hand_in(make, drill, cast.ada)
    share_out(session, cast.team)
    reviewing.comment(session, take, cast.cole, NewComment("Ask first.", 0))
    clock.shift(timedelta(days=3, hours=1))
    leasing.sweep(session, cast.team.id)
    assert held(session, take, cast.cole).leased_until == db.now() + timedelta(days=2)
    clock.shift(timedelta(days=2, hours=1))
    leasing.sweep(session, cast.team.id)
    assert reviewers_of(session, take) == ["Mona"]
    assert take in queueing.waiting_for(session, cast.cole, cast.team.id)
    (message,) = session.scalars(
        select(Notification).where(Notification.kind == NotificationKind.HANDED_ON)
    ).all()
    assert message.user_id == cast.cole.id
    assert (
        "What you began is kept, and you can still finish it."
        in telling.words_of(session, [message])[message.id]
    )
    assert reviewing.publish(session, take, cast.cole, "Ask first.").is_published


@pytest.mark.parametrize("has_begun", [True, False])
def test_a_peer_still_opens_what_they_have_begun_after_it_was_handed_on(
    session: Session, make: Factory, cast: Cast, drill: Drill, has_begun: bool
) -> None:
    take = hand_in(make, drill, cast.ada)
    until = db.now() + timedelta(days=3)
    held_by_jonas = Assignment(
        take=take,
        reviewer=cast.jonas,
        origin=AssignmentOrigin.SHARED_OUT,
        minutes=3,
        leased_until=until,
    )
    session.add(held_by_jonas)
    session.flush()
    if has_begun:
        reviewing.comment(session, take, cast.jonas, NewComment("Ask first.", 0))
    held_by_jonas.end(AssignmentState.HANDED_ON, db.now())
    session.flush()
    session.expire(take)
    visible = find_visible(session, takes_visible_to(cast.jonas), take.id)
    assert (visible is take, may(cast.jonas, Act.REVIEW, take)) == (has_begun, has_begun)
    assert (cast.jonas in session.scalars(people_who_see(take)).all()) is has_begun


def test_who_may_not_see_the_take_any_more_is_not_told_of_it(
    session: Session, make: Factory, cast: Cast, clock: Any
) -> None:
    take = hand_in(make, set_drill(make, cast, ReviewersFrom.PEERS), cast.ada)
    share_out(session, cast.team)
    assert "Jonas" in reviewers_of(session, take)
    make.user("Pia Peer", cast.team, Role.REP)
    clock.shift(timedelta(days=4))
    leasing.sweep(session, cast.team.id)
    assert "Pia" in reviewers_of(session, take)
    assert told(session, cast.jonas) == [NotificationKind.ASSIGNED]


def test_who_gives_a_take_back_or_stays_alone_with_it_hears_nothing_of_it(
    session: Session, make: Factory, cast: Cast, drill: Drill
) -> None:
    take = hand_in(make, drill, cast.ada)
    share_out(session, cast.team)
    assigning.give_back(session, held(session, take, cast.cole), "I am away.")
    assert reviewers_of(session, take) == ["Mona"]
    assert assigning.hand_on(session, held(session, take, cast.mona)) is False
    assigning.drop(session, held(session, take, cast.mona))
    for who in (cast.cole, cast.mona):
        assert NotificationKind.HANDED_ON not in told(session, who)


def test_where_nobody_else_can_it_stays(
    session: Session, make: Factory, cast: Cast, drill: Drill, clock: Any
) -> None:
    cast.mona.memberships[0].weekly_minutes = 0
    take = hand_in(make, drill, cast.ada)
    share_out(session, cast.team)
    clock.shift(timedelta(days=4))
    leasing.sweep(session, cast.team.id)
    assert held(session, take, cast.cole).leased_until == db.now() + timedelta(days=3)


# --- the pool -----------------------------------------------------------------------------------------


def test_one_picks_and_the_others_no_longer_find_it(session: Session, make: Factory, cast: Cast) -> None:
    take = hand_in(make, set_drill(make, cast, ReviewersFrom.POOL), cast.ada)
    for who in (cast.cole, cast.mona):
        (place,) = queueing.places_of(session, who, queueing.waiting_for(session, who, cast.team.id))
        assert (place.take, place.is_mine) == (take, False)
    picked = assigning.pick(session, take, cast.cole)
    assert assigning.pick(session, take, cast.cole) == picked
    (place,) = queueing.places_of(session, cast.cole, [take])
    assert (place.is_mine, place.due_at) == (True, picked.leased_until)
    assert queueing.waiting_for(session, cast.mona, cast.team.id) == []
    with pytest.raises(InvalidState):
        assigning.pick(session, take, cast.mona)


def test_what_was_picked_and_forgotten_is_there_for_all_again(
    session: Session, make: Factory, cast: Cast, clock: Any
) -> None:
    take = make.take(cast.ada, make.scenario(cast.team))
    assigning.pick(session, take, cast.cole)
    clock.shift(timedelta(days=4))
    leasing.sweep(session, cast.team.id)
    assert take in queueing.waiting_for(session, cast.mona, cast.team.id)


def test_two_who_pick_at_once_do_not_both_get_it(
    session: Session, sessions: sessionmaker[Session], make: Factory, cast: Cast, clock: Any
) -> None:
    take = make.take(cast.ada, make.scenario(cast.team))
    session.commit()

    def pick(who: User) -> None:
        with sessions() as tab:
            assigning.pick(tab, tab.get_one(Take, take.id), tab.get_one(User, who.id))
            tab.commit()

    outcomes = together(lambda: pick(cast.cole), lambda: pick(cast.mona))
    assert [isinstance(outcome, InvalidState) for outcome in outcomes].count(True) == 1
