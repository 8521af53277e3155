"""Figures for curators: what is watched, used and taken over, and what is asked for in vain."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from pitchreview import db
from pitchreview.actions import accounts, finding
from pitchreview.errors import NotFound
from pitchreview.models import (
    Comment,
    Drill,
    DrillExemplar,
    Exemplar,
    MissedSearch,
    Takeaway,
    Team,
    User,
)
from pitchreview.permissions import comments_visible_to, drills_visible_to, listings_visible_to

MOST = 25
# So few openings say nothing about who finishes
FEWEST_OPENED = 3


class By(StrEnum):
    """What the table is sorted by."""

    OPENED = "opened"
    FINISHED = "finished"
    LEFT = "left"  # opened by many, finished by few
    DRILLS = "drills"
    COMMENTS = "comments"
    TAKEN_OVER = "taken_over"


@dataclass(frozen=True)
class Figures:
    exemplar: Exemplar
    opened: int
    finished: int
    drills: int
    comments: int
    taken_over: int


def figures(session: Session, viewer: User, team: Team, by: By) -> list[Figures]:
    """The first of the library, by one of its figures."""
    drills, comments = _count_of(DrillExemplar.exemplar_id), _count_of(Comment.exemplar_id)
    taken_over = _count_of(Takeaway.exemplar_id)
    left: ColumnElement[Any] = (Exemplar.finished_count + 0.0) / func.greatest(Exemplar.opened_count, 1)
    order: dict[By, ColumnElement[Any]] = {
        By.OPENED: Exemplar.opened_count.desc(),
        By.FINISHED: Exemplar.finished_count.desc(),
        By.LEFT: left.asc(),
        By.DRILLS: drills.desc(),
        By.COMMENTS: comments.desc(),
        By.TAKEN_OVER: taken_over.desc(),
    }
    query = listings_visible_to(viewer, team.id)
    if by is By.LEFT:
        query = query.where(Exemplar.opened_count >= FEWEST_OPENED)
    first = query.with_only_columns(Exemplar.id).order_by(order[by], Exemplar.id).limit(MOST)
    ids = list(session.scalars(first))
    counted = select(Exemplar.id, drills, comments, taken_over).where(Exemplar.id.in_(ids))
    rows = {row[0]: row for row in session.execute(counted)}
    return [
        Figures(exemplar, exemplar.opened_count, exemplar.finished_count, *rows[exemplar.id][1:])
        for exemplar in finding.loaded(session, ids)
    ]


def _count_of(column: InstrumentedAttribute[Any]) -> ScalarSelect[int]:
    return select(func.count()).where(column == Exemplar.id).correlate(Exemplar).scalar_subquery()


# --- where one is used --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Uses:
    drills: list[Drill]
    comments: list[Comment]


def uses_of(session: Session, viewer: User, exemplar: Exemplar) -> Uses:
    """What its figures count, as far as this person sees it."""
    set_along = select(DrillExemplar.drill_id).where(DrillExemplar.exemplar_id == exemplar.id)
    drills = drills_visible_to(viewer).where(Drill.id.in_(set_along)).order_by(Drill.created_at.desc())
    comments = comments_visible_to(viewer).where(
        Comment.exemplar_id == exemplar.id, Comment.deleted_at.is_(None), Comment.published_at.is_not(None)
    )
    comments = comments.order_by(Comment.created_at.desc())
    return Uses(list(session.scalars(drills.limit(MOST))), list(session.scalars(comments.limit(MOST))))


# --- asked for and not found --------------------------------------------------------------------------


def settle(session: Session, team: Team, key: str, by: User, how: str) -> None:
    """Somebody has seen to it; it comes back when it is looked for in vain again."""
    missed = session.get(MissedSearch, (team.id, key))
    if missed is None:
        raise NotFound("Nobody looks for that any more.")
    missed.settled_at = db.now()
    accounts.note(session, "missed search settled", actor=by, team=team, words=missed.words, how=how)
