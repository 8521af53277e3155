"""A remark pinned to a moment, written or recorded; its replies, and what it said before."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, UniqueConstraint, false, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pitchreview.db import Base, CreatedAt, Key, now
from pitchreview.errors import InvalidInput
from pitchreview.models.exemplar import Exemplar
from pitchreview.models.recording import Recording
from pitchreview.models.review import Review
from pitchreview.models.rubric import Criterion
from pitchreview.models.take import Take
from pitchreview.models.team import enum_column
from pitchreview.models.user import User

LONGEST_BODY = 4000
LONGEST_GIST = 120
MOST_STROKES = 60
MOST_POINTS = 4000


class CommentKind(StrEnum):
    STRENGTH = "strength"
    TRY_INSTEAD = "try_instead"
    QUESTION = "question"


class ReactionKind(StrEnum):
    AGREE = "agree"
    THANKS = "thanks"
    HELPFUL = "helpful"  # says why, after it was tried


class Comment(Base):
    __tablename__ = "comments"
    __table_args__ = (
        UniqueConstraint("author_id", "client_key"),
        CheckConstraint("until_ms IS NULL OR until_ms > at_ms", name="range"),
        CheckConstraint("parent_id IS NOT NULL OR at_ms IS NOT NULL", name="moment"),
    )

    id: Mapped[Key]
    take_id: Mapped[UUID] = mapped_column(ForeignKey("takes.id", ondelete="CASCADE"), index=True)
    # None for replies and for remarks of people who do not review, the presenter above all.
    review_id: Mapped[UUID | None] = mapped_column(ForeignKey("reviews.id", ondelete="SET NULL"), index=True)
    author_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("comments.id", ondelete="CASCADE"), index=True)
    at_ms: Mapped[int | None]
    until_ms: Mapped[int | None]
    kind: Mapped[CommentKind | None] = mapped_column(enum_column(CommentKind))
    # What is said in it; then the body is its gist, in one line.
    recording_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("recordings.id", ondelete="SET NULL"), unique=True
    )
    body: Mapped[str]
    instead: Mapped[str] = mapped_column(default="")  # for try-instead: what to do or say
    criterion_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("criteria.id", ondelete="SET NULL"), index=True
    )
    # Strokes over the frame at `at_ms`: [{"tool": "pen" | "arrow" | "box", "points": [[x, y], …]}, …], each
    # coordinate a share of the picture from 0 to 1.
    drawing: Mapped[list[Any] | None] = mapped_column(JSONB(none_as_null=True))
    # "Hear it done": how somebody else does what is meant.
    exemplar_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("exemplars.id", ondelete="SET NULL"), index=True
    )
    is_private: Mapped[bool] = mapped_column(
        default=False, server_default=false()
    )  # a note to oneself: it never comes out
    # When others could first read it. None: part of a review that is not published yet, or private.
    # What says nothing about it is out at once, as all was before there were drafts.
    published_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True).evaluates_none(), server_default=func.now()
    )
    client_key: Mapped[str | None]  # the browser's, so that a repeated send makes one comment
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[CreatedAt]
    edited_at: Mapped[datetime | None]
    # Of a thread's first comment: when anything in the thread changed, so that a page knows what to ask for.
    changed_at: Mapped[CreatedAt] = mapped_column(server_default=func.now())
    deleted_at: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    resolved_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))

    take: Mapped[Take] = relationship()
    review: Mapped[Review | None] = relationship()
    author: Mapped[User] = relationship(foreign_keys=[author_id])
    resolved_by: Mapped[User | None] = relationship(foreign_keys=[resolved_by_id])
    recording: Mapped[Recording | None] = relationship()
    criterion: Mapped[Criterion | None] = relationship()
    exemplar: Mapped[Exemplar | None] = relationship()
    mentions: Mapped[list[Mention]] = relationship(cascade="all, delete-orphan")
    reactions: Mapped[list[Reaction]] = relationship(
        order_by="Reaction.created_at", cascade="all, delete-orphan"
    )
    replies: Mapped[list[Comment]] = relationship(
        order_by="Comment.created_at",
        primaryjoin="Comment.id == remote(foreign(Comment.parent_id))",
        viewonly=True,
    )
    parent: Mapped[Comment | None] = relationship(
        primaryjoin="foreign(Comment.parent_id) == remote(Comment.id)", viewonly=True
    )
    edits: Mapped[list[CommentEdit]] = relationship(
        order_by="CommentEdit.replaced_at", cascade="all, delete-orphan"
    )

    @property
    def is_deleted(self) -> bool:
        return self.deleted_at is not None

    @property
    def is_reply(self) -> bool:
        return self.parent_id is not None

    @property
    def is_published(self) -> bool:
        """Others may read it."""
        return self.published_at is not None

    @property
    def is_resolved(self) -> bool:
        return self.resolved_at is not None

    @property
    def live_replies(self) -> list[Comment]:
        return [reply for reply in self.replies if not reply.is_deleted]

    def rewrite(self, body: str, instead: str, kind: CommentKind | None) -> None:
        """Change the words; what stood there before is kept."""
        self.edits.append(CommentEdit(body=self.body, instead=self.instead, replaced_at=now()))
        clean = clean_gist if self.recording_id else clean_body
        self.body, self.instead = clean(body), instead.strip()
        if not self.is_reply:
            self.kind = kind
        self.version += 1
        self.edited_at = now()


class CommentEdit(Base):
    """What a comment said before an edit."""

    __tablename__ = "comment_edits"

    id: Mapped[Key]
    comment_id: Mapped[UUID] = mapped_column(ForeignKey("comments.id", ondelete="CASCADE"), index=True)
    body: Mapped[str]
    instead: Mapped[str]
    replaced_at: Mapped[datetime]


class Mention(Base):
    """Somebody who is called by name in a comment."""

    __tablename__ = "mentions"

    comment_id: Mapped[UUID] = mapped_column(ForeignKey("comments.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )

    user: Mapped[User] = relationship()


class Reaction(Base):
    """A short answer without words; nobody is disturbed by it."""

    __tablename__ = "reactions"

    comment_id: Mapped[UUID] = mapped_column(ForeignKey("comments.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    kind: Mapped[ReactionKind] = mapped_column(enum_column(ReactionKind), primary_key=True)
    reason: Mapped[str] = mapped_column(default="")  # why it was helpful
    created_at: Mapped[CreatedAt]

    user: Mapped[User] = relationship()


def clean_body(text: str) -> str:
    """The words without surrounding space; raises `InvalidInput` when there are none or too many."""
    body = text.strip()
    if not body:
        raise InvalidInput("Write a few words first.", field="body")
    if len(body) > LONGEST_BODY:
        raise InvalidInput(f"That is longer than {LONGEST_BODY:,} characters.", field="body")
    return body


def clean_gist(text: str) -> str:
    """What a recorded comment is about, in one line; raises `InvalidInput` when it is none or too long."""
    gist = " ".join(text.split())
    if not gist:
        raise InvalidInput("Say in one line what your recording is about.", field="body")
    if len(gist) > LONGEST_GIST:
        raise InvalidInput(
            f"Say it in one line of at most {LONGEST_GIST} characters; the rest is in your recording.",
            field="body",
        )
    return gist


def clean_drawing(strokes: Any) -> list[Any] | None:
    """Strokes as they are kept, None when there are none; raises `InvalidInput` for anything else."""
    if not strokes:
        return None
    if not isinstance(strokes, list) or len(strokes) > MOST_STROKES:
        raise InvalidInput(f"A drawing holds at most {MOST_STROKES} strokes.", field="drawing")
    cleaned = [_clean_stroke(stroke) for stroke in strokes]
    if sum(len(stroke["points"]) for stroke in cleaned) > MOST_POINTS:
        raise InvalidInput("That is more than one drawing holds. Clear some of it.", field="drawing")
    return cleaned


def _clean_stroke(stroke: Any) -> dict[str, Any]:
    points = stroke.get("points") if isinstance(stroke, dict) else None
    tool = stroke.get("tool") if isinstance(stroke, dict) else None
    is_whole = isinstance(points, list) and 2 <= len(points) <= (MOST_POINTS if tool == "pen" else 2)
    if not is_whole or tool not in ("pen", "arrow", "box") or not all(map(_is_point, points or [])):
        raise InvalidInput("This drawing cannot be read. Draw it once more.", field="drawing")
    return {"tool": tool, "points": [[round(place, 4) for place in point] for point in points or []]}


def _is_point(point: Any) -> bool:
    """Two shares of the picture; what is not a number is not between 0 and 1 either."""
    return (
        isinstance(point, list)
        and len(point) == 2
        and all(type(place) in (int, float) and 0 <= place <= 1 for place in point)
    )
