"""Teams in people's hands: the first person, members, roles, leaving, two teams in one browser."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from pitchreview.actions import accounts
from pitchreview.config import Settings
from pitchreview.models import Membership, Role, User
from tests.conftest import Cast
from tests.factories import Factory

ClientOf = Callable[[User | None], FlaskClient]
FIRST = {"email": "ann@example.com", "name": "Ann First", "password": "a-long-password", "team": "Sales"}


# --- the first person -------------------------------------------------------------------------------


@pytest.fixture
def welcome(settings: Settings) -> str:
    return f"/welcome/{accounts.welcome_token(settings.secret_key.get_secret_value())}"


def test_the_first_person_begins_the_site_and_sees_what_to_do_next(
    app: Flask, session: Session, welcome: str
) -> None:
    client = app.test_client()
    assert client.get(welcome).status_code == 200
    assert client.post(welcome, data=FIRST).headers["Location"] == "/"
    home = client.get("/").text
    for step in (
        "Invite your team",
        "Write the first scenario",
        "Hold up the first exemplar",
        "Set the first drill",
    ):
        assert step in home
    assert client.get("/operator").status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [{"email": "ann"}, {"name": " "}, {"password": "short"}, {"team": ""}],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_slip_of_the_first_person_leaves_the_site_empty(
    app: Flask, session: Session, welcome: str, wrong: dict[str, str]
) -> None:
    answer = app.test_client().post(welcome, data=FIRST | wrong)
    assert answer.status_code == 400
    assert accounts.is_empty(session)
    assert session.execute(text("SELECT count(*) FROM teams")).scalar() == 0


def test_there_is_one_first_person(app: Flask, session: Session, cast: Cast, welcome: str) -> None:
    client = app.test_client()
    assert client.get(welcome).status_code == 404
    assert client.post(welcome, data=FIRST).status_code == 404
    assert session.scalar(select(User).where(User.email == FIRST["email"])) is None


# --- members ----------------------------------------------------------------------------------------


def test_a_manager_changes_roles_and_the_team_page_shows_them(
    client_of: ClientOf, session: Session, cast: Cast
) -> None:
    membership = cast.jonas.memberships[0]
    mona = client_of(cast.mona)
    assert mona.post(f"/team/members/{membership.id}/role", data={"role": "coach"}).status_code == 302
    session.expire_all()
    assert membership.role is Role.COACH
    assert client_of(cast.jonas).get("/team/takes").status_code == 200


def test_somebody_who_is_let_go_and_taken_back_finds_everything_as_before(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast
) -> None:
    scenario = make.scenario(cast.team)
    session.commit()
    membership = cast.jonas.memberships[0]
    mona, jonas = client_of(cast.mona), client_of(cast.jonas)
    mona.post(f"/team/members/{membership.id}/end")
    assert jonas.get(f"/scenarios/{scenario.id}").status_code == 404
    assert "no team" in jonas.get("/").text.lower()
    mona.post(f"/team/members/{membership.id}/resume")
    assert jonas.get(f"/scenarios/{scenario.id}").status_code == 200


def test_members_of_other_teams_are_out_of_reach(client_of: ClientOf, session: Session, cast: Cast) -> None:
    membership = cast.zoe.memberships[0]
    mona = client_of(cast.mona)
    for act in ("role", "end", "resume"):
        answer = mona.post(f"/team/members/{membership.id}/{act}", data={"role": "rep"})
        assert answer.status_code == 404
    session.expire_all()
    assert (membership.role, membership.is_active) == (Role.MANAGER, True)


def test_former_members_and_invitations_are_for_managers_to_see(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast
) -> None:
    accounts.end_membership(session, make.user("Fay Former", cast.team).memberships[0], actor=cast.mona)
    accounts.invite(session, cast.team, ["nina@example.com"], Role.REP, inviter=cast.mona)
    session.commit()
    for who, sees in ((cast.mona, True), (cast.cole, False), (cast.ada, False)):
        page = client_of(who).get("/team").text
        assert ("Fay Former" in page, "nina@example.com" in page) == (sees, sees)


def test_leaving_is_ones_own_to_do(client_of: ClientOf, session: Session, cast: Cast) -> None:
    ada = client_of(cast.ada)
    assert ada.post("/team/leave").headers["Location"] == "/"
    session.expire_all()
    assert cast.ada.role_in(cast.team) is None
    assert ada.get("/").status_code == 200


# --- two teams --------------------------------------------------------------------------------------


def test_a_browser_looks_at_one_team_at_a_time(
    client_of: ClientOf, session: Session, make: Factory, cast: Cast
) -> None:
    make.scenario(cast.team, "Here")
    make.scenario(cast.other_team, "There")
    session.add(Membership(user=cast.zoe, team=cast.team, role=Role.REP))
    session.commit()
    zoe = client_of(cast.zoe)
    for team, seen, unseen in ((cast.team, "Here", "There"), (cast.other_team, "There", "Here")):
        zoe.post(f"/teams/{team.id}/use")
        page = zoe.get("/scenarios").text
        assert (seen in page, f">{unseen}<" in page) == (True, False)


def test_a_role_counts_only_in_its_own_team(client_of: ClientOf, session: Session, cast: Cast) -> None:
    session.add(Membership(user=cast.zoe, team=cast.team, role=Role.REP))
    session.commit()
    zoe = client_of(cast.zoe)
    zoe.post(f"/teams/{cast.team.id}/use")
    for address in ("/team/takes", "/team/invitations", "/scenarios/new"):
        assert zoe.get(address).status_code == 403
    zoe.post(f"/teams/{cast.other_team.id}/use")
    for address in ("/team/takes", "/team/invitations", "/scenarios/new"):
        assert zoe.get(address).status_code == 200
