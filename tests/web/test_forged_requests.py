"""Requests that another site makes a browser send change nothing."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from pitchreview.config import Settings
from pitchreview.models import Comment, Scenario, Take
from pitchreview.store import ObjectStore
from pitchreview.web.app import create_app
from tests.conftest import Cast
from tests.factories import Factory
from tests.web.world import signed_in

EVIL = "https://evil.example"


@pytest.fixture(scope="module")
def guarded_app(settings: Settings, engine: Engine, store: ObjectStore) -> Flask:
    """The application as people meet it: with the guard that most tests switch off."""
    return create_app(settings, engine=engine, store=store)


@pytest.fixture
def ada(guarded_app: Flask, session: Session, cast: Cast) -> FlaskClient:
    return signed_in(guarded_app, session, cast.ada)


@pytest.fixture
def scenario(make: Factory, cast: Cast) -> Scenario:
    scenario = make.scenario(cast.team)
    make.session.commit()
    return scenario


@pytest.fixture
def take(make: Factory, cast: Cast, scenario: Scenario) -> Take:
    take = make.take(cast.ada, scenario)
    make.session.commit()
    return take


def token_of(client: FlaskClient) -> str:
    found = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/account").text)
    assert found is not None
    return found[1]


# What ends the letters comes from mail programs; the signed link in its address is the leave.
WITHOUT_TOKEN = {"notifications.no_more", "notifications.no_digest"}


def test_every_endpoint_that_changes_something_refuses_a_request_without_token(
    guarded_app: Flask, ada: FlaskClient
) -> None:
    adapter = guarded_app.url_map.bind("localhost")
    some_id = "00000000-0000-4000-8000-000000000000"
    for rule in guarded_app.url_map.iter_rules():
        if rule.endpoint in WITHOUT_TOKEN:
            continue
        for method in (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}:
            values = dict.fromkeys(rule.arguments, some_id)
            address = adapter.build(rule.endpoint, values, method)
            assert ada.open(address, method=method).status_code == 400, address


@pytest.mark.parametrize("headers", [{}, {"Origin": EVIL}, {"Origin": "null"}, {"Referer": f"{EVIL}/x"}])
def test_a_form_from_another_site_changes_nothing(
    ada: FlaskClient, session: Session, cast: Cast, headers: dict[str, str]
) -> None:
    for token in ("", "wrong", "IjEyMyI.x.y"):
        data = {"name": "Owned", "time_zone": "UTC", "csrf_token": token}
        assert ada.post("/account", data=data, headers=headers).status_code == 400
    session.expire_all()
    assert cast.ada.name == "Ada Lindqvist"


def test_the_token_of_another_person_does_not_fit(
    guarded_app: Flask, session: Session, ada: FlaskClient, cast: Cast
) -> None:
    cole = signed_in(guarded_app, session, cast.cole)
    data = {"name": "Owned", "time_zone": "UTC", "csrf_token": token_of(cole)}
    assert ada.post("/account", data=data).status_code == 400


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", None])
def test_json_in_plain_clothes_does_not_reach_a_json_endpoint(
    ada: FlaskClient, session: Session, scenario: Scenario, content_type: str | None
) -> None:
    body = b'{"file_name": "pitch.mp4", "size_bytes": 10}'
    address = f"/scenarios/{scenario.id}/uploads"
    assert ada.post(address, data=body, content_type=content_type).status_code == 400
    with_token = {"X-CSRFToken": token_of(ada)}
    assert ada.post(address, data=body, content_type=content_type, headers=with_token).status_code == 400
    assert session.scalars(select(Take)).all() == []


def test_our_own_pages_and_scripts_are_let_through(
    ada: FlaskClient, session: Session, scenario: Scenario, take: Take
) -> None:
    token = token_of(ada)
    form = {"name": "Ada L.", "time_zone": "UTC", "csrf_token": token}
    assert ada.post("/account", data=form).status_code == 302
    headers = {"X-CSRFToken": token, "X-Requested-With": "fetch"}
    file = {"file_name": "pitch.mp4", "size_bytes": 10}
    assert ada.post(f"/scenarios/{scenario.id}/uploads", json=file, headers=headers).status_code == 201
    remark = {"body": "Ask.", "at_ms": "0"}
    assert ada.post(f"/takes/{take.id}/comments", data=remark, headers=headers).status_code == 201
    assert len(session.scalars(select(Comment)).all()) == 1


def test_a_script_is_told_in_json_that_its_page_is_too_old(ada: FlaskClient, take: Take) -> None:
    answer = ada.post(f"/takes/{take.id}/comments", headers={"X-Requested-With": "fetch"})
    assert (answer.status_code, "Load it again" in answer.get_json()["error"]["message"]) == (400, True)


@pytest.mark.parametrize("address", ["/", "/takes", "/healthz", "/uploads/x", "/media/x", "/live"])
def test_no_other_site_may_read_an_answer(ada: FlaskClient, address: str) -> None:
    for method in ("GET", "OPTIONS"):
        answer = ada.open(address, method=method, headers={"Origin": EVIL})
        assert [name for name, _ in answer.headers if name.startswith("Access-Control")] == []


def test_looking_changes_nothing(ada: FlaskClient, session: Session, take: Take) -> None:
    """A link in a mail, a prefetch: none of the acts answers to GET."""
    for act in ("submission", "submission/withdrawal", "deletion", "retry", "sharing"):
        assert ada.get(f"/takes/{take.id}/{act}").status_code == 405
    assert ada.get("/sign-out").status_code == 405
    session.expire_all()
    assert (take.is_submitted, take.is_deleted) == (True, False)
