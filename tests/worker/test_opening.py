"""What browsers do not play becomes playable while its lowest rung is made."""

import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from pitchreview.actions import intake
from pitchreview.models import LiveSegment, Recording, RecordingState, StepName, StepState, Take
from pitchreview.store import ObjectStore
from tests.worker.reading import reread
from worker import attempt
from worker.attempt import Attempt
from worker.media.tools import Tools
from worker.tasks.check import check_recording
from worker.tasks.encode import encode_recording
from worker.tasks.open import open_recording
from worker.tasks.sweep import collect_garbage
from worker.workshop import Workshop

Upload = Callable[[Path], Take]


@pytest.fixture(scope="module")
def phone(media_tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some seconds as a phone records them."""
    made = tmp_path_factory.mktemp("phone") / "phone.mov"
    drawn = ["-f", "lavfi", "-i", "testsrc2=s=640x360:r=30:d=8", "-f", "lavfi", "-i", "sine=d=8"]
    encode = [
        "-c:v",
        "libx265",
        "-preset",
        "ultrafast",
        "-x265-params",
        "log-level=none",
        "-tag:v",
        "hvc1",
        "-c:a",
        "aac",
    ]
    subprocess.run([media_tools.ffmpeg, "-nostdin", "-v", "error", *drawn, *encode, made], check=True)
    return made


def test_it_plays_while_it_is_made_and_the_whole_rung_takes_over(
    workshop: Workshop,
    session: Session,
    store: ObjectStore,
    upload: Upload,
    phone: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    take = upload(phone)
    check_recording(workshop, str(take.recording_id))
    recording = reread(session, take)
    assert recording.state is RecordingState.RECEIVED
    assert [step.name for step in recording.due_steps] == [StepName.OPEN], "the ladder waits for it"

    seen: list[tuple[RecordingState, int, int]] = []
    save = Attempt.save

    def watched(work: Attempt, write: Callable[[Session, Recording], None]) -> None:
        save(work, write)
        now = reread(session, take)
        assert all(store.stat(segment.object_key).size_bytes > 0 for segment in now.growing)
        seen.append((now.state, len(now.growing), sum(segment.duration_ms for segment in now.growing)))

    monkeypatch.setattr(Attempt, "save", watched)
    monkeypatch.setattr("worker.tasks.open.SECONDS_BETWEEN_STRETCHES", 0)
    open_recording(workshop, str(take.recording_id))

    assert seen and all(state is RecordingState.PLAYABLE for state, _, _ in seen)
    assert seen[0][2] < recording.duration_ms, "it played before it was whole"
    assert seen == sorted(seen, key=lambda row: row[1])
    recording = reread(session, take)
    assert [rung.rung for rung in recording.rungs] == [360]
    assert [step.name for step in recording.due_steps] == [StepName.ENCODE]

    encode_recording(workshop, str(take.recording_id))
    recording = reread(session, take)
    assert recording.state is RecordingState.READY
    (rung,) = recording.rungs
    assert rung.object_key.startswith(f"{recording.folder}encode/"), "with the sound made even"
    assert recording.storyboard is not None and recording.waveform is not None

    assert sum(s.duration_ms for s in recording.growing) == pytest.approx(recording.duration_ms, abs=100)
    live = [segment.object_key for segment in recording.growing]
    collect_garbage(workshop, older_than=timedelta(seconds=-60))
    assert reread(session, take).growing == []
    assert not set(live) & {stat.key for stat in store.list_objects(recording.folder)}


def test_stretches_of_an_attempt_that_was_overtaken_play_until_there_are_more(
    workshop: Workshop, session: Session, upload: Upload, phone: Path
) -> None:
    take = upload(phone)
    check_recording(workshop, str(take.recording_id))
    recording = reread(session, take)
    for number, count in ((1, 3), (2, 2)):
        recording.live_segments.extend(
            LiveSegment(attempt=number, sequence=k, object_key=f"{number}/{k}", duration_ms=2000)
            for k in range(count)
        )
    session.commit()
    assert [s.object_key for s in reread(session, take).growing] == ["1/0", "1/1", "1/2"]


def test_a_cancelled_step_ends_within_seconds_and_can_be_taken_up_again(
    workshop: Workshop, session: Session, upload: Upload, phone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempt, "SECONDS_BETWEEN_LOOKS", 0)
    take = upload(phone)
    check_recording(workshop, str(take.recording_id))

    def cancelled(work: Attempt) -> None:
        with workshop.sessions() as other, other.begin():
            found = other.get(Recording, take.recording_id)
            assert found is not None
            intake.cancel(other, found)
        assert work.should_stop()

    attempt.run(workshop, take.recording_id, StepName.OPEN, cancelled, lambda *args: pytest.fail("saved"))
    recording = reread(session, take)
    assert recording.is_cancelled and recording.is_settled
    open_recording(workshop, str(take.recording_id))
    assert reread(session, take).step(StepName.OPEN).state is StepState.CANCELLED

    intake.retry(session, reread(session, take))
    session.commit()
    open_recording(workshop, str(take.recording_id))
    assert reread(session, take).state is RecordingState.PLAYABLE
