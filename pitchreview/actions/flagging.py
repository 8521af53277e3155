"""Somebody finds a comment hurtful: the managers hear of it, and settle it. Nothing is hidden by itself."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from pitchreview import db
from pitchreview.actions import accounts, reviewing, telling
from pitchreview.errors import InvalidInput, InvalidState
from pitchreview.models import Comment, Flag, Membership, NotificationKind, Pitch, Role, Take, User
from pitchreview.models.objection import LONGEST_REASON
from pitchreview.permissions import flags_visible_to


def flag(session: Session, remark: Comment, by: User, reason: str) -> Flag:
    """Bring a comment before the managers; its author does not hear from whom."""
    known = session.scalar(select(Flag).where(Flag.comment_id == remark.id, Flag.raised_by_id == by.id))
    if known is not None:
        return known
    managers = _managers_for(session, remark)
    if not managers:
        raise InvalidState("Your only manager wrote this. Talk to them, or to whoever runs this site.")
    raised = Flag(comment=remark, raised_by=by, reason=" ".join(reason.split())[:LONGEST_REASON])
    session.add(raised)
    session.flush()
    for manager in managers:
        # Whoever manages and flags it has heard of it.
        if manager.id != by.id:
            telling.tell(session, manager, NotificationKind.FLAGGED, take=remark.take, remark=remark)
    db.announce(session, f"take:{remark.take_id}", "reviews")
    return raised


def settle(session: Session, raised: Flag, by: User, *, hides: bool, words: str) -> None:
    """Keep the comment with a word, or take it away; who flagged it hears that somebody looked."""
    words = " ".join(words.split())[:LONGEST_REASON]
    if not words:
        raise InvalidInput("Say in a sentence what you did, and why.", field="words")
    remark = raised.comment
    session.refresh(remark, ["deleted_at"], with_for_update=True)
    session.refresh(raised, ["settled_at"])
    if raised.settled_at is not None:
        raise InvalidState("This is settled already.")
    same = select(Flag).where(Flag.comment_id == remark.id, Flag.settled_at.is_(None))
    for each in session.scalars(same):
        each.settled_at, each.settled_by, each.outcome, each.hides = db.now(), by, words, hides
        telling.tell(session, each.raised_by, NotificationKind.FLAG_SETTLED, take=remark.take)
    if hides and not remark.is_deleted:
        reviewing.delete_comment(session, remark)
    accounts.note(
        session,
        "comment.hide" if hides else "comment.keep",
        actor=by,
        team=remark.take.pitch.scenario.team,
        subject=str(remark.id),
        words=words,
    )
    db.announce(session, f"take:{remark.take_id}", "reviews")


def flags_of(session: Session, viewer: User, team_id: UUID) -> list[Flag]:
    """For managers: what waits for a word first, then what was settled."""
    query = (
        flags_visible_to(viewer)
        .join(Flag.comment)
        .join(Comment.take)
        .join(Take.pitch)
        .where(Pitch.team_id == team_id)
        .options(joinedload(Flag.comment).joinedload(Comment.author), joinedload(Flag.settled_by))
        .order_by(Flag.settled_at.desc().nulls_first(), Flag.raised_at)
    )
    return list(session.scalars(query))


def open_on(session: Session, take: Take, viewer: User) -> list[Flag]:
    """What a manager is to settle about a take."""
    query = (
        flags_visible_to(viewer)
        .join(Flag.comment)
        .where(Comment.take_id == take.id, Flag.settled_at.is_(None))
        .options(joinedload(Flag.comment))
        .order_by(Flag.raised_at)
    )
    return list(session.scalars(query))


def _managers_for(session: Session, remark: Comment) -> list[User]:
    query = (
        select(User)
        .join(User.memberships)
        .where(
            Membership.team_id == remark.take.pitch.team_id,
            Membership.role == Role.MANAGER,
            Membership.ended_at.is_(None),
            User.deactivated_at.is_(None),
            User.id != remark.author_id,
        )
        .order_by(User.id)
    )
    return list(session.scalars(query))
