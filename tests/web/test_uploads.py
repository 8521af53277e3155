"""The way in as the browser's script walks it: begin, sign, send, complete; go on after a reload."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from pitchreview.config import GIBIBYTE, Settings
from pitchreview.models import RecordingState, Scenario, Source, Take, User
from pitchreview.store import SMALLEST_PART, ObjectStore
from tests.conftest import Cast
from tests.factories import Factory
from tests.sending import ask, put
from tests.waiting import together

ClientOf = Callable[[User | None], FlaskClient]
CONTENT = b"0123456789"
FILE = {"file_name": "pitch.mp4", "size_bytes": len(CONTENT)}


@pytest.fixture
def scenario(make: Factory, cast: Cast) -> Scenario:
    scenario = make.scenario(cast.team)
    make.session.commit()
    return scenario


@pytest.fixture
def ada(client_of: ClientOf, cast: Cast) -> FlaskClient:
    return client_of(cast.ada)


def begin(client: FlaskClient, scenario: Scenario, **more: Any) -> dict[str, Any]:
    answer = client.post(f"/scenarios/{scenario.id}/uploads", json=FILE | more)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def send(client: FlaskClient, upload: str, parts: dict[int, bytes]) -> None:
    signed = client.post(f"{upload}/parts", json={"numbers": list(parts)}).get_json()["addresses"]
    for number, content in parts.items():
        put(signed[str(number)], content)


def jobs(session: Session) -> list[str]:
    return list(session.scalars(text("SELECT task_name FROM procrastinate_jobs ORDER BY id")))


def test_a_file_travels_from_the_browser_to_the_queue(
    ada: FlaskClient, session: Session, store: ObjectStore, scenario: Scenario, cast: Cast
) -> None:
    begun = begin(ada, scenario)
    assert (begun["part_size"], begun["part_count"]) == (SMALLEST_PART, 1)
    send(ada, begun["upload"], {1: CONTENT})
    assert ada.post(f"{begun['upload']}/completion").get_json() == {"take": begun["take"]}
    take = session.scalars(select(Take)).one()
    assert (take.pitch.presenter, take.is_submitted, take.number) == (cast.ada, False, 1)
    assert take.recording.state is RecordingState.RECEIVED
    assert store.stat(take.recording.sources[0].object_key).size_bytes == len(CONTENT)
    assert jobs(session) == ["check_recording"]
    assert ada.get(begun["take"]).status_code == 200


def test_a_reload_goes_on_with_what_the_store_has(
    ada: FlaskClient, session: Session, scenario: Scenario
) -> None:
    begun = begin(ada, scenario, size_bytes=SMALLEST_PART + 3)
    assert ada.get(begun["upload"]).get_json() == {
        "state": "awaiting_upload",
        "size_bytes": SMALLEST_PART + 3,
        "is_open": False,
        "part_size": SMALLEST_PART,
        "part_count": 2,
        "arrived": [],
        "take": begun["take"],
    }
    send(ada, begun["upload"], {2: b"xyz"})
    assert ada.get(begun["upload"]).get_json()["arrived"] == [2]
    early = ada.post(f"{begun['upload']}/completion", headers={"X-Requested-With": "fetch"})
    assert (early.status_code, "1 of 2 parts" in early.get_json()["error"]["message"]) == (409, True)
    send(ada, begun["upload"], {1: b"a" * SMALLEST_PART})
    assert ada.post(f"{begun['upload']}/completion").status_code == 200
    again = ada.get(begun["upload"]).get_json()
    assert (again["state"], again["arrived"]) == ("received", [1, 2])
    assert ada.post(f"{begun['upload']}/completion").status_code == 200
    assert ada.post(f"{begun['upload']}/parts", json={"numbers": [1]}).status_code == 409
    assert jobs(session) == ["check_recording"]


def test_parts_in_each_others_place_are_not_put_together(
    ada: FlaskClient, session: Session, scenario: Scenario
) -> None:
    begun = begin(ada, scenario, size_bytes=SMALLEST_PART + 3)
    send(ada, begun["upload"], {1: b"xyz", 2: b"a" * SMALLEST_PART})
    refused = ada.post(f"{begun['upload']}/completion", headers={"X-Requested-With": "fetch"})
    assert (refused.status_code, "2 of 2 parts" in refused.get_json()["error"]["message"]) == (409, True)
    assert jobs(session) == []


def test_a_part_that_comes_again_after_the_end_changes_nothing(
    ada: FlaskClient, session: Session, store: ObjectStore, scenario: Scenario
) -> None:
    begun = begin(ada, scenario)
    address = ada.post(f"{begun['upload']}/parts", json={"numbers": [1]}).get_json()["addresses"]["1"]
    put(address, CONTENT)
    assert ada.post(f"{begun['upload']}/completion").status_code == 200
    assert ask(address, method="PUT", content=CONTENT[::-1]).status == 404
    source = session.scalars(select(Source)).one()
    assert store.read_range(source.object_key, 0, 20) == CONTENT


def test_two_tabs_that_complete_at_once_are_both_told_that_it_is_done(
    client_of: ClientOf, cast: Cast, ada: FlaskClient, session: Session, scenario: Scenario
) -> None:
    begun = begin(ada, scenario)
    send(ada, begun["upload"], {1: CONTENT})
    tabs = [client_of(cast.ada) for _ in range(3)]

    def complete(tab: FlaskClient) -> Callable[[], int]:
        return lambda: tab.post(f"{begun['upload']}/completion").status_code

    assert together(*(complete(tab) for tab in tabs)) == [200, 200, 200]
    assert jobs(session) == ["check_recording"]


def test_a_discarded_upload_leaves_nothing(ada: FlaskClient, session: Session, scenario: Scenario) -> None:
    begun = begin(ada, scenario)
    assert ada.delete(begun["upload"]).status_code == 204
    assert session.scalars(select(Source)).all() == []
    assert ada.delete(begun["upload"]).status_code == 404
    assert ada.get(begun["take"]).status_code == 404


def test_what_has_arrived_is_not_discarded(ada: FlaskClient, session: Session, scenario: Scenario) -> None:
    begun = begin(ada, scenario)
    send(ada, begun["upload"], {1: CONTENT})
    ada.post(f"{begun['upload']}/completion")
    assert ada.delete(begun["upload"]).status_code == 409
    assert session.scalars(select(Take)).one()


# --- while it is recorded ------------------------------------------------------------------------------

RECORDING = {"file_name": "take.webm", "content_type": "video/webm", "fingerprint": "a-recording"}


def record(client: FlaskClient, scenario: Scenario, **more: Any) -> dict[str, Any]:
    answer = client.post(f"/scenarios/{scenario.id}/recordings", json=RECORDING | more)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def test_a_recording_is_sent_while_it_grows_and_told_its_size_at_the_end(
    ada: FlaskClient, session: Session, store: ObjectStore, scenario: Scenario, cast: Cast
) -> None:
    content = random.Random(7).randbytes(SMALLEST_PART + 3)
    begun = record(ada, scenario)
    limits = (begun["max_bytes"], begun["max_seconds"])
    assert (begun["part_size"], begun["part_count"], limits) == (SMALLEST_PART, None, (5 * 1024**3, 10_800))
    send(ada, begun["upload"], {1: content[:SMALLEST_PART]})
    assert ada.get(begun["upload"]).get_json() == {
        "state": "awaiting_upload",
        "size_bytes": 0,
        "is_open": True,
        "part_size": SMALLEST_PART,
        "part_count": None,
        "arrived": [1],
        "take": begun["take"],
    }
    send(ada, begun["upload"], {2: content[SMALLEST_PART:]})
    completion = {"size_bytes": len(content)}
    assert ada.post(f"{begun['upload']}/completion", json=completion).get_json() == {"take": begun["take"]}
    take = session.scalars(select(Take)).one()
    assert (take.pitch.presenter, take.is_submitted, take.uploaded_by) == (cast.ada, False, cast.ada)
    source = take.recording.sources[0]
    received = store.read_range(source.object_key, 0, len(content))
    assert sha256(received).digest() == sha256(content).digest()
    again = ada.get(begun["upload"]).get_json()
    assert (again["is_open"], again["part_count"], again["arrived"]) == (False, 2, [1, 2])
    assert jobs(session) == ["check_recording"]


def test_a_recording_is_completed_again_with_the_same_size_and_never_with_another(
    ada: FlaskClient, session: Session, scenario: Scenario
) -> None:
    begun = record(ada, scenario)

    def complete(size: int) -> tuple[int, str]:
        answer = ada.post(f"{begun['upload']}/completion", json={"size_bytes": size})
        return answer.status_code, str(answer.get_json())

    early = complete(10)
    assert (early[0], "1 of 1 parts" in early[1]) == (409, True)
    send(ada, begun["upload"], {1: CONTENT})
    assert [complete(10)[0], complete(10)[0]] == [200, 200]
    other = complete(9)
    assert (other[0], "another size" in other[1]) == (409, True)
    assert ada.post(f"{begun['upload']}/completion").status_code == 200
    assert jobs(session) == ["check_recording"]


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({}, 400),
        ({"size_bytes": "10"}, 400),
        ({"size_bytes": True}, 400),
        ({"size_bytes": 0}, 400),
        ({"size_bytes": -1}, 400),
        ({"size_bytes": 5 * 1024**3 + 1}, 413),
        ({"size_bytes": 10**30}, 413),
        ([10], 400),
    ],
)
def test_a_recording_without_a_likely_size_stays_open(
    ada: FlaskClient, session: Session, scenario: Scenario, said: Any, status: int
) -> None:
    begun = record(ada, scenario)
    send(ada, begun["upload"], {1: CONTENT})
    assert ada.post(f"{begun['upload']}/completion", json=said).status_code == status
    assert session.scalars(select(Source)).one().is_open


def test_parts_beyond_the_size_that_is_told_are_left_out(
    ada: FlaskClient, session: Session, store: ObjectStore, scenario: Scenario
) -> None:
    begun = record(ada, scenario)
    send(ada, begun["upload"], {1: CONTENT * (SMALLEST_PART // 10) + b"to 8 MiB", 2: b"more"})
    assert ada.post(f"{begun['upload']}/completion", json={"size_bytes": SMALLEST_PART}).status_code == 200
    source = session.scalars(select(Source)).one()
    assert store.stat(source.object_key).size_bytes == SMALLEST_PART


def test_a_recording_is_always_ones_own(
    client_of: ClientOf, session: Session, scenario: Scenario, cast: Cast
) -> None:
    record(client_of(cast.mona), scenario, presenter_id=str(cast.ada.id), size_bytes=10)
    take = session.scalars(select(Take)).one()
    assert (take.pitch.presenter, take.is_submitted) == (cast.mona, False)
    assert take.recording.sources[0].is_open


def test_a_recording_that_is_thrown_away_leaves_nothing(
    ada: FlaskClient, session: Session, scenario: Scenario
) -> None:
    begun = record(ada, scenario)
    send(ada, begun["upload"], {1: CONTENT})
    assert ada.delete(begun["upload"]).status_code == 204
    assert session.scalars(select(Source)).all() == []
    completion = ada.post(f"{begun['upload']}/completion", json={"size_bytes": 10})
    assert completion.status_code == 404


def test_a_recording_is_told_of_the_teams_room_where_it_is_the_narrower(
    client_of: ClientOf, app: Flask, settings: Settings, make: Factory, scenario: Scenario, cast: Cast
) -> None:
    make.take(cast.jonas, scenario, submitted=False)
    make.session.commit()
    services = app.extensions["pitchreview"]
    narrow = settings.model_copy(update={"team_quota_gb": 50_000_000 / GIBIBYTE})
    app.extensions["pitchreview"] = replace(services, settings=narrow)
    try:
        assert record(client_of(cast.ada), scenario)["max_bytes"] == 30_000_000
    finally:
        app.extensions["pitchreview"] = services


def test_where_no_practice_is_asked_for_only_the_first_file_that_arrives_is_submitted(
    ada: FlaskClient, session: Session, make: Factory, scenario: Scenario, cast: Cast
) -> None:
    drill = make.drill(scenario, cast.mona)
    drill.practice_allowed = False
    session.commit()

    begun, again = begin(ada, scenario), begin(ada, scenario)
    first, second = session.scalars(select(Take).order_by(Take.number))
    assert not first.is_submitted, "nothing has arrived"
    for each in (begun, again):
        send(ada, each["upload"], {1: CONTENT})
        assert ada.post(f"{each['upload']}/completion").status_code == 200

    session.expire_all()
    assert (first.is_submitted, first.drill) == (True, drill)
    assert not second.is_submitted


# --- for somebody else --------------------------------------------------------------------------------


def test_a_manager_uploads_for_a_member_and_it_is_submitted(
    client_of: ClientOf, session: Session, scenario: Scenario, cast: Cast
) -> None:
    consent = {"presenter_id": str(cast.ada.id), "consent_note": "By e-mail on 3 May"}
    begin(client_of(cast.mona), scenario, **consent)
    take = session.scalars(select(Take)).one()
    assert (take.pitch.presenter, take.uploaded_by) == (cast.ada, cast.mona)
    assert (take.round, take.consent_note) == (1, "By e-mail on 3 May")


def test_a_manager_uploads_for_somebody_without_account(
    client_of: ClientOf, session: Session, scenario: Scenario, cast: Cast
) -> None:
    begin(client_of(cast.mona), scenario, presenter_name="Grace Hall", consent_note="On the phone")
    take = session.scalars(select(Take)).one()
    assert (take.pitch.presenter, take.pitch.presented_by) == (None, "Grace Hall")


def test_nobody_is_shown_without_a_word_about_their_consent(
    client_of: ClientOf, session: Session, scenario: Scenario, cast: Cast
) -> None:
    mona = client_of(cast.mona)
    file = FILE | {"presenter_name": "Grace Hall"}
    answer = mona.post(f"/scenarios/{scenario.id}/uploads", json=file)
    assert (answer.status_code, answer.get_json()["error"]["field"]) == (400, "consent_note")
    assert session.scalars(select(Take)).all() == []


def test_a_manager_who_names_herself_practises_for_herself(
    client_of: ClientOf, session: Session, scenario: Scenario, cast: Cast
) -> None:
    begin(client_of(cast.mona), scenario, presenter_id=str(cast.mona.id))
    take = session.scalars(select(Take)).one()
    assert (take.pitch.presenter, take.is_submitted) == (cast.mona, False)


# --- the store may be slow ----------------------------------------------------------------------------


@pytest.fixture
def held_while_asking(engine: Engine, store: ObjectStore) -> Iterator[list[int]]:
    """How many database connections were held at each call to the object store."""
    held: list[int] = []

    def note(**_: object) -> None:
        held.append(engine.pool.checkedout())  # type: ignore[attr-defined]

    events = store._client.meta.events
    events.register("before-send.s3", note)
    yield held
    events.unregister("before-send.s3", note)


def test_no_database_connection_is_held_while_the_store_is_asked(
    ada: FlaskClient, session: Session, scenario: Scenario, held_while_asking: list[int]
) -> None:
    session.commit()
    begun, dropped, recorded = begin(ada, scenario), begin(ada, scenario), record(ada, scenario)
    ada.get(begun["upload"])
    send(ada, begun["upload"], {1: CONTENT})
    ada.post(f"{begun['upload']}/completion")
    ada.delete(dropped["upload"])
    ada.get(recorded["upload"])
    ada.post(f"{recorded['upload']}/completion", json={"size_bytes": len(CONTENT)})
    ada.get("/readyz")
    assert set(held_while_asking) == {0}
    assert len(held_while_asking) >= 11


def test_pages_and_media_ask_the_store_nothing(
    ada: FlaskClient, make: Factory, cast: Cast, held_while_asking: list[int]
) -> None:
    take = make.take(cast.ada, make.scenario(cast.team))
    make.session.commit()
    recording = take.recording
    for address in (
        "/",
        "/takes",
        f"/takes/{take.id}",
        f"/pitches/{take.pitch_id}",
        f"/media/{recording.id}/master.m3u8",
        f"/media/{recording.id}/{recording.renditions[0].id}",
    ):
        assert ada.get(address).status_code in (200, 302)
    assert held_while_asking == []
