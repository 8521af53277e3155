"""Recorded replies at the worker: how long they may be, and when they go."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.actions import intake, practising, replying, reviewing
from pitchreview.models import Comment, Recording, RecordingState, StepName
from pitchreview.queue import Task
from pitchreview.store import ObjectStore
from tests.conftest import Cast
from tests.factories import Factory
from worker.tasks.check import check_recording
from worker.tasks.forget import delete_objects, forget_reply
from worker.tasks.looking import REPLY_SPARE_SECONDS
from worker.tasks.sweep import sweep
from worker.workshop import Workshop

CLIP = "discovery-ada.mp4"  # 26 seconds


@pytest.fixture
def spoken(
    make: Factory, cast: Cast, store: ObjectStore, clips_folder: Path
) -> Callable[[], tuple[Comment, Recording]]:
    """A comment of Cole's whose recording has just arrived."""

    def speak() -> tuple[Comment, Recording]:
        recording = make.spoken(cast.cole, RecordingState.RECEIVED)
        store.put_file(clips_folder / CLIP, recording.sources[0].object_key, "application/octet-stream")
        recording.step(StepName.CHECK)
        remark = make.comment(make.take(cast.ada, make.scenario(cast.team)), cast.cole, recording=recording)
        make.session.commit()
        return remark, recording

    return speak


Spoken = Callable[[], tuple[Comment, Recording]]


def allowing(workshop: Workshop, seconds: int) -> Workshop:
    return replace(workshop, settings=workshop.settings.model_copy(update={"reply_seconds": seconds}))


def test_a_reply_that_is_too_long_is_refused_with_a_sentence(
    workshop: Workshop, session: Session, spoken: Spoken
) -> None:
    _remark, recording = spoken()
    check_recording(allowing(workshop, 10), str(recording.id))
    session.expire_all()
    assert recording.state is RecordingState.BROKEN
    assert "the longest that can be taken is 10 seconds" in (recording.reason or "")


def test_a_recorder_that_stopped_a_little_late_is_forgiven(
    workshop: Workshop, session: Session, spoken: Spoken
) -> None:
    _remark, recording = spoken()
    check_recording(allowing(workshop, 26 - REPLY_SPARE_SECONDS + 2), str(recording.id))
    session.expire_all()
    assert recording.is_playable
    assert recording.poster is not None


def test_what_was_said_goes_when_nobody_can_bring_it_back(
    workshop: Workshop, session: Session, store: ObjectStore, spoken: Spoken
) -> None:
    remark, recording = spoken()
    folder = recording.folder
    reviewing.delete_comment(session, remark)
    session.commit()
    forget_reply(workshop, str(remark.id))
    session.expire_all()
    assert remark.recording_id is not None, "it may still be brought back"

    with time_machine.travel(db.now() + reviewing.UNDO_WINDOW + timedelta(minutes=2)):
        session.execute(text("TRUNCATE procrastinate_jobs CASCADE"))
        session.commit()
        sweep(workshop)
        assert Task.FORGET_REPLY in waiting(session), "a lost job is found again"
        forget_reply(workshop, str(remark.id))
    session.expire_all()
    assert remark.recording_id is None
    assert Task.DELETE_OBJECTS in waiting(session)
    delete_objects(workshop, folder)
    assert list(store.list_objects(folder)) == []


def test_a_comment_that_was_brought_back_keeps_what_was_said(
    workshop: Workshop, session: Session, spoken: Spoken
) -> None:
    remark, _recording = spoken()
    reviewing.delete_comment(session, remark)
    reviewing.undelete_comment(session, remark)
    session.commit()
    forget_reply(workshop, str(remark.id))
    session.expire_all()
    assert remark.recording_id is not None


def test_a_deleted_take_takes_what_was_said_about_it_along(session: Session, spoken: Spoken) -> None:
    remark, recording = spoken()
    folders = {recording.folder, remark.take.recording.folder}
    practising.forget_take(session, remark.take)
    session.commit()
    prefixes = session.scalars(text("SELECT args ->> 'prefix' FROM procrastinate_jobs")).all()
    assert set(prefixes) == folders
    assert session.scalars(select(Recording)).all() == []


def test_what_no_comment_came_to_carry_is_swept_after_a_day(
    workshop: Workshop, session: Session, make: Factory, cast: Cast, spoken: Spoken
) -> None:
    _remark, posted = spoken()
    take = make.take(cast.cole, make.scenario(cast.team), submitted=False)
    unposted, on_its_way = make.spoken(cast.cole), make.spoken(cast.cole, RecordingState.AWAITING_UPLOAD)
    session.commit()
    everything = {posted.id, take.recording_id, unposted.id, on_its_way.id}
    sweep(workshop)
    assert everything <= set(session.scalars(select(Recording.id)))
    with time_machine.travel(db.now() + replying.UNUSED_AFTER + timedelta(minutes=1)):
        sweep(workshop)
    left = set(session.scalars(select(Recording.id)))
    assert everything & left == {posted.id, take.recording_id}


def test_progress_of_a_reply_is_told_to_the_page_of_its_take(
    session: Session, spoken: Spoken, monkeypatch: pytest.MonkeyPatch
) -> None:
    remark, recording = spoken()
    told: list[tuple[str, ...]] = []
    monkeypatch.setattr(db, "announce", lambda _session, *words: told.append(words))
    intake.announce_recording(session, recording)
    assert told == [(f"recording:{recording.id}",), (f"take:{remark.take_id}", "comments")]


def waiting(session: Session) -> list[str]:
    return list(session.scalars(text("SELECT task_name FROM procrastinate_jobs WHERE status = 'todo'")))
