"""A worker as a process: it takes jobs from the queue, and may be ended in any way at any time."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from pitchreview.actions import intake
from pitchreview.config import Settings
from pitchreview.models import Recording, RecordingState, Step, StepName, Take
from pitchreview.store import ObjectStore

pytestmark = pytest.mark.patient

Start = Callable[[], "subprocess.Popen[bytes]"]

# The same worker, which takes others for dead sooner.
HASTY = """
from pitchreview.__main__ import main
from worker.tasks import registry

registry.HEARTBEAT_SECONDS, registry.DEAD_AFTER_SECONDS = 0.5, 3
registry.EVERY_TEN_SECONDS = "* * * * * */2"
main()
"""


@pytest.fixture
def start_worker(settings: Settings) -> Iterator[Start]:
    running: list[subprocess.Popen[bytes]] = []
    environment = {
        **os.environ,
        "DATABASE_URL": settings.database_url.get_secret_value(),
        "S3_ENDPOINT_URL": settings.s3_endpoint_url,
        "S3_ACCESS_KEY_ID": settings.s3_access_key_id.get_secret_value(),
        "S3_SECRET_ACCESS_KEY": settings.s3_secret_access_key.get_secret_value(),
        "SECRET_KEY": settings.secret_key.get_secret_value(),
        "PITCHREVIEW_WORK_DIR": settings.work_dir,
        "PITCHREVIEW_MEDIA_SLOTS": "1",
        "LOG_LEVEL": "warning",
    }

    def start() -> "subprocess.Popen[bytes]":
        process = subprocess.Popen([sys.executable, "-c", HASTY, "worker"], env=environment)
        running.append(process)
        return process

    yield start
    for process in running:
        if process.poll() is None:
            process.kill()
            process.wait()


def wait_until(what: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)


def state_of(session: Session, take: Take) -> RecordingState:
    session.rollback()
    return session.scalars(select(Recording.state).where(Recording.id == take.recording_id)).one()


def encoded_percent(session: Session, take: Take) -> int:
    session.rollback()
    query = select(Step.percent).where(Step.recording_id == take.recording_id, Step.name == StepName.ENCODE)
    return session.scalar(query) or 0


def ffmpegs_below(work_dir: str) -> list[int]:
    """Processes that name our work folder in their command line and are not ourselves."""
    return [
        p.pid
        for p in psutil.process_iter(["cmdline"])
        if any("ffmpeg" in word for word in p.info["cmdline"] or [])
        and any(work_dir in word for word in p.info["cmdline"] or [])
    ]


def test_a_killed_worker_costs_one_attempt_and_nothing_else(
    start_worker: Start,
    session: Session,
    store: ObjectStore,
    settings: Settings,
    upload: Callable[[Path], Take],
    clips_folder: Path,
) -> None:
    take = upload(clips_folder / "discovery-ada.mp4")
    first = start_worker()
    wait_until(lambda: encoded_percent(session, take) > 5)

    first.kill()
    first.wait()
    wait_until(lambda: not ffmpegs_below(settings.work_dir), seconds=5)
    assert state_of(session, take) is RecordingState.PLAYABLE

    start_worker()
    wait_until(lambda: state_of(session, take) is RecordingState.READY, seconds=90)
    recording = session.get_one(Recording, take.recording_id)
    assert recording.step(StepName.ENCODE).attempt == 2
    assert recording.step(StepName.ENCODE).failures == 0
    rungs = [rendition.rung for rendition in recording.rungs]
    assert rungs == sorted(set(rungs)), "exactly one set of renditions"
    for rendition in recording.renditions:
        assert store.stat(rendition.object_key).size_bytes == rendition.size_bytes


@pytest.mark.campaign  # each half by itself: test_tasks and test_opening
def test_cancelled_work_ends_at_once_and_a_worker_told_to_stop_hands_its_work_back(
    start_worker: Start,
    session: Session,
    settings: Settings,
    upload: Callable[[Path], Take],
    clips_folder: Path,
) -> None:
    take = upload(clips_folder / "vendor-ada-2.mp4")
    worker = start_worker()
    wait_until(lambda: encoded_percent(session, take) > 5)

    # First its owner stops the work: the tools end, the worker goes on living, and the work can be taken up.
    intake.cancel(session, session.get_one(Recording, take.recording_id))
    session.commit()
    wait_until(lambda: not ffmpegs_below(settings.work_dir), seconds=5)
    assert worker.poll() is None
    recording = session.get_one(Recording, take.recording_id, populate_existing=True)
    assert recording.is_cancelled and recording.is_playable
    intake.retry(session, recording)
    session.commit()
    wait_until(lambda: encoded_percent(session, take) > 5)

    worker.send_signal(signal.SIGTERM)

    assert worker.wait(timeout=10) == 0
    assert not ffmpegs_below(settings.work_dir)
    waiting = text("SELECT task_name FROM procrastinate_jobs WHERE status = 'todo'")
    session.rollback()
    assert "encode_recording" in set(session.scalars(waiting))
    step = session.scalars(
        select(Step).where(Step.recording_id == take.recording_id, Step.name == StepName.ENCODE)
    ).one()
    assert step.failures == 0
    assert not list(Path(settings.work_dir).glob("pitchreview-work-*")), (
        "neither its own folder nor one of a dead worker"
    )
