"""Who looks at a take now, what is new to them since they were here, and what they have watched of it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, joinedload

from pitchreview import db
from pitchreview.errors import InvalidInput
from pitchreview.models import Comment, Take, User, Visit
from pitchreview.models.visit import PRESENT_FOR, SAME_VISIT
from pitchreview.permissions import is_shown_to

Span = tuple[int, int]  # from, until, in milliseconds
MOST_SPANS = 500
# Less than this between two spans is no gap that anybody left out on purpose.
SEAM_MS = 300
MOST_NEW = 500


def look_in(session: Session, take: Take, viewer: User, *, watched: Sequence[Span], is_open: bool) -> Visit:
    """The page of a take is open, or is being closed; whoever was away for long begins a new visit."""
    visit = _held(session, take, viewer)
    now = db.now()
    if now - visit.last_at > SAME_VISIT:
        visit.before_at, visit.began_at = visit.last_at, now
    was_here, visit.last_at, visit.is_open = visit.is_present(now), now, is_open
    visit.watched = join([*map(tuple, visit.watched), *_within(take, watched)])
    if was_here != is_open:
        db.announce(session, f"take:{take.id}", "presence")
    return visit


def _held(session: Session, take: Take, viewer: User) -> Visit:
    """The row of these two, made on first sight, and held against a second tab."""
    now = db.now()
    first = {"user_id": viewer.id, "take_id": take.id, "began_at": now, "last_at": now, "is_open": False}
    session.execute(insert(Visit).values(**first, watched=[]).on_conflict_do_nothing())
    return session.get_one(Visit, (viewer.id, take.id), with_for_update=True, populate_existing=True)


def _within(take: Take, spans: Sequence[Span]) -> list[Span]:
    if len(spans) > MOST_SPANS:
        raise InvalidInput("That is more than anybody watches between two looks.")
    end = take.recording.duration_ms or 0
    return [(max(0, start), min(until, end)) for start, until in spans if start < min(until, end)]


def join(spans: list[Span]) -> list[Span]:
    """In order, and those that touch as one."""
    joined: list[Span] = []
    for start, until in sorted(spans):
        if joined and start <= joined[-1][1] + SEAM_MS:
            joined[-1] = (joined[-1][0], max(joined[-1][1], until))
        else:
            joined.append((start, until))
    return joined[:MOST_SPANS]


def others_here(session: Session, take: Take, viewer: User) -> list[User]:
    """Who else looks at this take now."""
    query = (
        select(Visit)
        .where(
            Visit.take_id == take.id,
            Visit.user_id != viewer.id,
            Visit.is_open,
            Visit.last_at > db.now() - PRESENT_FOR,
        )
        .options(joinedload(Visit.user))
        .order_by(Visit.began_at)
    )
    return [visit.user for visit in session.scalars(query)]


def new_threads(session: Session, visit: Visit, viewer: User) -> list[UUID]:
    """Threads in which somebody else said something since the visit before; none on a first visit."""
    if visit.before_at is None:
        return []
    thread = func.coalesce(Comment.parent_id, Comment.id)
    query = (
        select(thread)
        .where(
            Comment.take_id == visit.take_id,
            Comment.author_id != viewer.id,
            Comment.published_at > visit.before_at,
            Comment.deleted_at.is_(None),
            is_shown_to(viewer),
        )
        .distinct()
        .limit(MOST_NEW)
    )
    return list(session.scalars(query))
