"""Rules that the database itself keeps, whatever the code above it does."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.db import Base
from pitchreview.models import Comment, Exemplar, Pitch, RecordingState, Review, Take, User
from tests.conftest import Cast
from tests.factories import Factory

# People and teams are closed, not deleted.
NEVER_DELETED = {"users", "teams"}

World = tuple[Factory, Cast, Take]


@pytest.fixture
def world(make: Factory, cast: Cast) -> World:
    take = make.take(cast.ada, make.scenario(cast.team))
    make.session.commit()
    return make, cast, take


def _second_take_in_a_round(world: World) -> Any:
    make, cast, take = world
    second = make.take(cast.ada, take.pitch.scenario, submitted=False)
    second.round = 1
    return second


def _number_twice(world: World) -> Any:
    make, cast, take = world
    return Take(pitch=take.pitch, recording=make.recording(), number=take.number, shared_with_team=False)


def _recording_of_two_takes(world: World) -> Any:
    _make, _cast, take = world
    return Take(pitch=take.pitch, recording=take.recording, number=9, shared_with_team=False)


def _comment_without_moment(world: World) -> Any:
    _make, cast, take = world
    return Comment(take=take, author=cast.cole, body="Ask.")


def _comment_ends_before_it_begins(world: World) -> Any:
    _make, cast, take = world
    return Comment(take=take, author=cast.cole, body="Ask.", at_ms=10, until_ms=10)


def _two_reviews_of_one_reviewer(world: World) -> Any:
    make, cast, take = world
    make.review(take, cast.cole)
    return Review(take=take, reviewer=cast.cole)


def _pitch_of_nobody(world: World) -> Any:
    _make, cast, take = world
    return Pitch(team_id=cast.team.id, scenario=take.pitch.scenario)


def _pitch_of_two(world: World) -> Any:
    _make, cast, take = world
    return Pitch(
        team_id=cast.team.id, scenario=take.pitch.scenario, presenter=cast.ada, presenter_name="Grace"
    )


def _half_a_range(world: World) -> Any:
    _make, cast, take = world
    return Exemplar(team_id=cast.team.id, take=take, title="A", why="B", from_ms=5)


def _address_twice(world: World) -> Any:
    return User(email="ada@example.com", name="Another")


@pytest.mark.parametrize(
    "break_it",
    [
        _second_take_in_a_round,
        _number_twice,
        _recording_of_two_takes,
        _comment_without_moment,
        _comment_ends_before_it_begins,
        _two_reviews_of_one_reviewer,
        _pitch_of_nobody,
        _pitch_of_two,
        _half_a_range,
        _address_twice,
    ],
)
def test_the_database_refuses(world: World, session: Session, break_it: Callable[[World], Any]) -> None:
    with pytest.raises(IntegrityError):
        session.add(break_it(world))
        session.flush()


def test_a_state_that_does_not_exist_is_refused(session: Session, world: World) -> None:
    with pytest.raises(IntegrityError):
        session.execute(text("UPDATE recordings SET state = 'nonsense'"))


def test_a_deleted_take_gives_its_round_free(session: Session, world: World) -> None:
    make, cast, take = world
    take.deleted_at = db.now()
    session.flush()
    second = make.take(cast.ada, take.pitch.scenario, submitted=False, state=RecordingState.READY)
    second.round = 1
    session.flush()


def test_every_reference_leads_an_index(engine: Engine) -> None:
    """Deleting a row asks for whoever points at it; without an index that reads whole tables."""
    found, bare = inspect(engine), []
    for table in (table.name for table in Base.metadata.sorted_tables):
        keys = [index["column_names"] for index in found.get_indexes(table)]
        keys += [key["column_names"] for key in found.get_unique_constraints(table)]
        keys.append(found.get_pk_constraint(table)["constrained_columns"])
        leading = {names[0] for names in keys}
        references = {
            key["constrained_columns"][0]
            for key in found.get_foreign_keys(table)
            if key["referred_table"] not in NEVER_DELETED
        }
        bare += [f"{table}.{column}" for column in references - leading]
    assert sorted(bare) == []


def test_instants_come_back_aware_and_utc(session: Session, world: World) -> None:
    _make, _cast, take = world
    session.expire_all()
    assert take.created_at.utcoffset() is not None
    assert take.created_at.tzinfo is not None
    assert abs((db.now() - take.created_at).total_seconds()) < 3600
