"""The file of a moment: cut by the real steps, handed out while it is shown, gone with the consent."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.actions import clipping, library, practising
from pitchreview.errors import InvalidState
from pitchreview.models import ConsentState, Exemplar, Recording, RecordingState, StepName, User
from pitchreview.queue import Task
from pitchreview.store import ObjectStore
from tests.conftest import Cast
from tests.factories import Factory
from tests.sending import ask
from worker.media.probe import probe
from worker.tasks.check import check_recording
from worker.tasks.compose import compose_recording
from worker.tasks.encode import encode_recording
from worker.tasks.forget import delete_objects
from worker.tasks.sweep import sweep
from worker.workshop import Workshop

ClientOf = Callable[[User | None], FlaskClient]
FROM_MS, UNTIL_MS = 4_300, 7_100


@pytest.fixture
def moment(make: Factory, cast: Cast, store: ObjectStore, clips_folder: Path) -> Exemplar:
    """Less than three seconds of a take of Ada, which the team may watch."""
    take = make.take(cast.ada, make.scenario(cast.team))
    store.put_file(clips_folder / "discovery-ada.mp4", take.recording.sources[0].object_key, "video/mp4")
    exemplar = make.exemplar(take, cast.mona, from_ms=FROM_MS, until_ms=UNTIL_MS)
    make.session.commit()
    return exemplar


def clip_of(session: Session, moment: Exemplar) -> Recording:
    session.commit()
    session.expire_all()
    assert moment.clip is not None
    return moment.clip


def deletions(session: Session) -> list[str]:
    query = text("SELECT args ->> 'prefix' FROM procrastinate_jobs WHERE task_name = :task")
    return list(session.scalars(query, {"task": Task.DELETE_OBJECTS.value}))


def test_a_moment_becomes_a_file_of_its_own_and_goes_with_the_consent(
    workshop: Workshop,
    session: Session,
    store: ObjectStore,
    client_of: ClientOf,
    cast: Cast,
    moment: Exemplar,
    tmp_path: Path,
) -> None:
    mona, jonas = client_of(cast.mona), client_of(cast.jonas)
    address = f"/exemplars/{moment.id}/file"
    assert jonas.get(address).status_code == 404
    assert "Make a file of it" in mona.get(f"/exemplars/{moment.id}").text
    assert mona.post(address).status_code == 302
    clip = clip_of(session, moment)
    assert "being cut out" in mona.get(f"/exemplars/{moment.id}").text
    for step in (compose_recording, check_recording, encode_recording):
        step(workshop, str(clip.id))
    clip = clip_of(session, moment)
    assert clip.state is RecordingState.READY, clip.reason

    handed_over = jonas.get(address).headers["Location"]
    assert "Handing%20the%20price%20back%20as%20a%20question.mp4" in handed_over
    assert int(re.findall(r"Expires=(\d+)", handed_over)[0]) <= 300
    file = tmp_path / "moment.mp4"
    file.write_bytes(ask(handed_over).body)
    assert abs(probe(workshop.tools, file).duration_ms - (UNTIL_MS - FROM_MS)) <= 100
    assert f"Download, {len(file.read_bytes()) // 1024} KB" in jonas.get(f"/exemplars/{moment.id}").text

    mona.post(address)
    assert clip_of(session, moment).id == clip.id, "it is made once"

    # Whoever answers no drops it at once; what was missed is found by the sweep.
    folder = clip.folder
    moment.answer_consent(ConsentState.WITHDRAWN, db.now())
    session.commit()
    assert jonas.get(address).status_code == 404
    sweep(workshop)
    session.expire_all()
    assert (moment.clip, deletions(session)) == (None, [folder])
    delete_objects(workshop, folder)
    assert list(store.list_objects(folder)) == []


def test_another_range_is_another_file(session: Session, cast: Cast, moment: Exemplar) -> None:
    clipping.make(session, moment)
    first = clip_of(session, moment)
    library.change(session, moment, cast.mona, library.NewExemplar("T", "W", [], FROM_MS, UNTIL_MS))
    assert clip_of(session, moment).id == first.id, "new words cut nothing anew"
    old = first.folder
    library.change(session, moment, cast.mona, library.NewExemplar("T", "W", [], FROM_MS + 500, UNTIL_MS))
    second = clip_of(session, moment)
    assert (second.cut_from_ms, second.current_step and second.current_step.name) == (
        FROM_MS + 500,
        StepName.COMPOSE,
    )
    assert deletions(session) == [old]
    library.change(session, moment, cast.mona, library.NewExemplar("T", "W", [], 0, UNTIL_MS))
    session.commit()
    assert moment.clip is None, "it shows more, so the presenter is asked before anything is cut"
    with pytest.raises(InvalidState, match="can watch it"):
        clipping.make(session, moment)


@pytest.mark.parametrize("end", ["taken down", "taken back", "deleted", "forgotten", "its moment is gone"])
def test_whatever_ends_a_moment_ends_its_file(
    workshop: Workshop, session: Session, cast: Cast, moment: Exemplar, end: str
) -> None:
    clipping.make(session, moment)
    folder = clip_of(session, moment).folder
    take = moment.take
    ends: dict[str, Callable[[], None]] = {
        "taken down": lambda: library.take_down(session, moment, cast.mona),
        "taken back": lambda: practising.take_back(session, take),
        "deleted": lambda: practising.delete_take(session, take),
        "forgotten": lambda: practising.forget_take(session, take),
        "its moment is gone": lambda: session.delete(moment),
    }
    ends[end]()
    session.commit()
    if end == "its moment is gone":
        sweep(workshop)
    session.expire_all()
    assert folder in deletions(session)
    assert session.scalars(select(Recording).where(Recording.cut_from_ms.is_not(None))).all() == []


def test_the_file_of_a_shown_moment_stays(workshop: Workshop, session: Session, moment: Exemplar) -> None:
    clipping.make(session, moment)
    clip = clip_of(session, moment)
    sweep(workshop)
    assert clip_of(session, moment).id == clip.id
