"""How much room the files of one person may take, counted for whoever sent them.

What a manager uploads for somebody is the manager's: a number here never tells how much another practises.
"""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pitchreview.config import GIBIBYTE, Settings
from pitchreview.errors import TooLarge
from pitchreview.models import Comment, Recording, Source, Take, User


def bytes_left(session: Session, settings: Settings, person: User) -> int:
    """Room for more files. Announced ones count from the start; one that grows when its size is fixed."""
    used = session.scalar(
        select(func.sum(Source.size_bytes))
        .join(Source.recording)
        .outerjoin(Take, Take.recording_id == Recording.id)
        .outerjoin(Comment, Comment.recording_id == Recording.id)
        .where(
            Recording.recorded_by_id == person.id,
            Take.deleted_at.is_(None),
            Comment.deleted_at.is_(None),
        )
    )
    return max(0, round(settings.quota_gb * GIBIBYTE) - int(used or 0))


def check(session: Session, settings: Settings, person: User, size_bytes: int | None) -> None:
    """Raises `TooLarge` when there is no room for a file of this size, or for any where it is not known."""
    left = bytes_left(session, settings, person)
    if left < (size_bytes or 1):
        raise TooLarge(
            f"There is no room for this file: {left / GIBIBYTE:.1f} of {settings.quota_gb:g} GB are left."
            " Delete takes that you no longer need, then try again."
        )
