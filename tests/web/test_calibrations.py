"""Standards and calibration as pages show them; a silent check from the queue to its comparison."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.actions import rubrics
from pitchreview.actions.ready_rubrics import CONVERSATION
from pitchreview.models import Assignment, AssignmentOrigin, Review, ReviewState, Rubric, Standard, Take, User
from tests.conftest import Cast
from tests.factories import Factory

ClientOf = Callable[[User | None], FlaskClient]
REASON = "Names a price before a question, at 0:12."


@pytest.fixture
def rubric(session: Session, cast: Cast) -> Rubric:
    return rubrics.use_ready(session, cast.team.id, CONVERSATION)


@pytest.fixture
def take(make: Factory, cast: Cast, rubric: Rubric) -> Take:
    take = make.take(cast.ada, make.scenario(cast.team, rubric=rubric))
    make.session.commit()
    return take


def sheet(rubric: Rubric, level: int, *, reason: str = "", use: str = "open") -> dict[str, str]:
    levels = {f"level-{each.id}": str(each.levels[level].id) for each in rubric.criteria}
    reasons = {f"reason-{each.id}": reason for each in rubric.criteria if reason}
    return {**levels, **reasons, "use": use}


def test_a_standard_is_made_scored_unseen_and_then_compared(
    client_of: ClientOf, session: Session, cast: Cast, rubric: Rubric, take: Take
) -> None:
    mona, cole = client_of(cast.mona), client_of(cast.cole)
    assert f"/takes/{take.id}/standard" in mona.get("/standards/new").text
    mute = mona.post(f"/takes/{take.id}/standard", data=sheet(rubric, 1))
    assert (mute.status_code, "Say in a sentence why" in mute.text) == (400, True)
    mona.post(f"/takes/{take.id}/standard", data=sheet(rubric, 1, reason=REASON))
    standard = session.scalars(select(Standard)).one()
    assert "not scored yet" in cole.get("/calibration").text
    page = cole.get(f"/calibration/{standard.id}").text
    assert REASON not in page and "checked" not in page
    assert cole.post(f"/calibration/{standard.id}", data={}).status_code == 400
    result = cole.post(f"/calibration/{standard.id}", data=sheet(rubric, 2), follow_redirects=True).text
    assert REASON in result
    assert "Not close yet" in result
    assert "1 level more generous" in result
    again = cole.post(f"/calibration/{standard.id}", data=sheet(rubric, 1), follow_redirects=True).text
    assert "Close enough" in again
    assert "close enough" in cole.get("/calibration").text


def test_a_standard_is_put_away_and_brought_back(
    client_of: ClientOf, session: Session, cast: Cast, rubric: Rubric, take: Take
) -> None:
    mona = client_of(cast.mona)
    mona.post(f"/takes/{take.id}/standard", data=sheet(rubric, 1, reason=REASON))
    standard = session.scalars(select(Standard)).one()
    mona.post(f"/standards/{standard.id}/retirement")
    assert client_of(cast.cole).get(f"/calibration/{standard.id}").status_code == 404
    mona.post(f"/standards/{standard.id}/return")
    assert client_of(cast.cole).get(f"/calibration/{standard.id}").status_code == 200


def test_the_rule_is_refused_until_there_are_standards(
    client_of: ClientOf, session: Session, cast: Cast
) -> None:
    mona = client_of(cast.mona)
    answer = mona.post("/team/reviews", data={"asks_calibration": "1", "check_percent": "0"})
    assert (answer.status_code, "Make two standards first" in answer.text) == (400, True)
    mona.post("/team/reviews", data={"check_percent": "10"})
    session.refresh(cast.team)
    assert (cast.team.asks_calibration, cast.team.check_percent) == (False, 10)


def test_a_check_looks_like_any_other_and_ends_with_the_comparison(
    client_of: ClientOf, session: Session, cast: Cast, rubric: Rubric, take: Take
) -> None:
    mona, cole = client_of(cast.mona), client_of(cast.cole)
    mona.post(f"/takes/{take.id}/standard", data=sheet(rubric, 1, reason=REASON, use="check"))
    standard = session.scalars(select(Standard)).one()
    until = db.now() + timedelta(days=3)
    check = Assignment(
        take=take, reviewer=cast.cole, origin=AssignmentOrigin.CHECK, minutes=3, leased_until=until
    )
    check.standard = standard
    session.add(check)
    session.commit()
    queue = cole.get("/review").text
    assert "One take waits for you" in queue
    assert "yours until" in queue and "your eye" not in queue
    level = {"criterion_id": str(rubric.criteria[0].id), "level_id": str(rubric.criteria[0].levels[2].id)}
    cole.post(f"/takes/{take.id}/scores", data=level)
    done = cole.post(f"/takes/{take.id}/review", data={"one_thing": "Ask first."}, follow_redirects=True).text
    assert "This was a check" in done
    assert REASON in done
    assert session.scalars(select(Review.state)).all() == [ReviewState.CHECKED]
    assert "Ask first." not in client_of(cast.ada).get(f"/takes/{take.id}").text
    assert "a check of your eye" in cole.get("/review").text
    assert "check of your eye" not in mona.get("/review").text
