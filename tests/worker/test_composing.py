"""From several files, or a stretch of another take, to what plays: through the real steps."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.actions import composing, intake, practising
from pitchreview.config import Settings
from pitchreview.models import (
    Layout,
    Recording,
    RecordingState,
    Source,
    StepName,
    StepState,
    Take,
    User,
)
from pitchreview.store import ABANDONED_UPLOAD_DAYS, ObjectStore
from tests.conftest import Cast
from tests.factories import Factory
from tests.media import Clips
from tests.worker.reading import reread
from worker.media.errors import Aborted
from worker.media.tools import Tools
from worker.tasks.check import check_recording
from worker.tasks.compose import compose_recording
from worker.tasks.encode import encode_recording
from worker.tasks.sweep import collect_garbage, sweep
from worker.workshop import Workshop

ClientOf = Callable[[User | None], FlaskClient]
TASKS = {
    StepName.COMPOSE: compose_recording,
    StepName.CHECK: check_recording,
    StepName.ENCODE: encode_recording,
}


@pytest.fixture(scope="session")
def clips(media_tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> Clips:
    return Clips(media_tools, tmp_path_factory.mktemp("clips"))


@pytest.fixture
def practice(make: Factory, cast: Cast, store: ObjectStore) -> Callable[..., Take]:
    """A practice take of Ada whose files, by role, have just arrived; None: its object was lost."""

    def receive(**files: Path | None) -> Take:
        recording = Recording(id=uuid4(), state=RecordingState.AWAITING_UPLOAD, steps=[], renditions=[])
        recording.sources = [_source(store, recording, role, path) for role, path in files.items()]
        take = make.take(cast.ada, make.scenario(cast.team), submitted=False, recording=recording)
        recording.receive(db.now())
        make.session.commit()
        return take

    return receive


def _source(store: ObjectStore, recording: Recording, role: str, path: Path | None) -> Source:
    key = f"{recording.folder}source/{uuid4()}"
    if path is not None:
        store.put_file(path, key, "application/octet-stream")
    return Source(
        role=role,
        object_key=key,
        file_name=f"{role}.webm",
        content_type="video/webm",
        size_bytes=path.stat().st_size if path else 10,
        part_size=8 * 1024 * 1024,
        received_at=db.now(),
    )


def work(workshop: Workshop, session: Session, take: Take, *, until: StepName | None = None) -> Recording:
    """Does whatever step comes next, until there is none or it is this one's turn."""
    recording = reread(session, take)
    while not recording.is_broken and (step := recording.current_step) is not None and step.name is not until:
        TASKS[step.name](workshop, str(recording.id))
        recording = reread(session, take)
        assert all(step.failures == 0 for step in recording.steps), "this failed by a fault of ours"
    return recording


def test_screen_and_camera_become_one_take_and_are_arranged_anew(
    workshop: Workshop, session: Session, store: ObjectStore, clips: Clips, practice: Callable[..., Take]
) -> None:
    take = practice(camera=clips("clapper.webm"), screen=clips("window.mp4"))
    recording = work(workshop, session, take)

    assert (recording.state, recording.warning) == (RecordingState.READY, None)
    assert [(r.rung, (r.layout or {})["copied"]) for r in recording.rungs] == [(240, True)]
    old = recording.footage
    assert old is not None and (recording.width, recording.height) == (320, 240)

    composing.arrange(session, session.get_one(Take, take.id), Layout.CAMERA)
    session.commit()
    assert reread(session, take).is_playable, "the old one plays on"
    recording = work(workshop, session, take)

    assert (recording.state, recording.width, recording.height) == (RecordingState.READY, 320, 180)
    assert [rung.rung for rung in recording.rungs] == [180]
    collect_garbage(workshop, older_than=timedelta(0))
    kept = {rendition.object_key for rendition in recording.renditions}
    kept |= {source.object_key for source in recording.sources}
    assert {stat.key for stat in store.list_objects(recording.folder)} == kept


@pytest.mark.campaign
def test_a_part_that_was_lost_is_told_and_the_other_is_shown(
    workshop: Workshop, session: Session, clips: Clips, practice: Callable[..., Take]
) -> None:
    take = practice(camera=clips("clapper.webm"), screen=None)
    recording = work(workshop, session, take, until=StepName.ENCODE)

    assert (recording.is_playable, recording.width, recording.height) == (True, 320, 180)
    assert recording.warning == "Some of the screen could not be used."


def test_where_all_is_lost_the_take_is_broken_with_a_reason(
    workshop: Workshop, session: Session, practice: Callable[..., Take], tmp_path: Path
) -> None:
    letter = tmp_path / "letter"
    letter.write_bytes(b"%PDF-1.7 this is a letter" * 100)
    recording = work(workshop, session, practice(camera=letter, screen=None))

    assert recording.state is RecordingState.BROKEN
    assert recording.reason and "PDF" in recording.reason


