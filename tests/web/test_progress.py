"""How a rep gets on: the next step, the focus, and each criterion from where it began."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.actions import focusing, progressing, reviewing, rubrics, scoring
from pitchreview.actions.ready_rubrics import CONVERSATION
from pitchreview.models import Commitment, CommitmentState, Focus, Rubric, Take, User
from tests.conftest import Cast
from tests.factories import Factory

ClientOf = Callable[[User | None], FlaskClient]


@pytest.fixture
def rubric(session: Session, cast: Cast) -> Rubric:
    return rubrics.use_ready(session, cast.team.id, CONVERSATION)


def scored(
    make: Factory, cast: Cast, rubric: Rubric, level: int, days_ago: int = 0, by: User | None = None
) -> Take:
    """A take of Ada's with a published review that gives this level for the first criterion."""
    scenario = make.scenario(cast.team, f"Scenario {days_ago}", rubric_id=rubric.id)
    take = make.take(cast.ada, scenario)
    take.submitted_at = db.now() - timedelta(days=days_ago)
    make.session.flush()
    judge(make, take, cast.cole, rubric, level)
    return take


def judge(make: Factory, take: Take, by: User, rubric: Rubric, level: int) -> None:
    criterion = rubric.criteria[0]
    scoring.score(make.session, take, by, criterion.id, criterion.levels[level - 1].id)
    reviewing.publish(make.session, take, by, "Ask before you tell.")
    make.session.commit()


def test_a_criterion_begins_at_the_first_take_and_each_point_has_its_take(
    session: Session, make: Factory, cast: Cast, rubric: Rubric
) -> None:
    first, second = scored(make, cast, rubric, 1, 20), scored(make, cast, rubric, 3, 2)
    (trend,) = progressing.trends_of(session, cast.ada, cast.team.id, cast.ada)
    assert [(point.take_id, point.level) for point in trend.points] == [(first.id, 1.0), (second.id, 3.0)]
    assert (trend.name, trend.most, trend.baseline, trend.latest, trend.change) == ("Opening", 4, 1, 3, 2)


def test_two_reviewers_make_a_median(session: Session, make: Factory, cast: Cast, rubric: Rubric) -> None:
    judge(make, scored(make, cast, rubric, 2), cast.mona, rubric, 3)
    (trend,) = progressing.trends_of(session, cast.ada, cast.team.id, cast.ada)
    assert [(point.level, point.reviewers) for point in trend.points] == [(2.5, 2)]


def test_what_is_hidden_until_she_has_looked_herself_is_no_point_yet(
    session: Session, make: Factory, cast: Cast, rubric: Rubric
) -> None:
    take = scored(make, cast, rubric, 2)
    take.awaits_self_assessment = True
    session.commit()
    assert progressing.trends_of(session, cast.ada, cast.team.id, cast.ada) == []
    assert len(progressing.trends_of(session, cast.ada, cast.team.id, cast.cole)) == 1


def test_many_takes_keep_their_beginning(session: Session, make: Factory, cast: Cast, rubric: Rubric) -> None:
    first = scored(make, cast, rubric, 1, 60)
    for days_ago in range(progressing.MOST_POINTS + 2):
        scored(make, cast, rubric, 3, days_ago)
    (trend,) = progressing.trends_of(session, cast.ada, cast.team.id, cast.ada)
    assert len(trend.points) == progressing.MOST_POINTS
    assert trend.points[0].take_id == first.id


def test_her_next_step_is_to_read_then_to_answer_then_to_show(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, rubric: Rubric
) -> None:
    ada = client_of(cast.ada)
    assert "Record a take of something you find hard" in ada.get("/progress").text
    take = scored(make, cast, rubric, 2)
    assert "Read your feedback" in ada.get("/progress").text
    ada.post(f"/takes/{take.id}/notifications/reading")
    one = Commitment(
        team_id=cast.team.id,
        user_id=cast.ada.id,
        take_id=take.id,
        words="Count to two after the question",
        state=CommitmentState.PROPOSED,
    )
    session.add(one)
    session.commit()
    assert "Say yes or no: Count to two" in ada.get("/progress").text
    one.state = CommitmentState.AGREED
    session.add(Focus(team_id=cast.team.id, user_id=cast.ada.id, criterion_id=rubric.criteria[0].id))
    session.commit()
    page = ada.get("/progress").text
    assert "Show it in a new take: Count to two" in page
    assert "It stays until it is met" in page


def test_cole_sees_how_ada_gets_on_and_jonas_does_not(
    client_of: ClientOf, make: Factory, cast: Cast, rubric: Rubric
) -> None:
    take = scored(make, cast, rubric, 2)
    address = f"/progress/{cast.ada.id}"
    assert f"/takes/{take.id}" in client_of(cast.cole).get(address).text
    assert client_of(cast.jonas).get(address).status_code == 403
    assert client_of(cast.zoe).get(address).status_code == 404


def test_the_number_of_her_attempts_is_nowhere(
    client_of: ClientOf, make: Factory, cast: Cast, rubric: Rubric, session: Session
) -> None:
    take = scored(make, cast, rubric, 2)
    take.number = 4711
    session.commit()
    assert "4711" not in client_of(cast.cole).get(f"/progress/{cast.ada.id}").text


def test_cole_chooses_what_ada_works_on(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, rubric: Rubric
) -> None:
    scored(make, cast, rubric, 2)
    cole, chosen = client_of(cast.cole), rubric.criteria[0]
    assert "Make it the focus" in cole.get(f"/progress/{cast.ada.id}").text
    answer = cole.post(f"/progress/{cast.ada.id}/focus", data={"criterion_id": str(chosen.id)})
    assert answer.status_code == 302
    focus = focusing.focus_of(session, cast.ada.id, cast.team.id)
    assert focus is not None
    assert (focus.criterion_id, focus.set_by_id) == (chosen.id, cast.cole.id)
