"""How much was said about takes: numbers for lists, two queries for any number of takes."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pitchreview.models import Comment, Review, ReviewState, Take


@dataclass(frozen=True)
class Tally:
    comments: int  # remarks pinned to a moment; replies are not counted
    reviews: int  # published ones


def tallies_of(session: Session, takes: Iterable[Take]) -> dict[UUID, Tally]:
    """A tally for each of these takes; who may see the take may see its numbers."""
    ids = [take.id for take in takes]
    remarks = select(Comment.take_id, func.count()).where(
        Comment.take_id.in_(ids),
        Comment.parent_id.is_(None),
        Comment.deleted_at.is_(None),
        Comment.published_at.is_not(None),
    )
    published = select(Review.take_id, func.count()).where(
        Review.take_id.in_(ids), Review.state == ReviewState.PUBLISHED
    )
    comments = {take_id: count for take_id, count in session.execute(remarks.group_by(Comment.take_id))}
    reviews = {take_id: count for take_id, count in session.execute(published.group_by(Review.take_id))}
    return {take_id: Tally(comments.get(take_id, 0), reviews.get(take_id, 0)) for take_id in ids}
