"""The review as a whole as pages show it: levels, what is said before publishing, the presenter's walk."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.actions import rubrics
from pitchreview.actions.ready_rubrics import CONVERSATION
from pitchreview.models import CommentKind, Request, Rubric, Score, Take, User, Visit
from tests.conftest import Cast
from tests.factories import DURATION_MS, Factory

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


def test_a_scenario_takes_up_a_ready_rubric_and_lets_it_go(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast
) -> None:
    scenario = make.scenario(cast.team)
    session.commit()
    mona = client_of(cast.mona)
    brief = {"title": "A", "stage": "objection", "prompt": "B", "target": "1:30"}
    mona.post(f"/scenarios/{scenario.id}", data=brief | {"rubric": CONVERSATION.key})
    session.refresh(scenario)
    assert scenario.rubric is not None
    assert f'value="{scenario.rubric_id}" selected' in mona.get(f"/scenarios/{scenario.id}/edit").text
    assert "Asking before telling" in mona.get(f"/scenarios/{scenario.id}").text
    wrong = mona.post(f"/scenarios/{scenario.id}", data=brief | {"rubric": "another"})
    assert (wrong.status_code, "Choose a rubric from the list." in wrong.text) == (400, True)
    mona.post(f"/scenarios/{scenario.id}", data=brief | {"rubric": ""})
    session.refresh(scenario)
    assert scenario.rubric is None


def test_a_level_is_kept_at_once_and_a_low_one_asks_for_its_moment(
    client_of: ClientOf, make: Factory, cast: Cast, take: Take, rubric: Rubric
) -> None:
    cole, criterion = client_of(cast.cole), rubric.criteria[0]
    address = f"/takes/{take.id}/scores"
    level = {"criterion_id": str(criterion.id), "level_id": str(criterion.levels[0].id)}
    answer = cole.post(address, data=level, headers=OURS)
    assert f'value="{criterion.levels[0].id}" checked' in answer.text
    assert "Show the moment" in answer.text
    make.comment(take, cast.cole, criterion=criterion)
    make.session.commit()
    assert "Show the moment" not in cole.get(address).text
    # Until it is published it is nobody else's.
    assert "No levels yet" in client_of(cast.ada).get(address).text
    assert " checked" not in client_of(cast.mona).get(address).text


def test_levels_are_read_by_the_presenter_and_those_who_review_but_not_by_peers(
    client_of: ClientOf, make: Factory, cast: Cast, take: Take, rubric: Rubric
) -> None:
    take.shared_with_team = True
    review, criterion = make.review(take, cast.cole), rubric.criteria[0]
    review.rubric, review.scores = rubric, [Score(criterion=criterion, level=criterion.levels[2])]
    make.session.commit()
    for who, reads in ((cast.ada, True), (cast.jonas, False), (cast.mona, True)):
        report = client_of(who).get(f"/takes/{take.id}/report").text
        assert review.one_thing in report
        assert ("3 of 4" in report) is reads
    assert "Solid" in client_of(cast.ada).get(f"/takes/{take.id}/scores").text


def test_before_publishing_one_hears_what_is_missing(
    client_of: ClientOf, make: Factory, cast: Cast, take: Take, rubric: Rubric
) -> None:
    cole, address = client_of(cast.cole), f"/takes/{take.id}/review"
    assert "Nothing is said yet." in cole.get(address).text
    make.comment(take, cast.cole, "A calm start", kind=CommentKind.STRENGTH)
    make.comment(take, cast.cole, "No day named")
    make.comment(take, cast.cole, "Too fast", instead="Wait for her.")
    make.comment(take, cast.cole, "Only for me", is_private=True)
    make.comment(take, cast.mona, "From somebody else")
    make.session.add(Visit(user=cast.cole, take=take, watched=[[0, DURATION_MS // 2]]))
    make.session.commit()
    page = cole.get(address).text
    assert "No strength named yet." not in page
    assert "5 of 5 levels are open." in page
    assert "You have watched 50 % of it." in page
    # What to try comes first, in the words that say what to do.
    assert page.index("Wait for her.") < page.index("No day named") < page.index("A calm start")
    assert "Only for me" not in page
    assert "From somebody else" not in page


def test_the_walk_goes_through_strengths_first(
    client_of: ClientOf, make: Factory, cast: Cast, take: Take
) -> None:
    make.comment(take, cast.cole, "Too fast", at_ms=1000)
    make.comment(take, cast.cole, "The pause", at_ms=9000, kind=CommentKind.STRENGTH)
    make.comment(take, cast.cole, "A calm start", at_ms=2000, kind=CommentKind.STRENGTH)
    make.comment(take, cast.cole, "Still a draft", at_ms=0, published_at=None)
    make.comment(take, cast.ada, "Mine", at_ms=0)
    make.session.commit()
    page = client_of(cast.ada).get(f"/takes/{take.id}/walk").text
    assert page.index("A calm start") < page.index("The pause") < page.index("Too fast")
    assert "Still a draft" not in page
    assert "Mine" not in page


def test_who_is_to_look_first_finds_a_kind_word_instead_of_feedback(
    client_of: ClientOf, make: Factory, cast: Cast, take: Take, rubric: Rubric
) -> None:
    make.review(take, cast.cole)
    make.comment(take, cast.cole, "Too fast")
    take.awaits_self_assessment = True
    make.session.commit()
    ada, room = client_of(cast.ada), f"/takes/{take.id}"
    for page in (ada.get(room).text, ada.get(f"{room}/walk").text, ada.get("/").text):
        assert "Too fast" not in page
        assert "Ask one question before you name a feature." not in page
    assert "Look at it yourself first" in ada.get(room).text
    assert "Too fast" in client_of(cast.mona).get(room).text
    own = f"{room}/self-assessment"
    looked = {"strength": "The start", "strength_at": "0:05", "to_try": "Wait after the price"}
    page = ada.post(f"{own}/completion", data=looked, follow_redirects=True).text
    assert "Give yourself a level" in page
    assert "The start" in ada.get(own).text
    levels = {f"level-{each.id}": str(each.levels[1].id) for each in rubric.criteria}
    page = ada.post(f"{own}/completion", data=looked | levels, follow_redirects=True).text
    assert "Too fast" in page
    assert "Ask one question before you name a feature." in page
    assert "Look at it yourself first" not in page


def test_the_queue_says_who_asks_and_what(client_of: ClientOf, make: Factory, cast: Cast, take: Take) -> None:
    due_at = db.now() + timedelta(days=1)
    question = "Is my opening too long?"
    make.session.add(
        Request(take=take, asked_by=cast.ada, asked=cast.jonas, question=question, due_at=due_at)
    )
    make.session.commit()
    page = client_of(cast.jonas).get("/review").text
    assert "Ada asks you, by" in page
    assert question in page
    assert question not in client_of(cast.cole).get("/review").text


def test_thanks_stand_in_the_thread_and_are_taken_back(
    client_of: ClientOf, make: Factory, cast: Cast, take: Take
) -> None:
    remark = make.comment(take, cast.cole)
    make.session.commit()
    ada, address = client_of(cast.ada), f"/comments/{remark.id}/reactions"
    answer = ada.post(address, data={"kind": "thanks"}, headers=OURS)
    assert f'id="comment-{remark.id}"' in answer.text
    assert "Thanked Cole" in ada.get(f"/takes/{take.id}/walk").text
    ada.post(address, data={"kind": "thanks"}, headers=OURS)
    assert "Thanked Cole" not in ada.get(f"/takes/{take.id}/walk").text
    assert ada.post(address, data={"kind": "applause"}, headers=OURS).status_code == 400
