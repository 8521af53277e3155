"""What people said about a take, as far as somebody may read it: an index of threads, and the threads."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, Text, exists, or_, select, type_coerce
from sqlalchemy.orm import Session, aliased, joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from pitchreview.models import Comment, CommentKind, Mention, Reaction, Recording, Take, User
from pitchreview.permissions import is_shown_to


class Mark(NamedTuple):
    """A thread as the timeline and the list know it, before it is read."""

    id: UUID
    at_ms: int
    until_ms: int | None
    kind: CommentKind | None
    author_id: UUID
    author_name: str
    criterion_id: UUID | None
    changed_at: datetime
    resolved_at: datetime | None
    deleted_at: datetime | None

    @property
    def is_deleted(self) -> bool:
        return self.deleted_at is not None


def marks_of(session: Session, take: Take, viewer: User) -> list[Mark]:
    """Every thread of a take that the viewer may read, in the order of moments."""
    columns = (
        Comment.id,
        Comment.at_ms,
        Comment.until_ms,
        Comment.kind,
        Comment.author_id,
        User.name,
        Comment.criterion_id,
        Comment.changed_at,
        Comment.resolved_at,
        Comment.deleted_at,
    )
    rows = session.execute(_threads(take, viewer, *columns).join(User, User.id == Comment.author_id))
    return [Mark._make(row) for row in rows]


class Place(NamedTuple):
    """A thread among the others: all that a page must know to begin with some of them."""

    id: UUID
    at_ms: int
    kind: str | None
    is_mine: bool
    is_deleted: bool


def outline_of(session: Session, take: Take, viewer: User) -> list[Place]:
    """The same threads as `marks_of`, in the same order, in as few words as there are."""
    rows = session.execute(
        _threads(
            take,
            viewer,
            Comment.id,
            Comment.at_ms,
            type_coerce(Comment.kind, Text()),
            (Comment.author_id == viewer.id).label("is_mine"),
            Comment.deleted_at.is_not(None).label("is_deleted"),
        )
    )
    return [Place._make(row) for row in rows]


def _threads(take: Take, viewer: User, *columns: Any) -> Select[Any]:
    answer = aliased(Comment)
    # A deleted comment stays as a place while others have answered it.
    is_answered = exists().where(answer.parent_id == Comment.id, answer.deleted_at.is_(None))
    return (
        select(*columns)
        .where(
            Comment.take_id == take.id,
            Comment.parent_id.is_(None),
            is_shown_to(viewer),
            or_(Comment.deleted_at.is_(None), is_answered),
        )
        .order_by(Comment.at_ms, Comment.created_at, Comment.id)
    )


def threads_of(
    session: Session, take: Take, viewer: User, ids: Collection[UUID] | None = None
) -> list[Comment]:
    """Those threads of a take that the viewer may read, in the order of moments; `ids` names some of them.

    Comments and their answers come in one statement, what belongs to them in one more each.
    """
    query = (
        select(Comment)
        .where(Comment.take_id == take.id, is_shown_to(viewer))
        .options(
            joinedload(Comment.author),
            joinedload(Comment.resolved_by),
            joinedload(Comment.review),
            joinedload(Comment.criterion),
            joinedload(Comment.exemplar),
            joinedload(Comment.recording).selectinload(Recording.renditions),
            selectinload(Comment.reactions).joinedload(Reaction.user),
            selectinload(Comment.mentions).joinedload(Mention.user),
        )
        .order_by(Comment.at_ms, Comment.created_at, Comment.id)
        .execution_options(populate_existing=True)
    )
    if ids is not None:
        query = query.where(or_(Comment.id.in_(ids), Comment.parent_id.in_(ids)))
    rows = session.scalars(query).all()
    answers: dict[UUID, list[Comment]] = defaultdict(list)
    for row in rows:
        if row.parent_id is not None:
            answers[row.parent_id].append(row)
    threads = [row for row in rows if row.parent_id is None]
    for thread in threads:
        set_committed_value(thread, "replies", answers[thread.id])
    return [thread for thread in threads if not thread.is_deleted or thread.live_replies]
