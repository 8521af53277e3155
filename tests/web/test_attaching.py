"""What goes along with a comment: criterion, example, people, privacy; phrases and drafts of its author."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.models import Comment, ConsentState, Criterion, Review, Rubric, Take, User
from pitchreview.permissions import people_who_see, takes_visible_to
from tests.conftest import Cast
from tests.factories import Factory

ClientOf = Callable[[User | None], FlaskClient]
OURS = {"X-Requested-With": "fetch"}
WORDS = "She leans out here."


@pytest.fixture
def take(make: Factory, cast: Cast) -> Take:
    scenario = make.scenario(cast.team)
    scenario.rubric = Rubric(team_id=cast.team.id, name="Sales conversation")
    scenario.rubric.criteria = [Criterion(position=0, name="Asks before telling")]
    take = make.take(cast.ada, scenario)
    make.session.commit()
    return take


@pytest.fixture
def cole(client_of: ClientOf, cast: Cast) -> FlaskClient:
    return client_of(cast.cole)


def say(client: FlaskClient, take: Take, body: str = WORDS, **more: Any) -> tuple[int, str]:
    data = {"body": body, "at_ms": "1000", **more}
    answer = client.post(f"/takes/{take.id}/comments", data=data, headers=OURS)
    return answer.status_code, answer.text


def the_comment(session: Session) -> Comment:
    session.expire_all()
    return session.scalars(select(Comment)).one()


def rubric_of(take: Take) -> Rubric:
    rubric = take.pitch.scenario.rubric
    assert rubric is not None
    return rubric


def test_a_comment_names_a_line_of_the_rubric(cole: FlaskClient, session: Session, take: Take) -> None:
    line = rubric_of(take).criteria[0]
    status, shown = say(cole, take, criterion_id=str(line.id))
    assert (status, the_comment(session).criterion_id) == (201, line.id)
    assert "Asks before telling" in shown
    assert "Asks before telling" in cole.get(f"/takes/{take.id}/attaching/criteria").text


def test_the_line_is_one_of_the_yardstick_that_the_review_began_with(
    cole: FlaskClient, session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    began_with = rubric_of(take)
    review = make.review(take, cast.cole, published=False)
    review.rubric = began_with
    newer = Rubric(team_id=cast.team.id, name="Sixty seconds")
    newer.criteria = [Criterion(position=0, name="Says who it is for")]
    take.pitch.scenario.rubric = newer
    session.commit()
    assert say(cole, take, criterion_id=str(began_with.criteria[0].id))[0] == 201
    assert say(cole, take, criterion_id=str(newer.criteria[0].id))[0] == 400
    assert say(cole, take, criterion_id=str(uuid4()))[0] == 400


def test_a_private_note_is_for_its_author_alone_until_they_share_it(
    cole: FlaskClient, client_of: ClientOf, cast: Cast, session: Session, take: Take
) -> None:
    ada = client_of(cast.ada)
    _, shown = say(cole, take, is_private="1")
    note = the_comment(session)
    assert (note.is_private, note.review, note.is_published) == (True, None, False)
    assert "Only you" in shown
    assert WORDS not in ada.get(f"/takes/{take.id}").text
    assert cole.post(f"/takes/{take.id}/review", data={"one_thing": "Ask."}).status_code == 302
    assert WORDS not in ada.get(f"/takes/{take.id}").text
    shared = cole.post(f"/comments/{note.id}/sharing", headers=OURS)
    assert "Only you" not in shared.text
    assert WORDS in ada.get(f"/takes/{take.id}").text


def test_a_draft_says_so_and_comes_out_when_it_is_shared(
    cole: FlaskClient, client_of: ClientOf, cast: Cast, session: Session, take: Take
) -> None:
    ada = client_of(cast.ada)
    assert "Draft, only you see it" in say(cole, take)[1]
    draft = the_comment(session)
    assert ada.post(f"/comments/{draft.id}/sharing", headers=OURS).status_code == 404
    assert "Draft, only you see it" not in cole.post(f"/comments/{draft.id}/sharing", headers=OURS).text
    assert WORDS in ada.get(f"/takes/{take.id}/comments").text
    assert session.scalars(select(Review)).one().is_published is False


def test_people_who_see_the_take_can_be_called_by_name_and_nobody_else(
    cole: FlaskClient, session: Session, cast: Cast, take: Take
) -> None:
    listed = cole.get(f"/takes/{take.id}/attaching/people").text
    names = ("Ada Lindqvist", "Mona Ruiz", "Cole Okafor", "Jonas Weber", "Zoe Park")
    assert [name in listed for name in names] == [True, True, False, False, False]
    assert say(cole, take, mention=[str(cast.ada.id), str(cast.jonas.id)])[0] == 400
    assert say(cole, take, mention=str(cast.zoe.id))[0] == 400
    called = [str(cast.ada.id), str(cast.mona.id), str(cast.mona.id), str(cast.cole.id)]
    status, shown = say(cole, take, "Ask first, @Mona Ruiz <b>", mention=called)
    assert status == 201
    assert {m.user_id for m in the_comment(session).mentions} == {cast.ada.id, cast.mona.id}
    assert '<span class="mention">@Mona Ruiz</span> &lt;b&gt;' in shown


def test_an_answer_and_an_edit_can_call_people_too(
    cole: FlaskClient, session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    remark = make.comment(take, cast.cole)
    session.commit()
    edit = {"body": "Ask.", "version": "1", "mention": str(cast.mona.id)}
    assert cole.post(f"/comments/{remark.id}", data=edit, headers=OURS).status_code == 200
    answer = {"body": "See?", "mention": str(cast.ada.id)}
    assert cole.post(f"/comments/{remark.id}/replies", data=answer, headers=OURS).status_code == 201
    session.expire_all()
    called = {said.body: [m.user_id for m in said.mentions] for said in session.scalars(select(Comment))}
    assert called == {"Ask.": [cast.mona.id], "See?": [cast.ada.id]}


def test_both_sides_of_the_sieve_agree(session: Session, make: Factory, cast: Cast) -> None:
    scenario = make.scenario(cast.team)
    takes = [
        make.take(cast.ada, scenario),
        make.take(cast.ada, scenario, submitted=False),
        make.take(cast.jonas, scenario, shared=True),
        make.take("Grace Hall", scenario, uploaded_by=cast.mona),
        make.take(cast.jonas, scenario, uploaded_by=cast.mona),
    ]
    former = make.user("Fay Former", cast.team)
    takes.append(make.take(former, scenario, shared=True))
    former.memberships[0].ended_at = db.now()
    session.commit()
    people = [cast.ada, cast.jonas, cast.cole, cast.mona, cast.zoe, cast.olga, former]
    for take in takes:
        seeing = {user.name for user in session.scalars(people_who_see(take))}
        assert seeing == {
            user.name for user in people if take in session.scalars(takes_visible_to(user)).unique().all()
        }


def test_an_example_goes_along_while_the_team_may_watch_it(
    cole: FlaskClient, client_of: ClientOf, session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    example = make.exemplar(
        make.take(cast.jonas, take.pitch.scenario), cast.mona, from_ms=2000, until_ms=9000
    )
    unasked = make.exemplar(make.take(cast.jonas, take.pitch.scenario), cast.mona, consent=ConsentState.ASKED)
    session.commit()
    listing = f"/takes/{take.id}/attaching/exemplars"
    found = {
        q: "Handing the price" in cole.get(listing, query_string={"q": q}).text for q in ("", "price", "%")
    }
    assert found == {"": True, "price": True, "%": False}
    status, shown = say(cole, take, exemplar_id=str(example.id))
    assert status == 201
    assert "Hear it done" in shown
    clip = client_of(cast.ada).get(f"/exemplars/{example.id}/clip").text
    assert 'data-from="2000"' in clip
    assert 'data-duration="7000"' in clip
    assert client_of(cast.mona).get(f"/exemplars/{unasked.id}/clip").status_code == 404
    assert say(client_of(cast.mona), take, exemplar_id=str(unasked.id))[0] == 400
    example.answer_consent(ConsentState.WITHDRAWN, db.now())
    session.commit()
    assert "Hear it done" not in cole.get(f"/takes/{take.id}/comments").text
    assert say(cole, take, exemplar_id=str(example.id))[0] == 400


def test_a_thread_is_resolved_and_opened_again_by_those_it_concerns(
    cole: FlaskClient, client_of: ClientOf, session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    take.shared_with_team = True
    remark = make.comment(take, cast.cole)
    reply = make.reply(remark, cast.ada)
    session.commit()
    ada, jonas = client_of(cast.ada), client_of(cast.jonas)
    assert jonas.post(f"/comments/{remark.id}/resolution", headers=OURS).status_code == 403
    assert "Resolved by Ada" in ada.post(f"/comments/{remark.id}/resolution", headers=OURS).text
    assert ada.post(f"/comments/{reply.id}/resolution", headers=OURS).status_code == 409
    marks = cole.get(f"/takes/{take.id}/marks").get_json()["marks"]
    assert [mark["resolved"] for mark in marks] == [True]
    assert "Resolved by" not in cole.post(f"/comments/{remark.id}/reopening", headers=OURS).text


def test_what_stood_there_before_an_edit_can_be_read(
    cole: FlaskClient, session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    remark = make.comment(take, cast.cole, "Wrong.")
    session.commit()
    cole.post(f"/comments/{remark.id}", data={"body": "Ask first.", "version": "1"}, headers=OURS)
    assert "Wrong." in cole.get(f"/comments/{remark.id}/history").text
    cole.post(f"/comments/{remark.id}/deletion", headers=OURS)
    assert cole.get(f"/comments/{remark.id}/history").status_code == 404


def test_phrases_are_kept_for_one_person_the_last_used_first(
    cole: FlaskClient, client_of: ClientOf, session: Session, cast: Cast
) -> None:
    for body in ("Pause here.", "Ask first.", "Ask first."):
        assert cole.post("/phrases", data={"body": body, "kind": "strength"}, headers=OURS).status_code == 201
    shown = cole.get("/phrases").text
    assert shown.index("Ask first.") < shown.index("Pause here.")
    assert shown.count('data-body="Ask first."') == 1
    oldest = shown.split('data-id="')[2].split('"')[0]
    assert client_of(cast.mona).post(f"/phrases/{oldest}/use").status_code == 404
    assert cole.post(f"/phrases/{oldest}/use", headers=OURS).status_code == 204
    shown = cole.get("/phrases").text
    assert shown.index("Pause here.") < shown.index("Ask first.")
    assert "Pause here." not in cole.post(f"/phrases/{oldest}/deletion", headers=OURS).text
    assert "Ask first." not in client_of(cast.mona).get("/phrases").text


def test_a_draft_is_found_in_another_browser_until_it_is_dropped(
    cole: FlaskClient, client_of: ClientOf, cast: Cast, take: Take
) -> None:
    place = f"/takes/{take.id}/drafts"
    first = cole.put(f"{place}/comment", json={"words": 1}).get_json()["saved"]
    second = cole.put(f"{place}/comment", json={"body": "Ask"}).get_json()["saved"]
    assert second >= first
    elsewhere = client_of(cast.cole).get(place).get_json()
    assert elsewhere == {"drafts": {"comment": {"words": {"body": "Ask"}, "saved": second}}}
    assert client_of(cast.mona).get(place).get_json() == {"drafts": {}}
    assert cole.delete(f"{place}/comment").status_code == 204
    assert cole.get(place).get_json() == {"drafts": {}}


def test_a_draft_has_a_place_and_a_size(cole: FlaskClient, take: Take) -> None:
    place = f"/takes/{take.id}/drafts"
    assert cole.put(f"{place}/diary", json={"body": "Ask"}).status_code == 400
    assert cole.put(f"{place}/comment", json=["Ask"]).status_code == 400
    assert cole.put(f"{place}/reply:{uuid4()}", json={"body": "Ask"}).status_code == 200
    assert cole.put(f"{place}/comment", json={"body": "x" * 130_000}).status_code == 413
