"""People come in and go: signing in, sessions, invitations, password resets, members.

A token is 256 random bits; the database keeps only its SHA-256, so a stolen backup opens no door.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, joinedload

from pitchreview import db
from pitchreview.actions import limits
from pitchreview.errors import InvalidInput, InvalidState, NotFound
from pitchreview.models import (
    AuditEntry,
    Invitation,
    Membership,
    PasswordReset,
    Role,
    Team,
    User,
    UserSession,
)
from pitchreview.models.user import clean_email

SHORTEST_PASSWORD = 10
MOST_INVITATIONS = 200
_EMAIL = re.compile(r"^[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+$")
_SEEN_EVERY = timedelta(minutes=5)

_hasher = PasswordHasher()

# argon2 takes tens of milliseconds of pure computing; the web replaces this by a call in a thread,
# because it would otherwise hold up every other request of its process.
run_slow: Callable[..., Any] = lambda function, *args: function(*args)  # noqa: E731


# --- passwords ----------------------------------------------------------------------------------


def hash_password(password: str) -> str:
    """Raises `InvalidInput` when it is too short or far too long."""
    if len(password) < SHORTEST_PASSWORD:
        raise InvalidInput(f"Use at least {SHORTEST_PASSWORD} characters.", field="password")
    if len(password) > 1000:
        raise InvalidInput("That is longer than 1,000 characters.", field="password")
    return str(run_slow(_hasher.hash, password))


@cache
def _nobodys_hash() -> str:
    """Verified against when nobody has that address, so that both cases take as long."""
    return _hasher.hash(secrets.token_hex(16))


def _verify(password_hash: str, password: str) -> bool:
    try:
        return bool(run_slow(_hasher.verify, password_hash, password[:1000]))
    except (VerificationError, InvalidHashError):
        return False


# --- people -------------------------------------------------------------------------------------


def create_user(
    session: Session, *, email: str, name: str, password: str | None, is_operator: bool = False
) -> User:
    email = _checked_email(email)
    if find_user(session, email):
        raise InvalidInput("Somebody with this address has an account already.", field="email")
    user = User(email=email, name=checked_name(name), is_operator=is_operator)
    user.password_hash = None if password is None else hash_password(password)
    user.memberships = []
    session.add(user)
    session.flush()
    return user


def create_team(session: Session, name: str) -> Team:
    name = name.strip()
    if not name:
        raise InvalidInput("Give the team a name.", field="name")
    team = Team(name=name[:120], memberships=[])
    session.add(team)
    session.flush()
    return team


def join(session: Session, user: User, team: Team, role: Role) -> Membership:
    """Make somebody a member, or a member again."""
    membership = next((m for m in user.memberships if m.team_id == team.id), None)
    if membership is None:
        membership = Membership(user=user, team=team, role=role)
        session.add(membership)
    membership.role, membership.ended_at = role, None
    session.flush()
    return membership


@cache
def time_zones() -> list[str]:
    """Names to choose from; looked up once, because each time reads hundreds of files."""
    return sorted(zone for zone in available_timezones() if "/" in zone or zone == "UTC")


def change_profile(user: User, *, name: str, time_zone: str) -> None:
    if time_zone not in time_zones():
        raise InvalidInput("Choose a time zone from the list.", field="time_zone")
    user.name, user.time_zone = checked_name(name), time_zone


def checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise InvalidInput("Tell your team your name.", field="name")
    return name[:120]


def _checked_email(email: str) -> str:
    email = clean_email(email)
    if not _EMAIL.match(email) or len(email) > 254:
        raise InvalidInput("That does not look like an e-mail address.", field="email")
    return email


# --- signing in and out ---------------------------------------------------------------------------


@dataclass(frozen=True)
class OpenedSession:
    """A new session and the secret that only the browser's cookie keeps."""

    user_session: UserSession
    token: str


def count_sign_in(session: Session, *, email: str, address: str) -> None:
    """Count a try; the door commits it before `sign_in`, so that it stays whatever happens next.

    Raises `TooMany` after many tries from one address of the network, for one account from there, or
    for one account from everywhere. The last is so wide that nobody alone can lock somebody out.
    """
    limits.count(session, f"sign-in-address:{address}", most=60, seconds=600)
    limits.count(session, _tries_from(email, address), most=10, seconds=300)
    limits.count(session, f"sign-in:{clean_email(email)}", most=300, seconds=3600)


