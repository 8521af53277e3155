"""Praised moments of reviews that could be held up: a curator decides about each."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from pitchreview import db
from pitchreview.models import (
    Comment,
    CommentKind,
    Exemplar,
    Level,
    PassedOver,
    Pitch,
    Reaction,
    ReactionKind,
    Review,
    ReviewState,
    Score,
    Take,
    Team,
    User,
)
from pitchreview.permissions import comments_visible_to

# So many of the newest reviews are looked through
REVIEWS = 200
MOST = 20


@dataclass(frozen=True)
class Suggestion:
    """A strength that somebody saw at the top level of its criterion, or that helped its presenter."""

    remark: Comment
    is_top: bool
    has_helped: bool


def suggestions(session: Session, viewer: User, team: Team) -> list[Suggestion]:
    """What waits for a decision, the newest first."""
    reviews = (
        select(Review.id)
        .join(Review.take)
        .join(Take.pitch)
        .where(
            Pitch.team_id == team.id,
            Review.state == ReviewState.PUBLISHED,
            Take.submitted_at.is_not(None),
            Take.deleted_at.is_(None),
        )
        .order_by(Review.published_at.desc())
        .limit(REVIEWS)
    )
    is_top, has_helped = _is_top(), _has_helped()
    query = (
        comments_visible_to(viewer)
        .where(
            Comment.review_id.in_(reviews),
            Comment.kind == CommentKind.STRENGTH,
            Comment.at_ms.is_not(None),
            Comment.parent_id.is_(None),
            Comment.published_at.is_not(None),
            Comment.deleted_at.is_(None),
            or_(is_top, has_helped),
            ~_is_covered(),
            ~select(PassedOver.comment_id).where(PassedOver.comment_id == Comment.id).exists(),
        )
        .options(
            joinedload(Comment.author),
            joinedload(Comment.criterion),
            joinedload(Comment.take).joinedload(Take.pitch).joinedload(Pitch.scenario),
            joinedload(Comment.take).joinedload(Take.pitch).joinedload(Pitch.presenter),
            joinedload(Comment.take).joinedload(Take.recording),
        )
        .order_by(Comment.published_at.desc(), Comment.id)
        .limit(MOST)
    )
    rows = session.execute(query.add_columns(is_top, has_helped)).unique()
    return [Suggestion(remark, top, helped) for remark, top, helped in rows]


def _is_top() -> ColumnElement[bool]:
    """In the same review its criterion got the highest level that there is."""
    higher = aliased(Level)
    highest = select(func.max(higher.value)).where(higher.criterion_id == Score.criterion_id)
    return (
        select(Score.review_id)
        .join(Score.level)
        .where(
            Score.review_id == Comment.review_id,
            Score.criterion_id == Comment.criterion_id,
            Level.value == highest.correlate(Score).scalar_subquery(),
        )
        .correlate(Comment)
        .exists()
    )


def _has_helped() -> ColumnElement[bool]:
    helped = select(Reaction.comment_id).where(
        Reaction.comment_id == Comment.id, Reaction.kind == ReactionKind.HELPFUL
    )
    return helped.correlate(Comment).exists()


def _is_covered() -> ColumnElement[bool]:
    holds_it = and_(Exemplar.from_ms <= Comment.at_ms, Exemplar.until_ms >= Comment.at_ms)
    covering = select(Exemplar.id).where(
        Exemplar.take_id == Comment.take_id,
        Exemplar.taken_down_at.is_(None),
        or_(Exemplar.from_ms.is_(None), holds_it),
    )
    return covering.correlate(Comment).exists()


def pass_over(session: Session, remark: Comment, by: User) -> None:
    """Not this one; it is suggested no more, to anybody."""
    session.merge(PassedOver(comment_id=remark.id, by_id=by.id, at=db.now()))
