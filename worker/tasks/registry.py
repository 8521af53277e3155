"""The worker's side of the queue: every task under the name by which it is deferred."""

import logging
from collections.abc import Callable
from typing import Any

import procrastinate
from procrastinate import JobContext, RetryStrategy, exceptions
from procrastinate.jobs import Status

from pitchreview.queue import Task, queue_of
from worker.tasks.check import check_recording
from worker.tasks.compose import compose_recording
from worker.tasks.encode import encode_recording
from worker.tasks.forget import delete_objects, forget_reply, forget_take
from worker.tasks.mail import send_mail, tell_by_mail
from worker.tasks.open import open_recording
from worker.tasks.remind import mail_digest, remind
from worker.tasks.share_out import hand_on, share_out
from worker.tasks.sweep import collect_garbage, sweep
from worker.workshop import Workshop

log = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 3
# A worker that was silent for this long is dead, and its jobs are free.
DEAD_AFTER_SECONDS = 15

EVERY_TEN_SECONDS = "* * * * * */10"
EVERY_MINUTE = "* * * * *"
EVERY_FIVE_MINUTES = "*/5 * * * *"
EVERY_TEN_MINUTES = "*/10 * * * *"
EVERY_HOUR = "17 * * * *"

# Steps sort their own errors; the rest is simply tried again, later each time.
_TRY_AGAIN = RetryStrategy(max_attempts=8, exponential_wait=4)

TASKS: dict[Task, Callable[..., None]] = {
    Task.COMPOSE_RECORDING: compose_recording,
    Task.CHECK_RECORDING: check_recording,
    Task.OPEN_RECORDING: open_recording,
    Task.ENCODE_RECORDING: encode_recording,
    Task.FORGET_TAKE: forget_take,
    Task.FORGET_REPLY: forget_reply,
    Task.DELETE_OBJECTS: delete_objects,
    Task.SEND_MAIL: send_mail,
    Task.TELL_BY_MAIL: tell_by_mail,
    Task.MAIL_DIGEST: mail_digest,
    Task.REMIND: remind,
    Task.SWEEP: sweep,
    Task.COLLECT_GARBAGE: collect_garbage,
    Task.SHARE_OUT: share_out,
    Task.HAND_ON: hand_on,
}
PERIODIC = {
    Task.SWEEP: EVERY_MINUTE,
    Task.REMIND: EVERY_FIVE_MINUTES,
    Task.COLLECT_GARBAGE: EVERY_HOUR,
    Task.HAND_ON: EVERY_TEN_MINUTES,
}


def make_app(connector: procrastinate.BaseConnector, workshop: Workshop) -> procrastinate.App:
    app = procrastinate.App(connector=connector)
    for name, function in TASKS.items():
        _register(app, workshop, name, function)
    rescue = app.task(name=Task.RESCUE.value, queue=queue_of(Task.RESCUE), pass_context=True)(_rescue)
    app.periodic(cron=EVERY_TEN_SECONDS)(rescue)
    return app


def _register(app: procrastinate.App, workshop: Workshop, name: Task, function: Callable[..., None]) -> None:
    if name in PERIODIC:

        def run_periodic(timestamp: int) -> None:
            function(workshop)

        task: Any = app.task(name=name.value, queue=queue_of(name))(run_periodic)
        app.periodic(cron=PERIODIC[name])(task)
        return

    def run(**args: Any) -> None:
        function(workshop, **args)

    app.task(name=name.value, queue=queue_of(name), retry=_TRY_AGAIN)(run)


async def _rescue(context: JobContext, timestamp: int) -> None:
    """Put the jobs of dead workers back; where the same job already waits again, end the old one."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER_SECONDS):
        log.warning("job %s of a dead worker goes back", job.call_string)
        try:
            await manager.retry_job(job)
        except exceptions.ConnectorException:
            await manager.finish_job(job, status=Status.FAILED, delete_job=True)
