"""Coaches give feedback: comments pinned to moments, and reviews that gather them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session, joinedload

from pitchreview import db, queue
from pitchreview.actions import (
    assigning,
    attaching,
    calibrating,
    checking,
    committing,
    limits,
    proving,
    replying,
    scoring,
    telling,
    warming_up,
)
from pitchreview.actions.committing import Proposal
from pitchreview.actions.drafting import held_review, review_of, start_review
from pitchreview.errors import InvalidInput, InvalidState
from pitchreview.models import (
    Comment,
    CommentKind,
    Flag,
    Recording,
    Review,
    ReviewState,
    Role,
    Take,
    User,
)
from pitchreview.models.comment import clean_body, clean_drawing, clean_gist
from pitchreview.permissions import Act, is_open_to, may
from pitchreview.queue import Task

UNDO_WINDOW = timedelta(minutes=10)


@dataclass(frozen=True)
class NewComment:
    body: str
    at_ms: int
    until_ms: int | None = None
    kind: CommentKind | None = None
    instead: str = ""
    client_key: str | None = None
    recording_id: UUID | None = None  # what is said in it; then the body is its gist
    is_private: bool = False  # a note to oneself
    drawing: list[Any] | None = None  # strokes over the frame, as they are kept: see `clean_drawing`
    criterion_id: UUID | None = None
    exemplar_id: UUID | None = None  # how somebody else does what is meant
    mention_ids: Collection[UUID] = ()


def comment(session: Session, take: Take, author: User, new: NewComment) -> Comment:
    """Pin a remark to a moment. The same `client_key` again answers the comment made the first time."""
    limits.count(session, f"comment:{author.id}", most=120, seconds=60)
    known = _known(session, author, new.client_key)
    if known is not None:
        return known
    if not take.is_submitted or take.is_deleted:
        raise InvalidState("The presenter has just taken this back. Your words are still in the box.")
    _check_moment(take, new)
    review = None if new.is_private else _review_for(session, take, author)
    is_held = new.is_private or (review is not None and not review.is_published)
    remark = Comment(
        take=take,
        author=author,
        review=review,
        is_private=new.is_private,
        published_at=None if is_held else db.now(),
        at_ms=new.at_ms,
        until_ms=new.until_ms,
        kind=new.kind,
        recording=_recorded(session, author, new.recording_id),
        body=_clean(new.body, new.recording_id),
        instead=new.instead.strip()[:2000] if new.kind is CommentKind.TRY_INSTEAD else "",
        drawing=clean_drawing(new.drawing),
        client_key=new.client_key,
        criterion=attaching.criterion(take, review, new.criterion_id),
        exemplar=attaching.exemplar(session, take, author, new.exemplar_id),
        edits=[],
    )
    attaching.mention(session, remark, author, new.mention_ids)
    _save(session, remark)
    if remark.is_published:
        _come_out(session, [remark])
    return remark


def reply(
    session: Session,
    parent: Comment,
    author: User,
    body: str,
    client_key: str | None,
    recording_id: UUID | None = None,
    mention_ids: Collection[UUID] = (),
) -> Comment:
    """Answer a comment; an answer to an answer joins the same thread."""
    limits.count(session, f"comment:{author.id}", most=120, seconds=60)
    known = _known(session, author, client_key)
    if known is not None:
        return known
    if parent.is_deleted:
        raise InvalidState("That comment has been deleted meanwhile. Your words are still in the box.")
    remark = Comment(
        take=parent.take,
        author=author,
        parent_id=parent.parent_id or parent.id,
        # An answer to one's own draft comes out with it.
        published_at=db.now() if parent.is_published else None,
        recording=_recorded(session, author, recording_id),
        body=_clean(body, recording_id),
        client_key=client_key,
        edits=[],
    )
    attaching.mention(session, remark, author, mention_ids)
    _save(session, remark)
    if remark.is_published:
        _come_out(session, [remark])
    return remark


def _recorded(session: Session, author: User, recording_id: UUID | None) -> Recording | None:
    return None if recording_id is None else replying.unused(session, author, recording_id)


def _clean(body: str, recording_id: UUID | None) -> str:
    return clean_body(body) if recording_id is None else clean_gist(body)


def _known(session: Session, author: User, client_key: str | None) -> Comment | None:
    if client_key is None:
        return None
    return session.scalar(
        select(Comment).where(Comment.author_id == author.id, Comment.client_key == client_key)
    )


def _check_moment(take: Take, new: NewComment) -> None:
    end = take.recording.duration_ms
    if new.at_ms < 0 or (end is not None and new.at_ms > end):
        raise InvalidInput("That moment is not in this take.", field="at_ms")
    if new.until_ms is None:
        return
    if new.until_ms <= new.at_ms:
        raise InvalidInput("The end of a range comes after its start.", field="until_ms")
    if end is not None and new.until_ms > end:
        raise InvalidInput("That range goes on after the end of this take.", field="until_ms")


def _review_for(session: Session, take: Take, author: User) -> Review | None:
    """The author's review, begun with the first comment; None for those who do not review."""
    if not may(author, Act.REVIEW, take):
        return None
    begun = review_of(session, take, author) or start_review(session, take, author)
    if begun.state is ReviewState.WITHDRAWN:
        begun.begin_again()
    return begun


