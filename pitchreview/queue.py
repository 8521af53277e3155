"""The queue: Procrastinate on our own PostgreSQL; jobs are deferred inside the session's transaction.

Doors: the web defers by name and never imports a task; the worker registers tasks under the same
names (`tests/worker/test_tasks.py` proves that each name here is registered).
"""

from enum import StrEnum
from uuid import UUID

import procrastinate
from procrastinate import exceptions
from sqlalchemy import Select, Uuid, column, select, text
from sqlalchemy.orm import Session


class Task(StrEnum):
    """Every kind of job, by the name it has in the queue."""

    COMPOSE_RECORDING = "compose_recording"
    CHECK_RECORDING = "check_recording"
    OPEN_RECORDING = "open_recording"
    ENCODE_RECORDING = "encode_recording"
    FORGET_TAKE = "forget_take"
    FORGET_REPLY = "forget_reply"
    DELETE_OBJECTS = "delete_objects"
    SEND_MAIL = "send_mail"
    TELL_BY_MAIL = "tell_by_mail"
    MAIL_DIGEST = "mail_digest"
    REMIND = "remind"
    SWEEP = "sweep"
    RESCUE = "rescue"
    COLLECT_GARBAGE = "collect_garbage"
    SHARE_OUT = "share_out"
    HAND_ON = "hand_on"


# Each queue has slots of its own, so that long work never stands in the way of short work: stage 1 of
# any take overtakes stage 2 of all others, and the rescue of lost jobs waits for nobody.
HOUSE_QUEUE = "house"
OPEN_QUEUE = "open"
MEDIA_QUEUE = "media"

_QUEUES = {
    Task.COMPOSE_RECORDING: OPEN_QUEUE,
    Task.OPEN_RECORDING: OPEN_QUEUE,
    Task.ENCODE_RECORDING: MEDIA_QUEUE,
}

# Higher numbers run first. A person's tenth job stands ten lower, and each minute of waiting lifts it by one.
_PRIORITIES = {Task.CHECK_RECORDING: 100, Task.RESCUE: 1000}

# A worker says that it is alive every few seconds; after this it counts as gone.
SILENT_WORKER_SECONDS = 60

# Only used to write jobs on a connection that the caller brings, so it is never opened.
_writer = procrastinate.App(connector=procrastinate.SyncPsycopgConnector())


def queue_of(task: Task) -> str:
    return _QUEUES.get(task, HOUSE_QUEUE)


def defer(
    session: Session,
    task: Task,
    *,
    once: str | None = None,
    in_seconds: int = 0,
    behind: int = 0,
    **args: str | int | None,
) -> bool:
    """Add a job that exists exactly if this transaction commits; it runs `in_seconds` at the earliest.

    `behind` tells how many places it stands behind others of its kind (for fairness between people).

    With `once`, a second job of that name is not added while the first still waits, nor run beside
    it; the answer says whether one was added. The savepoint matters: without it a refused duplicate
    aborts the whole transaction while `commit()` reports success.
    """
    try:
        with session.begin_nested():
            # Asked for inside: only now does SQLAlchemy set the savepoint on the connection.
            connection = session.connection().connection.driver_connection
            job = _writer.configure_task(
                task.value,
                connection=connection,
                queue=queue_of(task),
                priority=_PRIORITIES.get(task, 0) - behind,
                queueing_lock=once,
                lock=once,
                schedule_in={"seconds": in_seconds} if in_seconds else None,
            )
            job.defer(**args)
    except exceptions.AlreadyEnqueued:
        return False
    return True


def lift_waiting(session: Session) -> None:
    """Lift what waits by one place, so that nobody's jobs wait for ever behind those of others."""
    session.execute(
        text("UPDATE procrastinate_jobs SET priority = priority + 1 WHERE status = 'todo' AND priority < 0")
    )


def recordings_in(task: Task) -> Select[UUID]:
    """The ids of the recordings for which a live job of this task waits or runs."""
    jobs = (
        text(
            "SELECT CAST(args ->> 'recording_id' AS uuid) AS id FROM procrastinate_jobs"
            " WHERE task_name = :task AND status IN ('todo', 'doing')"
        )
        .bindparams(task=task.value)
        .columns(column("id", Uuid()))
        .subquery("jobs")
    )
    return select(jobs.c.id)


def oldest_waiting_seconds(session: Session) -> float:
    """Age of the oldest job that could run but waits, in seconds (0 when none does)."""
    age = session.scalar(
        text(
            "SELECT extract(epoch FROM now() - min(coalesce(j.scheduled_at, e.at)))"
            " FROM procrastinate_jobs j"
            " JOIN procrastinate_events e ON e.job_id = j.id AND e.type = 'deferred'"
            " WHERE j.status = 'todo' AND (j.scheduled_at IS NULL OR j.scheduled_at <= now())"
        )
    )
    return float(age or 0)


def seconds_since_heartbeat(session: Session) -> float | None:
    """Since the last sign of life of any worker, in seconds; None when none has ever been seen."""
    age = session.scalar(
        text("SELECT extract(epoch FROM now() - max(last_heartbeat)) FROM procrastinate_workers")
    )
    return None if age is None else float(age)
