"""One page of what was found, and leafing through it: by its key, however many there are."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, literal, select, tuple_
from sqlalchemy.orm import Session

from pitchreview.actions.finding.facets import COUNTED, FacetCount, counted
from pitchreview.actions.finding.hits import Hit, hits_of, loaded
from pitchreview.actions.finding.wanted import (
    Order,
    Wanted,
    matching_listings,
    plan_for_these_words,
    searched,
)
from pitchreview.errors import InvalidInput
from pitchreview.models import Exemplar, Facet, Listing, Team, User

PAGE = 24
# So many of the newest matches are ranked when the best are asked for
RANKED = 120


@dataclass(frozen=True)
class Found:
    hits: list[Hit]
    total: int
    is_more: bool  # than were counted
    facets: dict[Facet, list[FacetCount]]
    next: str  # of `Wanted.after`; empty at the end


@dataclass(frozen=True)
class Neighbours:
    """What stands before and after an exemplar among what was found."""

    previous: Exemplar | None = None
    next: Exemplar | None = None


def find(session: Session, viewer: User, team: Team, wanted: Wanted) -> Found:
    """One page of moments, how many there are, and what they can be narrowed by."""
    plan_for_these_words(session)
    matching = matching_listings(viewer, team.id, wanted.words, wanted.tags)
    ids, following = _page(session, matching, wanted)
    total, facets = counted(session, viewer, team, wanted)
    return Found(
        hits=hits_of(session, ids, wanted.words),
        total=min(total, COUNTED),
        is_more=total > COUNTED,
        facets=facets,
        next=following,
    )


def _page(session: Session, matching: Select[Any], wanted: Wanted) -> tuple[list[UUID], str]:
    if wanted.order is Order.BEST and wanted.words:
        return _best(session, matching, wanted)
    newest_first = matching.order_by(Listing.listed_at.desc(), Listing.exemplar_id.desc())
    if wanted.after:
        at, exemplar_id = _read_key(wanted.after)
        newest_first = newest_first.where(
            tuple_(Listing.listed_at, Listing.exemplar_id) < tuple_(literal(at), literal(exemplar_id))
        )
    most = wanted.most or PAGE
    rows = session.execute(
        newest_first.with_only_columns(Listing.exemplar_id, Listing.listed_at).limit(most + 1)
    ).all()
    shown = rows[:most]
    return [row.exemplar_id for row in shown], _key(shown[-1]) if len(rows) > most else ""


def _best(session: Session, matching: Select[Any], wanted: Wanted) -> tuple[list[UUID], str]:
    """A page further on begins where the one before ended."""
    ids = _ranked(session, matching, wanted.words)
    start = int(wanted.after) if wanted.after.isdecimal() else 0
    return ids[start : start + PAGE], str(start + PAGE) if len(ids) > start + PAGE else ""


def _ranked(session: Session, matching: Select[Any], words: str) -> list[UUID]:
    """The newest matches, the best of them first."""
    newest_first = matching.order_by(Listing.listed_at.desc(), Listing.exemplar_id.desc())
    # Opened by many and finished by nobody says something: up to half of its rank.
    finished = (Exemplar.finished_count + 1.0) / (Exemplar.opened_count + 1.0)
    rank = func.ts_rank(Listing.words, searched(words)) * (0.5 + 0.5 * func.least(1.0, finished))
    candidates = newest_first.with_only_columns(Listing.exemplar_id, rank.label("rank")).limit(RANKED)
    ranked = candidates.subquery()
    best_first = select(ranked.c.exemplar_id).order_by(ranked.c.rank.desc(), ranked.c.exemplar_id)
    return list(session.scalars(best_first))


def _key(row: Any) -> str:
    return f"{row.listed_at.isoformat()}~{row.exemplar_id}"


def _read_key(key: str) -> tuple[datetime, UUID]:
    at, _, exemplar_id = key.partition("~")
    try:
        return datetime.fromisoformat(at), UUID(exemplar_id)
    except ValueError:
        raise InvalidInput("That page of the library does not exist. Begin again at the first.") from None


def neighbours(session: Session, viewer: User, team: Team, wanted: Wanted, exemplar: Exemplar) -> Neighbours:
    """Wherever among what was found it stands; nothing beside what was not found."""
    plan_for_these_words(session)
    matching = matching_listings(viewer, team.id, wanted.words, wanted.tags)
    is_ranked = wanted.order is Order.BEST and bool(wanted.words)
    beside = _beside_ranked if is_ranked else _beside_newest
    before, behind = beside(session, matching, wanted, exemplar)
    found = {one.id: one for one in loaded(session, [one for one in (before, behind) if one])}
    previous, following = (None if one is None else found.get(one) for one in (before, behind))
    return Neighbours(previous, following)


def _beside_ranked(
    session: Session, matching: Select[Any], wanted: Wanted, exemplar: Exemplar
) -> tuple[UUID | None, UUID | None]:
    ids = [None, *_ranked(session, matching, wanted.words), None]
    if exemplar.id not in ids:
        return None, None
    here = ids.index(exemplar.id)
    return ids[here - 1], ids[here + 1]


def _beside_newest(
    session: Session, matching: Select[Any], _wanted: Wanted, exemplar: Exemplar
) -> tuple[UUID | None, UUID | None]:
    listed_at = session.scalar(
        matching.where(Listing.exemplar_id == exemplar.id).with_only_columns(Listing.listed_at)
    )
    if listed_at is None:
        return None, None
    key = tuple_(Listing.listed_at, Listing.exemplar_id)
    here = tuple_(literal(listed_at), literal(exemplar.id))
    ids = matching.with_only_columns(Listing.exemplar_id).limit(1)
    newer = ids.where(key > here).order_by(Listing.listed_at, Listing.exemplar_id)
    older = ids.where(key < here).order_by(Listing.listed_at.desc(), Listing.exemplar_id.desc())
    return session.scalar(newer), session.scalar(older)