def _tries_from(email: str, address: str) -> str:
    return f"sign-in:{clean_email(email)} from {address}"


def sign_in(session: Session, *, email: str, password: str, address: str, browser: str) -> OpenedSession:
    """Open a session; the same words and the same time whether the address or the password is wrong."""
    email = clean_email(email)
    user = find_user(session, email)
    known_hash = (user and user.password_hash) or _nobodys_hash()
    if not _verify(known_hash, password) or user is None or not user.is_active or not user.password_hash:
        raise InvalidInput("The address or the password is not right.", field="password")
    if _hasher.check_needs_rehash(user.password_hash):
        user.password_hash = hash_password(password)
    limits.forget(session, _tries_from(email, address))
    return open_session(session, user, address=address, browser=browser)


def open_session(session: Session, user: User, *, address: str, browser: str) -> OpenedSession:
    """A new session with a new secret: whatever cookie was there before is worth nothing now."""
    token = _new_token()
    first_team = next((m.team_id for m in user.active_memberships), None)
    user_session = UserSession(
        user=user, token_hash=_hash(token), team_id=first_team, address=address, browser=browser[:300]
    )
    session.add(user_session)
    session.flush()
    return OpenedSession(user_session, token)


def find_session(session: Session, token: str) -> UserSession | None:
    """The live session of this secret whose person may still sign in."""
    # Every page asks for the person and their teams: all of it in one statement.
    whole = joinedload(UserSession.user).joinedload(User.memberships).joinedload(Membership.team)
    query = select(UserSession).where(UserSession.token_hash == _hash(token)).options(whole)
    found = session.scalars(query).unique().one_or_none()
    if found is None or not found.is_live(db.now()) or not found.user.is_active:
        return None
    return found


def note_seen(session: Session, user_session: UserSession) -> bool:
    """Remember that the session is in use, every few minutes; answers whether it wrote."""
    if db.now() - user_session.last_seen_at < _SEEN_EVERY:
        return False
    user_session.last_seen_at = db.now()
    return True


def live_sessions(session: Session, user: User) -> list[UserSession]:
    rows = session.scalars(
        select(UserSession)
        .where(UserSession.user_id == user.id, UserSession.revoked_at.is_(None))
        .order_by(UserSession.last_seen_at.desc())
    )
    return [row for row in rows if row.is_live(db.now())]


def revoke_session(user_session: UserSession) -> None:
    user_session.revoked_at = user_session.revoked_at or db.now()


def revoke_sessions(session: Session, user: User, *, but: UserSession | None = None) -> None:
    """End every session of a person, perhaps but one."""
    query = update(UserSession).where(UserSession.user_id == user.id, UserSession.revoked_at.is_(None))
    if but is not None:
        query = query.where(UserSession.id != but.id)
    session.execute(query.values(revoked_at=db.now()))


def keep_habits(session: Session, user: User, changed: dict[str, Any]) -> None:
    """How somebody likes to work, as their browser tells it now and then."""
    limits.count(session, f"habits:{user.id}", most=120, seconds=600)
    user.get_used_to(changed)


def count_password_change(session: Session, user: User) -> None:
    """Count a try, as for signing in: whoever sits at an open browser may not guess for long."""
    limits.count(session, f"change-password:{user.id}", most=10, seconds=300)


def change_password(session: Session, user: User, *, old: str, new: str) -> None:
    """Set a new password and sign out every browser; the door opens a new session for this one."""
    if not user.password_hash or not _verify(user.password_hash, old):
        raise InvalidInput("That is not your present password.", field="old")
    user.password_hash = hash_password(new)
    revoke_sessions(session, user)
    note(session, "changed password", actor=user)


# --- password reset -------------------------------------------------------------------------------


def make_reset(session: Session, user: User) -> str:
    """A new reset token; earlier ones of this person stop working."""
    session.execute(
        update(PasswordReset)
        .where(PasswordReset.user_id == user.id, PasswordReset.used_at.is_(None))
        .values(used_at=db.now())
    )
    token = _new_token()
    session.add(PasswordReset(user_id=user.id, token_hash=_hash(token), email=user.email))
    session.flush()
    return token


def ask_for_reset(session: Session, email: str, *, address: str) -> tuple[User, str] | None:
    """A reset for whoever has this address, or None; the caller says the same words in both cases."""
    limits.count(session, f"reset-address:{address}", most=20, seconds=3600)
    limits.count(session, f"reset:{clean_email(email)}", most=5, seconds=3600)
    user = find_user(session, email)
    if user is None or not user.is_active:
        return None
    return user, make_reset(session, user)


