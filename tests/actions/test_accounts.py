"""People, passwords, sessions, invitations, members: the rules behind the doors."""

from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from argon2 import PasswordHasher
from sqlalchemy import select, text
from sqlalchemy.orm import Session, sessionmaker

from pitchreview import db
from pitchreview.actions import accounts
from pitchreview.errors import InvalidInput, InvalidState, NotFound, TooMany
from pitchreview.models import AuditEntry, Invitation, Membership, Role, User
from tests.conftest import Cast
from tests.factories import Factory
from tests.waiting import together

PASSWORD = "a-long-password"


@pytest.fixture(scope="module")
def password_hash() -> str:
    return accounts.hash_password(PASSWORD)


# --- passwords --------------------------------------------------------------------------------------


def test_a_password_is_kept_as_argon2id_with_a_salt(password_hash: str) -> None:
    assert password_hash.startswith("$argon2id$")
    assert accounts.hash_password(PASSWORD) != password_hash


@pytest.mark.parametrize("password", ["", "short", "ninechars", "x" * 1001])
def test_a_password_is_long_but_not_absurd(password: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        accounts.hash_password(password)
    assert refusal.value.field == "password"


def test_an_old_weak_hash_is_renewed_at_the_next_sign_in(session: Session, make: Factory) -> None:
    ada = make.user()
    ada.password_hash = weak = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)
    accounts.sign_in(session, email=ada.email, password=PASSWORD, address="", browser="")
    assert ada.password_hash != weak
    accounts.sign_in(session, email=ada.email, password=PASSWORD, address="", browser="")


@pytest.mark.parametrize("kept", [None, "", "plain-text", "$argon2id$v=19$broken"])
def test_a_hash_that_is_none_opens_nothing(session: Session, make: Factory, kept: str | None) -> None:
    ada = make.user()
    ada.password_hash = kept
    for password in (PASSWORD, kept or ""):
        with pytest.raises(InvalidInput):
            accounts.sign_in(session, email=ada.email, password=password, address="", browser="")


# --- people -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "email",
    [
        "",
        "ada",
        "ada@",
        "@example.com",
        "a@b",
        "a b@example.com",
        "a@example.",
        "a@b@c.de",
        "a" * 250 + "@b.co",
    ],
)
def test_an_address_looks_like_one(session: Session, email: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        accounts.create_user(session, email=email, name="Ada", password=None)
    assert refusal.value.field == "email"


def test_an_address_has_one_account_however_it_is_typed(session: Session, make: Factory) -> None:
    ada = make.user()
    assert accounts.find_user(session, " ADA@Example.com ") is ada
    with pytest.raises(InvalidInput):
        accounts.create_user(session, email="Ada@EXAMPLE.com", name="Another", password=None)


def test_a_profile_has_a_name_and_a_known_time_zone(make: Factory) -> None:
    ada = make.user()
    accounts.change_profile(ada, name="  Ada \n  L. ", time_zone="Europe/Oslo")
    assert (ada.name, ada.time_zone) == ("Ada L.", "Europe/Oslo")
    for name, zone in (("", "UTC"), ("Ada", "Mars/Base"), ("Ada", "../../etc/passwd")):
        with pytest.raises(InvalidInput):
            accounts.change_profile(ada, name=name, time_zone=zone)


# --- sessions ---------------------------------------------------------------------------------------


def test_a_secret_finds_its_session_and_no_other_does(session: Session, make: Factory) -> None:
    ada = make.user()
    opened = accounts.open_session(session, ada, address="10.0.0.1", browser="Firefox " * 100)
    assert accounts.find_session(session, opened.token) is opened.user_session
    assert len(opened.token) >= 43  # 256 bits
    assert len(opened.user_session.browser) == 300
    for wrong in ("", opened.token[:-1], opened.token.upper(), opened.user_session.token_hash):
        assert accounts.find_session(session, wrong) is None


def test_a_session_remembers_that_it_is_used_every_few_minutes(session: Session, make: Factory) -> None:
    opened = accounts.open_session(session, make.user(), address="", browser="")
    assert not accounts.note_seen(session, opened.user_session)
    with time_machine.travel(db.now() + timedelta(minutes=6), tick=False):
        assert accounts.note_seen(session, opened.user_session)
        assert not accounts.note_seen(session, opened.user_session)


def test_live_sessions_are_those_that_still_open_something(session: Session, make: Factory) -> None:
    ada, jonas = make.user(), make.user("Jonas Weber")
    here, there = (accounts.open_session(session, ada, address="", browser="") for _ in range(2))
    accounts.open_session(session, jonas, address="", browser="")
    old = accounts.open_session(session, ada, address="", browser="").user_session
    old.last_seen_at = db.now() - timedelta(days=31)
    accounts.revoke_session(there.user_session)
    assert accounts.live_sessions(session, ada) == [here.user_session]


def test_a_new_session_looks_at_the_first_team(session: Session, cast: Cast, make: Factory) -> None:
    opened = accounts.open_session(session, cast.ada, address="", browser="")
    assert opened.user_session.team_id == cast.team.id
    assert accounts.open_session(session, cast.olga, address="", browser="").user_session.team_id is None


# --- resets -----------------------------------------------------------------------------------------


def test_a_reset_link_used_at_the_same_moment_works_once(
    sessions: sessionmaker[Session], session: Session, make: Factory
) -> None:
    ada = make.user()
    token = accounts.make_reset(session, ada)
    session.commit()

    def use(password: str) -> None:
        with sessions() as tab:
            accounts.reset_password(tab, token, password, address="")
            tab.commit()

    outcomes = together(lambda: use("the-first-password"), lambda: use("the-second-password"))
    assert [isinstance(outcome, NotFound) for outcome in outcomes].count(True) == 1


def test_a_reset_ends_every_session_and_every_count_of_wrong_guesses(session: Session, make: Factory) -> None:
    ada = make.user()
    accounts.open_session(session, ada, address="", browser="")
    for _ in range(10):
        accounts.count_sign_in(session, email=ada.email, address="10.0.0.1")
    accounts.reset_password(session, accounts.make_reset(session, ada), PASSWORD, address="10.0.0.1")
    assert accounts.live_sessions(session, ada) == []
    accounts.count_sign_in(session, email=ada.email, address="10.0.0.1")


def test_a_closed_account_gets_no_reset(session: Session, make: Factory) -> None:
    make.user().deactivated_at = db.now()
    assert accounts.ask_for_reset(session, "ada@example.com", address="") is None


# --- invitations ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pasted", "found"),
    [
        ("a@b.co", ["a@b.co"]),
        ("A@B.co a@b.co", ["a@b.co"]),
        ("Ada <ada@b.co>, 'jo@b.co'; (x@y.zz)\nz@y.zz.", ["ada@b.co", "jo@b.co", "x@y.zz", "z@y.zz"]),
        ("nobody here", []),
        ("", []),
        ('"Doe, Jane" <jane.doe+pitch@b.co>', ["jane.doe+pitch@b.co"]),
    ],
)
def test_addresses_are_found_in_whatever_was_pasted(pasted: str, found: list[str]) -> None:
    assert accounts.split_addresses(pasted) == found


