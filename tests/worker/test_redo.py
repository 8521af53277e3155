"""One rendition made anew: the others stay, and what is there plays until its successor has been verified."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from pitchreview.actions import intake
from pitchreview.errors import BrokenMedia, InvalidState
from pitchreview.models import Recording, RecordingState, StepName, Take
from pitchreview.queue import Task
from pitchreview.store import ObjectStore
from tests.conftest import Cast
from tests.factories import Factory
from tests.worker.reading import reread
from worker import attempt
from worker.attempt import Attempt
from worker.tasks.check import check_recording
from worker.tasks.encode import encode_recording
from worker.tasks.sweep import sweep
from worker.workshop import Workshop

Upload = Callable[[Path], Take]
TASKS = {StepName.CHECK: check_recording, StepName.ENCODE: encode_recording}


def keys(recording: Recording) -> dict[str, str]:
    return {rendition.label: rendition.object_key for rendition in recording.renditions}


@pytest.fixture
def ready(workshop: Workshop, session: Session, upload: Upload, clips_folder: Path) -> Take:
    take = upload(clips_folder / "discovery-ada.mp4")
    for task in TASKS.values():
        task(workshop, str(take.recording_id))
    assert reread(session, take).state is RecordingState.READY
    return take


@pytest.fixture
def finished(make: Factory, cast: Cast) -> Take:
    """The same in rows alone, where no file is touched."""
    take = make.take(cast.ada, make.scenario(cast.team), recording=make.recording(RecordingState.READY))
    make.session.commit()
    return take


def redo(session: Session, take: Take, label: str) -> Recording:
    recording = reread(session, take)
    rendition = next(r for r in recording.renditions if r.label == label)
    intake.redo(session, recording, rendition)
    session.commit()
    return reread(session, take)


@pytest.mark.campaign
def test_each_rendition_can_be_made_anew_by_itself(
    workshop: Workshop, session: Session, store: ObjectStore, ready: Take
) -> None:
    for label in keys(reread(session, ready)):
        before = keys(reread(session, ready))
        waiting = redo(session, ready, label)
        assert waiting.state is RecordingState.READY and keys(waiting) == before
        (step,) = waiting.due_steps

        TASKS[step.name](workshop, str(ready.recording_id))

        after = keys(reread(session, ready))
        assert {name for name in after if after[name] != before.get(name)} == {label}
        assert set(after) == set(before)
        assert store.stat(after[label]).size_bytes > 0
        recording = reread(session, ready)
        assert recording.is_settled and recording.step(step.name).only is None


def test_a_file_that_is_worked_on_is_not_given_more_to_do(session: Session, finished: Take) -> None:
    redo(session, finished, "storyboard 0")
    with pytest.raises(InvalidState, match="still being worked on"):
        redo(session, finished, "storyboard 0")


def test_one_that_cannot_be_made_anew_leaves_the_take_as_good_as_it_was(
    workshop: Workshop, session: Session, finished: Take
) -> None:
    before = keys(redo(session, finished, "storyboard 0"))

    def refuse(_work: Attempt) -> None:
        raise BrokenMedia("The picture cannot be decoded.")

    attempt.run(workshop, finished.recording_id, StepName.ENCODE, refuse, lambda *args: None)

    recording = reread(session, finished)
    assert recording.state is RecordingState.READY and keys(recording) == before
    assert recording.warning and "cannot be decoded" in recording.warning
    intake.retry(session, recording)
    assert [step.name for step in recording.due_steps] == [StepName.ENCODE]
    assert recording.step(StepName.ENCODE).only == "storyboard 0"


def test_the_sweep_brings_back_a_job_that_was_lost(
    workshop: Workshop, session: Session, finished: Take
) -> None:
    redo(session, finished, "storyboard 0")
    session.execute(text("TRUNCATE procrastinate_jobs CASCADE"))
    session.commit()

    sweep(workshop)

    waiting = text("SELECT task_name FROM procrastinate_jobs WHERE status = 'todo'")
    assert list(session.scalars(waiting)) == [Task.ENCODE_RECORDING]