def _save(session: Session, remark: Comment) -> Comment:
    session.add(remark)
    session.flush()
    touch(session, remark)
    return remark


def touch(session: Session, remark: Comment) -> None:
    """Something in the thread of a comment changed: open pages ask for it again."""
    session.execute(
        update(Comment).where(Comment.id == (remark.parent_id or remark.id)).values(changed_at=db.now())
    )
    db.announce(session, f"take:{remark.take_id}", "comments")


def share(session: Session, remark: Comment) -> None:
    """Let a comment of a draft, or a private note, out before its review."""
    if remark.is_published:
        return
    if remark.is_reply:
        raise InvalidState("An answer comes out together with its comment.")
    remark.is_private = False
    if remark.review is None:
        remark.review = _review_for(session, remark.take, remark.author)
    _publish_comments(session, [remark])


def _publish_comments(session: Session, remarks: list[Comment]) -> None:
    """Let drafts out with the answers that stand under them."""
    instant = db.now()
    ids = [remark.id for remark in remarks]
    answers = session.scalars(
        select(Comment).where(Comment.parent_id.in_(ids), Comment.published_at.is_(None))
    )
    for remark in (*remarks, *answers):
        remark.published_at = instant
        touch(session, remark)
    session.flush()
    _come_out(session, [remark for remark in remarks if not remark.is_deleted])


def _come_out(session: Session, remarks: list[Comment]) -> None:
    """Comments that others can read from now on."""
    for remark in remarks:
        telling.tell_comment(session, remark)


def rewrite(
    session: Session,
    remark: Comment,
    *,
    body: str,
    instead: str,
    kind: CommentKind | None,
    version: int,
    mention_ids: Collection[UUID] = (),
) -> None:
    """Change a comment; refused when somebody changed it since `version` was read."""
    session.refresh(remark, ["version", "body", "instead", "kind"], with_for_update=True)
    if remark.version != version:
        raise InvalidState("This comment was changed in another window. Look at it again before you save.")
    remark.rewrite(body, instead if kind is CommentKind.TRY_INSTEAD else "", kind)
    attaching.mention(session, remark, remark.author, mention_ids)
    telling.tell_mentions(session, remark)
    touch(session, remark)


def resolve(session: Session, remark: Comment, by: User) -> None:
    """What was asked for in this thread is done."""
    if remark.is_reply:
        raise InvalidState("A thread is resolved as a whole.")
    if remark.is_resolved:
        return
    remark.resolved_at, remark.resolved_by = db.now(), by
    touch(session, remark)


