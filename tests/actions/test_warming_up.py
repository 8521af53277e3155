"""What went less well comes back, each time a little later, until it sits."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.actions import reviewing, scoring, warming_up, withdrawing
from pitchreview.errors import InvalidState
from pitchreview.models import Focus, Review, Rubric, Scenario, Score, Take, User, WarmUp, WarmUpRun
from tests.conftest import Cast
from tests.factories import Factory

AGAIN, HARD, GOOD, EASY = 1, 2, 3, 4


@pytest.fixture
def rubric(make: Factory, cast: Cast) -> Rubric:
    return make.rubric(cast.team, "Opening", "Next step")


@pytest.fixture
def scenario(make: Factory, cast: Cast, rubric: Rubric) -> Scenario:
    return make.scenario(cast.team, rubric=rubric, target_seconds=180)


def reviewed(make: Factory, take: Take, by: User, *levels: int) -> Review:
    """A published review that gives these levels, criterion by criterion."""
    review = make.review(take, by)
    rubric = take.pitch.scenario.rubric
    assert rubric is not None
    review.scores = [
        Score(criterion=criterion, level=criterion.levels[value - 1])
        for criterion, value in zip(rubric.criteria, levels, strict=True)
    ]
    make.session.flush()
    warming_up.after_review(make.session, review)
    return review


def all_of(session: Session, person: User) -> list[WarmUp]:
    return list(
        session.scalars(select(WarmUp).where(WarmUp.user_id == person.id).order_by(WarmUp.created_at))
    )


def days_until(warm_up: WarmUp) -> int:
    return (warm_up.due_at - db.now()).days


def test_a_weak_criterion_comes_back_in_two_days(
    session: Session, make: Factory, cast: Cast, scenario: Scenario, rubric: Rubric
) -> None:
    short = make.scenario(cast.team, "A short one", rubric=rubric, target_seconds=45)
    with time_machine.travel(db.now(), tick=False):
        reviewed(make, make.take(cast.ada, scenario), cast.cole, 2, 3)
        (warm_up,) = all_of(session, cast.ada)
        assert (warm_up.criterion.name, days_until(warm_up)) == ("Opening", 2)
    assert (warm_up.scenario, warming_up.target_of(warm_up)) == (short, 45)
    assert warming_up.due_for(session, cast.ada, cast.team.id) == []
    with time_machine.travel(db.now() + timedelta(days=2)):
        assert warming_up.due_for(session, cast.ada, cast.team.id) == [warm_up]
        assert warming_up.due_for(session, cast.jonas, cast.team.id) == []


def test_where_no_scenario_is_short_a_minute_of_the_same_will_do(
    session: Session, make: Factory, cast: Cast, scenario: Scenario
) -> None:
    reviewed(make, make.take(cast.ada, scenario), cast.cole, 1, 4)
    (warm_up,) = all_of(session, cast.ada)
    assert (warm_up.scenario, warming_up.target_of(warm_up)) == (scenario, 60)


def test_the_middle_of_all_reviews_says_what_is_weak(
    session: Session, make: Factory, cast: Cast, scenario: Scenario
) -> None:
    take = make.take(cast.ada, scenario)
    reviewed(make, take, cast.cole, 4, 3)
    reviewed(make, take, cast.mona, 2, 3)
    assert all_of(session, cast.ada) == [], "the median of 4 and 2 is no low level"


def test_two_levels_under_the_own_best_is_weak_as_well(
    session: Session, make: Factory, cast: Cast, rubric: Rubric
) -> None:
    wide = make.rubric(cast.team, "Opening", "Next step", levels=5)
    scenario = make.scenario(cast.team, rubric=wide)
    reviewed(make, make.take(cast.ada, scenario), cast.cole, 5, 4)
    reviewed(make, make.take(cast.ada, scenario), cast.cole, 3, 3)
    assert [each.criterion.name for each in all_of(session, cast.ada)] == ["Opening"]


def test_nothing_is_given_away_before_the_presenter_has_looked(
    session: Session, make: Factory, cast: Cast, scenario: Scenario
) -> None:
    take = make.take(cast.ada, scenario)
    take.awaits_self_assessment = True
    review = reviewed(make, take, cast.cole, 1, 1)
    assert all_of(session, cast.ada) == []
    take.awaits_self_assessment = False
    warming_up.after_review(session, review)
    assert len(all_of(session, cast.ada)) == 2


def test_publishing_a_review_begins_a_warm_up(
    session: Session, make: Factory, cast: Cast, scenario: Scenario, rubric: Rubric
) -> None:
    take = make.take(cast.ada, scenario)
    for criterion, value in zip(rubric.criteria, (4, 1), strict=True):
        scoring.score(session, take, cast.cole, criterion.id, criterion.levels[value - 1].id)
    reviewing.publish(session, take, cast.cole, "Name the next step.")
    assert [each.criterion.name for each in all_of(session, cast.ada)] == ["Next step"]


def test_what_a_withdrawn_review_alone_began_goes_with_it(
    session: Session, make: Factory, cast: Cast, scenario: Scenario
) -> None:
    take = make.take(cast.ada, scenario)
    reviewed(make, take, cast.mona, 1, 4)
    withdrawn = reviewed(make, take, cast.cole, 1, 1)
    withdrawing.withdraw(session, withdrawn, "It was the wrong take.")
    assert [each.criterion.name for each in all_of(session, cast.ada)] == ["Opening"]


def test_few_come_back_in_fixed_steps_and_retire_when_they_sit(
    session: Session, make: Factory, cast: Cast, scenario: Scenario
) -> None:
    warm_up = make.warm_up(cast.ada, scenario)
    waits = []
    for rating in (HARD, GOOD, AGAIN, GOOD, GOOD, GOOD, EASY, GOOD):
        with time_machine.travel(warm_up.due_at, tick=False):
            warming_up.rate(session, warm_up, rating)
            waits.append(days_until(warm_up))
    assert waits == [2, 7, 2, 7, 21, 21, 21, 21]
    assert warm_up.retired_at is not None
    assert warming_up.find(session, cast.ada, warm_up.id) is None


def test_from_the_fifth_on_the_schedule_learns_but_never_beyond_sixty_days(
    session: Session, make: Factory, cast: Cast, scenario: Scenario
) -> None:
    warm_ups = [make.warm_up(cast.ada, scenario) for _ in range(5)]
    waits: list[int] = []
    for rating in (GOOD, GOOD, EASY, AGAIN, GOOD):
        with time_machine.travel(warm_ups[0].due_at, tick=False):
            warming_up.rate(session, warm_ups[0], rating)
            waits.append(days_until(warm_ups[0]))
    assert waits[0] < waits[1] < waits[2] == 60 > waits[4] > waits[3] >= 1
    assert warm_ups[0].card is not None


def test_a_warm_up_is_rated_once_when_it_is_due(
    session: Session, make: Factory, cast: Cast, scenario: Scenario
) -> None:
    warm_up = make.warm_up(cast.ada, scenario)
    warming_up.rate(session, warm_up, GOOD)
    with pytest.raises(InvalidState):
        warming_up.rate(session, warm_up, GOOD)


def test_a_later_take_counts_as_practice_once(
    session: Session, make: Factory, cast: Cast, scenario: Scenario
) -> None:
    reviewed(make, make.take(cast.ada, scenario), cast.cole, 1, 4)
    (warm_up,) = all_of(session, cast.ada)
    later = make.take(cast.ada, scenario)
    reviewed(make, later, cast.cole, 4, 4)
    reviewed(make, later, cast.mona, 4, 4)
    assert [run.rating for run in warm_up.runs] == [EASY]


def test_what_retired_with_a_focus_that_is_not_met_after_all_is_there_again(
    session: Session, make: Factory, cast: Cast, scenario: Scenario
) -> None:
    take = make.take(cast.ada, scenario)
    first, settled, met = (make.warm_up(cast.ada, scenario) for _ in range(3))
    focuses = [Focus(team_id=cast.team.id, user=cast.ada, criterion=each.criterion) for each in (first, met)]
    for focus in focuses:
        focus.is_met, focus.ended_at = True, db.now() + timedelta(hours=1)
    session.add_all(focuses)
    session.flush()
    settled.retired_at = db.now()
    settled.runs.append(WarmUpRun(rating=GOOD, done_at=settled.retired_at))
    warming_up.retire_met(session)
    review = make.review(take, cast.cole)
    focuses[0].is_met = False
    withdrawing.withdraw(session, review, "It was the wrong take.")
    session.expire_all()
    assert [each.retired_at is None for each in (first, settled, met)] == [True, False, False]


def test_what_was_a_focus_and_is_met_does_not_come_back(
    session: Session, make: Factory, cast: Cast, scenario: Scenario
) -> None:
    warm_up, other = make.warm_up(cast.ada, scenario), make.warm_up(cast.ada, scenario)
    session.add(
        Focus(
            team_id=cast.team.id,
            user=cast.ada,
            criterion=warm_up.criterion,
            ended_at=db.now() + timedelta(hours=1),
            is_met=True,
        )
    )
    session.flush()
    warming_up.retire_met(session)
    session.expire_all()
    assert warm_up.retired_at is not None and other.retired_at is None