def test_every_pasted_address_is_answered_for_itself(session: Session, cast: Cast) -> None:
    emails = ["nina@example.com", "ada@example.com", "nonsense@", "zoe@example.com"]
    invited = accounts.invite(session, cast.team, emails, Role.REP, inviter=cast.mona)
    assert [bool(item.token) for item in invited] == [True, False, False, True]
    assert [item.problem is None for item in invited] == [True, False, False, True]


def test_a_newer_invitation_replaces_the_older(session: Session, cast: Cast) -> None:
    (old,) = accounts.invite(session, cast.team, ["nina@example.com"], Role.MANAGER, inviter=cast.mona)
    (new,) = accounts.invite(session, cast.team, ["nina@example.com"], Role.REP, inviter=cast.mona)
    assert old.token is not None
    assert new.token is not None
    with pytest.raises(NotFound):
        accounts.find_invitation(session, old.token)
    assert accounts.find_invitation(session, new.token).role is Role.REP
    assert len(accounts.open_invitations(session, cast.team)) == 1


def test_invitations_are_few_at_a_time(session: Session, cast: Cast) -> None:
    for emails in ([], [f"{number}@example.com" for number in range(201)]):
        with pytest.raises(InvalidInput):
            accounts.invite(session, cast.team, emails, Role.REP, inviter=cast.mona)
    with pytest.raises(TooMany):
        for _ in range(51):
            accounts.invite(session, cast.team, ["a@b.co"], Role.REP, inviter=cast.mona)


def test_who_comes_back_by_invitation_is_the_same_member_in_the_new_role(
    session: Session, cast: Cast
) -> None:
    accounts.end_membership(session, cast.jonas.memberships[0], actor=cast.mona)
    (invited,) = accounts.invite(session, cast.team, [cast.jonas.email], Role.COACH, inviter=cast.mona)
    assert invited.token is not None
    accounts.accept_as(session, invited.token, cast.jonas)
    assert cast.jonas.role_in(cast.team) is Role.COACH
    assert len(session.scalars(select(Membership).where(Membership.user_id == cast.jonas.id)).all()) == 1


def test_an_invitation_accepted_at_the_same_moment_makes_one_account(
    sessions: sessionmaker[Session], session: Session, cast: Cast
) -> None:
    (invited,) = accounts.invite(session, cast.team, ["nina@example.com"], Role.REP, inviter=cast.mona)
    session.commit()
    token = invited.token
    assert token is not None

    def accept() -> UUID:
        with sessions() as tab:
            user = accounts.accept_as_new(tab, token, name="Nina", password=PASSWORD)
            tab.commit()
            return user.id

    outcomes = together(accept, accept)
    assert [isinstance(outcome, UUID) for outcome in outcomes].count(True) == 1
    assert session.scalars(select(User).where(User.email == "nina@example.com")).one()


