"""What every answer carries, what errors give away (nothing), and what happens without a database."""

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from pitchreview.actions import limits, reading
from pitchreview.config import Settings, assets_folder
from pitchreview.db import make_engine
from pitchreview.local import ports
from pitchreview.models import Take, User
from pitchreview.store import ObjectStore
from pitchreview.web.app import create_app
from tests.conftest import Cast
from tests.factories import Factory
from tests.web.world import signed_in

ClientOf = Callable[[User | None], FlaskClient]
SECRET = "the secret of the house"


@pytest.fixture
def take(make: Factory, cast: Cast) -> Take:
    take = make.take(cast.ada, make.scenario(cast.team))
    make.session.commit()
    return take


@pytest.fixture
def broken_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on the room of any take fails in a way that nobody foresaw."""

    def fail(*_args: object) -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr(reading, "threads_of", fail)


# --- headers ----------------------------------------------------------------------------------------


@pytest.fixture
def answers(
    client_of: ClientOf, cast: Cast, take: Take, broken_room: None
) -> Iterator[dict[str, TestResponse]]:
    """One answer of every kind."""
    ada, signed_out = client_of(cast.ada), client_of(None)
    manifest = (assets_folder("static") / "dist" / "manifest.json").read_text(encoding="utf-8")
    style = re.search(r"main-\w+\.css", manifest)
    assert style is not None
    found = {
        "page": ada.get("/"),
        "door": signed_out.get("/sign-in"),
        "redirect": signed_out.get("/takes"),
        "refused form": ada.post("/account", data={}),
        "forbidden": ada.get("/operator"),
        "missing": ada.get("/no-such-page"),
        "missing to strangers": signed_out.get("/no-such-page"),
        "method": ada.put("/takes"),
        "too large": ada.post(
            "/account", data=b"a" * 2_000_000, content_type="application/x-www-form-urlencoded"
        ),
        "unforeseen": ada.get(f"/takes/{take.id}"),
        "json": ada.get(f"/takes/{take.id}/comments", headers={"X-Requested-With": "fetch"}),
        "playlist": ada.get(f"/media/{take.recording_id}/master.m3u8"),
        "storyboard": ada.get(f"/media/{take.recording_id}/storyboard.vtt"),
        "media": ada.get(f"/media/{take.recording_id}/{take.recording.renditions[0].id}"),
        "style": signed_out.get(f"/static/{style[0]}"),
        "health": signed_out.get("/healthz"),
    }
    yield found
    for answer in found.values():
        answer.close()


def test_every_answer_is_strict_with_browsers(answers: dict[str, TestResponse]) -> None:
    for name, answer in answers.items():
        policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
        assert policy["default-src"] == "'none'", name
        assert policy["script-src"] == policy["style-src"] == "'self'", name
        for directive in ("object-src", "base-uri", "frame-ancestors"):
            assert policy[directive] == "'none'", name
        assert policy["form-action"] == "'self'", name
        assert "unsafe" not in answer.headers["Content-Security-Policy"], name
        assert answer.headers["X-Content-Type-Options"] == "nosniff", name
        assert answer.headers["Referrer-Policy"] == "same-origin", name
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin", name
        assert answer.headers["X-Request-ID"], name


def test_the_kinds_of_answers_are_what_they_are_called(answers: dict[str, TestResponse]) -> None:
    statuses = {name: answer.status_code for name, answer in answers.items()}
    assert statuses == {
        "page": 200,
        "door": 200,
        "redirect": 302,
        "refused form": 400,
        "forbidden": 403,
        "missing": 404,
        "missing to strangers": 404,
        "method": 405,
        "too large": 413,
        "unforeseen": 500,
        "json": 500,
        "playlist": 200,
        "storyboard": 200,
        "media": 302,
        "style": 200,
        "health": 200,
    }


def test_nothing_but_assets_is_kept_by_shared_caches(answers: dict[str, TestResponse]) -> None:
    for name, answer in answers.items():
        if name != "style":
            assert answer.headers["Cache-Control"].startswith("private, "), name
    assert "max-age=31536000" in answers["style"].headers["Cache-Control"]


def test_the_policy_names_the_object_store_and_nobody_else(
    answers: dict[str, TestResponse], settings: Settings
) -> None:
    policy = answers["page"].headers["Content-Security-Policy"]
    assert set(re.findall(r"https?://[^ ;]+", policy)) == {settings.s3_endpoint_url}


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client_of: ClientOf, cast: Cast) -> None:
    cookie = client_of(None).get("/sign-in").headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))


def test_behind_https_the_cookie_is_bound_to_it(
    settings: Settings, engine: Engine, store: ObjectStore, session: Session
) -> None:
    secure = settings.model_copy(update={"public_url": "https://pitch.example"})
    client = create_app(secure, engine=engine, store=store).test_client()
    answer = client.get("/sign-in", base_url="https://pitch.example")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_only_the_trusted_hosts_are_answered(
    settings: Settings, engine: Engine, store: ObjectStore, session: Session
) -> None:
    named = settings.model_copy(update={"trusted_hosts": "pitch.example, localhost"})
    client = create_app(named, engine=engine, store=store).test_client()
    assert client.get("/sign-in", headers={"Host": "pitch.example"}).status_code == 200
    for refused in (
        client.get("/sign-in", headers={"Host": "evil.example"}),
        client.post("/", headers={"Host": "x"}),
    ):
        assert (refused.status_code, refused.mimetype) == (400, "text/plain")


@pytest.mark.parametrize("host", ["a b", "x; script-src *", '"', "[::1", "x\x7f", ""])
def test_a_nonsense_host_gets_nothing_into_the_policy(client_of: ClientOf, cast: Cast, host: str) -> None:
    answer = client_of(None).get("/sign-in", headers={"Host": host})
    assert answer.status_code in (200, 400)
    assert answer.headers["Content-Security-Policy"].count("script-src") == 1
    assert "*" not in answer.headers["Content-Security-Policy"]


# --- errors -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "/debug",
        "/console",
        "/?__debugger__=yes&cmd=resource&f=debugger.js",
        "/.git/config",
        "/.env",
        "/server-status",
        "/static/",
        "/static/manifest.json/../../tokens.css",
        "/static/../pyproject.toml",
        "/static/%2e%2e/%2e%2e/pyproject.toml",
        "/static/..%5c..%5cpyproject.toml",
        "/templates/layouts/base.html",
        "/takes/1",
        "/takes/' OR 1=1",
        "/media/x/y",
        "/%00",
        "/\ufffd",
    ],
)
def test_what_does_not_exist_says_so_and_no_more(client_of: ClientOf, cast: Cast, address: str) -> None:
    answer = client_of(cast.ada).get(address)
    if address.startswith("/?"):
        assert "debugger" not in answer.text.lower()
        return
    assert answer.status_code == 404
    assert "Traceback" not in answer.text
    assert "Werkzeug" not in answer.text


def test_no_source_map_is_served() -> None:
    assert list((assets_folder("static") / "dist").rglob("*.map")) == []


def test_an_unforeseen_error_gives_nothing_away(
    client_of: ClientOf, cast: Cast, take: Take, broken_room: None
) -> None:
    page = client_of(cast.ada).get(f"/takes/{take.id}")
    script = client_of(cast.ada).get(f"/takes/{take.id}", headers={"Accept": "application/json"})
    for answer in (page, script):
        assert answer.status_code == 500
        assert SECRET not in answer.text
        assert "Traceback" not in answer.text
    assert page.headers["X-Request-ID"] in page.text
    assert script.get_json()["error"]["message"].startswith("Something went wrong on our side")


def test_a_refusal_says_when_to_come_back(
    client_of: ClientOf, session: Session, cast: Cast, take: Take
) -> None:
    for _ in range(120):
        limits.count(session, f"comment:{cast.cole.id}", most=1000, seconds=60)
    session.commit()
    cole = client_of(cast.cole)
    answer = cole.post(f"/takes/{take.id}/comments", data={"body": "Ask.", "at_ms": "0"})
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 60


@pytest.fixture
def away(settings: Settings, store: ObjectStore) -> Iterator[Flask]:
    """The application while its database is gone."""
    url = settings.sqlalchemy_url.split("?")[0].replace("@/", f"@127.0.0.1:{ports.choose()}/")
    engine = make_engine(url, pool_size=1)
    yield create_app(settings, engine=engine, store=store)
    engine.dispose()


def test_without_a_database_people_read_that_their_work_is_safe(
    away: Flask, app: Flask, session: Session, cast: Cast
) -> None:
    cookie = signed_in(app, session, cast.ada).get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    client = away.test_client()
    client.set_cookie(cookie.key, cookie.value)
    page, script = client.get("/"), client.get("/", headers={"X-Requested-With": "fetch"})
    for answer in (page, script):
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0
    assert "safe" in page.text
    assert "safe" in script.get_json()["error"]["message"]


def test_without_a_database_what_needs_none_still_works(away: Flask) -> None:
    client = away.test_client()
    assert client.get("/healthz").status_code == 200
    assert client.get("/no-such-page").status_code == 404
    assert client.get("/sign-in").status_code == 200
