"""Real files through the real steps: what becomes of a recording, whatever happens on the way."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.actions import intake, practising
from pitchreview.errors import StoreUnavailable
from pitchreview.models import (
    Recording,
    RecordingState,
    RenditionKind,
    Source,
    StepName,
    StepState,
    Take,
)
from pitchreview.queue import Task
from pitchreview.store import ObjectStore
from tests.conftest import Cast
from tests.factories import Factory
from tests.worker.reading import reread
from worker.attempt import MOST_FAILURES, Attempt
from worker.attempt import run as run_step
from worker.tasks.check import check_recording
from worker.tasks.encode import encode_recording
from worker.tasks.forget import delete_objects, forget_take
from worker.tasks.sweep import collect_garbage, sweep
from worker.workshop import Workshop

Upload = Callable[[Path], Take]


@pytest.fixture
def clip(clips_folder: Path) -> Path:
    return clips_folder / "discovery-ada.mp4"


def waiting_jobs(session: Session) -> list[str]:
    query = text("SELECT task_name FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id")
    return list(session.scalars(query))


def objects_of(store: ObjectStore, recording: Recording) -> set[str]:
    return {stat.key for stat in store.list_objects(recording.folder)}


# --- the journey --------------------------------------------------------------------------------


def test_a_take_becomes_playable_and_then_ready(
    workshop: Workshop, session: Session, upload: Upload, clip: Path
) -> None:
    take = upload(clip)

    check_recording(workshop, str(take.recording_id))
    recording = reread(session, take)
    assert recording.state is RecordingState.PLAYABLE
    assert recording.duration_ms is not None and recording.poster is not None
    assert recording.progressive is not None and recording.progressive.kind is RenditionKind.COPY
    assert Task.ENCODE_RECORDING in waiting_jobs(session)

    encode_recording(workshop, str(take.recording_id))
    recording = reread(session, take)
    assert recording.state is RecordingState.READY
    assert recording.rungs and recording.storyboard is not None
    for rung in recording.rungs:
        total_ms = sum(duration for _, _, duration in (rung.layout or {})["segments"])
        assert total_ms == pytest.approx(recording.duration_ms, abs=250)


def test_every_row_has_its_object_and_every_object_its_row(
    workshop: Workshop, session: Session, store: ObjectStore, upload: Upload, clip: Path
) -> None:
    take = upload(clip)
    check_recording(workshop, str(take.recording_id))
    encode_recording(workshop, str(take.recording_id))

    recording = reread(session, take)
    rows = {rendition.object_key: rendition.size_bytes for rendition in recording.renditions}
    rows |= {source.object_key: source.size_bytes for source in recording.sources}
    assert {stat.key: stat.size_bytes for stat in store.list_objects(recording.folder)} == rows


def test_a_step_that_is_done_is_not_done_again(
    workshop: Workshop, session: Session, upload: Upload, clip: Path
) -> None:
    take = upload(clip)
    check_recording(workshop, str(take.recording_id))
    before = reread(session, take).step(StepName.CHECK).attempt

    check_recording(workshop, str(take.recording_id))

    assert reread(session, take).step(StepName.CHECK).attempt == before


@pytest.mark.parametrize(
    "kept",
    [
        None,
        pytest.param({"container": "mov"}, marks=pytest.mark.campaign),
        pytest.param({"source": {"container": "mov"}}, marks=pytest.mark.campaign),
    ],
)
def test_a_recording_that_an_older_version_looked_at_is_looked_at_anew(
    workshop: Workshop, session: Session, upload: Upload, clip: Path, kept: dict[str, Any] | None
) -> None:
    take = upload(clip)
    check_recording(workshop, str(take.recording_id))
    reread(session, take).probe = kept
    session.commit()

    encode_recording(workshop, str(take.recording_id))

    assert reread(session, take).state is RecordingState.READY


def test_the_ladder_does_not_look_again_at_what_stage_1_has_seen(
    workshop: Workshop, session: Session, upload: Upload, clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = upload(clip)
    check_recording(workshop, str(take.recording_id))
    monkeypatch.setattr("worker.tasks.looking.probe", lambda *args, **more: pytest.fail("looked again"))

    encode_recording(workshop, str(take.recording_id))

    assert reread(session, take).state is RecordingState.READY


def test_a_file_that_is_no_video_is_broken_with_a_reason(
    workshop: Workshop, session: Session, upload: Upload, tmp_path: Path
) -> None:
    letter = tmp_path / "pitch.mp4"
    letter.write_bytes(b"%PDF-1.7 this is a letter, not a pitch" * 100)
    take = upload(letter)

    check_recording(workshop, str(take.recording_id))

    recording = reread(session, take)
    assert recording.state is RecordingState.BROKEN
    assert recording.reason and "PDF" in recording.reason
    assert waiting_jobs(session) == [Task.CHECK_RECORDING]  # the one this test ran by hand, no other


def test_a_person_may_try_a_broken_file_again(
    workshop: Workshop, session: Session, upload: Upload, tmp_path: Path
) -> None:
    noise = tmp_path / "pitch.mp4"
    noise.write_bytes(b"\0" * 4096)
    take = upload(noise)
    check_recording(workshop, str(take.recording_id))

    recording = reread(session, take)
    intake.retry(session, recording)
    session.commit()

    recording = reread(session, take)
    assert recording.state is RecordingState.RECEIVED
    assert recording.step(StepName.CHECK).state is StepState.WAITING


# --- what can go wrong on our side ----------------------------------------------------------------


def test_a_late_attempt_saves_nothing(
    workshop: Workshop, session: Session, upload: Upload, clip: Path
) -> None:
    take = upload(clip)
    saved: list[int] = []

    def overtaken(work: Attempt) -> None:
        with workshop.sessions() as other, other.begin():
            found = other.get(Recording, take.recording_id, with_for_update=True)
            assert found is not None
            found.step(StepName.CHECK).claim(db.now())

    run_step(
        workshop, take.recording_id, StepName.CHECK, overtaken, lambda *args: saved.append(args[2].number)
    )

    assert saved == []
    assert reread(session, take).step(StepName.CHECK).attempt == 2


def test_a_store_that_does_not_answer_costs_no_try(
    workshop: Workshop, session: Session, upload: Upload, clip: Path
) -> None:
    take = upload(clip)

    def cut_off(_work: Attempt) -> None:
        raise StoreUnavailable("no answer")

    for _ in range(MOST_FAILURES + 2):
        run_step(workshop, take.recording_id, StepName.CHECK, cut_off, lambda *args: None)

    recording = reread(session, take)
    assert recording.state is RecordingState.RECEIVED
    assert recording.step(StepName.CHECK).failures == 0
    assert Task.CHECK_RECORDING in waiting_jobs(session)


def test_our_own_failures_end_with_words_after_a_few_tries(
    workshop: Workshop, session: Session, upload: Upload, clip: Path
) -> None:
    take = upload(clip)

    def stumble(_work: Attempt) -> None:
        raise RuntimeError("a bug of ours")

    for _ in range(MOST_FAILURES):
        run_step(workshop, take.recording_id, StepName.CHECK, stumble, lambda *args: None)

    recording = reread(session, take)
    assert recording.state is RecordingState.BROKEN
    assert recording.reason and "safe" in recording.reason and "bug" not in recording.reason


def test_a_failed_encode_leaves_the_copy_playing(
    workshop: Workshop, session: Session, upload: Upload, clip: Path
) -> None:
    take = upload(clip)
    check_recording(workshop, str(take.recording_id))

    def stumble(_work: Attempt) -> None:
        raise RuntimeError("a bug of ours")

    for _ in range(MOST_FAILURES):
        run_step(workshop, take.recording_id, StepName.ENCODE, stumble, lambda *args: None)

    recording = reread(session, take)
    assert recording.state is RecordingState.PLAYABLE and recording.is_settled
    assert recording.warning and recording.progressive is not None


def test_a_worker_that_stops_puts_its_work_back(
    workshop: Workshop, session: Session, upload: Upload, clip: Path
) -> None:
    take = upload(clip)
    workshop.stopping.set()

    check_recording(workshop, str(take.recording_id))

    step = reread(session, take).step(StepName.CHECK)
    assert step.state is StepState.WAITING and step.failures == 0
    assert [entry.name for entry in workshop.bench.folder.iterdir()] == ["lock"]


def test_a_take_deleted_during_the_encode_leaves_nothing(
    workshop: Workshop, session: Session, store: ObjectStore, upload: Upload, clip: Path
) -> None:
    take = upload(clip)
    check_recording(workshop, str(take.recording_id))
    folder = reread(session, take).folder
    practising.delete_take(session, session.merge(take))
    session.commit()

    def forgotten_meanwhile(work: Attempt) -> None:
        with time_machine.travel(db.now() + timedelta(hours=1), tick=False):
            forget_take(workshop, str(take.id))
        work.publish(clip, "video/mp4")

    run_step(workshop, take.recording_id, StepName.ENCODE, forgotten_meanwhile, lambda *args: None)
    delete_objects(workshop, folder)

    assert session.scalar(select(func.count()).select_from(Recording)) == 0
    assert list(store.list_objects(folder)) == []


# --- deleting -----------------------------------------------------------------------------------


def test_a_deleted_take_can_be_brought_back_for_a_while(
    workshop: Workshop, session: Session, store: ObjectStore, upload: Upload, clip: Path
) -> None:
    take = session.merge(upload(clip))
    practising.delete_take(session, take)
    session.commit()

    forget_take(workshop, str(take.id))

    assert objects_of(store, reread(session, take))
    practising.undelete_take(session, take)
    assert not take.is_deleted


# --- the sweep ------------------------------------------------------------------------------------


def test_the_sweep_queues_a_step_that_lost_its_job(
    workshop: Workshop, session: Session, upload: Upload, clip: Path
) -> None:
    upload(clip)
    session.execute(text("TRUNCATE procrastinate_jobs CASCADE"))
    session.commit()

    sweep(workshop)

    assert waiting_jobs(session) == [Task.CHECK_RECORDING]


def test_the_sweep_leaves_a_step_alone_whose_job_waits(
    workshop: Workshop, session: Session, upload: Upload, clip: Path
) -> None:
    upload(clip)

    sweep(workshop)

    assert waiting_jobs(session) == [Task.CHECK_RECORDING]


def test_the_sweep_adopts_an_upload_that_was_assembled_before_a_crash(
    workshop: Workshop, session: Session, store: ObjectStore, make: Factory, cast: Cast, clip: Path
) -> None:
    recording = make.recording(RecordingState.AWAITING_UPLOAD)
    source = recording.sources[0]
    source.size_bytes, source.created_at = clip.stat().st_size, db.now() - timedelta(minutes=5)
    make.take(cast.ada, make.scenario(cast.team), submitted=False, recording=recording)
    store.put_file(clip, source.object_key, "application/octet-stream")
    session.commit()

    sweep(workshop)

    session.expire_all()
    assert recording.state is RecordingState.RECEIVED
    assert waiting_jobs(session) == [Task.CHECK_RECORDING]


def test_the_sweep_drops_an_upload_nobody_came_back_to(
    workshop: Workshop, session: Session, store: ObjectStore, make: Factory, cast: Cast
) -> None:
    recording = make.recording(RecordingState.AWAITING_UPLOAD)
    source = recording.sources[0]
    source.upload_id = store.begin_multipart(source.object_key, "application/octet-stream")
    source.created_at = db.now() - timedelta(days=8)
    make.take(cast.ada, make.scenario(cast.team), submitted=False, recording=recording)
    session.commit()

    sweep(workshop)

    assert session.scalar(select(func.count()).select_from(Source)) == 0


def test_garbage_goes_and_sources_stay(
    workshop: Workshop, session: Session, store: ObjectStore, upload: Upload, clip: Path
) -> None:
    take = upload(clip)
    check_recording(workshop, str(take.recording_id))
    recording = reread(session, take)
    loser = f"{recording.folder}check/attempt-99/playable.mp4"
    stray = "recordings/11111111-1111-1111-1111-111111111111/source/22222222-2222-2222-2222-222222222222"
    for key in (loser, stray):
        store.put_bytes(b"left behind", key, "video/mp4")
    wanted = objects_of(store, recording) - {loser}

    collect_garbage(workshop)
    assert loser in objects_of(store, recording), "fresh objects may belong to an attempt that is running"

    collect_garbage(workshop, older_than=timedelta(seconds=-60))
    assert objects_of(store, recording) == wanted
    assert store.stat(stray).size_bytes > 0
    store.delete([stray])


def test_an_upload_of_a_worker_that_was_killed_is_ended_and_that_of_a_browser_is_not(
    workshop: Workshop, session: Session, store: ObjectStore, make: Factory, cast: Cast
) -> None:
    recording = make.recording(RecordingState.AWAITING_UPLOAD)
    source = recording.sources[0]
    source.upload_id = store.begin_multipart(source.object_key, "application/octet-stream")
    make.take(cast.ada, make.scenario(cast.team), submitted=False, recording=recording)
    session.commit()
    store.begin_multipart(f"{recording.folder}encode/attempt-1/720p.mp4", "video/mp4")

    collect_garbage(workshop)
    assert len(list(store.list_multiparts(recording.folder))) == 2, "fresh ones may be in use"

    collect_garbage(workshop, older_than=timedelta(seconds=-60))
    assert [upload.key for upload in store.list_multiparts(recording.folder)] == [source.object_key]
    store.abort_multiparts(recording.folder)
