"""A small, seeded slice of the fault campaign (`make campaign`): whatever goes wrong, the take ends ready."""

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from bench.crew import kill, tools_below
from pitchreview.actions.intake import TASK_OF
from pitchreview.errors import StoreUnavailable
from pitchreview.models import Recording, RecordingState, StepName, Take
from pitchreview.store import ObjectStore
from tests.faulty_store import FaultyStore, faulty_store
from tests.waiting import together
from worker.tasks.check import check_recording
from worker.tasks.registry import TASKS
from worker.tasks.sweep import collect_garbage
from worker.workshop import Workshop

Upload = Callable[[Path], Take]

SEED = 20
MOST_ROUNDS = 40


@pytest.fixture
def clip(clips_folder: Path) -> Path:
    return clips_folder / "discovery-ada.mp4"


@pytest.fixture
def faulty(workshop: Workshop) -> Iterator[FaultyStore]:
    with faulty_store(workshop.settings.s3_endpoint_url, seed=SEED) as store:
        yield store


@pytest.fixture
def unlucky(workshop: Workshop, faulty: FaultyStore) -> Workshop:
    """A workshop that reaches the store through the faulty one."""
    settings = workshop.settings.model_copy(update={"s3_endpoint_url": faulty.url})
    return replace(workshop, settings=settings, store=ObjectStore(settings))


def reread(session: Session, recording_id: UUID) -> Recording:
    session.rollback()
    session.expire_all()
    return session.get_one(Recording, recording_id)


def work_until_ready(workshop: Workshop, session: Session, take: Take) -> Recording:
    """What the queue does, without its pauses: whatever step is due, again and again."""
    for _ in range(MOST_ROUNDS):
        recording = reread(session, take.recording_id)
        if recording.state is RecordingState.READY or not recording.due_steps:
            break
        name = recording.due_steps[0].name
        session.rollback()
        TASKS[TASK_OF[name]](workshop, recording_id=str(take.recording_id))
    return reread(session, take.recording_id)


def assert_whole(workshop: Workshop, recording: Recording) -> None:
    """Ready, one set of renditions, every object with its row, nothing left to clear."""
    assert recording.state is RecordingState.READY
    labels = [(row.kind, row.rung) for row in recording.renditions]
    assert len(labels) == len(set(labels)), "exactly one set of renditions"
    collect_garbage(workshop, timedelta(seconds=-60))
    rows = {row.object_key: row.size_bytes for row in recording.renditions}
    rows |= {source.object_key: source.size_bytes for source in recording.sources}
    assert {stat.key: stat.size_bytes for stat in workshop.store.list_objects(recording.folder)} == rows
    assert [entry.name for entry in workshop.bench.folder.iterdir()] == ["lock"]
    assert tools_below(workshop.bench.folder) == []


@contextmanager
def killer(folder: Path, chance: random.Random, most: int) -> Iterator[list[str]]:
    """Kills tools that work below a folder, each after a random time; lists whom it hit."""
    over = threading.Event()
    killed: list[str] = []

    def hunt() -> None:
        while len(killed) < most and not over.wait(chance.uniform(0, 0.3)):
            for tool in tools_below(folder)[:1]:
                name = tool.name()
                if kill(tool.pid):
                    killed.append(name)
                    over.wait(0.4)

    thread = threading.Thread(target=hunt, name="killer")
    thread.start()
    try:
        yield killed
    finally:
        over.set()
        thread.join()


def test_tools_killed_at_random_instants_cost_tries_and_nothing_else(
    workshop: Workshop, session: Session, upload: Upload, clip: Path
) -> None:
    take = upload(clip)

    # A step may fail twice before we give up on it, and there are two steps.
    with killer(workshop.bench.folder, random.Random(SEED), most=2) as killed:
        recording = work_until_ready(workshop, session, take)

    assert len(killed) == 2
    assert sum(step.failures for step in recording.steps) >= 1
    assert_whole(workshop, recording)


def test_a_store_that_fails_every_third_time_costs_no_try(
    workshop: Workshop,
    unlucky: Workshop,
    faulty: FaultyStore,
    session: Session,
    upload: Upload,
    clip: Path,
) -> None:
    take = upload(clip)
    faulty.faults.errors, faulty.faults.cut_downloads = 0.3, 0.2

    recording = work_until_ready(unlucky, session, take)

    assert faulty.met["error"] > 0
    assert [step.failures for step in recording.steps if step.failures] == []
    assert_whole(workshop, recording)


def test_a_file_that_the_store_refuses_to_take_is_the_stores_fault(
    unlucky: Workshop, faulty: FaultyStore, clip: Path
) -> None:
    """So it costs no try: the transfer's own error says only in words that the store was busy."""
    faulty.faults.errors = 1.0

    with pytest.raises(StoreUnavailable):
        unlucky.store.put_file(clip, "faults/clip", "video/mp4")


def test_half_a_file_is_never_taken_for_the_whole(
    unlucky: Workshop, faulty: FaultyStore, store: ObjectStore, clip: Path, tmp_path: Path
) -> None:
    store.put_file(clip, "faults/clip", "video/mp4")
    faulty.faults.short_downloads = 1.0

    with pytest.raises(StoreUnavailable, match="of"):
        unlucky.store.fetch("faults/clip", tmp_path / "fetched")

    assert faulty.met["short"] >= 1
    store.delete(["faults/clip"])


def test_a_large_file_with_a_hole_is_never_taken_for_the_whole(
    unlucky: Workshop, faulty: FaultyStore, store: ObjectStore, tmp_path: Path
) -> None:
    """It comes in ranges: a short one in the middle leaves a file of the right length."""
    large = tmp_path / "large"
    large.write_bytes(random.Random(SEED).randbytes(40_000_000))
    store.put_file(large, "faults/large", "video/mp4")
    faulty.faults.short_downloads = 0.5

    outcomes = set()
    for attempt in range(6):
        fetched = tmp_path / f"fetched-{attempt}"
        try:
            unlucky.store.fetch("faults/large", fetched)
        except StoreUnavailable:
            outcomes.add("refused")
        else:
            assert fetched.read_bytes() == large.read_bytes()
            outcomes.add("whole")
        fetched.unlink(missing_ok=True)

    assert "refused" in outcomes and faulty.met["short"] >= 1
    store.delete(["faults/large"])


def test_two_at_once_on_one_take_publish_once(
    workshop: Workshop, session: Session, upload: Upload, clip: Path
) -> None:
    take = upload(clip)
    one = str(take.recording_id)

    together(lambda: check_recording(workshop, one), lambda: check_recording(workshop, one))

    step = reread(session, take.recording_id).step(StepName.CHECK)
    assert step.attempt == 2 and step.failures == 0
    assert_whole(workshop, work_until_ready(workshop, session, take))
