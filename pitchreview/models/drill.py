"""A scenario set for people, with a due date, a focus, and who gives feedback on it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ForeignKey, false, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pitchreview.db import Base, CreatedAt, Key
from pitchreview.models.rubric import Criterion, Rubric
from pitchreview.models.scenario import Scenario
from pitchreview.models.team import Team, enum_column
from pitchreview.models.user import User


class ReviewersFrom(StrEnum):
    """Who gives feedback on the takes of a drill."""

    COACHES = "coaches"  # shared out among coaches and managers
    PEERS = "peers"  # shared out among those who got the drill themselves, and one coach
    NAMED = "named"
    MANAGERS = "managers"
    POOL = "pool"  # nobody in particular: whoever picks it


class Series(Base):
    """A few drills that belong together: a baseline, practice, and the same prompt once more."""

    __tablename__ = "series"

    id: Mapped[Key]
    team_id: Mapped[UUID] = mapped_column(ForeignKey("teams.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    created_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[CreatedAt]

    drills: Mapped[list[Drill]] = relationship(order_by="Drill.part", back_populates="series")


class Drill(Base):
    __tablename__ = "drills"

    id: Mapped[Key]
    team_id: Mapped[UUID] = mapped_column(ForeignKey("teams.id", ondelete="CASCADE"), index=True)
    scenario_id: Mapped[UUID] = mapped_column(ForeignKey("scenarios.id", ondelete="CASCADE"), index=True)
    # The yardstick as it was when the drill was set; a live drill keeps its own.
    rubric_id: Mapped[UUID | None] = mapped_column(ForeignKey("rubrics.id", ondelete="SET NULL"), index=True)
    focus_criterion_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("criteria.id", ondelete="SET NULL"), index=True
    )
    focus: Mapped[str] = mapped_column(default="")  # the one thing to work on, in a few words
    note: Mapped[str] = mapped_column(default="")
    # A take ends by itself here; None: nobody is cut off, however long past the target
    limit_seconds: Mapped[int | None]
    # Presenters look at their own take before they see what others say about it.
    self_assessment_first: Mapped[bool] = mapped_column(default=False, server_default=false())
    practice_allowed: Mapped[bool] = mapped_column(
        default=True, server_default=true()
    )  # else one take counts
    reviewers_from: Mapped[ReviewersFrom] = mapped_column(
        enum_column(ReviewersFrom), default=ReviewersFrom.POOL, server_default="pool"
    )
    reviewers_count: Mapped[int] = mapped_column(default=1, server_default="1")  # for each take
    # Names only: faces and voices tell anyway.
    hides_reviewers: Mapped[bool] = mapped_column(default=False, server_default=false())
    hides_presenter: Mapped[bool] = mapped_column(default=False, server_default=false())
    for_team: Mapped[bool] = mapped_column(default=True, server_default=true())  # else for `people`
    opens_at: Mapped[datetime | None]  # until then only managers see it; None: from the start
    due_on: Mapped[date]  # to the end of that day, wherever somebody is
    due_at: Mapped[datetime]  # the same where the manager is; it sorts
    remind_days: Mapped[int | None] = mapped_column(default=2, server_default="2")  # before; None: nobody
    series_id: Mapped[UUID | None] = mapped_column(ForeignKey("series.id", ondelete="SET NULL"), index=True)
    part: Mapped[int | None]  # of the series, from 1
    created_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[CreatedAt]
    edited_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    team: Mapped[Team] = relationship()
    scenario: Mapped[Scenario] = relationship()
    rubric: Mapped[Rubric | None] = relationship()
    focus_criterion: Mapped[Criterion | None] = relationship()
    series: Mapped[Series | None] = relationship(back_populates="drills")
    created_by: Mapped[User | None] = relationship()
    people: Mapped[list[DrillPerson]] = relationship(cascade="all, delete-orphan")
    reviewers: Mapped[list[DrillReviewer]] = relationship(cascade="all, delete-orphan")

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    def is_live(self, now: datetime) -> bool:
        """People can work on it."""
        return self.is_open and (self.opens_at is None or self.opens_at <= now)

    def is_overdue(self, now: datetime) -> bool:
        return self.is_open and self.due_at < now

    def due_for(self, person: User) -> datetime:
        """The end of the day where this person is."""
        return end_of(self.due_on, person.time_zone)


class DrillPerson(Base):
    """Somebody for whom a drill is set, where it is not for the whole team."""

    __tablename__ = "drill_people"

    drill_id: Mapped[UUID] = mapped_column(ForeignKey("drills.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    added_at: Mapped[CreatedAt]

    user: Mapped[User] = relationship()


class DrillReviewer(Base):
    """Somebody who is named to give feedback on the takes of a drill."""

    __tablename__ = "drill_reviewers"

    drill_id: Mapped[UUID] = mapped_column(ForeignKey("drills.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )

    user: Mapped[User] = relationship()


def end_of(day: date, time_zone: str) -> datetime:
    """The first instant after that day there."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=ZoneInfo(time_zone))