def test_only_the_hash_of_an_invitation_is_kept(session: Session, cast: Cast) -> None:
    (invited,) = accounts.invite(session, cast.team, ["nina@example.com"], Role.REP, inviter=cast.mona)
    session.flush()
    kept = session.scalars(select(Invitation.token_hash)).one()
    assert invited.token not in (None, kept)


# --- members ----------------------------------------------------------------------------------------


def test_a_team_keeps_its_last_manager(session: Session, cast: Cast) -> None:
    mona = cast.mona.memberships[0]
    for act in (
        lambda: accounts.change_role(session, mona, Role.COACH, actor=cast.mona),
        lambda: accounts.end_membership(session, mona, actor=cast.mona),
    ):
        with pytest.raises(InvalidState):
            act()
    accounts.change_role(session, mona, Role.MANAGER, actor=cast.mona)
    accounts.change_role(session, cast.cole.memberships[0], Role.MANAGER, actor=cast.mona)
    accounts.end_membership(session, mona, actor=cast.mona)
    assert cast.mona.role_in(cast.team) is None


def test_a_manager_whose_account_is_closed_does_not_count(session: Session, cast: Cast) -> None:
    accounts.change_role(session, cast.cole.memberships[0], Role.MANAGER, actor=cast.mona)
    cast.cole.deactivated_at = db.now()
    with pytest.raises(InvalidState):
        accounts.end_membership(session, cast.mona.memberships[0], actor=cast.mona)


def test_two_managers_cannot_make_each_other_the_last(
    sessions: sessionmaker[Session], session: Session, cast: Cast
) -> None:
    accounts.change_role(session, cast.cole.memberships[0], Role.MANAGER, actor=cast.mona)
    session.commit()

    def demote(user_id: UUID) -> None:
        with sessions() as tab:
            user = tab.get_one(User, user_id)
            accounts.change_role(tab, user.memberships[0], Role.REP, actor=user)
            tab.commit()

    outcomes = together(lambda: demote(cast.mona.id), lambda: demote(cast.cole.id))
    assert [isinstance(outcome, InvalidState) for outcome in outcomes].count(True) == 1


def test_a_browser_stops_looking_at_a_team_that_was_left(session: Session, cast: Cast) -> None:
    opened = accounts.open_session(session, cast.ada, address="", browser="").user_session
    accounts.end_membership(session, cast.ada.memberships[0], actor=cast.mona)
    session.flush()
    session.refresh(opened)
    assert opened.team_id is None


def test_nobody_closes_their_own_account_here(session: Session, cast: Cast) -> None:
    with pytest.raises(InvalidState):
        accounts.deactivate_user(session, cast.olga, actor=cast.olga)


def test_a_reopened_account_starts_without_sessions(session: Session, cast: Cast) -> None:
    token = accounts.open_session(session, cast.ada, address="", browser="").token
    accounts.deactivate_user(session, cast.ada, actor=cast.olga)
    accounts.reactivate_user(session, cast.ada, actor=cast.olga)
    session.flush()
    session.expire_all()
    assert cast.ada.is_active
    assert accounts.find_session(session, token) is None


def test_what_touches_rights_is_noted(session: Session, cast: Cast) -> None:
    accounts.change_role(session, cast.jonas.memberships[0], Role.COACH, actor=cast.mona)
    accounts.end_membership(session, cast.jonas.memberships[0], actor=cast.mona)
    accounts.deactivate_user(session, cast.jonas, actor=cast.olga)
    session.flush()
    noted = session.scalars(select(AuditEntry).order_by(AuditEntry.at)).all()
    assert [(entry.act, entry.subject) for entry in noted] == [
        ("changed role", "jonas@example.com"),
        ("left", "jonas@example.com"),
        ("closed account", "jonas@example.com"),
    ]
    assert noted[0].detail == {"was": "rep", "now": "coach"}


# --- the site ---------------------------------------------------------------------------------------


def test_the_first_person_runs_the_site_and_manages_a_team(session: Session) -> None:
    assert accounts.is_empty(session)
    first = accounts.begin_site(session, email="a@b.co", name="Ann", password=PASSWORD, team_name="Sales")
    assert first.is_operator
    assert [m.role for m in first.active_memberships] == [Role.MANAGER]
    assert not accounts.is_empty(session)


def test_the_link_of_the_first_person_hangs_on_the_secret_key() -> None:
    token = accounts.welcome_token("one key")
    assert token == accounts.welcome_token("one key")
    assert token != accounts.welcome_token("another key")
    assert len(token) >= 32


def test_no_password_is_in_the_audit_log(session: Session, make: Factory) -> None:
    ada = make.user(password=PASSWORD)
    accounts.change_password(session, ada, old=PASSWORD, new="another-long-password")
    session.flush()
    said = str(session.execute(text("SELECT * FROM audit_entries")).all())
    assert PASSWORD not in said
    assert "another-long-password" not in said
