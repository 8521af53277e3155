"""A take of several files: camera and screen, and what followed a crash; received when all have arrived."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from pitchreview.models import Layout, Recording, RecordingState, Scenario, Source, StepName, Take, User
from pitchreview.store import ObjectStore
from tests.conftest import Cast
from tests.factories import Factory
from tests.sending import put

ClientOf = Callable[[User | None], FlaskClient]
CAMERA = {"file_name": "take.webm", "content_type": "video/webm", "fingerprint": "the-camera"}
SCREEN = CAMERA | {"fingerprint": "the-screen", "role": "screen", "sequence": 0, "offset_ms": 120}
CONTENT = b"0123456789"


@pytest.fixture
def ada(client_of: ClientOf, cast: Cast) -> FlaskClient:
    return client_of(cast.ada)


@pytest.fixture
def camera(make: Factory, cast: Cast, ada: FlaskClient) -> dict[str, Any]:
    """The first file of a take that Ada is recording."""
    scenario: Scenario = make.scenario(cast.team)
    make.session.commit()
    begun: dict[str, Any] = ada.post(f"/scenarios/{scenario.id}/recordings", json=CAMERA).get_json()
    return begun


def add(ada: FlaskClient, camera: dict[str, Any], **more: Any) -> tuple[int, dict[str, Any]]:
    answer = ada.post(f"{camera['take']}/sources", json=SCREEN | more)
    return answer.status_code, answer.get_json()


def finish(ada: FlaskClient, begun: dict[str, Any], **told: Any) -> int:
    signed = ada.post(f"{begun['upload']}/parts", json={"numbers": [1]}).get_json()["addresses"]
    put(signed["1"], CONTENT)
    completion = {"size_bytes": len(CONTENT)} | told
    return ada.post(f"{begun['upload']}/completion", json=completion).status_code


def recording(session: Session) -> Recording:
    session.rollback()
    session.expire_all()
    return session.scalars(select(Recording)).one()


def jobs(session: Session) -> list[str]:
    return list(session.scalars(text("SELECT task_name FROM procrastinate_jobs ORDER BY id")))


def test_a_take_of_screen_and_camera_is_received_when_both_have_arrived(
    ada: FlaskClient, session: Session, camera: dict[str, Any]
) -> None:
    status, screen = add(ada, camera)
    assert (status, screen["take"], set(screen)) == (201, camera["take"], set(camera))

    assert finish(ada, camera, layout="side_by_side") == 200
    assert (recording(session).state, jobs(session)) == (RecordingState.AWAITING_UPLOAD, [])
    assert finish(ada, screen, offset_ms=-40) == 200

    arrived = recording(session)
    assert (arrived.state, arrived.layout) == (RecordingState.RECEIVED, Layout.SIDE_BY_SIDE)
    found = [(source.role, source.sequence, source.offset_ms) for source in arrived.sources]
    assert found == [("camera", 0, 0), ("screen", 0, -40)]
    assert [step.name for step in arrived.steps] == [StepName.COMPOSE]
    assert jobs(session) == ["compose_recording"]
    assert add(ada, camera, sequence=1, fingerprint="late")[0] == 409


def test_the_same_file_is_begun_once_and_no_other_takes_its_place(
    ada: FlaskClient, session: Session, camera: dict[str, Any]
) -> None:
    (created, screen), (again, same) = add(ada, camera), add(ada, camera)
    assert (created, again, same) == (201, 200, screen)
    assert add(ada, camera, fingerprint="another tab")[0] == 409
    assert len(recording(session).sources) == 2


def test_what_was_kept_before_a_crash_and_what_followed_are_one_take(
    ada: FlaskClient, session: Session, camera: dict[str, Any]
) -> None:
    _, rest = add(ada, camera, role="camera", sequence=1, fingerprint="after", offset_ms=4000)
    assert [finish(ada, rest), finish(ada, camera)] == [200, 200]
    assert [source.sequence for source in recording(session).sources] == [0, 1]
    assert jobs(session) == ["compose_recording"]


def test_a_take_of_one_file_is_checked_as_it_is(
    ada: FlaskClient, session: Session, camera: dict[str, Any]
) -> None:
    assert finish(ada, camera) == 200
    assert (recording(session).layout, jobs(session)) == (Layout.CORNER, ["check_recording"])


def test_without_its_screen_the_take_is_what_the_camera_saw(
    ada: FlaskClient, session: Session, camera: dict[str, Any]
) -> None:
    _, screen = add(ada, camera)
    finish(ada, camera)
    assert ada.delete(screen["upload"]).status_code == 204
    assert recording(session).state is RecordingState.RECEIVED
    assert jobs(session) == ["check_recording"]


def test_who_discards_the_first_file_discards_the_take(
    ada: FlaskClient, session: Session, store: ObjectStore, camera: dict[str, Any]
) -> None:
    _, screen = add(ada, camera)
    finish(ada, screen)
    folder = recording(session).folder
    assert ada.delete(camera["upload"]).status_code == 204
    for noun in (Take, Recording, Source):
        assert session.scalars(select(noun)).all() == []
    assert jobs(session) == ["delete_objects"], f"what has arrived below {folder} goes, too"


@pytest.mark.parametrize(
    "wrong",
    [
        {"role": "microphone"},
        {"sequence": 8},
        {"sequence": -1},
        {"sequence": "1"},
        {"offset_ms": 10**12},
        {"offset_ms": 1.5},
        {"file_name": "slides.pdf"},
    ],
)
def test_a_file_without_a_likely_place_is_refused(
    ada: FlaskClient, session: Session, camera: dict[str, Any], wrong: dict[str, Any]
) -> None:
    assert add(ada, camera, **wrong)[0] == 400
    assert len(recording(session).sources) == 1


def test_an_unknown_layout_is_refused_before_anything_is_completed(
    ada: FlaskClient, session: Session, camera: dict[str, Any]
) -> None:
    assert finish(ada, camera, layout="upside_down") == 400
    assert recording(session).sources[0].is_open


def test_a_take_has_at_most_eight_files(ada: FlaskClient, camera: dict[str, Any]) -> None:
    found = [
        add(ada, camera, role=role, sequence=sequence, fingerprint=f"{role} {sequence}")[0]
        for sequence in range(5)
        for role in ("screen", "audio")
    ]
    assert found == [201] * 7 + [409] * 3
