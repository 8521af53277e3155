"""What somebody should hear about: kept until it is read, and sent by mail to those who want it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pitchreview.db import Base, CreatedAt, Key
from pitchreview.models.comment import Comment
from pitchreview.models.drill import Drill
from pitchreview.models.exemplar import Exemplar
from pitchreview.models.message import Message
from pitchreview.models.take import Take
from pitchreview.models.team import enum_column
from pitchreview.models.user import User


class NotificationKind(StrEnum):
    FEEDBACK_READY = "feedback_ready"  # a review of my take was published
    COMMENT = "comment"  # somebody who does not review said something about my take
    REPLY = "reply"  # in a thread that I am part of
    MENTION = "mention"
    REQUEST = "request"  # I am asked for a review
    DECLINED = "declined"  # whom I asked cannot
    CONSENT = "consent"  # somebody wants to hold up my take
    WITHDRAWN = "withdrawn"  # what I held up was taken back by its presenter
    DRILL = "drill"  # a drill is set for me
    DRILL_MOVED = "drill_moved"  # its date is another one
    DRILL_DUE = "drill_due"
    ASSIGNED = "assigned"  # a take is mine to review
    REVIEW_DUE = "review_due"  # it waits for me, and is handed on soon
    REVIEW_WITHDRAWN = "review_withdrawn"  # a review of my take was taken back
    DISPUTED = "disputed"  # a level that I gave
    DISPUTE_ANSWERED = "dispute_answered"
    FLAGGED = "flagged"  # somebody finds a comment hurtful: for managers
    FLAG_SETTLED = "flag_settled"
    HANDED_ON = "handed_on"  # a take that was mine to review is somebody else's now
    CARD_DUE = "card_due"  # a message card of mine wants to be looked at again
    PROVED = "proved"  # what I agreed to change: fixed, closer or not yet


# What goes out by mail at once; the others wait on the page.
BY_MAIL = frozenset(
    {
        NotificationKind.FEEDBACK_READY,
        NotificationKind.REPLY,
        NotificationKind.MENTION,
        NotificationKind.REQUEST,
        NotificationKind.CONSENT,
        NotificationKind.DRILL,
        NotificationKind.DRILL_MOVED,
        NotificationKind.DRILL_DUE,
        NotificationKind.CARD_DUE,
        NotificationKind.ASSIGNED,
        NotificationKind.REVIEW_DUE,
        NotificationKind.DISPUTED,
        NotificationKind.FLAGGED,
    }
)


class Notification(Base):
    __tablename__ = "notifications"
    __table_args__ = (
        Index("ix_notifications_user_id_created_at", "user_id", "created_at"),
        CheckConstraint("num_nonnulls(take_id, drill_id, message_id) > 0", name="about"),
    )

    id: Mapped[Key]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    kind: Mapped[NotificationKind] = mapped_column(enum_column(NotificationKind))
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    # What it is about: a take, a drill or a message card.
    take_id: Mapped[UUID | None] = mapped_column(ForeignKey("takes.id", ondelete="CASCADE"), index=True)
    drill_id: Mapped[UUID | None] = mapped_column(ForeignKey("drills.id", ondelete="CASCADE"), index=True)
    message_id: Mapped[UUID | None] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"), index=True)
    comment_id: Mapped[UUID | None] = mapped_column(ForeignKey("comments.id", ondelete="CASCADE"), index=True)
    exemplar_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("exemplars.id", ondelete="CASCADE"), index=True
    )
    created_at: Mapped[CreatedAt]
    read_at: Mapped[datetime | None]
    mailed_at: Mapped[datetime | None]  # its letter is on its way or sent; there is no second one

    user: Mapped[User] = relationship(foreign_keys=[user_id])
    actor: Mapped[User | None] = relationship(foreign_keys=[actor_id])
    take: Mapped[Take | None] = relationship()
    drill: Mapped[Drill | None] = relationship()
    message: Mapped[Message | None] = relationship()
    comment: Mapped[Comment | None] = relationship()
    exemplar: Mapped[Exemplar | None] = relationship()

    @property
    def is_read(self) -> bool:
        return self.read_at is not None
