"""Writing scenarios: ready-made situations, the recorded buyer, and an example that waits for a take."""

import html
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from pitchreview import db, timecode
from pitchreview.actions import briefing, replying
from pitchreview.actions.ready_rubrics import READY_RUBRICS
from pitchreview.actions.ready_scenarios import READY_SCENARIOS, ReadyScenario
from pitchreview.models import Exemplar, Recording, RecordingState, Rubric, Scenario, Stage, User
from tests.conftest import Cast
from tests.factories import Factory

ClientOf = Callable[[User | None], FlaskClient]
FORM = {"title": "Why now?", "stage": "closing", "prompt": "Call me next year.", "target": "1:30"}


# --- ready-made situations --------------------------------------------------------------------------


@pytest.mark.parametrize("ready", READY_SCENARIOS, ids=lambda ready: ready.key)
def test_a_ready_made_situation_is_a_whole_brief(ready: ReadyScenario) -> None:
    target = timecode.format_ms(ready.target_seconds * 1000)
    beats = [f"{name} {timecode.format_ms(seconds * 1000)}" for name, seconds in ready.beats]
    scenario = Scenario(key_messages=[], beats=[])
    brief = briefing.Brief(
        ready.title,
        ready.stage,
        ready.buyer,
        ready.situation,
        ready.prompt,
        target,
        list(ready.key_messages),
        beats,
    )
    briefing.write(scenario, brief)
    assert scenario.situation == ready.situation
    assert 30 <= scenario.target_seconds <= 180
    assert ready.rubric in {rubric.key for rubric in READY_RUBRICS}


def test_every_stage_of_the_sale_has_a_ready_made_situation() -> None:
    assert {ready.stage for ready in READY_SCENARIOS} == set(Stage)
    assert len({ready.key for ready in READY_SCENARIOS}) == len(READY_SCENARIOS) >= 10


def test_a_new_scenario_begins_with_a_choice_and_fills_the_form(
    client_of: ClientOf, session: Session, cast: Cast
) -> None:
    mona = client_of(cast.mona)
    page = html.unescape(mona.get("/scenarios/new").text)
    for ready in READY_SCENARIOS:
        assert f'href="/scenarios/new?from={ready.key}"' in page
        assert ready.title in page
    page = html.unescape(mona.get("/scenarios/new?from=too-expensive").text)
    for words in ("“You are too expensive”", "No discount, no defence", "What lies behind it 0:35"):
        assert words in page
    assert "too expensive" not in mona.get("/scenarios/new?from=blank").text
    mona.post("/scenarios", data=FORM | {"rubric": "sales-conversation"})
    own = session.scalars(select(Rubric)).one()
    assert f'value="{own.id}" selected' in mona.get("/scenarios/new?from=too-expensive").text


def test_a_rubric_that_was_put_away_stays_with_its_scenario(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast
) -> None:
    rubric = Rubric(team_id=cast.team.id, name="Ours", retired_at=db.now(), criteria=[])
    scenario = make.scenario(cast.team, rubric=rubric)
    session.commit()
    mona = client_of(cast.mona)
    assert f'value="{rubric.id}" selected' in mona.get(f"/scenarios/{scenario.id}/edit").text
    mona.post(f"/scenarios/{scenario.id}", data=FORM | {"rubric": str(rubric.id)})
    session.expire_all()
    assert scenario.rubric == rubric
    assert str(rubric.id) not in mona.get("/scenarios/new?from=blank").text


# --- the buyer asks ---------------------------------------------------------------------------------


def test_a_recorded_buyer_is_heard_by_the_team_until_it_is_taken_away(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast
) -> None:
    spoken, other = make.spoken(cast.mona), make.spoken(cast.cole)
    session.commit()
    mona, ada = client_of(cast.mona), client_of(cast.ada)
    sound = f"/media/{spoken.id}/{spoken.renditions[0].id}"
    assert ada.get(sound).status_code == 404
    assert mona.post("/scenarios", data=FORM | {"recording_id": str(other.id)}).status_code == 400
    address = mona.post("/scenarios", data=FORM | {"recording_id": str(spoken.id)}).headers["Location"]
    assert ada.get(sound).status_code == 302
    assert client_of(cast.zoe).get(sound).status_code == 404
    for page in (address, f"{address}/studio"):
        assert f"/media/{spoken.id}/" in ada.get(page).text
    with time_machine.travel(db.now() + timedelta(days=2)):
        replying.forget_unused(session)
    assert session.scalars(select(Recording)).all() == [spoken], "a scenario carries it"
    mona.post(address, data=FORM | {"recording_id": str(spoken.id)})
    mona.post(address, data=FORM | {"without_recording": "1"})
    assert session.scalars(select(Recording)).all() == []


