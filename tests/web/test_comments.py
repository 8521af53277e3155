"""Comments as the room's script sends them: fragments back, nothing lost, nothing doubled."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from pitchreview.models import Comment, CommentKind, Take, User
from tests.conftest import Cast
from tests.factories import Factory

ClientOf = Callable[[User | None], FlaskClient]
OURS = {"X-Requested-With": "fetch"}


@pytest.fixture
def take(make: Factory, cast: Cast) -> Take:
    take = make.take(cast.ada, make.scenario(cast.team))
    make.session.commit()
    return take


@pytest.fixture
def cole(client_of: ClientOf, cast: Cast) -> FlaskClient:
    return client_of(cast.cole)


def said(session: Session) -> list[str]:
    session.expire_all()
    return [remark.body for remark in session.scalars(select(Comment).order_by(Comment.created_at))]


def without_tokens(text: str) -> str:
    """The token against forged requests holds the second in which it was made."""
    return re.sub(r'name="csrf_token" value="[^"]*"', "", text)


def test_a_comment_comes_back_as_the_pages_own_fragment(
    cole: FlaskClient, session: Session, take: Take
) -> None:
    data = {"body": "Ask first.", "at_ms": "0", "kind": "strength"}
    answer = cole.post(f"/takes/{take.id}/comments", data=data, headers=OURS)
    assert answer.status_code == 201
    assert "Ask first." in answer.text
    assert "<html" not in answer.text
    remark = session.scalars(select(Comment)).one()
    assert (remark.at_ms, remark.kind) == (0, CommentKind.STRENGTH)
    page = cole.get(f"/takes/{take.id}/comments").text
    assert without_tokens(answer.text.strip()) in without_tokens(page)


def test_without_our_script_the_way_leads_back_to_the_room(cole: FlaskClient, take: Take) -> None:
    answer = cole.post(f"/takes/{take.id}/comments", data={"body": "Ask first.", "at_ms": "1200"})
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(f"/takes/{take.id}?c=")


def test_the_same_send_twice_makes_one_comment(cole: FlaskClient, session: Session, take: Take) -> None:
    data = {"body": "Ask first.", "at_ms": "0", "client_key": "one"}
    answers = [cole.post(f"/takes/{take.id}/comments", data=data, headers=OURS).status_code for _ in range(2)]
    assert (answers, said(session)) == ([201, 201], ["Ask first."])


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"body": "", "at_ms": "0"}, "body"),
        ({"body": "   ", "at_ms": "0"}, "body"),
        ({"body": "Ask."}, "at_ms"),
        ({"body": "Ask.", "at_ms": "soon"}, "at_ms"),
        ({"body": "Ask.", "at_ms": "0", "kind": "insult"}, "kind"),
        ({"body": "Ask.", "at_ms": "100", "until_ms": "50"}, "until_ms"),
    ],
)
def test_what_does_not_fit_is_told_beside_its_field(
    cole: FlaskClient, session: Session, take: Take, data: dict[str, str], field: str
) -> None:
    answer = cole.post(f"/takes/{take.id}/comments", data=data, headers=OURS)
    assert (answer.status_code, answer.get_json()["error"]["field"]) == (400, field)
    assert said(session) == []


def test_an_edit_of_an_older_version_is_refused_with_409(
    cole: FlaskClient, session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    remark = make.comment(take, cast.cole, "First.")
    session.commit()
    for body, version, status in (
        ("Second.", 1, 200),
        ("Third.", 1, 409),
        ("Third.", 2, 200),
        ("Fourth.", "", 409),
    ):
        data = {"body": body, "version": str(version)}
        assert cole.post(f"/comments/{remark.id}", data=data, headers=OURS).status_code == status
    assert said(session) == ["Third."]


def test_deleting_can_be_undone_and_both_answer_with_the_thread(
    cole: FlaskClient, session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    remark = make.comment(take, cast.cole, "Ask first.")
    session.commit()
    deleted = cole.post(f"/comments/{remark.id}/deletion", headers=OURS)
    assert (deleted.status_code, deleted.text) == (200, "")
    assert "Ask first." not in cole.get(f"/takes/{take.id}/comments").text
    restored = cole.post(f"/comments/{remark.id}/restoration", headers=OURS)
    assert "Ask first." in restored.text


def test_the_words_of_a_deleted_comment_are_gone_though_its_place_stays(
    cole: FlaskClient, session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    remark = make.comment(take, cast.cole, "Too harsh.", instead="Rather not.")
    make.reply(remark, cast.ada, "I see.")
    session.commit()
    cole.post(f"/comments/{remark.id}/deletion", headers=OURS)
    for page in (f"/takes/{take.id}", f"/takes/{take.id}/comments"):
        shown = cole.get(page).text
        assert "I see." in shown
        assert "Too harsh." not in shown
        assert "Rather not." not in shown


def test_an_answer_joins_its_thread(
    cole: FlaskClient, session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    remark = make.comment(take, cast.ada, "I was lost here.")
    session.commit()
    answer = cole.post(f"/comments/{remark.id}/replies", data={"body": "Breathe."}, headers=OURS)
    assert answer.status_code == 201
    assert "I was lost here." in answer.text
    assert "Breathe." in answer.text


def test_words_are_kept_when_the_session_is_over(client_of: ClientOf, cast: Cast, take: Take) -> None:
    answer = client_of(None).post(f"/takes/{take.id}/comments", data={"body": "Ask."}, headers=OURS)
    assert answer.status_code == 401
    assert "What you typed is kept" in answer.get_json()["error"]["message"]
