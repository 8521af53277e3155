"""How much room files may take: those that one person sent, and all of one team.

What a manager uploads for somebody is the manager's, and what a team has left is told only to a recording
that would not fit: no number here is meant to say how much another practises.
"""

from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, aliased

from pitchreview.config import GIBIBYTE, Settings
from pitchreview.errors import TooLarge
from pitchreview.models import Comment, Pitch, Recording, Rendition, RenditionKind, Source, Take, User


def bytes_left(session: Session, settings: Settings, person: User) -> int:
    """Room for more files. Announced ones count from the start; one that grows when its size is fixed."""
    return _left(session, settings.quota_gb, Recording.recorded_by_id == person.id)


def longest_file(session: Session, settings: Settings, person: User, team_id: UUID) -> int:
    """How long a file may become that this person begins in this team now."""
    rooms = [settings.max_upload_bytes, bytes_left(session, settings, person)]
    if settings.team_quota_gb:
        rooms.append(_left(session, settings.team_quota_gb, Pitch.team_id == team_id))
    return min(rooms)


def check(
    session: Session, settings: Settings, person: User, size_bytes: int | None, *, team_id: UUID | None = None
) -> None:
    """Raises `TooLarge` when there is no room for a file of this size, or for any where it is not known."""
    left = bytes_left(session, settings, person)
    if left < (size_bytes or 1):
        raise TooLarge(
            f"There is no room for this file: {left / GIBIBYTE:.1f} of {settings.quota_gb:g} GB are left."
            " Delete takes that you no longer need, then try again."
        )
    if team_id is None or not settings.team_quota_gb:
        return
    if _left(session, settings.team_quota_gb, Pitch.team_id == team_id) < (size_bytes or 1):
        raise TooLarge(
            "Your team has no room for this file. Delete takes that you no longer need, or ask a manager"
            " for more room."
        )


def claim(
    session: Session, settings: Settings, person: User, size_bytes: int | None, *, team_id: UUID | None
) -> None:
    """The same, and nobody else takes that room: whoever asks meanwhile waits until this transaction ends."""
    _take_turns(session, f"room of person {person.id}")
    if team_id is not None and settings.team_quota_gb:
        _take_turns(session, f"room of team {team_id}")
    check(session, settings, person, size_bytes, team_id=team_id)


def _left(session: Session, most_gb: float, whose: ColumnElement[bool]) -> int:
    sent = select(func.sum(Source.size_bytes)).join(Source.recording)
    # What was cut out of a take is a file of its own, which stays when that take goes
    cut = (
        select(func.sum(Rendition.size_bytes))
        .join(Rendition.recording)
        .where(Rendition.kind == RenditionKind.FOOTAGE, Recording.cut_from_ms.is_not(None))
    )
    used = sum(int(session.scalar(_living(query).where(whose)) or 0) for query in (sent, cut))
    return max(0, round(most_gb * GIBIBYTE) - used)


def _living(query: Select[int]) -> Select[int]:
    """Of recordings that nobody has deleted; a reply is of the team whose take it speaks about."""
    spoken_about = aliased(Take)
    return (
        query.outerjoin(Take, Take.recording_id == Recording.id)
        .outerjoin(Comment, Comment.recording_id == Recording.id)
        .outerjoin(spoken_about, spoken_about.id == Comment.take_id)
        .outerjoin(Pitch, Pitch.id == func.coalesce(Take.pitch_id, spoken_about.pitch_id))
        .where(Take.deleted_at.is_(None), Comment.deleted_at.is_(None), spoken_about.deleted_at.is_(None))
    )


def _take_turns(session: Session, name: str) -> None:
    """A lock of its own: rows of people and teams are locked by others too, and in another order."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))
