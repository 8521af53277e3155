"""The doors: signing in and out, forgotten passwords, invitations, and those who knock too often."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from pitchreview import db
from pitchreview.actions import accounts, limits
from pitchreview.config import Settings
from pitchreview.models import Role, User, UserSession
from pitchreview.store import ObjectStore
from pitchreview.web.app import create_app
from tests.conftest import Cast
from tests.factories import Factory
from tests.web.world import PASSWORD, cookie_of, signed_in

ClientOf = Callable[[User | None], FlaskClient]
WRONG = "not-the-password"


@pytest.fixture(scope="module")
def password_hash() -> str:
    return accounts.hash_password(PASSWORD)


@pytest.fixture
def ada(cast: Cast, session: Session, password_hash: str) -> User:
    cast.ada.password_hash = password_hash
    session.commit()
    return cast.ada


def sign_in(
    client: FlaskClient, email: str = "ada@example.com", password: str = PASSWORD, **more: str
) -> TestResponse:
    return client.post("/sign-in", data={"email": email, "password": password, **more})


def is_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


# --- signing in -------------------------------------------------------------------------------------


@pytest.mark.parametrize("email", ["ada@example.com", "ADA@Example.COM", "  ada@example.com "])
def test_the_right_words_open_the_door(client_of: ClientOf, ada: User, email: str) -> None:
    client = client_of(None)
    assert sign_in(client, email).headers["Location"] == "/"
    assert is_in(client)


@pytest.mark.parametrize(
    "email", ["ada@example.com", "nobody@example.com", "closed@example.com", "new@example.com"]
)
def test_wrong_words_say_the_same_and_cost_the_same_whoever_is_named(
    client_of: ClientOf,
    session: Session,
    make: Factory,
    ada: User,
    password_hash: str,
    monkeypatch: pytest.MonkeyPatch,
    email: str,
) -> None:
    make.user("Closed Account").deactivated_at = db.now()
    make.user("New Without-password")
    session.commit()
    slow: list[str] = []
    monkeypatch.setattr(
        accounts, "run_slow", lambda function, *args: slow.append(function.__name__) or function(*args)
    )
    answer = sign_in(client_of(None), email, WRONG)
    assert answer.status_code == 400
    assert "The address or the password is not right." in answer.text
    assert _without(answer.text, email) == _without(sign_in(client_of(None), "x@y.zz", WRONG).text, "x@y.zz")
    assert slow == ["verify", "verify"]


def _without(page: str, email: str) -> str:
    page = re.sub(r'(name="csrf-token" content|name="csrf_token" value)="[^"]*"', "", page)
    return page.replace(email, "")


def test_a_closed_account_does_not_open_with_the_right_password(
    client_of: ClientOf, session: Session, ada: User
) -> None:
    ada.deactivated_at = db.now()
    session.commit()
    assert sign_in(client_of(None)).status_code == 400


INSIDE = ["/takes", "/takes?show=practice", "/library?q=a%20b#x", "/takes/%C3%A4", "/a//b", "/@evil.com"]
OUTSIDE = [
    "https://evil.example",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/\x00/evil.example",
    "/\r\nSet-Cookie:a=b",
    "javascript:alert(1)",
    "data:text/html,x",
    "http:evil.example",
    "evil.example",
    "?next=//evil.example",
    "",
    "\x7f//evil.example",
    "https:/evil.example",
    "x" * 3000,
]


@pytest.mark.parametrize("target", INSIDE)
def test_the_door_leads_to_the_page_that_was_asked_for(client_of: ClientOf, ada: User, target: str) -> None:
    assert client_of(ada).get("/sign-in", query_string={"next": target}).headers["Location"] == target


@pytest.mark.parametrize("target", OUTSIDE)
def test_the_door_never_leads_to_another_site(client_of: ClientOf, cast: Cast, target: str) -> None:
    client = client_of(cast.ada)
    assert client.get("/sign-in", query_string={"next": target}).headers["Location"] == "/"
    form = client_of(None).get("/sign-in", query_string={"next": target})
    assert (form.status_code, 'name="next" value="/"' in form.text) == (200, True)


def test_what_the_form_brings_back_is_checked_again(client_of: ClientOf, ada: User) -> None:
    assert sign_in(client_of(None), next="//evil.example").headers["Location"] == "/"


def test_who_must_sign_in_first_comes_back_to_the_page(client_of: ClientOf, ada: User) -> None:
    client = client_of(None)
    door = client.get("/takes?show=practice").headers["Location"]
    assert door == "/sign-in?next=/takes?show%3Dpractice"
    assert sign_in(client, next="/takes?show=practice").headers["Location"] == "/takes?show=practice"


# --- sessions ---------------------------------------------------------------------------------------


def test_signing_in_gives_a_new_session_whatever_cookie_was_there(
    app: Flask, client_of: ClientOf, session: Session, ada: User, cast: Cast
) -> None:
    name = app.config["SESSION_COOKIE_NAME"]
    client = client_of(None)
    planted = cookie_of(app, session, cast.zoe)
    client.set_cookie(name, planted)
    sign_in(client)
    mine = client.get_cookie(name)
    assert mine is not None
    assert mine.value != planted
    assert "Ada" in client.get("/account").text
    assert len(session.scalars(select(UserSession).where(UserSession.user_id == ada.id)).all()) == 1


def _sign_out(client: FlaskClient, _session: Session, _ada: User) -> None:
    client.post("/sign-out")


def _change_password(client: FlaskClient, _session: Session, _ada: User) -> None:
    assert (
        client.post("/account/password", data={"old": PASSWORD, "password": "a-new-password"}).status_code
        == 302
    )


def _close(_client: FlaskClient, session: Session, ada: User) -> None:
    accounts.deactivate_user(session, ada, actor=User())


def _reset(_client: FlaskClient, session: Session, ada: User) -> None:
    accounts.reset_password(session, accounts.make_reset(session, ada), "a-new-password", address="")


def _revoke(client: FlaskClient, session: Session, ada: User) -> None:
    for found in accounts.live_sessions(session, ada):
        client.post(f"/account/sessions/{found.id}/revocation")


@pytest.mark.parametrize("end", [_sign_out, _change_password, _close, _reset, _revoke])
def test_a_copied_cookie_is_worth_nothing_after(
    app: Flask,
    session: Session,
    ada: User,
    end: Callable[[FlaskClient, Session, User], None],
) -> None:
    cookie = cookie_of(app, session, ada)
    browser, thief = app.test_client(), app.test_client()
    for client in (browser, thief):
        client.set_cookie(app.config["SESSION_COOKIE_NAME"], cookie)
        assert is_in(client)
    end(browser, session, ada)
    session.commit()
    assert not is_in(thief)


def test_who_changes_the_password_stays_signed_in_and_nobody_else_does(
    app: Flask, session: Session, ada: User
) -> None:
    here, there = signed_in(app, session, ada), signed_in(app, session, ada)
    assert (
        here.post("/account/password", data={"old": PASSWORD, "password": "a-new-password"}).status_code
        == 302
    )
    assert (is_in(here), is_in(there)) == (True, False)
    assert sign_in(app.test_client()).status_code == 400
    assert sign_in(app.test_client(), password="a-new-password").status_code == 302


def test_the_other_browsers_can_be_signed_out_at_once(app: Flask, session: Session, ada: User) -> None:
    here, there = signed_in(app, session, ada), signed_in(app, session, ada)
    here.post("/account/sessions/revocation")
    assert (is_in(here), is_in(there)) == (True, False)


def test_a_session_ends_after_thirty_days_without_use(app: Flask, session: Session, ada: User) -> None:
    used, unused = signed_in(app, session, ada), signed_in(app, session, ada)
    start = db.now()
    with time_machine.travel(start + timedelta(days=20), tick=False):
        assert is_in(used)
    with time_machine.travel(start + timedelta(days=31), tick=False):
        assert (is_in(used), is_in(unused)) == (True, False)


def test_a_cookie_signed_with_another_key_is_nobody(
    app: Flask, session: Session, ada: User, settings: Settings
) -> None:
    cookie = cookie_of(app, session, ada)
    client = app.test_client()
    for forged in (cookie[:-2] + "xx", cookie.split(".")[0], "eyJfdXNlcl9pZCI6IjEifQ.x.y", ""):
        client.set_cookie(app.config["SESSION_COOKIE_NAME"], forged)
        assert not is_in(client)


def test_only_hashes_of_secrets_are_kept(session: Session, ada: User) -> None:
    token = accounts.open_session(session, ada, address="", browser="").token
    reset = accounts.make_reset(session, ada)
    session.commit()
    for table in ("user_sessions", "password_resets"):
        kept = str(session.execute(text(f"SELECT * FROM {table}")).all())
        assert token not in kept
        assert reset not in kept


# --- too often --------------------------------------------------------------------------------------


def test_guessing_one_account_is_slowed_down(client_of: ClientOf, session: Session, ada: User) -> None:
    for _ in range(9):
        accounts.count_sign_in(session, email=ada.email, address="127.0.0.1")
    session.commit()
    client = client_of(None)
    assert sign_in(client, password=WRONG).status_code == 400
    answer = sign_in(client)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 300


def test_guessing_many_accounts_from_one_place_is_slowed_down(
    client_of: ClientOf, session: Session, cast: Cast
) -> None:
    for number in range(60):
        accounts.count_sign_in(session, email=f"{number}@example.com", address="127.0.0.1")
    session.commit()
    assert sign_in(client_of(None), "another@example.com", WRONG).status_code == 429


def test_guessing_one_account_from_many_places_is_slowed_down(session: Session) -> None:
    with pytest.raises(limits.TooMany):
        for number in range(301):
            accounts.count_sign_in(
                session, email="ada@example.com", address=f"10.0.{number // 60}.{number % 60}"
            )


def test_nobody_alone_can_lock_somebody_out(client_of: ClientOf, session: Session, ada: User) -> None:
    with pytest.raises(limits.TooMany):
        for _ in range(1000):
            accounts.count_sign_in(session, email=ada.email, address="10.6.6.6")
    session.commit()
    assert sign_in(client_of(None)).status_code == 302


def test_the_pause_ends_by_itself(client_of: ClientOf, session: Session, ada: User) -> None:
    with time_machine.travel("2026-11-22 10:00:01+00:00", tick=False):
        for _ in range(10):
            accounts.count_sign_in(session, email=ada.email, address="127.0.0.1")
        session.commit()
        assert sign_in(client_of(None)).status_code == 429
    with time_machine.travel("2026-11-22 10:05:01+00:00", tick=False):
        assert sign_in(client_of(None)).status_code == 302


def test_a_success_starts_the_count_again(client_of: ClientOf, session: Session, ada: User) -> None:
    for _ in range(9):
        accounts.count_sign_in(session, email=ada.email, address="127.0.0.1")
    session.commit()
    assert sign_in(client_of(None)).status_code == 302
    assert sign_in(client_of(None), password=WRONG).status_code == 400


def test_guessing_at_an_open_browser_is_slowed_down(client_of: ClientOf, session: Session, ada: User) -> None:
    for _ in range(9):
        accounts.count_password_change(session, ada)
    session.commit()
    client = client_of(ada)
    guess = {"old": WRONG, "password": "a-new-password"}
    assert client.post("/account/password", data=guess).status_code == 400
    assert client.post("/account/password", data=guess).status_code == 429


# --- forgotten passwords ----------------------------------------------------------------------------


@pytest.fixture
def mailing_app(settings: Settings, engine: Engine, store: ObjectStore) -> Iterator[Flask]:
    """An application that sends mail and knows its own address."""
    changed = settings.model_copy(update={"smtp_host": "mail", "public_url": "https://pitch.example/"})
    app = create_app(changed, engine=engine, store=store)
    app.config["WTF_CSRF_ENABLED"] = False
    yield app


def letters(session: Session) -> list[dict[str, Any]]:
    query = text("SELECT args FROM procrastinate_jobs WHERE task_name = 'send_mail' ORDER BY id")
    return list(session.scalars(query))


def test_asking_for_a_reset_says_the_same_for_known_and_unknown_addresses(
    mailing_app: Flask, session: Session, ada: User
) -> None:
    pages = [
        mailing_app.test_client().post("/forgotten-password", data={"email": email})
        for email in ("ada@example.com", "nobody@example.com", "nonsense")
    ]
    assert {page.status_code for page in pages} == {200}
    assert len({_without(page.text, "") for page in pages}) == 1
    assert [letter["to"] for letter in letters(session)] == ["ada@example.com"]


def test_links_in_letters_begin_with_the_configured_address_whatever_host_was_asked(
    mailing_app: Flask, session: Session, ada: User
) -> None:
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    mailing_app.test_client().post("/forgotten-password", data={"email": ada.email}, headers=headers)
    (letter,) = letters(session)
    assert "https://pitch.example/password/" in letter["body"]
    assert "evil.example" not in letter["body"]


def test_letters_of_a_site_that_does_not_know_its_address_trust_no_header_either(
    settings: Settings, engine: Engine, store: ObjectStore, session: Session, ada: User
) -> None:
    app = create_app(settings.model_copy(update={"smtp_host": "mail"}), engine=engine, store=store)
    app.config["WTF_CSRF_ENABLED"] = False
    headers = {"Host": "evil.example"}
    app.test_client().post("/forgotten-password", data={"email": ada.email}, headers=headers)
    (letter,) = letters(session)
    assert f"{settings.site_address}/password/" in letter["body"]


def test_invitations_that_are_shown_begin_with_the_configured_address_too(
    mailing_app: Flask, session: Session, cast: Cast
) -> None:
    mona = signed_in(mailing_app, session, cast.mona)
    answer = mona.post(
        "/team/invitations",
        data={"emails": "nina@example.com", "role": "rep"},
        base_url="https://localhost",
        headers={"X-Forwarded-Host": "evil.example"},
    )
    assert "https://pitch.example/invitations/" in answer.text
    assert "evil.example" not in answer.text


def test_without_mail_asking_for_a_reset_makes_none(client_of: ClientOf, session: Session, ada: User) -> None:
    assert client_of(None).post("/forgotten-password", data={"email": ada.email}).status_code == 200
    assert session.execute(text("SELECT count(*) FROM password_resets")).scalar() == 0


def test_asking_again_and_again_is_slowed_down(mailing_app: Flask, session: Session, ada: User) -> None:
    client = mailing_app.test_client()
    answers = [client.post("/forgotten-password", data={"email": ada.email}).status_code for _ in range(6)]
    assert answers == [200, 200, 200, 200, 200, 429]


def test_a_reset_link_works_once(client_of: ClientOf, session: Session, ada: User) -> None:
    token = accounts.make_reset(session, ada)
    session.commit()
    client = client_of(None)
    assert client.get(f"/password/{token}").status_code == 200
    assert client.post(f"/password/{token}", data={"password": "short"}).status_code == 400
    assert client.post(f"/password/{token}", data={"password": "a-new-password"}).status_code == 302
    assert client.post(f"/password/{token}", data={"password": "another-password"}).status_code == 404
    assert sign_in(client, password="a-new-password").status_code == 302


def test_a_reset_link_dies_after_half_an_hour(client_of: ClientOf, session: Session, ada: User) -> None:
    token = accounts.make_reset(session, ada)
    session.commit()
    start = db.now()
    with time_machine.travel(start + timedelta(minutes=29), tick=False):
        assert client_of(None).get(f"/password/{token}").status_code == 200
    with time_machine.travel(start + timedelta(minutes=31), tick=False):
        assert client_of(None).get(f"/password/{token}").status_code == 404


def _change_email(_session: Session, ada: User) -> None:
    ada.email = "ada@new.example"


def _ask_again(session: Session, ada: User) -> None:
    accounts.make_reset(session, ada)


def _close_account(session: Session, ada: User) -> None:
    accounts.deactivate_user(session, ada, actor=User())


@pytest.mark.parametrize("event", [_change_email, _ask_again, _close_account])
def test_a_reset_link_dies_early_when(
    client_of: ClientOf, session: Session, ada: User, event: Callable[[Session, User], None]
) -> None:
    token = accounts.make_reset(session, ada)
    event(session, ada)
    session.commit()
    client = client_of(None)
    assert client.get(f"/password/{token}").status_code == 404
    assert client.post(f"/password/{token}", data={"password": "a-new-password"}).status_code == 404


def test_an_operator_hands_out_a_link_and_the_person_is_told(
    mailing_app: Flask, session: Session, ada: User, cast: Cast
) -> None:
    olga = signed_in(mailing_app, session, cast.olga)
    answer = olga.post(f"/operator/users/{ada.id}/reset-link", base_url="https://localhost")
    assert "https://pitch.example/password/" in answer.text
    (letter,) = letters(session)
    assert (letter["to"], "/password/" in letter["body"]) == (ada.email, False)
    noted = session.execute(text("SELECT act, subject FROM audit_entries ORDER BY at DESC LIMIT 1")).one()
    assert tuple(noted) == ("made reset link", ada.email)


# --- invitations ------------------------------------------------------------------------------------


@pytest.fixture
def invitation(session: Session, cast: Cast) -> str:
    """The link of an invitation for Nina."""
    (invited,) = accounts.invite(session, cast.team, ["nina@example.com"], Role.COACH, inviter=cast.mona)
    session.commit()
    return f"/invitations/{invited.token}"


NINA = {"name": "Nina Sand", "password": PASSWORD}


def test_an_invitation_makes_an_account_and_a_member_once(
    client_of: ClientOf, session: Session, cast: Cast, invitation: str
) -> None:
    nina = client_of(None)
    assert nina.post(invitation, data=NINA).headers["Location"] == "/"
    assert is_in(nina)
    user = accounts.find_user(session, "nina@example.com")
    assert user is not None
    assert user.role_in(cast.team) is Role.COACH
    assert client_of(None).post(invitation, data=NINA).status_code == 404


def test_an_invitation_is_not_for_whoever_else_is_signed_in(
    client_of: ClientOf, session: Session, cast: Cast, invitation: str
) -> None:
    assert client_of(cast.zoe).post(invitation).status_code == 400
    session.expire_all()
    assert cast.zoe.role_in(cast.team) is None


def test_an_invitation_does_not_take_over_an_account_that_exists(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast, invitation: str
) -> None:
    nina = make.user("Nina Sand")
    session.commit()
    assert client_of(None).post(invitation, data=NINA).status_code == 400
    session.expire_all()
    assert (nina.password_hash, nina.role_in(cast.team)) == (None, None)
    assert client_of(nina).post(invitation).headers["Location"] == "/"
    session.expire_all()
    assert nina.role_in(cast.team) is Role.COACH


def test_an_invitation_dies_when_taken_back_or_old(
    client_of: ClientOf, session: Session, cast: Cast, invitation: str
) -> None:
    with time_machine.travel(db.now() + timedelta(days=15), tick=False):
        assert client_of(None).get(invitation).status_code == 404
    (open_one,) = accounts.open_invitations(session, cast.team)
    client_of(cast.mona).post(f"/team/invitations/{open_one.id}/revocation")
    assert client_of(None).get(invitation).status_code == 404
    assert client_of(None).post(invitation, data=NINA).status_code == 404