def reopen(session: Session, remark: Comment) -> None:
    if not remark.is_resolved:
        return
    remark.resolved_at = remark.resolved_by = None
    touch(session, remark)


def delete_comment(session: Session, remark: Comment) -> None:
    remark.deleted_at = db.now()
    if remark.recording_id is not None:
        queue.defer(
            session,
            Task.FORGET_REPLY,
            in_seconds=round(UNDO_WINDOW.total_seconds()) + 1,
            comment_id=str(remark.id),
        )
    touch(session, remark)


def undelete_comment(session: Session, remark: Comment) -> None:
    if remark.deleted_at is None:
        return
    if db.now() - remark.deleted_at > UNDO_WINDOW:
        raise InvalidState("It is too late to bring this comment back.")
    taken_away = select(Flag.outcome).where(Flag.comment_id == remark.id, Flag.hides)
    if session.scalar(taken_away.limit(1)) is not None:
        raise InvalidState("A manager took this comment away. Talk to them about it.")
    remark.deleted_at = None
    touch(session, remark)


def publish(
    session: Session, take: Take, reviewer: User, one_thing: str, proposals: Collection[Proposal] = ()
) -> Review:
    """The reviewer is done with this take: all they said reaches the presenter together.

    A check ends here: it is its reviewer's alone. Where reviewers differ widely, one more is asked.
    """
    one_thing = " ".join(one_thing.split())
    if not one_thing:
        raise InvalidInput("Say the one thing that would help most, in a sentence.", field="one_thing")
    review = held_review(session, take, reviewer)
    if not review.scores and not _has_spoken(session, take, reviewer):
        raise InvalidInput("Pin at least one comment to a moment, or give a level, before you publish.")
    if checking.finish(session, review):
        review.one_thing = one_thing[:500]
        return review
    calibrating.check_may_publish(session, review)
    committing.propose(session, review, proposals)
    review.publish(one_thing[:500], db.now())
    session.flush()
    held = select(Comment).where(
        Comment.review_id == review.id, Comment.published_at.is_(None), Comment.parent_id.is_(None)
    )
    _publish_comments(session, list(session.scalars(held)))
    db.announce(session, f"take:{take.id}", "reviews")
    telling.tell_review(session, review)
    proving.come_out(session, review)
    assigning.reviewed(session, review)
    warming_up.after_review(session, review)
    if scoring.is_wide_apart(session, take):
        assigning.ask_one_more(session, take)
    return review


def _has_spoken(session: Session, take: Take, reviewer: User) -> bool:
    spoken = select(Comment.id).where(
        Comment.take_id == take.id,
        Comment.author_id == reviewer.id,
        Comment.parent_id.is_(None),
        Comment.deleted_at.is_(None),
        ~Comment.is_private,
    )
    return session.scalar(spoken.limit(1)) is not None


def reviews_of(session: Session, take: Take, viewer: User) -> list[Review]:
    """Published reviews that the viewer may read, first come first, and their own however far it is.

    That one was taken back, and why, is for the presenter and the managers, too.
    """
    rows = session.scalars(
        select(Review)
        .where(Review.take_id == take.id, or_(*_ways_to_read(take, viewer)))
        .options(joinedload(Review.reviewer))
        .order_by(Review.published_at)
    )
    return list(rows)


def _ways_to_read(take: Take, viewer: User) -> list[ColumnElement[bool]]:
    ways = [is_open_to(viewer), Review.reviewer_id == viewer.id]
    presents = take.pitch.presenter_id == viewer.id and not take.awaits_self_assessment
    if presents or viewer.role_in(take.pitch.team_id) is Role.MANAGER:
        was_out = Review.state.in_([ReviewState.WITHDRAWN, ReviewState.DRAFT])
        ways.append(and_(was_out, Review.withdrawn_at.is_not(None)))
    return ways


def review_minutes(take: Take) -> int:
    return take.minutes_to_review
