"""What is agreed, answered, disputed and flagged, as pages show it; all of it works without scripts."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from pitchreview.actions import reviewing, rubrics
from pitchreview.actions.ready_rubrics import CONVERSATION
from pitchreview.actions.reviewing import NewComment
from pitchreview.models import CommentKind, Commitment, Dispute, Flag, Review, Rubric, Score, Take, User
from tests.conftest import Cast
from tests.factories import Factory

ClientOf = Callable[[User | None], FlaskClient]
OURS = {"X-Requested-With": "fetch"}


@pytest.fixture
def rubric(session: Session, cast: Cast) -> Rubric:
    return rubrics.use_ready(session, cast.team.id, CONVERSATION)


@pytest.fixture
def take(make: Factory, cast: Cast, rubric: Rubric) -> Take:
    take = make.take(cast.ada, make.scenario(cast.team, rubric=rubric))
    make.session.commit()
    return take


def follow(client: FlaskClient, address: str, **form: str) -> str:
    answer = client.post(address, data=form, follow_redirects=True)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_from_a_proposal_to_the_proof_in_the_next_take(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, take: Take, rubric: Rubric
) -> None:
    cole, ada, room = client_of(cast.cole), client_of(cast.ada), f"/takes/{take.id}"
    said = NewComment("Fast", 12_000, kind=CommentKind.TRY_INSTEAD, instead="Wait for her.")
    held = reviewing.comment(session, take, cast.cole, said)
    session.commit()
    assert f'value="{held.id}"' in cole.get(f"{room}/review").text
    written = {"propose_words": "Name a day.", "propose_criterion": str(rubric.criteria[1].id)}
    follow(
        cole, f"{room}/review", one_thing="Wait.", propose=str(held.id), propose_by="2030-01-01", **written
    )
    first, second = session.scalars(select(Commitment).order_by(Commitment.created_at)).all()
    page = ada.get(room).text
    assert "Wait for her." in page
    assert "Name a day." in page
    assert "Agreed. Your next take opens on it." in follow(ada, f"/commitments/{second.id}/agreement")
    assert "I did." in follow(ada, f"/commitments/{first.id}/refusal", reason="I did.")

    later = make.take(cast.ada, take.pitch.scenario)
    session.commit()
    for where in (f"/takes/{later.id}", f"/scenarios/{take.pitch.scenario_id}", "/commitments"):
        assert "Name a day." in ada.get(where).text
    assert "Last time Ada agreed to" in cole.get(f"/takes/{later.id}").text
    assert "Name a day." not in client_of(cast.zoe).get(f"/takes/{later.id}").text
    proof = f"/takes/{later.id}/commitments/{second.id}/proof"
    answer = cole.post(proof, data={"verdict": "fixed", "at": "0:03"}, headers=OURS)
    assert 'value="fixed" aria-pressed="true"' in answer.text
    assert cole.post(proof, data={"verdict": "fixed", "at": "9:59"}, headers=OURS).status_code == 400
    assert "Fixed" not in ada.get(f"/takes/{later.id}").text
    reviewing.comment(session, later, cast.cole, NewComment("Good", 0))
    session.commit()
    follow(cole, f"/takes/{later.id}/review", one_thing="Go on.")
    assert "Fixed" in ada.get(f"/takes/{later.id}").text
    assert "Fixed" in ada.get("/commitments").text
    clips = ada.get(f"/takes/{later.id}/commitments/{second.id}/clips")
    assert 'data-side="after"' in clips.text


def test_before_and_after_are_played_as_far_as_one_sees_their_takes(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    ada = client_of(cast.ada)
    follow(ada, f"/takes/{take.id}/commitments", words="Wait.", at="0:12")
    later = make.take(cast.ada, take.pitch.scenario)
    session.commit()
    commitment = session.scalars(select(Commitment)).one()
    proof = {"verdict": "closer", "at": "0:30"}
    client_of(cast.mona).post(f"/takes/{later.id}/commitments/{commitment.id}/proof", data=proof)
    address = f"/takes/{later.id}/commitments/{commitment.id}/clips"
    page = client_of(cast.mona).get(address).text
    assert 'data-side="before"' in page
    assert f"/compare/take:{take.id}/take:{later.id}?a=11&amp;b=29" in page
    # What is a draft yet, Ada does not hear; and what was deleted, nobody.
    assert 'data-side="after"' not in ada.get(address).text
    ada.post(f"/takes/{take.id}/deletion")
    page = client_of(cast.mona).get(address).text
    assert 'data-side="before"' not in page
    assert 'data-side="after"' in page


def test_a_level_is_disputed_and_answered_on_the_page_of_levels(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, take: Take, rubric: Rubric
) -> None:
    review, criterion = make.review(take, cast.cole), rubric.criteria[0]
    review.rubric, review.scores = rubric, [Score(criterion=criterion, level=criterion.levels[0])]
    session.commit()
    ada, cole, scores = client_of(cast.ada), client_of(cast.cole), f"/takes/{take.id}/scores"
    assert "1, 1 reviewer" in ada.get(scores).text
    score = f"{review.id}:{criterion.id}"
    follow(ada, f"/takes/{take.id}/disputes", score=score, reason="At 0:12 I do ask.")
    assert "asks to look at a level again" in cole.get(f"/takes/{take.id}").text
    assert "At 0:12 I do ask." in cole.get(scores).text
    assert "At 0:12 I do ask." not in client_of(cast.jonas).get(f"/takes/{take.id}").text
    raised = session.scalars(select(Dispute)).one()
    level = str(criterion.levels[2].id)
    follow(cole, f"/disputes/{raised.id}/answer", level_id=level, answer="You do.")
    page = ada.get(scores).text
    assert "3, 1 reviewer" in page
    assert "Was Not yet. Cole looked again: You do." in page
    assert ada.post(f"/takes/{take.id}/disputes", data={"score": "x", "reason": "y"}).status_code == 400


def test_own_look_and_others_stand_side_by_side(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, take: Take, rubric: Rubric
) -> None:
    ada, address = client_of(cast.ada), f"/takes/{take.id}/self-assessment"
    levels = {f"level-{each.id}": str(each.levels[0].id) for each in rubric.criteria}
    words = {"strength": "A calm start", "strength_at": "0:05", "to_try": "Wait"}
    assert ada.post(address, data=words, headers=OURS).status_code == 204
    assert "A calm start" in ada.get(address).text
    follow(ada, f"{address}/completion", **words, **levels)
    assert "A calm start" not in client_of(cast.cole).get(f"/takes/{take.id}/scores").text
    for reviewer, value in ((cast.cole, 3), (cast.mona, 4)):
        review = make.review(take, reviewer)
        review.rubric = rubric
        review.scores = [Score(criterion=each, level=each.levels[value - 1]) for each in rubric.criteria]
    session.commit()
    for who, words_of_it in ((cast.ada, "You were sterner"), (cast.cole, "Ada was sterner")):
        page = client_of(who).get(f"/takes/{take.id}/scores").text
        assert "A calm start" in page
        assert "3.5, 2 reviewers, differ by 1" in page
        assert f"{words_of_it} than the reviewers on 5 of 5" in page


def test_a_review_is_taken_back_with_a_word_and_begun_again(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    review = make.review(take, cast.cole)
    make.comment(take, cast.cole, "Too fast", review=review)
    session.commit()
    cole, ada, room = client_of(cast.cole), client_of(cast.ada), f"/takes/{take.id}"
    assert cole.post(f"/reviews/{review.id}/withdrawal", data={"reason": " "}).status_code == 400
    follow(cole, f"/reviews/{review.id}/withdrawal", reason="I had mixed up two takes.")
    page = ada.get(room).text
    assert "Cole Okafor took back a review" in page
    assert "I had mixed up two takes." in page
    assert "Too fast" not in page
    assert "Begin again" in cole.get(room).text
    assert "Too fast" in follow(cole, f"/reviews/{review.id}/draft")
    session.expire_all()
    assert session.get_one(Review, review.id).published_at is None


def test_a_manager_settles_what_hurts(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    remark = make.comment(take, cast.cole, "As always.")
    session.commit()
    ada, mona = client_of(cast.ada), client_of(cast.mona)
    assert "This hurts" in ada.get(f"/takes/{take.id}").text
    follow(ada, f"/comments/{remark.id}/flag", reason="It is about me.")
    assert "Somebody finds a comment hurtful" in mona.get(f"/takes/{take.id}").text
    assert "hurtful" not in client_of(cast.cole).get(f"/takes/{take.id}").text
    assert "It is about me." in mona.get("/flags").text
    raised = session.scalars(select(Flag)).one()
    page = follow(mona, f"/flags/{raised.id}/settlement", outcome="hide", words="Not in our team.")
    assert "Taken away" in page
    assert "As always." not in ada.get(f"/takes/{take.id}").text
    assert client_of(cast.cole).post(f"/comments/{remark.id}/restoration").status_code == 409
