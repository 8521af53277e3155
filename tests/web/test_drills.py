"""The pages of drills, series and warm-ups, as people send their forms."""

import html
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.actions import practising
from pitchreview.models import Drill, RecordingState, ReviewersFrom, Scenario, Series, User, WarmUp
from tests.conftest import Cast
from tests.factories import Factory

ClientOf = Callable[[User | None], FlaskClient]


def day(days: int) -> str:
    return (db.now() + timedelta(days=days)).date().isoformat()


@pytest.fixture
def scenario(session: Session, make: Factory, cast: Cast) -> Scenario:
    scenario = make.scenario(cast.team, rubric=make.rubric(cast.team, "Opening", "Next step"))
    session.commit()
    return scenario


def page(client: FlaskClient, address: str) -> str:
    answer = client.get(address, follow_redirects=True)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def only_drill(session: Session) -> Drill:
    session.expire_all()
    return session.scalars(select(Drill)).one()


def test_a_drill_is_set_with_every_choice_and_read_in_its_form_again(
    session: Session, cast: Cast, scenario: Scenario, client_of: ClientOf
) -> None:
    mona = client_of(cast.mona)
    assert scenario.rubric is not None
    chosen: dict[str, Any] = {
        "due_on": day(7),
        "who": "some",
        "people": [str(cast.ada.id), str(cast.cole.id)],
        "criterion": str(scenario.rubric.criteria[1].id),
        "note": "Thirty seconds.",
        "opens_at": f"{day(0)}T00:01",
        "limit": "2:00",
        "practice": "0",
        "self_assessment_first": "1",
        "reviewers_from": "named",
        "reviewers": [str(cast.mona.id)],
        "reviewers_count": "2",
        "hides_presenter": "1",
        "remind_days": "1",
    }
    answer = mona.post(f"/scenarios/{scenario.id}/drills", data=chosen, follow_redirects=True)
    assert answer.status_code == 200 and "0 of 2" in answer.get_data(as_text=True)
    drill = only_drill(session)
    assert {one.user_id for one in drill.people} == {cast.ada.id, cast.cole.id}
    assert (drill.focus, drill.limit_seconds, drill.remind_days) == ("Next step", 120, 1)
    assert (drill.practice_allowed, drill.self_assessment_first) == (False, True)
    assert (drill.reviewers_from, drill.reviewers_count) == (ReviewersFrom.NAMED, 2)
    assert (drill.hides_presenter, drill.hides_reviewers) == (True, False)

    form = page(mona, f"/drills/{drill.id}/edit")
    for name, value in (("due_on", day(7)), ("limit", "2:00"), ("opens_at", f"{day(0)}T00:01")):
        assert f'name="{name}" type=' in form and f'value="{value}"' in form
    assert f'name="people" value="{cast.ada.id}" checked' in form
    assert f'name="people" value="{cast.jonas.id}" checked' not in form


def test_what_does_not_fit_comes_back_with_all_that_was_typed(
    session: Session, cast: Cast, scenario: Scenario, client_of: ClientOf
) -> None:
    typed = {"due_on": day(-1), "note": "Thirty seconds.", "who": "team"}
    answer = client_of(cast.mona).post(f"/scenarios/{scenario.id}/drills", data=typed)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert "Choose a day that is still to come." in text and "Thirty seconds." in text
    assert session.scalars(select(Drill)).all() == []


def test_a_rep_reads_what_holds_and_nobody_elses_state(
    session: Session, make: Factory, cast: Cast, scenario: Scenario, client_of: ClientOf
) -> None:
    drill = make.drill(scenario, cast.mona)
    drill.hides_reviewers, drill.practice_allowed = True, False
    practising.submit(session, make.take(cast.jonas, scenario, submitted=False))
    session.commit()
    mine, managers = (page(client_of(who), f"/drills/{drill.id}") for who in (cast.ada, cast.mona))
    assert "The first take counts" in mine and "faces and voices tell" in mine
    assert "Jonas" not in mine and "Watch Jonas Weber" in managers
    drill.hides_presenter = True
    session.commit()
    coachs, managers = (page(client_of(who), f"/drills/{drill.id}") for who in (cast.cole, cast.mona))
    assert "Watch Jonas Weber" not in coachs and "Watch Jonas Weber" in managers
    assert "This take counts" in page(client_of(cast.ada), f"/scenarios/{scenario.id}/studio")
    assert "This take counts" not in page(client_of(cast.jonas), f"/scenarios/{scenario.id}/studio")


def test_a_closed_drill_can_be_opened_again(
    session: Session, make: Factory, cast: Cast, scenario: Scenario, client_of: ClientOf
) -> None:
    drill, mona = make.drill(scenario, cast.mona), client_of(cast.mona)
    session.commit()
    mona.post(f"/drills/{drill.id}/closing")
    assert not only_drill(session).is_open
    assert "Open it again" in page(mona, f"/drills/{drill.id}")
    mona.post(f"/drills/{drill.id}/opening")
    assert only_drill(session).is_open