def find_reset(session: Session, token: str, *, to_use: bool = False) -> PasswordReset:
    """The reset of a link that still works; `to_use` makes a second use at the same moment wait."""
    query = select(PasswordReset).where(PasswordReset.token_hash == _hash(token))
    if to_use:
        query = query.with_for_update().execution_options(populate_existing=True)
    reset = session.scalar(query)
    if reset is None or not reset.is_live(db.now()) or not reset.user.is_active:
        raise NotFound("This link has been used or is older than 30 minutes. Ask for a new one.")
    return reset


def reset_password(session: Session, token: str, password: str, *, address: str) -> User:
    reset = find_reset(session, token, to_use=True)
    reset.user.password_hash = hash_password(password)
    reset.used_at = db.now()
    revoke_sessions(session, reset.user)
    limits.forget(session, f"sign-in:{reset.user.email}")
    limits.forget(session, _tries_from(reset.user.email, address))
    note(session, "reset password", actor=reset.user)
    return reset.user


# --- invitations ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Invited:
    """What became of one pasted address: a link token, or why not."""

    email: str
    token: str | None
    problem: str | None


def split_addresses(text: str) -> list[str]:
    """Addresses out of whatever was pasted: commas, lines, `Name <address>`."""
    found = re.findall(r"[^\s,;<>\"'()]+@[^\s,;<>\"'()]+", text)
    return list(dict.fromkeys(clean_email(item.rstrip(".")) for item in found))


def invite(session: Session, team: Team, emails: list[str], role: Role, *, inviter: User) -> list[Invited]:
    """Invite each address; members and nonsense are told apart, the rest goes on."""
    if not emails:
        raise InvalidInput("Paste at least one e-mail address.", field="emails")
    if len(emails) > MOST_INVITATIONS:
        raise InvalidInput(f"Up to {MOST_INVITATIONS} addresses at a time, please.", field="emails")
    limits.count(session, f"invite:{inviter.id}", most=50, seconds=3600)
    return [_invite_one(session, team, email, role, inviter) for email in emails]


def _invite_one(session: Session, team: Team, email: str, role: Role, inviter: User) -> Invited:
    try:
        email = _checked_email(email)
    except InvalidInput as error:
        return Invited(email, None, error.message)
    if _is_member(session, team, email):
        return Invited(email, None, "Is in the team already.")
    session.execute(
        update(Invitation)
        .where(Invitation.team_id == team.id, Invitation.email == email, Invitation.accepted_at.is_(None))
        .values(revoked_at=db.now())
    )
    token = _new_token()
    session.add(Invitation(team=team, email=email, role=role, token_hash=_hash(token), invited_by=inviter))
    note(session, "invited", actor=inviter, team=team, subject=email, role=role.value)
    session.flush()
    return Invited(email, token, None)


def _is_member(session: Session, team: Team, email: str) -> bool:
    query = (
        select(func.count())
        .select_from(Membership)
        .join(User, Membership.user_id == User.id)
        .where(Membership.team_id == team.id, Membership.ended_at.is_(None), User.email == email)
    )
    return bool(session.scalar(query))


def open_invitations(session: Session, team: Team) -> list[Invitation]:
    rows = session.scalars(
        select(Invitation)
        .where(
            Invitation.team_id == team.id,
            Invitation.accepted_at.is_(None),
            Invitation.revoked_at.is_(None),
        )
        .order_by(Invitation.created_at.desc())
    )
    return [row for row in rows if row.is_open(db.now())]


def find_invitation(session: Session, token: str) -> Invitation:
    invitation = session.scalar(select(Invitation).where(Invitation.token_hash == _hash(token)))
    if invitation is None or not invitation.is_open(db.now()):
        raise NotFound("This invitation has been used, taken back or is older than 14 days.")
    return invitation


def accept_as_new(session: Session, token: str, *, name: str, password: str) -> User:
    """A person who is new here accepts: account and membership in one."""
    invitation = find_invitation(session, token)
    user = create_user(session, email=invitation.email, name=name, password=password)
    _accept(session, invitation, user)
    return user


