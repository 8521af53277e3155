"""Setting one's eye by what experts gave, and the silent checks that keep it set."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.actions import (
    assigning,
    availability,
    calibrating,
    capacity,
    checking,
    reviewing,
    rubrics,
    scoring,
    standards,
)
from pitchreview.actions.ready_rubrics import CONVERSATION
from pitchreview.actions.reviewing import NewComment
from pitchreview.actions.standards import Answer
from pitchreview.errors import InvalidInput, InvalidState
from pitchreview.models import (
    Assignment,
    AssignmentOrigin,
    AssignmentState,
    Calibration,
    Comment,
    Notification,
    Review,
    ReviewState,
    Role,
    Rubric,
    Standard,
    Take,
    User,
)
from pitchreview.permissions import comments_visible_to, is_open_to
from tests.conftest import Cast
from tests.factories import Factory


@pytest.fixture
def rubric(session: Session, cast: Cast) -> Rubric:
    return rubrics.use_ready(session, cast.team.id, CONVERSATION)


@pytest.fixture
def expect(session: Session, make: Factory, cast: Cast, rubric: Rubric) -> Any:
    """Makes a standard in which every criterion has the second level."""

    def make_one(presenter: User = cast.ada, *, is_check: bool = False) -> Standard:
        take = make.take(presenter, make.scenario(cast.team, rubric=rubric))
        answers = {each.id: Answer(each.levels[1].id, "See 0:12.") for each in rubric.criteria}
        return standards.set_standard(session, take, cast.mona, answers, is_check=is_check)

    return make_one


def score(session: Session, standard: Standard, user: User, *steps: int) -> Calibration:
    """Everything as the expert did, but so many levels off on the first criteria."""
    off = [*steps, *[0] * len(standard.rubric.criteria)]
    levels = {
        each.id: each.levels[1 + step].id for each, step in zip(standard.rubric.criteria, off, strict=False)
    }
    return calibrating.score(session, standard, user, levels)


# --- scoring a standard -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("steps", "distance", "bias", "is_close"),
    [((), 0, 0, True), ((1, -1), 0.4, 0, True), ((1, 1, 1, 1), 0.8, 0.8, False), ((2,), 0.4, 0.4, False)],
)
def test_how_near_somebody_is_counts_in_levels(
    session: Session,
    cast: Cast,
    expect: Any,
    steps: tuple[int, ...],
    distance: float,
    bias: float,
    is_close: bool,
) -> None:
    tried = score(session, expect(), cast.cole, *steps)
    assert (tried.distance, tried.bias) == (pytest.approx(distance), pytest.approx(bias))
    assert calibrating.is_close(tried) is is_close


def test_every_criterion_wants_a_level(session: Session, cast: Cast, expect: Any) -> None:
    with pytest.raises(InvalidInput):
        calibrating.score(session, expect(), cast.cole, {})


def test_a_second_try_is_another_attempt(session: Session, cast: Cast, expect: Any) -> None:
    standard = expect()
    assert [score(session, standard, cast.cole, step).attempt for step in (2, 0)] == [1, 2]
    assert calibrating.is_close(calibrating.tries_of(session, cast.cole, cast.team.id)[standard.id])


def test_two_close_ones_hold_for_90_days(session: Session, cast: Cast, expect: Any) -> None:
    first, second = score(session, expect(), cast.cole), score(session, expect(), cast.cole, 2)
    assert cast.cole.id not in calibrating.calibrated_in(session, cast.team)
    second = score(session, second.standard, cast.cole, 1)
    assert cast.cole.id in calibrating.calibrated_in(session, cast.team)
    first.finished_at = db.now() - timedelta(days=80)
    session.flush()
    until = calibrating.valid_until(session, cast.cole, cast.team)
    assert until is not None and round((until - db.now()) / timedelta(days=1)) == 10
    first.finished_at = db.now() - timedelta(days=91)
    session.flush()
    assert cast.cole.id not in calibrating.calibrated_in(session, cast.team)


def test_levels_stay_once_somebody_scored_them_but_reasons_may_change(
    session: Session, cast: Cast, expect: Any
) -> None:
    standard = expect()
    score(session, standard, cast.cole)

    def say(level: int, reason: str) -> None:
        answers = {each.id: Answer(each.levels[level].id, reason) for each in standard.rubric.criteria}
        standards.set_standard(session, standard.take, cast.mona, answers, is_check=False)

    with pytest.raises(InvalidState):
        say(2, "See 0:12.")
    say(1, "See 0:40.")
    assert {each.reason for each in standard.scores} == {"See 0:40."}


# --- before publishing --------------------------------------------------------------------------------


def test_coaches_set_their_eye_before_they_publish_where_the_team_asks(
    session: Session, make: Factory, cast: Cast, expect: Any
) -> None:
    review = make.review(make.take(cast.ada, make.scenario(cast.team)), cast.cole, published=False)
    with pytest.raises(InvalidInput):
        availability.set_rules(session, cast.team, asks_calibration=True, check_percent=0)
    both = [expect(), expect()]
    availability.set_rules(session, cast.team, asks_calibration=True, check_percent=0)
    with pytest.raises(InvalidState):
        calibrating.check_may_publish(session, review)
    for reviewer in (cast.mona, cast.jonas):
        calibrating.check_may_publish(session, make.review(review.take, reviewer, published=False))
    for standard in both:
        score(session, standard, cast.cole)
    calibrating.check_may_publish(session, review)


def test_one_of_the_reviewers_has_a_set_eye_where_the_team_asks(
    session: Session, make: Factory, cast: Cast, expect: Any
) -> None:
    fresh = make.user("Fresh Coach", cast.team, Role.COACH)
    for standard in (expect(), expect()):
        score(session, standard, cast.cole)
    availability.set_rules(session, cast.team, asks_calibration=True, check_percent=0)
    given = [assigning.ask_one_more(session, make.take(cast.ada, make.scenario(cast.team))) for _ in range(5)]
    assert {one.reviewer for one in given if one} == {cast.cole} != {fresh}


# --- silent checks --------------------------------------------------------------------------------------


@pytest.fixture
def check(session: Session, make: Factory, cast: Cast, expect: Any) -> Assignment:
    """Cole, who is calibrated, is given a take, and with it a check."""
    for _ in range(2):
        score(session, expect(), cast.cole)
    expect(cast.jonas, is_check=True)
    cast.team.check_percent = 100
    slip_in(session, make, cast)
    found = session.scalar(select(Assignment).where(Assignment.origin == AssignmentOrigin.CHECK))
    assert found is not None
    return found


def slip_in(session: Session, make: Factory, cast: Cast) -> None:
    take = make.take(cast.ada, make.scenario(cast.team))
    assigning.give_all(session, capacity.staff_of(session, cast.team), [(take.id, cast.cole.id)])


def test_a_check_joins_the_queue_of_a_calibrated_coach_once(
    session: Session, make: Factory, cast: Cast, check: Assignment
) -> None:
    slip_in(session, make, cast)
    origins = session.scalars(select(Assignment.origin).where(Assignment.reviewer_id == cast.cole.id)).all()
    assert sorted(origins) == ["check", "shared_out", "shared_out"]
    assert check.take.pitch.presenter == cast.jonas


def test_who_is_not_calibrated_is_not_checked(
    session: Session, make: Factory, cast: Cast, expect: Any
) -> None:
    expect(cast.jonas, is_check=True)
    cast.team.check_percent = 100
    slip_in(session, make, cast)
    assert session.scalars(select(Assignment.origin)).all() == [AssignmentOrigin.SHARED_OUT]


def test_what_others_said_of_a_check_is_not_seen_until_it_is_done(
    session: Session, make: Factory, cast: Cast, check: Assignment
) -> None:
    remark = make.comment(check.take, cast.mona, published_at=db.now())
    make.review(check.take, cast.mona)

    def seen() -> tuple[bool, int]:
        open_ones = select(Review).where(Review.take_id == check.take_id, is_open_to(cast.cole))
        return remark in session.scalars(comments_visible_to(cast.cole)), len(
            session.scalars(open_ones).all()
        )

    assert seen() == (False, 0)
    check.end(AssignmentState.DONE, db.now())
    session.flush()
    assert seen() == (True, 1)


def test_nothing_of_a_check_goes_out_and_only_its_coach_learns_how_near_they_were(
    session: Session, cast: Cast, check: Assignment
) -> None:
    before = session.scalars(select(Notification)).all()
    for each in check.take.pitch.scenario.rubric.criteria if check.take.pitch.scenario.rubric else ():
        scoring.score(session, check.take, cast.cole, each.id, each.levels[2].id)
    reviewing.comment(session, check.take, cast.cole, NewComment("Ask first.", 0))
    review = session.scalars(select(Review).where(Review.take_id == check.take_id)).one()
    assert checking.finish(session, review)
    assert (review.state, check.state) == (ReviewState.CHECKED, AssignmentState.DONE)
    assert session.scalars(select(Comment.published_at)).all() == [None]
    assert len(session.scalars(select(Notification)).all()) == len(before)
    result = checking.result_of(session, review)
    assert result is not None and (result.distance, result.bias, result.is_silent) == (1, 1, True)
    assert checking.mean_of_team(session, cast.team.id) is None
    assert checking.finish(session, review)
    assert len(session.scalars(select(Calibration).where(Calibration.is_silent)).all()) == 1


def test_a_review_of_any_other_take_is_no_check(
    session: Session, make: Factory, cast: Cast, check: Assignment
) -> None:
    take: Take = make.take(cast.ada, make.scenario(cast.team))
    assert not checking.finish(session, make.review(take, cast.cole, published=False))


def test_a_mean_is_told_of_five_coaches_at_least(
    session: Session, make: Factory, cast: Cast, expect: Any
) -> None:
    standard = expect(is_check=True)
    for number in range(5):
        assert checking.mean_of_team(session, cast.team.id) is None
        coach = make.user(f"Coach{number} C", cast.team, Role.COACH)
        made = Calibration(standard=standard, user=coach, is_silent=True, distance=number / 4, scores=[])
        made.finished_at = db.now()
        session.add(made)
        session.flush()
    assert checking.mean_of_team(session, cast.team.id) == pytest.approx(0.5)


def test_a_check_that_nobody_finished_never_goes_to_somebody_else(
    session: Session, cast: Cast, check: Assignment
) -> None:
    assigning.hand_on(session, check)
    others = select(Assignment).where(Assignment.take_id == check.take_id, Assignment.id != check.id)
    assert check.state is AssignmentState.HANDED_ON
    assert session.scalars(others).all() == []
    assert check.drill_id is None