def test_a_series_is_set_in_one_form_and_shows_before_and_after(
    session: Session, make: Factory, cast: Cast, scenario: Scenario, client_of: ClientOf
) -> None:
    mona = client_of(cast.mona)
    form = page(mona, f"/series/new?scenario={scenario.id}")
    assert all(f'value="{day(days)}"' in form for days in (7, 14))
    typed = {"name": "Price talk", "scenario": str(scenario.id), "focus": "Ask first", "who": "team"}
    days = {f"due_on_{number}": day(days) for number, days in enumerate((1, 8, 15), 1)}
    assert mona.post("/series", data=typed | days).status_code == 302
    series = session.scalars(select(Series)).one()
    assert 'name="remind_days"' in form
    takes = [make.take(cast.ada, scenario) for _ in range(2)]
    takes[0].drill, takes[1].drill = series.drills[0], series.drills[2]
    session.commit()
    assert f"/compare/take:{takes[0].id}/take:{takes[1].id}" in page(mona, f"/series/{series.id}")


def test_the_week_stands_on_a_page(
    session: Session, make: Factory, cast: Cast, scenario: Scenario, client_of: ClientOf
) -> None:
    assert "Nothing waits this week" in page(client_of(cast.ada), "/week")
    make.drill(scenario, cast.mona)
    make.warm_up(cast.ada, scenario)
    waits = make.take(cast.jonas, scenario)
    waits.submitted_at = db.now() - timedelta(days=4)
    session.commit()
    mine, managers = (page(client_of(who), "/week") for who in (cast.ada, cast.mona))
    assert scenario.title in mine and "Warm up for two minutes" in mine and "Jonas" not in mine
    assert f"Jonas Weber, {scenario.title}" in managers and "with nobody yet" in managers


def test_a_warm_up_is_shown_rated_and_says_when_it_comes_back(
    session: Session, make: Factory, cast: Cast, scenario: Scenario, client_of: ClientOf
) -> None:
    warm_up: WarmUp = make.warm_up(cast.ada, scenario)
    session.commit()
    ada = client_of(cast.ada)
    assert "Two minutes: Opening" in page(ada, "/warm-up")
    assert ada.post(f"/warm-up/{warm_up.id}/rating", data={"rating": "9"}).status_code == 400
    answer = ada.post(f"/warm-up/{warm_up.id}/rating", data={"rating": "3"}, follow_redirects=True)
    assert "comes back on" in answer.get_data(as_text=True)
    assert "Nothing to warm up yet" in page(client_of(cast.jonas), "/warm-up")


def test_a_recorded_warm_up_waits_for_its_rating_and_is_the_take_of_its_run(
    session: Session, make: Factory, cast: Cast, scenario: Scenario, client_of: ClientOf
) -> None:
    """However its file came: the studio and an upload make the same practice take."""
    before = make.take(cast.ada, scenario, submitted=False)
    session.commit()
    warm_up: WarmUp = make.warm_up(cast.ada, scenario, due_at=db.now())
    session.commit()
    ada = client_of(cast.ada)
    assert "You recorded it on" not in page(ada, "/warm-up")
    (address,) = re.findall(r'href="([^"]*/studio[^"]*)"', page(ada, "/warm-up"))
    assert "Back to the warm-up" in page(ada, html.unescape(address))
    assert "Back to the scenario" in page(client_of(cast.jonas), html.unescape(address))
    recorded = make.take(cast.ada, scenario, submitted=False)
    session.commit()
    assert f'name="take_id" value="{recorded.id}"' in page(ada, "/warm-up")
    assert "You recorded it on" in page(ada, "/warm-up")
    assert "Your warm-up: Opening" in page(ada, f"/takes/{recorded.id}")
    assert "Your warm-up: Opening" not in page(ada, f"/takes/{before.id}")
    said = {"rating": "3", "take_id": str(recorded.id)}
    assert ada.post(f"/warm-up/{warm_up.id}/rating", data=said).status_code == 302
    session.expire_all()
    assert [run.take for run in warm_up.runs] == [recorded]
    assert "Your warm-up" not in page(ada, f"/takes/{recorded.id}")
    assert f'href="/takes/{recorded.id}"' in page(ada, "/progress")
    assert "Warm-ups" not in page(client_of(cast.mona), f"/progress/{cast.ada.id}")
    ada.post(f"/takes/{recorded.id}/deletion")
    mine = page(ada, "/progress")
    assert f'href="/takes/{recorded.id}"' not in mine and "Warm-ups" in mine


def test_only_an_own_take_of_it_made_since_it_was_due_can_be_the_warm_ups(
    session: Session, make: Factory, cast: Cast, scenario: Scenario, client_of: ClientOf
) -> None:
    earlier = make.take(cast.ada, scenario, submitted=False)
    session.commit()
    warm_up: WarmUp = make.warm_up(cast.ada, scenario, due_at=db.now())
    session.commit()
    wrong = [
        earlier,
        make.take(cast.jonas, scenario, submitted=False),
        make.take(cast.ada, make.scenario(cast.team, "Another"), submitted=False),
        make.take(cast.ada, scenario, submitted=False, state=RecordingState.AWAITING_UPLOAD),
    ]
    session.commit()
    ada = client_of(cast.ada)
    for take in wrong:
        said = {"rating": "3", "take_id": str(take.id)}
        assert ada.post(f"/warm-up/{warm_up.id}/rating", data=said).status_code == 404
    session.expire_all()
    assert warm_up.runs == []
