"""A take is somebody's to review: shared out, or picked from the pool; and who cannot, when, or with whom."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pitchreview.db import Base, CreatedAt, Key
from pitchreview.models.drill import Drill
from pitchreview.models.standard import Standard
from pitchreview.models.take import Take
from pitchreview.models.team import enum_column
from pitchreview.models.user import User


class AssignmentState(StrEnum):
    OPEN = "open"
    DONE = "done"  # their review is published
    HANDED_ON = "handed_on"  # overdue: somebody else has it
    GIVEN_BACK = "given_back"  # they cannot
    DROPPED = "dropped"  # not needed any more: the take went, or they left


class AssignmentOrigin(StrEnum):
    SHARED_OUT = "shared_out"
    PICKED = "picked"  # from the pool
    SPREAD = "spread"  # one more, because levels differ by more than one
    CHECK = "check"  # a standard that looks like any other take


class Assignment(Base):
    __tablename__ = "assignments"
    __table_args__ = (
        # Nobody has the same take twice at once, whatever two jobs do at the same moment.
        Index(
            "uq_assignments_open",
            "take_id",
            "reviewer_id",
            unique=True,
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_assignments_reviewer_id_state", "reviewer_id", "state"),
    )

    id: Mapped[Key]
    take_id: Mapped[UUID] = mapped_column(ForeignKey("takes.id", ondelete="CASCADE"), index=True)
    reviewer_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    drill_id: Mapped[UUID | None] = mapped_column(ForeignKey("drills.id", ondelete="SET NULL"), index=True)
    standard_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("standards.id", ondelete="CASCADE"), index=True
    )
    origin: Mapped[AssignmentOrigin] = mapped_column(enum_column(AssignmentOrigin))
    state: Mapped[AssignmentState] = mapped_column(
        enum_column(AssignmentState), default=AssignmentState.OPEN, server_default="open"
    )
    minutes: Mapped[int]  # what it is expected to take
    created_at: Mapped[CreatedAt]
    leased_until: Mapped[datetime]  # then it is handed on, after a reminder
    reminded_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")  # of giving it back

    take: Mapped[Take] = relationship(back_populates="assignments")
    reviewer: Mapped[User] = relationship()
    drill: Mapped[Drill | None] = relationship()
    standard: Mapped[Standard | None] = relationship()

    @property
    def is_open(self) -> bool:
        return self.state is AssignmentState.OPEN

    def end(self, state: AssignmentState, now: datetime, reason: str = "") -> None:
        self.state, self.ended_at, self.reason = state, now, reason


class Absence(Base):
    """Days on which nobody asks this person for a review, in any team."""

    __tablename__ = "absences"
    __table_args__ = (CheckConstraint("until_on >= from_on", name="days"),)

    id: Mapped[Key]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    from_on: Mapped[date]
    until_on: Mapped[date]  # the last day
    created_at: Mapped[CreatedAt]

    user: Mapped[User] = relationship()


class Conflict(Base):
    """Two people who do not review each other, in either direction; the lower id comes first."""

    __tablename__ = "conflicts"
    __table_args__ = (
        UniqueConstraint("team_id", "one_id", "other_id"),
        CheckConstraint("one_id < other_id", name="order"),
    )

    id: Mapped[Key]
    team_id: Mapped[UUID] = mapped_column(ForeignKey("teams.id", ondelete="CASCADE"))
    one_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    other_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[CreatedAt]

    one: Mapped[User] = relationship(foreign_keys=[one_id])
    other: Mapped[User] = relationship(foreign_keys=[other_id])
