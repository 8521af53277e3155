"""What a page shows of each moment that was found, with the words that matched made out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from pitchreview.actions.finding.wanted import searched
from pitchreview.actions.listing import LANGUAGE
from pitchreview.models import Commentary, Exemplar, Pitch, Recording, Take

# Marks around matching words, until a template makes elements of them
OPENS, CLOSES = "\x02", "\x03"


@dataclass(frozen=True)
class Hit:
    """An exemplar, with the words that matched between `OPENS` and `CLOSES`."""

    exemplar: Exemplar
    title: str
    why: str
    said: str = ""  # from the commentary, where the match is there
    at_ms: int | None = None  # the moment on the take at which that is said


def hits_of(session: Session, ids: Sequence[UUID], words: str) -> list[Hit]:
    exemplars = loaded(session, ids)
    if not words:
        return [Hit(exemplar, exemplar.title, exemplar.why) for exemplar in exemplars]
    marks = _marked_words(session, ids, words)
    said = _marked_commentary(session, ids, words)
    hits = []
    for exemplar in exemplars:
        title, why = marks[exemplar.id]
        thought, at_ms = said.get(exemplar.id, ("", None))
        is_elsewhere = OPENS not in title and OPENS not in why
        hits.append(
            Hit(exemplar, title, why, thought if is_elsewhere else "", at_ms if is_elsewhere else None)
        )
    return hits


def loaded(session: Session, ids: Sequence[UUID]) -> list[Exemplar]:
    """These exemplars in this order, with what a card shows: a fixed number of statements."""
    query = (
        select(Exemplar)
        .where(Exemplar.id.in_(ids))
        .options(
            joinedload(Exemplar.take).joinedload(Take.pitch).joinedload(Pitch.presenter),
            joinedload(Exemplar.take).joinedload(Take.pitch).joinedload(Pitch.scenario),
            joinedload(Exemplar.take).joinedload(Take.recording).selectinload(Recording.renditions),
            selectinload(Exemplar.tags),
        )
    )
    by_id = {exemplar.id: exemplar for exemplar in session.scalars(query).unique()}
    return [by_id[exemplar_id] for exemplar_id in ids if exemplar_id in by_id]


def _marked(column: Any, words: str, options: str) -> ColumnElement[str]:
    clean = func.translate(column, OPENS + CLOSES, "")
    options = f"StartSel={OPENS}, StopSel={CLOSES}, {options}"
    return func.ts_headline(LANGUAGE, clean, searched(words), options)


def _marked_words(session: Session, ids: Sequence[UUID], words: str) -> dict[UUID, tuple[str, str]]:
    title = _marked(Exemplar.title, words, "HighlightAll=true")
    why = _marked(Exemplar.why, words, "MaxWords=34, MinWords=14")
    rows = session.execute(select(Exemplar.id, title, why).where(Exemplar.id.in_(ids)))
    return {exemplar_id: (title, why) for exemplar_id, title, why in rows}


def _marked_commentary(
    session: Session, ids: Sequence[UUID], words: str
) -> dict[UUID, tuple[str, int | None]]:
    both = Commentary.thought + " " + Commentary.unsaid
    marked = _marked(both, words, "MaxWords=34, MinWords=14").label("marked")
    query = select(Commentary.exemplar_id, marked, Commentary.at_ms).where(
        Commentary.exemplar_id.in_(ids), func.to_tsvector(LANGUAGE, both).op("@@")(searched(words))
    )
    rows = session.execute(query.order_by(Commentary.at_ms.desc()))
    return {exemplar_id: (said, at_ms) for exemplar_id, said, at_ms in rows}
