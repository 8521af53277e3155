"""Recorded replies: comments that are spoken, seen by whoever sees the comment."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from pitchreview import db, permissions
from pitchreview.actions import intake, quota
from pitchreview.config import GIBIBYTE, Settings
from pitchreview.models import Comment, Recording, RecordingState, StepName, Take, User
from pitchreview.models.comment import LONGEST_GIST
from pitchreview.queue import Task
from tests.conftest import Cast
from tests.factories import Factory
from tests.sending import put

ClientOf = Callable[[User | None], FlaskClient]
OURS = {"X-Requested-With": "fetch"}
REPLY = {"file_name": "reply.webm", "content_type": "video/webm", "fingerprint": "a-reply"}
CONTENT = b"0123456789"


@pytest.fixture
def take(make: Factory, cast: Cast) -> Take:
    take = make.take(cast.ada, make.scenario(cast.team))
    make.session.commit()
    return take


@pytest.fixture
def cole(client_of: ClientOf, cast: Cast) -> FlaskClient:
    return client_of(cast.cole)


def begin(client: FlaskClient, take: Take) -> dict[str, Any]:
    answer = client.post(f"/takes/{take.id}/replies", json=REPLY)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def say(client: FlaskClient, take: Take, recording: object, body: str = "Ask first.", **more: str) -> Any:
    data = {"body": body, "at_ms": "0", "recording_id": str(recording)} | more
    return client.post(f"/takes/{take.id}/comments", data=data, headers=OURS)


def jobs(session: Session) -> list[str]:
    return list(session.scalars(text("SELECT task_name FROM procrastinate_jobs ORDER BY id")))


# --- the way in -------------------------------------------------------------------------------------


def test_a_reply_travels_from_the_recorder_into_a_comment(
    cole: FlaskClient, session: Session, take: Take, cast: Cast
) -> None:
    begun = begin(cole, take)
    assert (begun["take"], begun["max_seconds"], begun["part_count"]) == (f"/takes/{take.id}", 90, None)
    signed = cole.post(f"{begun['upload']}/parts", json={"numbers": [1]}).get_json()["addresses"]["1"]
    put(signed, CONTENT)
    completed = cole.post(f"{begun['upload']}/completion", json={"size_bytes": len(CONTENT)})
    assert (completed.status_code, completed.get_json()) == (200, {"take": None})
    answer = say(cole, take, begun["recording"], "Ask \n before you tell.")
    assert answer.status_code == 201
    assert "Ask before you tell." in answer.text
    assert "The recording is being prepared." in answer.text
    recording = session.scalars(select(Comment)).one().recording
    assert recording is not None
    assert (recording.recorded_by_id, recording.state) == (cast.cole.id, RecordingState.RECEIVED)
    assert cole.get(begun["upload"]).get_json()["take"] == begun["take"]
    assert jobs(session) == ["check_recording"]


@pytest.mark.parametrize("body", ["", " \n ", "a" * (LONGEST_GIST + 1)])
def test_a_recording_needs_a_line_that_says_what_it_is_about(
    cole: FlaskClient, session: Session, make: Factory, cast: Cast, take: Take, body: str
) -> None:
    recording = make.spoken(cast.cole)
    remark = make.comment(take, cast.cole, recording=make.spoken(cast.cole))
    session.commit()
    for answer in (
        say(cole, take, recording.id, body),
        cole.post(f"/comments/{remark.id}", data={"body": body, "version": "1"}, headers=OURS),
    ):
        assert (answer.status_code, answer.get_json()["error"]["field"]) == (400, "body")


def test_a_recording_is_part_of_one_comment(
    cole: FlaskClient, session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    recording, remark = make.spoken(cast.cole), make.comment(take, cast.ada)
    session.commit()
    assert [say(cole, take, recording.id, client_key="one").status_code for _ in range(2)] == [201, 201]
    assert say(cole, take, recording.id).status_code == 409
    data = {"body": "Again.", "recording_id": str(recording.id)}
    assert cole.post(f"/comments/{remark.id}/replies", data=data, headers=OURS).status_code == 409
    assert len(session.scalars(select(Comment)).all()) == 2


def test_an_answer_can_be_spoken_too(
    cole: FlaskClient, session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    recording, remark = make.spoken(cast.cole), make.comment(take, cast.ada)
    session.commit()
    data = {"body": "Like this.", "recording_id": str(recording.id)}
    answer = cole.post(f"/comments/{remark.id}/replies", data=data, headers=OURS)
    assert answer.status_code == 201
    assert "<reply-player" in answer.text


def test_only_what_one_recorded_for_a_comment_goes_into_a_comment(
    cole: FlaskClient, session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    own_take = make.take(cast.cole, take.pitch.scenario, submitted=False)
    others = make.spoken(cast.mona)
    session.commit()
    for recording_id in (own_take.recording_id, others.id, uuid4(), "nonsense"):
        assert say(cole, take, recording_id).status_code == 400
    assert session.scalars(select(Comment)).all() == []


# --- who sees it --------------------------------------------------------------------------------------


def media_of(recording: Recording) -> str:
    assert recording.poster is not None
    return f"/media/{recording.id}/{recording.poster.id}"


def test_a_recording_is_seen_by_whoever_sees_its_comment_and_as_long_as_it_is_there(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast
) -> None:
    take = make.take(cast.ada, make.scenario(cast.team), shared=True)
    recording = make.spoken(cast.cole)
    address, people = media_of(recording), (cast.ada, cast.jonas, cast.cole, cast.zoe, cast.olga)
    session.commit()

    def answers() -> list[int]:
        return [client_of(person).get(address).status_code for person in people]

    assert answers() == [404] * 5, "before it is posted it is nobody's to see"
    remark = make.comment(take, cast.cole, recording=recording)
    session.commit()
    assert answers() == [302, 302, 302, 404, 404]
    take.shared_with_team = False
    session.commit()
    assert answers() == [302, 404, 302, 404, 404]
    client_of(cast.cole).post(f"/comments/{remark.id}/deletion", headers=OURS)
    assert answers() == [404] * 5
    client_of(cast.cole).post(f"/comments/{remark.id}/restoration", headers=OURS)
    assert answers() == [302, 404, 302, 404, 404]


def test_an_upload_of_a_reply_is_its_authors_alone(
    client_of: ClientOf, cast: Cast, cole: FlaskClient, take: Take
) -> None:
    upload = begin(cole, take)["upload"]
    for person in (cast.ada, cast.mona, cast.zoe):
        assert client_of(person).get(upload).status_code == 404
        assert client_of(person).delete(upload).status_code == 404
    assert cole.get(upload).status_code == 200


def test_why_a_recording_is_broken_is_told_to_its_author_alone(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    broken = make.spoken(cast.cole, RecordingState.BROKEN)
    make.comment(take, cast.cole, recording=broken)
    session.commit()
    told = {
        person.name: "The file is cut off." in client_of(person).get(f"/takes/{take.id}").text
        for person in (cast.ada, cast.cole)
    }
    assert told == {cast.ada.name: False, cast.cole.name: True}


def test_an_open_page_takes_a_thread_anew_when_its_recording_can_be_played(
    cole: FlaskClient, session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    recording = make.spoken(cast.cole, RecordingState.RECEIVED)
    make.comment(take, cast.cole, recording=recording)
    session.commit()

    def version() -> str:
        page = cole.get(f"/takes/{take.id}/comments").text
        found = re.search(r'<comment-thread[^>]*data-version="([^"]*)"', page)
        assert found is not None
        return found[1]

    waiting = version()
    make._play(recording)
    recording.state = RecordingState.READY
    intake.announce_recording(session, recording)
    session.commit()
    assert version() != waiting


# --- room, order, and the way out -----------------------------------------------------------------------


def test_replies_take_the_room_of_who_recorded_them(
    session: Session, settings: Settings, make: Factory, cast: Cast, take: Take
) -> None:
    narrow = settings.model_copy(update={"quota_gb": 50_000_000 / GIBIBYTE})
    make.spoken(cast.cole)
    remark = make.comment(take, cast.cole, recording=make.spoken(cast.cole))
    assert quota.bytes_left(session, narrow, cast.cole) == 10_000_000
    remark.deleted_at = db.now()
    session.flush()
    assert quota.bytes_left(session, narrow, cast.cole) == 30_000_000


def test_a_posted_reply_takes_room_of_the_team_whose_take_it_speaks_about(
    session: Session, settings: Settings, make: Factory, cast: Cast, take: Take
) -> None:
    narrow = settings.model_copy(update={"team_quota_gb": 100_000_000 / GIBIBYTE})

    def left() -> int:
        return quota.longest_file(session, narrow, cast.mona, cast.team.id)

    assert left() == 80_000_000, "the take itself has twenty"
    remark = make.comment(take, cast.cole, recording=make.spoken(cast.cole))
    assert left() == 60_000_000
    remark.deleted_at = db.now()
    session.flush()
    assert left() == 80_000_000


def test_replies_wait_behind_the_other_files_of_who_recorded_them(
    session: Session, make: Factory, cast: Cast
) -> None:
    for author in (cast.cole, cast.cole, cast.mona):
        recording = make.spoken(author, RecordingState.RECEIVED)
        recording.step(StepName.CHECK)
        session.flush()
        intake.queue_step(session, recording, StepName.CHECK)
    session.commit()
    priorities = session.scalars(text("SELECT priority FROM procrastinate_jobs ORDER BY id")).all()
    assert priorities == [100, 99, 100]


def test_a_reply_is_discarded_until_a_comment_carries_it(
    cole: FlaskClient, session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    upload = begin(cole, take)["upload"]
    assert cole.delete(upload).status_code == 204
    assert cole.get(upload).status_code == 404
    assert session.scalars(select(Recording).where(Recording.is_reply)).all() == []
    posted = make.comment(take, cast.cole, recording=make.spoken(cast.cole)).recording
    assert posted is not None
    session.commit()
    assert cole.delete(f"/uploads/{posted.sources[0].id}").status_code == 409
    assert jobs(session) == [Task.DELETE_OBJECTS]


def test_a_deleted_comment_has_its_recording_forgotten_later(
    cole: FlaskClient, session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    remark = make.comment(take, cast.cole, recording=make.spoken(cast.cole))
    written = make.comment(take, cast.cole)
    session.commit()
    for comment in (remark, written):
        cole.post(f"/comments/{comment.id}/deletion", headers=OURS)
    queued = session.execute(text("SELECT task_name, args ->> 'comment_id' FROM procrastinate_jobs")).all()
    assert [tuple(job) for job in queued] == [(Task.FORGET_REPLY, str(remark.id))]


def test_nobody_else_sees_recordings_in_any_list(session: Session, make: Factory, cast: Cast) -> None:
    make.spoken(cast.cole)
    session.commit()
    for person in (cast.ada, cast.mona, cast.zoe, cast.olga):
        assert session.scalars(permissions.recordings_visible_to(person)).all() == []
        assert session.scalars(permissions.uploads_visible_to(person)).all() == []
