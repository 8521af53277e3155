"""Anchor clips: a moment of the library pinned to a level of a rubric shows what its words mean."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from pitchreview.actions import accounts, finding
from pitchreview.errors import InvalidInput
from pitchreview.models import AnchorClip, Criterion, Exemplar, Level, Rubric, User
from pitchreview.permissions import exemplars_visible_to, listings_visible_to

MOST_OFFERED = 60


def offered(session: Session, viewer: User, team_id: UUID) -> list[Exemplar]:
    """What the library shows, the newest first."""
    query = listings_visible_to(viewer, team_id).order_by(Exemplar.published_at.desc(), Exemplar.id)
    ids = session.scalars(query.with_only_columns(Exemplar.id).limit(MOST_OFFERED))
    return finding.loaded(session, list(ids))


def pin(session: Session, level: Level, exemplar: Exemplar | None, by: User) -> None:
    """Pin it in place of what was pinned there; None takes that away."""
    if exemplar is not None and not exemplar.is_shown:
        raise InvalidInput("Only a moment that the team may watch can be pinned.", field="exemplar")
    pinned = session.get(AnchorClip, level.id)
    if pinned is not None:
        session.delete(pinned)
        session.flush()
    if exemplar is not None:
        session.add(AnchorClip(level_id=level.id, exemplar_id=exemplar.id))
    accounts.note(session, "anchor clip pinned", actor=by, subject=str(level.id))


def clips_of(session: Session, viewer: User, rubric: Rubric) -> dict[UUID, Exemplar]:
    """By level, as far as this person may watch them: what was withdrawn is not among them."""
    query = (
        exemplars_visible_to(viewer)
        .join(AnchorClip, AnchorClip.exemplar_id == Exemplar.id)
        .join(Level, Level.id == AnchorClip.level_id)
        .join(Criterion, Criterion.id == Level.criterion_id)
        .where(Criterion.rubric_id == rubric.id)
        .with_only_columns(AnchorClip.level_id, Exemplar)
    )
    return {level_id: held for level_id, held in session.execute(query) if held.is_shown}


def level_in(session: Session, rubric: Rubric, level_id: UUID) -> Level:
    """Raises `InvalidInput` for a level of another rubric."""
    query = select(Level).join(Criterion, Criterion.id == Level.criterion_id)
    level = session.scalar(query.where(Level.id == level_id, Criterion.rubric_id == rubric.id))
    if level is None:
        raise InvalidInput("Choose a level of this rubric.", field="level")
    return level
