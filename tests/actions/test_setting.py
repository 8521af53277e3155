"""Setting drills and changing them while they run; which one a take is for."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.actions import drilling, practising, sequencing, setting
from pitchreview.actions.sequencing import Part
from pitchreview.actions.setting import Terms
from pitchreview.errors import InvalidInput, InvalidState
from pitchreview.models import (
    Drill,
    Notification,
    NotificationKind,
    RecordingState,
    ReviewersFrom,
    Scenario,
    User,
)
from tests.conftest import Cast
from tests.factories import Factory

NEXT_WEEK = (db.now() + timedelta(days=7)).date().isoformat()
TERMS = Terms(due_on=NEXT_WEEK)


@pytest.fixture
def scenario(make: Factory, cast: Cast) -> Scenario:
    return make.scenario(cast.team, rubric=make.rubric(cast.team, "Opening", "Next step"))


def told(session: Session, person: User) -> list[NotificationKind]:
    query = select(Notification.kind).where(Notification.user_id == person.id)
    return list(session.scalars(query.order_by(Notification.created_at)))


# --- setting ----------------------------------------------------------------------------------------


@time_machine.travel("2026-11-22 22:30:00+00:00", tick=False)
def test_a_drill_is_due_when_the_day_ends_where_each_of_them_is(
    session: Session, scenario: Scenario, cast: Cast
) -> None:
    cast.mona.time_zone, cast.ada.time_zone = "Europe/Berlin", "America/Los_Angeles"
    drill = setting.set_drill(session, scenario, cast.mona, Terms(due_on="2026-11-22"))
    assert drill.due_at.isoformat() == "2026-11-22T23:59:00+01:00"
    assert drill.due_for(cast.ada) == datetime(2026, 11, 23, 8, tzinfo=UTC)
    cast.mona.time_zone = "Asia/Tokyo"  # there it is the next morning
    with pytest.raises(InvalidInput):
        setting.set_drill(session, scenario, cast.mona, Terms(due_on="2026-11-22"))


def test_what_does_not_fit_is_told_beside_its_field(session: Session, scenario: Scenario, cast: Cast) -> None:
    session.commit()
    for field, terms in (
        ("due_on", replace(TERMS, due_on="tomorrow")),
        ("due_on", replace(TERMS, due_on="2020-01-01")),
        ("opens_at", replace(TERMS, opens_at=db.now() + timedelta(days=30))),
        ("people", replace(TERMS, for_team=False)),
        ("people", replace(TERMS, for_team=False, people=[cast.zoe.id])),
        ("reviewers", replace(TERMS, reviewers_from=ReviewersFrom.NAMED)),
        ("reviewers_count", replace(TERMS, reviewers_count=6)),
        ("criterion", replace(TERMS, criterion_id=cast.ada.id)),
        ("limit", replace(TERMS, limit="1:29")),
        ("limit", replace(TERMS, limit="soon")),
        ("remind_days", replace(TERMS, remind_days=12)),
    ):
        with pytest.raises(InvalidInput) as refusal:
            setting.set_drill(session, scenario, cast.mona, terms)
        assert refusal.value.field == field
        session.rollback()


def test_the_rubric_and_the_focus_stand_as_they_were(
    session: Session, make: Factory, scenario: Scenario, cast: Cast
) -> None:
    rubric = scenario.rubric
    assert rubric is not None
    terms = replace(TERMS, criterion_id=rubric.criteria[1].id)
    drill = setting.set_drill(session, scenario, cast.mona, terms)
    scenario.rubric = make.rubric(cast.team, "Something else")
    assert (drill.rubric_id, drill.focus) == (rubric.id, "Next step")
    setting.change(session, drill, cast.mona, replace(terms, criterion_id=rubric.criteria[0].id))
    assert (drill.rubric_id, drill.focus) == (rubric.id, "Opening")


def test_whom_a_drill_is_for_are_told_of_it(session: Session, scenario: Scenario, cast: Cast) -> None:
    terms = replace(TERMS, for_team=False, people=[cast.ada.id, cast.mona.id])
    setting.set_drill(session, scenario, cast.mona, terms)
    assert told(session, cast.ada) == [NotificationKind.DRILL]
    assert told(session, cast.jonas) == told(session, cast.mona) == []
    later = replace(TERMS, opens_at=db.now() + timedelta(days=1))
    setting.set_drill(session, scenario, cast.mona, later)
    assert told(session, cast.jonas) == []


# --- changing ---------------------------------------------------------------------------------------


def test_a_change_breaks_nothing_and_is_told_whom_it_concerns(
    session: Session, make: Factory, scenario: Scenario, cast: Cast
) -> None:
    drill = setting.set_drill(
        session, scenario, cast.mona, replace(TERMS, for_team=False, people=[cast.ada.id])
    )
    take = make.take(cast.ada, scenario, submitted=False)
    practising.submit(session, take)
    review = make.review(take, cast.cole)
    others = replace(TERMS, for_team=False, people=[cast.jonas.id], note="Thirty seconds.")
    setting.change(session, drill, cast.mona, others)
    session.expire_all()
    assert take.drill == drill and review.is_published and drill.note == "Thirty seconds."
    assert drilling.people_of(session, drill) == [cast.jonas]
    assert told(session, cast.jonas) == [NotificationKind.DRILL]

    setting.change(session, drill, cast.mona, replace(others, due_on=str(drill.due_on + timedelta(days=3))))
    assert told(session, cast.jonas) == [NotificationKind.DRILL, NotificationKind.DRILL_MOVED]
    assert NotificationKind.DRILL_MOVED not in told(session, cast.ada)


def test_a_closed_drill_stays_as_it_is(session: Session, scenario: Scenario, cast: Cast) -> None:
    drill = setting.set_drill(session, scenario, cast.mona, TERMS)
    setting.close(drill)
    with pytest.raises(InvalidState):
        setting.change(session, drill, cast.mona, TERMS)
    setting.open_again(drill)
    setting.change(session, drill, cast.mona, replace(TERMS, note="Go on."))
    assert drill.note == "Go on."


# --- which drill a take is for -----------------------------------------------------------------------


def test_the_first_take_counts_where_no_practice_is_asked_for(
    session: Session, make: Factory, scenario: Scenario, cast: Cast
) -> None:
    drill = setting.set_drill(session, scenario, cast.mona, replace(TERMS, practice_allowed=False))
    on_its_way = make.take(cast.ada, scenario, submitted=False, state=RecordingState.AWAITING_UPLOAD)
    practising.count_first(session, on_its_way)
    assert not on_its_way.is_submitted
    first, second = (make.take(cast.ada, scenario, submitted=False) for _ in range(2))
    practising.count_first(session, first)
    practising.count_first(session, second)
    assert (first.drill, second.is_submitted) == (drill, False)
    with pytest.raises(InvalidState):
        practising.submit(session, second)
    drill.practice_allowed = True
    practising.submit(session, second)
    assert (second.drill, first.is_submitted) == (drill, False)


def test_a_take_that_arrives_while_an_earlier_one_is_reviewed_waits(
    session: Session, make: Factory, scenario: Scenario, cast: Cast
) -> None:
    make.review(make.take(cast.ada, scenario), cast.cole, published=False)
    setting.set_drill(session, scenario, cast.mona, replace(TERMS, practice_allowed=False))
    take = make.take(cast.ada, scenario, submitted=False)
    practising.count_first(session, take)
    assert not take.is_submitted


def test_takes_of_two_drills_of_one_scenario_stand_beside_each_other(
    session: Session, make: Factory, scenario: Scenario, cast: Cast
) -> None:
    series = sequencing.set_series(
        session,
        "Price talk",
        cast.mona,
        [Part(scenario, str(date.today() + timedelta(days=days))) for days in (1, 8, 15)],
        TERMS,
    )
    baseline, _, final = series.drills
    takes = [make.take(cast.ada, scenario, submitted=False) for _ in range(4)]
    practising.submit(session, takes[0])
    practising.submit(session, takes[1])
    assert [take.drill for take in takes[:2]] == [None, baseline], "swapped: the final is not open yet"
    for days, take in ((4, takes[2]), (11, takes[3])):
        with time_machine.travel(db.now() + timedelta(days=days), tick=False):
            practising.submit(session, take)
    assert [take.drill for take in takes] == [None, baseline, series.drills[1], final]
    assert [take.round for take in takes] == [None, 1, 2, 3]


def test_a_series_opens_part_after_part(session: Session, scenario: Scenario, cast: Cast) -> None:
    days = [date.today() + timedelta(days=days) for days in (0, 7, 14)]
    series = sequencing.set_series(
        session, "Price talk", cast.mona, [Part(scenario, str(day)) for day in days], TERMS
    )
    assert [drill.due_on for drill in series.drills] == days
    assert [drill.opens_at is None for drill in series.drills] == [True, False, False]
    assert told(session, cast.ada) == [NotificationKind.DRILL]
    with pytest.raises(InvalidInput) as refusal:
        sequencing.set_series(
            session, "Price talk", cast.mona, [Part(scenario, str(day)) for day in reversed(days)], TERMS
        )
    assert refusal.value.field == "due_on_2"


def test_what_is_to_be_done_is_told_with_what_is_done(
    session: Session, make: Factory, scenario: Scenario, cast: Cast
) -> None:
    later = setting.set_drill(session, scenario, cast.mona, TERMS)
    other = setting.set_drill(session, make.scenario(cast.team), cast.mona, TERMS)
    other.due_at -= timedelta(days=1)
    practising.submit(session, make.take(cast.ada, scenario, submitted=False))
    assert drilling.open_for(session, cast.ada, cast.team.id) == [(other, False), (later, True)]
    assert drilling.progress_of(session, cast.team.id, [other, later]) == {
        other.id: (0, 2),
        later.id: (1, 2),
    }
    assert drilling.open_for(session, cast.zoe, cast.team.id) == []


def test_whoever_is_not_meant_has_no_drill(session: Session, scenario: Scenario, cast: Cast) -> None:
    terms = replace(TERMS, for_team=False, people=[cast.ada.id])
    drill: Drill = setting.set_drill(session, scenario, cast.mona, terms)
    assert drilling.live_drill(session, scenario.id, cast.ada) == drill
    assert drilling.live_drill(session, scenario.id, cast.jonas) is None
    assert drilling.live_drill(session, scenario.id, cast.cole) is None
