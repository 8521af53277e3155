"""Teams, who belongs to them in which role, and invitations."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Enum, ForeignKey, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pitchreview.db import Base, CreatedAt, Key
from pitchreview.models.user import User

INVITATION_LIFETIME = timedelta(days=14)


class Role(StrEnum):
    REP = "rep"
    COACH = "coach"
    MANAGER = "manager"


def enum_column(kind: type[StrEnum]) -> Enum:
    """Enums are text with a check, so that a new word needs no type change."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=None,
        values_callable=lambda members: [member.value for member in members],
        name=kind.__name__.lower(),
    )


class Team(Base):
    __tablename__ = "teams"

    id: Mapped[Key]
    name: Mapped[str]
    created_at: Mapped[CreatedAt]
    # Reviewing for others begins after two standards were scored closely enough.
    asks_calibration: Mapped[bool] = mapped_column(default=False, server_default=false())
    # So many of a hundred reviews are silent checks of the reviewer's eye.
    check_percent: Mapped[int] = mapped_column(default=0, server_default="0")

    memberships: Mapped[list[Membership]] = relationship(back_populates="team")


class Membership(Base):
    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("team_id", "user_id"),)

    id: Mapped[Key]
    team_id: Mapped[UUID] = mapped_column(ForeignKey("teams.id", ondelete="CASCADE"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    role: Mapped[Role] = mapped_column(enum_column(Role))
    weekly_minutes: Mapped[int] = mapped_column(default=60, server_default="60")  # for reviews; 0: none
    created_at: Mapped[CreatedAt]
    ended_at: Mapped[datetime | None]  # left or deactivated; the row stays for what they did here

    team: Mapped[Team] = relationship(back_populates="memberships")
    user: Mapped[User] = relationship(back_populates="memberships")

    @property
    def is_active(self) -> bool:
        return self.ended_at is None


class Invitation(Base):
    __tablename__ = "invitations"

    id: Mapped[Key]
    team_id: Mapped[UUID] = mapped_column(ForeignKey("teams.id", ondelete="CASCADE"), index=True)
    email: Mapped[str]
    role: Mapped[Role] = mapped_column(enum_column(Role))
    token_hash: Mapped[str] = mapped_column(unique=True)
    invited_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[CreatedAt]
    accepted_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    team: Mapped[Team] = relationship()
    invited_by: Mapped[User | None] = relationship()

    def is_open(self, now: datetime) -> bool:
        return (
            self.accepted_at is None
            and self.revoked_at is None
            and now - self.created_at < INVITATION_LIFETIME
        )
