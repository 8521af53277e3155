"""A take, or a range of it, held up as a model, with why it works."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pitchreview.db import Base, CreatedAt, Key, now
from pitchreview.models.recording import Recording
from pitchreview.models.tag import Tag
from pitchreview.models.take import Take
from pitchreview.models.team import Team, enum_column
from pitchreview.models.user import User

# What is held up of somebody who left their team goes after this, unless they say that it may stay.
STAYS_FOR = timedelta(days=30)


class ConsentState(StrEnum):
    ASKED = "asked"
    GIVEN = "given"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Exemplar(Base):
    __tablename__ = "exemplars"
    __table_args__ = (
        CheckConstraint("from_ms IS NULL OR until_ms > from_ms", name="range"),
        CheckConstraint("(from_ms IS NULL) = (until_ms IS NULL)", name="whole_or_range"),
        CheckConstraint("contrast_to_id <> id", name="contrast"),
        Index("ix_exemplars_team_id_created_at_id", "team_id", "created_at", "id"),
        Index("ix_exemplars_asked", "team_id", "created_at", postgresql_where=text("consent = 'asked'")),
    )

    id: Mapped[Key]
    team_id: Mapped[UUID] = mapped_column(ForeignKey("teams.id", ondelete="CASCADE"))
    take_id: Mapped[UUID] = mapped_column(ForeignKey("takes.id", ondelete="CASCADE"), index=True)
    from_ms: Mapped[int | None]  # None: the whole take
    until_ms: Mapped[int | None]
    title: Mapped[str]
    why: Mapped[str]
    held_up_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    # The middling half of a pair: not a model itself, it shows what makes the difference to that one.
    contrast_to_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("exemplars.id", ondelete="SET NULL"), index=True
    )
    consent: Mapped[ConsentState] = mapped_column(enum_column(ConsentState), default=ConsentState.ASKED)
    consent_at: Mapped[datetime | None]
    withdrawal_reason: Mapped[str] = mapped_column(default="", server_default="")  # for the curators
    # The presenter has left the team, and is asked what happens to it.
    leaving_asked_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]
    # None: a draft, of which only its curators know; in the future: scheduled.
    # What says nothing about it comes out at once, as all did before there were drafts.
    published_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True).evaluates_none(), server_default=func.now()
    )
    checked_at: Mapped[datetime | None]  # a curator looked at it again: it still holds
    record_again_at: Mapped[datetime | None]  # since when it is on the list of what to record anew
    taken_down_at: Mapped[datetime | None]
    # This range as a file of its own, to be taken along or handed on.
    clip_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("recordings.id", ondelete="SET NULL"), unique=True
    )
    opened_count: Mapped[int] = mapped_column(default=0, server_default="0")  # people, not times
    finished_count: Mapped[int] = mapped_column(default=0, server_default="0")

    take: Mapped[Take] = relationship()
    held_up_by: Mapped[User | None] = relationship()
    clip: Mapped[Recording | None] = relationship()
    contrast_to: Mapped[Exemplar | None] = relationship(remote_side="Exemplar.id", back_populates="contrasts")
    contrasts: Mapped[list[Exemplar]] = relationship(
        back_populates="contrast_to", order_by="Exemplar.created_at"
    )
    tags: Mapped[list[Tag]] = relationship(secondary="exemplar_tags", order_by="Tag.facet, Tag.name")
    shares: Mapped[list[ExemplarShare]] = relationship(cascade="all, delete-orphan")
    commentary: Mapped[list[Commentary]] = relationship(
        back_populates="exemplar", order_by="Commentary.at_ms", cascade="all, delete-orphan"
    )

    @property
    def is_draft(self) -> bool:
        return self.published_at is None

    @property
    def is_scheduled(self) -> bool:
        return self.published_at is not None and self.published_at > now()

    @property
    def is_shown(self) -> bool:
        """The team may watch it."""
        is_out = not self.is_draft and not self.is_scheduled and self.taken_down_at is None
        return is_out and self.is_given and not self.has_lapsed

    @property
    def is_given(self) -> bool:
        return self.consent is ConsentState.GIVEN

    @property
    def has_lapsed(self) -> bool:
        """Its presenter left, and did not say in time that it may stay."""
        return self.stays_until is not None and self.stays_until <= now()

    @property
    def stays_until(self) -> datetime | None:
        """Of somebody who left: when it goes unless they answer."""
        return None if self.leaving_asked_at is None else self.leaving_asked_at + STAYS_FOR

    @property
    def waits_for_consent(self) -> bool:
        """The presenter is asked, and has not answered."""
        is_open = not self.is_draft and self.taken_down_at is None
        return is_open and self.consent is ConsentState.ASKED

    @property
    def asks_presenter(self) -> bool:
        """The presenter has a question to answer: about it, a further team, or leaving."""
        is_left = self.is_given and self.leaving_asked_at is not None
        return self.waits_for_consent or is_left or (self.is_given and bool(self.asked_shares))

    @property
    def asked_shares(self) -> list[ExemplarShare]:
        return [share for share in self.shares if share.consent is ConsentState.ASKED]

    @property
    def duration_ms(self) -> int | None:
        if self.from_ms is None or self.until_ms is None:
            return self.take.recording.duration_ms
        return self.until_ms - self.from_ms

    def answer_consent(self, answer: ConsentState, now: datetime) -> None:
        """The presenter's yes, no, or later withdrawal; it acts at once."""
        self.consent, self.consent_at = answer, now

    def set_tags(self, tags: list[Tag]) -> None:
        self.tags = list(dict.fromkeys(tags))


class ExemplarTag(Base):
    __tablename__ = "exemplar_tags"

    exemplar_id: Mapped[UUID] = mapped_column(
        ForeignKey("exemplars.id", ondelete="CASCADE"), primary_key=True
    )
    tag_id: Mapped[UUID] = mapped_column(
        ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class ExemplarShare(Base):
    """A further team that may watch it, once its presenter said yes to that team as well."""

    __tablename__ = "exemplar_shares"

    exemplar_id: Mapped[UUID] = mapped_column(
        ForeignKey("exemplars.id", ondelete="CASCADE"), primary_key=True
    )
    team_id: Mapped[UUID] = mapped_column(
        ForeignKey("teams.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    asked_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    consent: Mapped[ConsentState] = mapped_column(enum_column(ConsentState), default=ConsentState.ASKED)
    consent_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]

    team: Mapped[Team] = relationship()
    asked_by: Mapped[User | None] = relationship()


class Commentary(Base):
    """What the presenter thought at a moment, and what they chose not to say."""

    __tablename__ = "commentaries"

    id: Mapped[Key]
    exemplar_id: Mapped[UUID] = mapped_column(ForeignKey("exemplars.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    at_ms: Mapped[int]  # on the clock of the take
    thought: Mapped[str]  # of a recorded one: its gist, in one line
    unsaid: Mapped[str] = mapped_column(default="")
    recording_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("recordings.id", ondelete="SET NULL"), unique=True
    )
    created_at: Mapped[CreatedAt]
    edited_at: Mapped[datetime | None]

    exemplar: Mapped[Exemplar] = relationship(back_populates="commentary")
    author: Mapped[User] = relationship()
    recording: Mapped[Recording | None] = relationship()
