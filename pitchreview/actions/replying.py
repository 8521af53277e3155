"""Recorded replies: comments that are spoken, with one line that says what they are about.

A recording is its author's alone until a comment carries it; from then on whoever sees the comment sees it.
"""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from pitchreview import db
from pitchreview.actions import intake
from pitchreview.errors import InvalidInput, InvalidState
from pitchreview.models import Comment, Commentary, Recording, Scenario, Take, User

# So long a recording waits for its comment; the browser keeps what it has not posted, and sends it anew.
UNUSED_AFTER = timedelta(days=1)


def unused(session: Session, author: User, recording_id: UUID) -> Recording:
    """The author's own recording, held still so that no other comment takes it, and nobody throws it away."""
    recording = session.scalar(
        select(Recording)
        .where(Recording.id == recording_id, Recording.is_reply, Recording.recorded_by_id == author.id)
        .with_for_update()
    )
    if recording is None:
        raise InvalidInput("That recording is not here any more. Record it again, or write it.")
    if _is_used(session, recording):
        raise InvalidState("That recording was posted already.")
    return recording


def discard(session: Session, author: User, recording: Recording) -> None:
    """Its author wants another one, or none."""
    intake.forget_recording(session, unused(session, author, recording.id))


def _is_used(session: Session, recording: Recording) -> bool:
    carried = select(_carrying(recording.id))
    return bool(session.scalar(carried))


def _carrying(recording_id: InstrumentedAttribute[UUID] | UUID) -> ColumnElement[bool]:
    """A comment speaks it, a thought of the second layer of an exemplar, or the buyer of a scenario."""
    return or_(
        exists().where(Comment.recording_id == recording_id),
        exists().where(Commentary.recording_id == recording_id),
        exists().where(Scenario.prompt_recording_id == recording_id),
    )


def forget(session: Session, remark: Comment) -> None:
    """Remove what was said in a comment for good; its place in the thread stays."""
    recording, remark.recording = remark.recording, None
    session.flush()
    if recording is not None:
        intake.forget_recording(session, recording)


def forget_all_of(session: Session, take: Take) -> None:
    """Remove what was said about a take, with the take itself."""
    for remark in session.scalars(
        select(Comment).where(Comment.take_id == take.id, Comment.recording_id.is_not(None))
    ):
        forget(session, remark)


def forget_unused(session: Session) -> None:
    """Remove recordings that nothing ever came to carry."""
    query = select(Recording).where(
        Recording.is_reply,
        Recording.created_at < db.now() - UNUSED_AFTER,
        ~_carrying(Recording.id),
    )
    for recording in session.scalars(query.with_for_update(skip_locked=True)):
        intake.forget_recording(session, recording)
