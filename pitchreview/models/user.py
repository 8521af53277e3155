"""People, their sessions and their password resets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import ForeignKey, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pitchreview.db import Base, CreatedAt, Key
from pitchreview.errors import InvalidInput

if TYPE_CHECKING:
    from pitchreview.models.team import Membership, Role, Team

SESSION_LIFETIME = timedelta(days=30)
RESET_LIFETIME = timedelta(minutes=30)


class User(Base):
    __tablename__ = "users"

    id: Mapped[Key]
    email: Mapped[str] = mapped_column(unique=True)  # lower case, trimmed: see `clean_email`
    name: Mapped[str]
    password_hash: Mapped[str | None]  # None until the person chose one
    time_zone: Mapped[str] = mapped_column(default="UTC")  # an IANA name
    wants_mail: Mapped[bool] = mapped_column(
        default=True, server_default=true()
    )  # what one should hear about, at once
    wants_digest: Mapped[bool] = mapped_column(default=True, server_default=true())  # once a week
    # No letters between these, where the person is; both or none.
    quiet_from: Mapped[time | None]
    quiet_until: Mapped[time | None]
    calendar_token: Mapped[str | None] = mapped_column(unique=True)  # of the private address of due dates
    # How one likes to work, whatever browser one has: {"speed": 1.25, "keys": {"comment": "d"}, …}
    # The names stand in `HABITS`; what is not there is as everybody begins.
    habits: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    is_operator: Mapped[bool] = mapped_column(default=False)  # runs the site, sees no takes
    deactivated_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]

    memberships: Mapped[list[Membership]] = relationship(back_populates="user")

    @property
    def is_active(self) -> bool:
        return self.deactivated_at is None

    @property
    def first_name(self) -> str:
        return self.name.split()[0] if self.name.split() else self.name

    @property
    def active_memberships(self) -> list[Membership]:
        return sorted((m for m in self.memberships if m.is_active), key=lambda m: m.team.name.lower())

    def get_used_to(self, changed: dict[str, Any]) -> None:
        """Take on some habits; None goes back to what everybody begins with."""
        for name, value in changed.items():
            if name not in HABITS or not (value is None or HABITS[name](value)):
                raise InvalidInput("That is no habit that can be kept.", field=name[:40])
        habits = {**self.habits, **changed}
        self.habits = {name: value for name, value in habits.items() if value is not None}

    def role_in(self, team: Team | UUID) -> Role | None:
        team_id = team if isinstance(team, UUID) else team.id
        return next((m.role for m in self.memberships if m.team_id == team_id and m.is_active), None)


class UserSession(Base):
    """One signed-in browser. The cookie holds a secret of which only the hash is kept."""

    __tablename__ = "user_sessions"

    id: Mapped[Key]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    team_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("teams.id", ondelete="SET NULL")
    )  # the one looked at
    browser: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    created_at: Mapped[CreatedAt]
    last_seen_at: Mapped[CreatedAt]
    revoked_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()

    def is_live(self, now: datetime) -> bool:
        return self.revoked_at is None and now - self.last_seen_at < SESSION_LIFETIME


class PasswordReset(Base):
    """A link that sets a new password once, within half an hour."""

    __tablename__ = "password_resets"

    id: Mapped[Key]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    email: Mapped[str]  # the address it was made for; the link dies when the address changes
    created_at: Mapped[CreatedAt]
    used_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()

    def is_live(self, now: datetime) -> bool:
        return (
            self.used_at is None and now - self.created_at < RESET_LIFETIME and self.email == self.user.email
        )


def clean_email(text: str) -> str:
    return text.strip().lower()


MOST_KEYS = 60
LONGEST_KEY = 24


def _is_number(least: float, most: float) -> Callable[[Any], bool]:
    return lambda value: type(value) in (int, float) and least <= value <= most


def _is_switch(value: Any) -> bool:
    return isinstance(value, bool)


def _is_key_table(value: Any) -> bool:
    """What is done -> the key that does it."""
    return (
        isinstance(value, dict)
        and len(value) <= MOST_KEYS
        and all(type(word) is str and 0 < len(word) <= LONGEST_KEY for pair in value.items() for word in pair)
    )


# What can be kept, and what each may be.
HABITS: dict[str, Callable[[Any], bool]] = {
    "speed": _is_number(0.25, 2),
    "volume": _is_number(0, 1),
    "captions": _is_switch,
    "pauses": _is_switch,  # the video stops while one types
    "keys_on": _is_switch,  # single keys act
    "keys": _is_key_table,
    "panel": _is_switch,  # the comments stay beside a video that fills the screen
}
