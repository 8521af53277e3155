"""`pitchreview users …`: people without a browser."""

from argparse import Namespace

from sqlalchemy import select
from sqlalchemy.orm import Session

from pitchreview.actions import accounts
from pitchreview.commands import database
from pitchreview.config import Settings
from pitchreview.db import make_session_factory, transaction
from pitchreview.errors import NotFound
from pitchreview.models import Role, Team


def run(settings: Settings, options: Namespace) -> None:
    acts = {"create": _create, "list": _list, "reset-link": _reset_link, "welcome-link": _welcome_link}
    with database.opened(settings) as engine, transaction(make_session_factory(engine)) as session:
        acts[options.act](session, settings, options)


def create_first_operator(session: Session, settings: Settings) -> bool:
    """The operator named in the environment, when nobody has an account; answers whether one was made."""
    if not settings.admin_email or not accounts.is_empty(session):
        return False
    accounts.create_user(
        session,
        email=settings.admin_email,
        name="Operator",
        password=settings.admin_password.get_secret_value(),
        is_operator=True,
    )
    return True


def _create(session: Session, settings: Settings, options: Namespace) -> None:
    user = accounts.create_user(
        session,
        email=options.email,
        name=options.name,
        password=options.password,
        is_operator=options.operator,
    )
    if options.team:
        team = session.scalar(select(Team).where(Team.name == options.team))
        team = team or accounts.create_team(session, options.team)
        accounts.join(session, user, team, Role(options.role))
    print(f"{user.name} <{user.email}> has an account.")
    if options.password is None:
        _print_reset_link(settings, accounts.make_reset(session, user))


def _list(session: Session, _settings: Settings, _options: Namespace) -> None:
    for user in accounts.everybody(session):
        teams = ", ".join(f"{m.role} in {m.team.name}" for m in user.active_memberships)
        marks = " (operator)" * user.is_operator + " (closed)" * (not user.is_active)
        print(f"{user.email}  {user.name}{marks}  {teams}")


def _reset_link(session: Session, settings: Settings, options: Namespace) -> None:
    user = accounts.find_user(session, options.email)
    if user is None:
        raise NotFound(f"Nobody has the address {options.email}.")
    accounts.note(session, "made reset link", actor=None, subject=user.email)
    _print_reset_link(settings, accounts.make_reset(session, user))


def _print_reset_link(settings: Settings, token: str) -> None:
    print(f"To choose a password, within 30 minutes: {settings.site_address}/password/{token}")


def _welcome_link(session: Session, settings: Settings, _options: Namespace) -> None:
    if accounts.is_empty(session):
        token = accounts.welcome_token(settings.secret_key.get_secret_value())
        print(f"{settings.site_address}/welcome/{token}")
