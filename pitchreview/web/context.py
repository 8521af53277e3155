"""What a request carries: the services of this process, its database session, who is looking."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from flask import current_app, g, request
from flask_login import current_user
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.exceptions import SecurityError

from pitchreview.config import Settings
from pitchreview.db import now
from pitchreview.models import Role, Team, User, UserSession
from pitchreview.store import ObjectStore
from pitchreview.web.live import LiveHub


@dataclass(frozen=True)
class Services:
    settings: Settings
    engine: Engine
    sessions: sessionmaker[Session]
    store: ObjectStore
    live: LiveHub


def services() -> Services:
    found: Services = current_app.extensions["pitchreview"]
    return found


def settings() -> Settings:
    return services().settings


def store() -> ObjectStore:
    return services().store


def db() -> Session:
    """The session of this request; closed, and rolled back unless the view committed, at its end."""
    if "session" not in g:
        g.session = services().sessions()
    session: Session = g.session
    return session


def close_db(_error: BaseException | None = None) -> None:
    session: Session | None = g.pop("session", None)
    if session is not None:
        session.close()


def is_signed_in() -> bool:
    return bool(current_user.is_authenticated)


def viewer() -> User:
    """The person who is signed in; only for views behind `login_required`."""
    user: User = current_user.user
    return user


def today() -> date:
    """The day it is where the person who looks lives."""
    return now().astimezone(ZoneInfo(viewer().time_zone)).date()


def user_session() -> UserSession:
    found: UserSession = current_user.user_session
    return found


def current_team() -> Team | None:
    """The team this browser looks at: the chosen one while the person is in it, else their first."""
    memberships = viewer().active_memberships
    chosen = next((m.team for m in memberships if m.team_id == user_session().team_id), None)
    return chosen or (memberships[0].team if memberships else None)


def current_role() -> Role | None:
    team = current_team()
    return None if team is None else viewer().role_in(team)


def host_name() -> str:
    """The name in the address bar without its port; stands for `{host}` in the store's public address."""
    try:
        host = request.host
    except SecurityError:
        return ""  # a name that this site does not answer to: the answer is 400 and needs none
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0]


def wants_fragment() -> bool:
    """Did our own script ask, rather than a person's navigation?"""
    return request.headers.get("X-Requested-With") == "fetch"


def wants_json() -> bool:
    return request.is_json or request.accept_mimetypes.best == "application/json" or wants_fragment()