def test_nobody_else_reaches_what_was_cut_away(
    workshop: Workshop,
    session: Session,
    settings: Settings,
    clips: Clips,
    cast: Cast,
    client_of: ClientOf,
    practice: Callable[..., Take],
) -> None:
    whole = practice(camera=clips("clapper.mp4"))
    work(workshop, session, whole)
    shorter = composing.trim(session, settings, session.get_one(Take, whole.id), cast.ada, 1000, 2600)
    practising.submit(session, shorter)
    session.commit()

    recording = work(workshop, session, shorter)

    assert (recording.state, recording.warning) == (RecordingState.READY, None)
    assert recording.duration_ms == pytest.approx(1600, abs=70)
    assert recording.footage is not None and recording.sources == []
    cole, ada = client_of(cast.cole), client_of(cast.ada)
    old = reread(session, whole)
    addresses = [f"/takes/{whole.id}", f"/takes/{whole.id}/stage", f"/media/{old.id}/master.m3u8"]
    addresses += [f"/media/{old.id}/{rendition.id}" for rendition in old.renditions]
    assert {cole.get(address).status_code for address in addresses} == {404}
    assert {ada.get(address).status_code for address in addresses} <= {200, 302}
    assert cole.get(f"/takes/{shorter.id}").status_code == 200
    shown = cole.get(f"/pitches/{shorter.pitch_id}").text
    assert str(shorter.id) in shown and str(whole.id) not in shown


def test_a_screen_that_never_comes_does_not_cost_the_camera(
    workshop: Workshop, session: Session, store: ObjectStore, make: Factory, cast: Cast
) -> None:
    recording = make.recording(RecordingState.AWAITING_UPLOAD)
    camera = recording.sources[0]
    camera.received_at, camera.upload_id = db.now(), None
    screen = _source(store, recording, "screen", None)
    screen.received_at = None
    screen.created_at = db.now() - timedelta(days=ABANDONED_UPLOAD_DAYS + 1)
    recording.sources.append(screen)
    take = make.take(cast.ada, make.scenario(cast.team), submitted=False, recording=recording)
    session.commit()

    sweep(workshop)

    recording = reread(session, take)
    assert (recording.state, [source.role for source in recording.sources]) == (
        RecordingState.RECEIVED,
        ["camera"],
    )
    assert [step.name for step in recording.due_steps] == [StepName.CHECK]


def test_what_is_cut_from_a_take_that_is_gone_says_so(
    workshop: Workshop,
    session: Session,
    settings: Settings,
    make: Factory,
    cast: Cast,
) -> None:
    whole = make.take(cast.ada, make.scenario(cast.team), submitted=False)
    shorter = composing.trim(session, settings, whole, cast.ada, 0, 5000)
    practising.forget_take(session, whole)
    session.commit()

    recording = work(workshop, session, shorter)

    assert recording.state is RecordingState.BROKEN
    assert recording.reason and "does not exist any more" in recording.reason


def test_work_that_is_stopped_goes_on_when_its_owner_likes(
    workshop: Workshop,
    session: Session,
    clips: Clips,
    practice: Callable[..., Take],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    take = practice(camera=clips("clapper.webm"), screen=clips("window.mp4"))

    def stopped(*_args: object, **_more: object) -> None:
        with workshop.sessions() as owner, owner.begin():
            intake.cancel(owner, owner.get_one(Recording, take.recording_id))
        raise Aborted("Stopped on request.")

    with monkeypatch.context() as patch:
        patch.setattr("worker.tasks.compose.compose", stopped)
        compose_recording(workshop, str(take.recording_id))
    recording = reread(session, take)
    assert recording.is_cancelled and recording.step(StepName.COMPOSE).state is StepState.CANCELLED

    intake.retry(session, recording)
    session.commit()
    assert [step.name for step in reread(session, take).due_steps] == [StepName.COMPOSE]


def test_an_arrangement_that_fails_leaves_the_take_as_good_as_it_was(
    workshop: Workshop, session: Session, make: Factory, cast: Cast
) -> None:
    take = make.take(cast.ada, make.scenario(cast.team), submitted=False)
    make.add_screen(take.recording)
    before = {rendition.id for rendition in take.recording.renditions}
    composing.arrange(session, take, Layout.SCREEN)
    session.commit()

    recording = work(workshop, session, take)  # its file was never in the store

    assert (recording.state, recording.is_settled) == (RecordingState.READY, True)
    assert {rendition.id for rendition in recording.renditions} == before
    assert recording.warning


def test_files_put_together_are_listed_to_their_owner_alone(
    make: Factory, cast: Cast, client_of: ClientOf
) -> None:
    take = make.take(cast.ada, make.scenario(cast.team), submitted=False)
    take.recording.sources[0].role = "screen"
    take.recording.step(StepName.COMPOSE)
    make.session.commit()

    assert "Putting screen and camera together" in client_of(cast.ada).get(f"/takes/{take.id}/file").text
    assert client_of(cast.cole).get(f"/takes/{take.id}/file").status_code == 404
