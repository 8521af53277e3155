"""Deleting for good: rows first, with the job for the objects in the same commit."""

from uuid import UUID

from pitchreview import db
from pitchreview.actions import practising, replying, reviewing
from pitchreview.db import transaction
from pitchreview.models import Comment, Take
from worker.workshop import Workshop


def forget_take(workshop: Workshop, take_id: str) -> None:
    """Remove a deleted take once nobody can undo it any more; one that was brought back stays."""
    with transaction(workshop.sessions) as session:
        take = session.get(Take, UUID(take_id), with_for_update=True)
        if take is None or take.deleted_at is None:
            return
        if db.now() - take.deleted_at >= practising.UNDO_WINDOW:
            practising.forget_take(session, take)


def forget_reply(workshop: Workshop, comment_id: str) -> None:
    """Remove what was said in a deleted comment; one that was brought back keeps it."""
    with transaction(workshop.sessions) as session:
        remark = session.get(Comment, UUID(comment_id), with_for_update=True)
        if remark is None or remark.deleted_at is None:
            return
        if db.now() - remark.deleted_at >= reviewing.UNDO_WINDOW:
            replying.forget(session, remark)


def delete_objects(workshop: Workshop, prefix: str) -> None:
    """Everything under a prefix whose rows are gone; may run any number of times."""
    workshop.store.abort_multiparts(prefix)
    workshop.store.delete(stat.key for stat in workshop.store.list_objects(prefix))