def test_another_recording_takes_the_place_of_the_first(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast
) -> None:
    first, second = make.spoken(cast.mona), make.spoken(cast.mona)
    scenario = make.scenario(cast.team, prompt_recording=first)
    session.commit()
    mona = client_of(cast.mona)
    mona.post(f"/scenarios/{scenario.id}", data=FORM | {"recording_id": str(second.id)})
    session.expire_all()
    assert (scenario.prompt_recording, session.scalars(select(Recording)).all()) == (second, [second])
    mona.post(f"/scenarios/{scenario.id}", data=FORM)
    session.expire_all()
    assert scenario.prompt_recording == second, "what is not spoken of stays"


def test_a_recorded_prompt_tells_when_it_plays_and_kindly_when_it_never_will(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast
) -> None:
    spoken = make.spoken(cast.mona, RecordingState.RECEIVED)
    scenario = make.scenario(cast.team, prompt_recording=spoken)
    session.commit()
    ada, address = client_of(cast.ada), f"/scenarios/{scenario.id}"
    page = ada.get(address).text
    assert 'id="asked" data-state="waits"' in page and "is being prepared" in page
    assert f'data-topics="recording:{spoken.id} user:{cast.ada.id}"' in page
    spoken.state = RecordingState.BROKEN
    session.commit()
    page, managers = ada.get(address).text, client_of(cast.mona).get(address).text
    assert 'id="asked" data-state="broken"' in page and "did not come through" in page
    assert "Record it again" in managers and "Record it again" not in page
    assert "data-topics" not in page, "nothing more will change"


# --- the example ------------------------------------------------------------------------------------


@pytest.fixture
def scenario(make: Factory, cast: Cast) -> Scenario:
    return make.scenario(cast.team)


@pytest.fixture
def model(session: Session, make: Factory, cast: Cast, scenario: Scenario) -> Exemplar:
    model = make.exemplar(make.take(cast.jonas, scenario), cast.mona, title="The quiet second")
    session.commit()
    return model


def seen_by(client: FlaskClient, scenario: Scenario) -> list[bool]:
    page = f"/scenarios/{scenario.id}"
    return ["The quiet second" in client.get(address).text for address in (page, f"{page}/studio")]


def test_an_example_that_comes_after_the_first_own_take_is_nowhere_before_it(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, scenario: Scenario, model: Exemplar
) -> None:
    mona, ada, cole = (client_of(person) for person in (cast.mona, cast.ada, cast.cole))
    assert seen_by(ada, scenario) == [True, True]
    form = FORM | {"example": str(model.id), "example_shown": "after"}
    assert mona.post(f"/scenarios/{scenario.id}", data=form).status_code == 302
    assert seen_by(ada, scenario) == seen_by(cole, scenario) == [False, False]
    assert str(model.id) not in ada.get(f"/scenarios/{scenario.id}").text
    assert "opens after your first own take" in ada.get(f"/scenarios/{scenario.id}").text
    assert seen_by(mona, scenario) == [True, True]
    take = make.take(cast.ada, scenario, submitted=False, state=RecordingState.AWAITING_UPLOAD)
    session.commit()
    assert seen_by(ada, scenario) == [False, False], "nothing has arrived yet"
    take.recording.state = RecordingState.RECEIVED
    session.commit()
    assert seen_by(ada, scenario) == [True, True]
    assert seen_by(client_of(cast.jonas), scenario) == [True, True], "it is his own"


def test_an_example_of_another_scenario_is_shown_before_and_can_be_taken_away(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, model: Exemplar
) -> None:
    other = make.scenario(cast.team, "Why now?")
    session.commit()
    mona, ada = client_of(cast.mona), client_of(cast.ada)
    form = FORM | {"example": str(model.id), "example_shown": "before"}
    mona.post(f"/scenarios/{other.id}", data=form)
    assert "The example" in ada.get(f"/scenarios/{other.id}").text
    assert seen_by(ada, other) == [True, True]
    mona.post(f"/scenarios/{other.id}", data=FORM)
    assert seen_by(ada, other) == [False, False]
