"""Keeps what is searched of an exemplar beside it. To be called whenever any of that changes.

A row too many shows nothing to anybody: searching asks exemplar and take again.
"""

from functools import reduce
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, literal_column, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from pitchreview.actions import tagging
from pitchreview.actions.tagging import NewTag
from pitchreview.models import ConsentState, Exemplar, Listing

# It stems English and leaves words of other languages nearly as they are, on both sides alike.
LANGUAGE = "english"


def keep(session: Session, exemplar: Exemplar) -> None:
    """List the exemplar for its team and for those that it is shared with, or for nobody."""
    session.flush()
    is_out = not exemplar.is_draft and exemplar.taken_down_at is None
    if not is_out or exemplar.consent is not ConsentState.GIVEN or exemplar.contrast_to_id is not None:
        session.execute(delete(Listing).where(Listing.exemplar_id == exemplar.id))
        return
    shared = [share.team_id for share in exemplar.shares if share.consent is ConsentState.GIVEN]
    team_ids = [exemplar.team_id, *shared]
    session.execute(
        delete(Listing).where(Listing.exemplar_id == exemplar.id, Listing.team_id.not_in(team_ids))
    )
    words = session.scalar(select(_words_of(exemplar)))
    for team_id in team_ids:
        row = {
            "listed_at": exemplar.published_at,
            "tag_ids": _tag_ids(session, exemplar, team_id),
            "words": words,
        }
        new = insert(Listing).values(team_id=team_id, exemplar_id=exemplar.id, **row)
        session.execute(new.on_conflict_do_update(index_elements=["team_id", "exemplar_id"], set_=row))


def _tag_ids(session: Session, exemplar: Exemplar, team_id: UUID) -> list[UUID]:
    """Each team finds it under its own tags; those that it has no word for yet it gets."""
    tags = exemplar.tags
    if team_id != exemplar.team_id:
        tags = tagging.tags_for(session, team_id, [NewTag(t.facet, t.name, t.level) for t in tags])
    return [tag.id for tag in tags]


def _words_of(exemplar: Exemplar) -> ColumnElement[str]:
    """Title, tags and presenter, why, commentary and scenario: the more telling, the more weight."""
    pitch = exemplar.take.pitch
    commentary = " ".join(f"{said.thought} {said.unsaid}" for said in exemplar.commentary)
    tags = " ".join(tag.name for tag in exemplar.tags)
    parts = {
        "'A'": exemplar.title,
        "'B'": f"{tags} {pitch.presented_by}",
        "'C'": exemplar.why,
        "'D'": f"{commentary} {pitch.scenario.title}",
    }
    vectors: list[ColumnElement[str]] = [
        # A weight is of the one type "char" that no parameter has.
        func.setweight(func.to_tsvector(LANGUAGE, text), literal_column(weight))
        for weight, text in parts.items()
    ]
    return reduce(lambda whole, part: whole.op("||")(part), vectors)