def accept_as(session: Session, token: str, user: User) -> Team:
    """A signed-in person accepts; the invitation must be for their address."""
    invitation = find_invitation(session, token)
    if invitation.email != user.email:
        raise InvalidState(f"This invitation is for {invitation.email}. Sign in with that address.")
    _accept(session, invitation, user)
    return invitation.team


def _accept(session: Session, invitation: Invitation, user: User) -> None:
    invitation.accepted_at = db.now()
    join(session, user, invitation.team, invitation.role)
    note(session, "joined", actor=user, team=invitation.team, role=invitation.role.value)


# --- members --------------------------------------------------------------------------------------


def members_of(session: Session, team_id: UUID, *, with_former: bool = False) -> list[Membership]:
    query = (
        select(Membership)
        .join(User, Membership.user_id == User.id)
        .where(Membership.team_id == team_id)
        .order_by(func.lower(User.name))
    )
    query = query if with_former else query.where(Membership.ended_at.is_(None))
    return list(session.scalars(query.execution_options(populate_existing=True)))


def change_role(session: Session, membership: Membership, role: Role, *, actor: User) -> None:
    if membership.role is Role.MANAGER and role is not Role.MANAGER:
        _keep_a_manager(session, membership)
    note(
        session,
        "changed role",
        actor=actor,
        team=membership.team,
        subject=membership.user.email,
        was=membership.role.value,
        now=role.value,
    )
    membership.role = role


def end_membership(session: Session, membership: Membership, *, actor: User) -> None:
    """Somebody leaves or is deactivated; what they did stays, what they could see ends at once."""
    if membership.role is Role.MANAGER:
        _keep_a_manager(session, membership)
    membership.ended_at = db.now()
    session.execute(
        update(UserSession)
        .where(UserSession.user_id == membership.user_id, UserSession.team_id == membership.team_id)
        .values(team_id=None)
    )
    note(session, "left", actor=actor, team=membership.team, subject=membership.user.email)


def resume_membership(session: Session, membership: Membership, *, actor: User) -> None:
    membership.ended_at = None
    note(session, "came back", actor=actor, team=membership.team, subject=membership.user.email)


def _keep_a_manager(session: Session, leaving: Membership) -> None:
    # The lock on the team keeps two managers from making each other the last.
    session.execute(select(Team.id).where(Team.id == leaving.team_id).with_for_update())
    others = [
        m
        for m in members_of(session, leaving.team_id)
        if m.role is Role.MANAGER and m.id != leaving.id and m.user.is_active
    ]
    if not others:
        raise InvalidState("A team needs a manager. Make somebody else a manager first.")


# --- the site -------------------------------------------------------------------------------------


def everybody(session: Session) -> list[User]:
    return list(session.scalars(select(User).order_by(func.lower(User.name))))


def deactivate_user(session: Session, user: User, *, actor: User) -> None:
    """Close an account: every session ends now."""
    if user.id == actor.id:
        raise InvalidState("You cannot close your own account here.")
    user.deactivated_at = user.deactivated_at or db.now()
    revoke_sessions(session, user)
    note(session, "closed account", actor=actor, subject=user.email)


def reactivate_user(session: Session, user: User, *, actor: User) -> None:
    user.deactivated_at = None
    note(session, "reopened account", actor=actor, subject=user.email)


def find_user(session: Session, email: str) -> User | None:
    return session.scalar(select(User).where(User.email == clean_email(email)))


def begin_site(session: Session, *, email: str, name: str, password: str, team_name: str) -> User:
    """The first person: runs the site and manages the first team."""
    team = create_team(session, team_name)
    user = create_user(session, email=email, name=name, password=password, is_operator=True)
    join(session, user, team, Role.MANAGER)
    note(session, "began site", actor=user, team=team)
    return user


def welcome_token(secret_key: str) -> str:
    """The secret part of the link with which the first person begins; it needs no row."""
    return hmac.new(secret_key.encode(), b"welcome", hashlib.sha256).hexdigest()[:40]


def is_empty(session: Session) -> bool:
    """Nobody has an account yet."""
    return not session.scalar(select(func.count()).select_from(User))


def note(
    session: Session,
    act: str,
    *,
    actor: User | None,
    team: Team | None = None,
    subject: str = "",
    **detail: str,
) -> None:
    """Add a line to the audit log."""
    session.add(
        AuditEntry(
            act=act,
            actor_id=actor and actor.id,
            team_id=team and team.id,
            subject=subject,
            detail=detail or None,
        )
    )


def _new_token() -> str:
    return secrets.token_urlsafe(32)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
