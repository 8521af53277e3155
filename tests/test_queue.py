"""A job exists exactly if the change it belongs to was committed."""

from datetime import timedelta
from uuid import uuid4

import pytest
from procrastinate.testing import InMemoryConnector
from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

from pitchreview import queue
from pitchreview.models import Team
from pitchreview.queue import Task
from tests.waiting import together
from worker.tasks.registry import make_app
from worker.workshop import Workshop


def jobs(session: Session) -> list[str]:
    return list(session.scalars(text("SELECT task_name FROM procrastinate_jobs ORDER BY id")))


def teams(session: Session) -> list[str]:
    return list(session.scalars(text("SELECT name FROM teams ORDER BY name")))


def test_a_job_is_there_once_its_change_is_committed(sessions: sessionmaker[Session]) -> None:
    with sessions() as session, sessions() as other:
        session.add(Team(name="North"))
        assert queue.defer(session, Task.SEND_MAIL, to="a@b.co")
        assert (teams(other), jobs(other)) == ([], [])
        session.commit()
        other.rollback()
        assert (teams(other), jobs(other)) == (["North"], ["send_mail"])


def test_a_job_goes_when_its_change_is_rolled_back(sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        session.add(Team(name="North"))
        queue.defer(session, Task.SEND_MAIL, to="a@b.co")
        session.rollback()
        assert (teams(session), jobs(session)) == ([], [])


def test_a_refused_double_leaves_the_transaction_as_it_was(sessions: sessionmaker[Session]) -> None:
    """Without a savepoint the double aborts everything, and commit() still reports success."""
    with sessions() as session:
        assert queue.defer(session, Task.CHECK_RECORDING, once="same", recording_id="1")
        session.commit()
        session.add(Team(name="Before"))
        assert not queue.defer(session, Task.CHECK_RECORDING, once="same", recording_id="1")
        session.add(Team(name="After"))
        session.commit()
    with sessions() as session:
        assert (teams(session), jobs(session)) == (["After", "Before"], ["check_recording"])


def test_a_double_within_one_transaction_is_refused_too(session: Session) -> None:
    added = [queue.defer(session, Task.CHECK_RECORDING, once="same", recording_id="1") for _ in range(3)]
    session.commit()
    assert (added, jobs(session)) == ([True, False, False], ["check_recording"])


def test_of_doubles_at_the_same_moment_one_is_added(
    sessions: sessionmaker[Session], session: Session
) -> None:
    def request() -> bool:
        with sessions() as tab:
            tab.add(Team(name="North"))
            added = queue.defer(tab, Task.CHECK_RECORDING, once="same", recording_id="1")
            tab.commit()
            return added

    assert sorted(together(request, request, request)) == [False, False, True]
    assert (len(teams(session)), len(jobs(session))) == (3, 1)


def test_other_names_and_no_names_are_no_doubles(session: Session) -> None:
    for once in ("one", "two", None, None):
        assert queue.defer(session, Task.CHECK_RECORDING, once=once, recording_id="1")
    session.commit()
    assert len(jobs(session)) == 4


def test_a_job_that_runs_makes_room_for_the_next(session: Session) -> None:
    queue.defer(session, Task.CHECK_RECORDING, once="same", recording_id="1")
    session.execute(text("UPDATE procrastinate_jobs SET status = 'doing'"))
    assert queue.defer(session, Task.CHECK_RECORDING, once="same", recording_id="1")


def test_a_job_may_wait_for_its_time(session: Session) -> None:
    queue.defer(session, Task.FORGET_TAKE, in_seconds=600, take_id="1")
    wait = session.scalar(text("SELECT scheduled_at - now() FROM procrastinate_jobs"))
    assert timedelta(seconds=590) < wait <= timedelta(seconds=601)


@pytest.mark.parametrize(
    ("status", "is_live"),
    [("todo", True), ("doing", True), ("succeeded", False), ("failed", False), ("cancelled", False)],
)
def test_a_live_job_is_known_by_its_recording(session: Session, status: str, is_live: bool) -> None:
    recording_id = uuid4()
    queue.defer(session, Task.CHECK_RECORDING, recording_id=str(recording_id))
    session.execute(
        text("UPDATE procrastinate_jobs SET status = CAST(:s AS procrastinate_job_status)"), {"s": status}
    )
    found = list(session.scalars(queue.recordings_in(Task.CHECK_RECORDING)))
    assert found == ([recording_id] if is_live else [])
    assert list(session.scalars(queue.recordings_in(Task.ENCODE_RECORDING))) == []


def test_the_age_of_the_queue_is_that_of_the_oldest_job_that_could_run(session: Session) -> None:
    assert queue.oldest_waiting_seconds(session) == 0
    queue.defer(session, Task.FORGET_TAKE, in_seconds=600, take_id="1")
    session.commit()
    assert queue.oldest_waiting_seconds(session) == 0
    queue.defer(session, Task.SEND_MAIL, to="a@b.co")
    session.execute(text("UPDATE procrastinate_events SET at = at - interval '90 seconds'"))
    session.commit()
    assert 90 <= queue.oldest_waiting_seconds(session) < 120


def test_stage_one_of_any_take_goes_first_and_encodes_wait_apart(session: Session) -> None:
    for task in (Task.SEND_MAIL, Task.ENCODE_RECORDING, Task.CHECK_RECORDING):
        queue.defer(session, task, recording_id="1")
    rows = session.execute(
        text("SELECT task_name, queue_name FROM procrastinate_jobs ORDER BY priority DESC, id")
    )
    assert [tuple(row) for row in rows] == [
        ("check_recording", "house"),
        ("send_mail", "house"),
        ("encode_recording", "media"),
    ]


def test_every_job_that_can_be_deferred_has_somebody_who_does_it() -> None:
    workshop = Workshop.__new__(Workshop)  # registering needs no tools
    registered = make_app(InMemoryConnector(), workshop).tasks
    assert {task.value for task in Task} - set(registered) == set()
    for task in Task:
        assert registered[task.value].queue == queue.queue_of(task)
