"""Who comes first when there is more to do than the machine can do at once."""

from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from pitchreview import queue
from pitchreview.actions import intake
from pitchreview.models import RecordingState, StepName, User
from pitchreview.queue import Task
from tests.conftest import Cast
from tests.factories import Factory


def wait_for_the_ladder(make: Factory, cast: Cast, person: User, count: int) -> list[UUID]:
    """So many takes of one person that can be played and wait for their ladder."""
    scenario = make.scenario(cast.team)
    takes = [
        make.take(person, scenario, submitted=False, recording=make.recording(RecordingState.PLAYABLE))
        for _ in range(count)
    ]
    for take in takes:
        intake.queue_due_steps(make.session, take.recording)
    make.session.commit()
    return [take.recording_id for take in takes]


def fetched(session: Session, name: str) -> list[UUID]:
    """The recordings of a queue, in the order in which a worker with one slot takes their jobs."""
    take_one = text("SELECT (procrastinate_fetch_job_v2(ARRAY[:name], NULL)).args ->> 'recording_id'")
    found = []
    while (recording_id := session.scalar(take_one, {"name": name})) is not None:
        found.append(UUID(recording_id))
    return found


def test_fifty_takes_of_one_person_let_another_ones_pass(make: Factory, cast: Cast, session: Session) -> None:
    of_ada = wait_for_the_ladder(make, cast, cast.ada, 50)
    (of_jonas,) = wait_for_the_ladder(make, cast, cast.jonas, 1)

    order = fetched(session, queue.MEDIA_QUEUE)

    assert order == [of_ada[0], of_jonas, *of_ada[1:]]


def test_two_people_with_many_takes_take_turns(make: Factory, cast: Cast, session: Session) -> None:
    of_ada = wait_for_the_ladder(make, cast, cast.ada, 3)
    of_jonas = wait_for_the_ladder(make, cast, cast.jonas, 3)

    assert fetched(session, queue.MEDIA_QUEUE) == [
        *(of_ada[0], of_jonas[0]),
        *(of_ada[1], of_jonas[1]),
        *(of_ada[2], of_jonas[2]),
    ]


def test_who_has_waited_for_minutes_does_not_wait_for_ever(
    make: Factory, cast: Cast, session: Session
) -> None:
    of_ada = wait_for_the_ladder(make, cast, cast.ada, 2)
    queue.lift_waiting(session)
    (of_jonas,) = wait_for_the_ladder(make, cast, cast.jonas, 1)

    assert fetched(session, queue.MEDIA_QUEUE) == [*of_ada, of_jonas]


@pytest.mark.parametrize("first", [Task.CHECK_RECORDING, Task.OPEN_RECORDING])
def test_what_makes_a_take_playable_never_waits_for_a_ladder(first: Task) -> None:
    assert queue.queue_of(first) != queue.queue_of(Task.ENCODE_RECORDING)


def test_a_long_first_quality_does_not_hold_up_the_checks_of_others() -> None:
    assert queue.queue_of(Task.OPEN_RECORDING) != queue.queue_of(Task.CHECK_RECORDING)


def test_the_rescue_of_lost_jobs_goes_before_everything_in_its_queue(
    make: Factory, cast: Cast, session: Session
) -> None:
    recording = make.recording(RecordingState.RECEIVED)
    make.take(cast.ada, make.scenario(cast.team), submitted=False, recording=recording)
    recording.step(StepName.CHECK)
    intake.queue_due_steps(session, recording)
    queue.defer(session, Task.RESCUE, timestamp=0)
    session.commit()

    one = text("SELECT (procrastinate_fetch_job_v2(ARRAY[:name], NULL)).task_name")
    assert session.scalar(one, {"name": queue.HOUSE_QUEUE}) == Task.RESCUE
