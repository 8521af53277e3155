"""Where the parts of a scenario begin in a take, and which of them meet side by side."""

import pytest
from sqlalchemy.orm import Session

from pitchreview.actions import beats, comparing
from pitchreview.actions.comparing import Side
from pitchreview.errors import InvalidInput
from pitchreview.models import Take
from tests.conftest import Cast
from tests.factories import DURATION_MS, Factory

# The factory plans Hook 0:15, Value 0:45, Next step 0:30


@pytest.fixture
def take(make: Factory, cast: Cast) -> Take:
    return make.take(cast.ada, make.scenario(cast.team))


def say(session: Session, take: Take, cast: Cast, *starts: int | None) -> None:
    ids = [beat.id for beat in take.pitch.scenario.beats]
    beats.set_starts(session, take, cast.ada, dict(zip(ids, starts, strict=True)))


def starts_of(session: Session, take: Take) -> list[int]:
    return [part.at_ms for part in beats.parts_of(session, take)]


def test_parts_begin_as_planned_until_somebody_says_otherwise(
    session: Session, cast: Cast, take: Take
) -> None:
    assert starts_of(session, take) == [0, 15_000, 60_000]
    say(session, take, cast, 0, 9_000, None)
    parts = beats.parts_of(session, take)
    assert [(part.at_ms, part.until_ms) for part in parts] == [
        (0, 9_000),
        (9_000, 54_000),
        (54_000, DURATION_MS),
    ]
    assert [part.is_set for part in parts] == [True, True, False]
    say(session, take, cast, None, None, None)
    assert starts_of(session, take) == [0, 15_000, 60_000]


def test_a_planned_part_gives_way_to_what_comes_earlier_than_planned(
    session: Session, cast: Cast, take: Take
) -> None:
    say(session, take, cast, None, None, 10_000)
    assert starts_of(session, take) == [0, 10_000, 10_000]


@pytest.mark.parametrize("starts", [(9_000, 9_000, None), (20_000, None, 10_000), (0, DURATION_MS, None)])
def test_parts_follow_each_other_within_the_take(
    session: Session, cast: Cast, take: Take, starts: tuple[int | None, ...]
) -> None:
    with pytest.raises(InvalidInput):
        say(session, take, cast, *starts)


def test_a_new_plan_keeps_what_was_said_about_parts_that_stay(
    session: Session, cast: Cast, take: Take
) -> None:
    say(session, take, cast, 0, 9_000, 40_000)
    take.pitch.scenario.set_beats([("Hook", 10), ("Value", 20), ("Thanks", 5)])
    session.flush()
    session.expire_all()
    parts = beats.parts_of(session, take)
    assert {part.beat.name: part.at_ms for part in parts if part.is_set} == {"Hook": 0, "Value": 9_000}


def test_parts_that_are_marked_on_both_sides_meet(
    session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    other = make.take(cast.jonas, take.pitch.scenario)
    exemplar = make.exemplar(other, cast.mona, from_ms=5_000, until_ms=60_000)
    left, right = Side(take, None, sees_take=True), Side(other, exemplar, sees_take=False)
    say(session, take, cast, 0, 9_000, 40_000)
    assert comparing.beats_of(session, left, right) == []
    say(session, other, cast, 0, 12_000, 50_000)
    # The hook of the other take lies before the part that is held up
    assert comparing.beats_of(session, left, right) == [
        ("Value", (9_000, 7_000)),
        ("Next step", (40_000, 45_000)),
    ]
