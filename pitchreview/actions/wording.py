"""Keeping the words of a team in order: how many bear them, and one name for what is the same."""

from dataclasses import dataclass

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from pitchreview.actions import accounts, listing
from pitchreview.models import Exemplar, ExemplarTag, Facet, Tag, Team, User
from pitchreview.models.tag import clean_name, key_of


@dataclass(frozen=True)
class Word:
    tag: Tag
    count: int  # of moments that bear it


def by_facet(session: Session, team: Team) -> dict[Facet, list[Word]]:
    """All tags of the team, the retired ones last."""
    counted = (
        select(ExemplarTag.tag_id, func.count().label("count"))
        .join(Exemplar, Exemplar.id == ExemplarTag.exemplar_id)
        .where(Exemplar.team_id == team.id, Exemplar.taken_down_at.is_(None))
        .group_by(ExemplarTag.tag_id)
        .subquery()
    )
    query = (
        select(Tag, func.coalesce(counted.c.count, 0))
        .outerjoin(counted, counted.c.tag_id == Tag.id)
        .where(Tag.team_id == team.id)
        .order_by(Tag.retired_at.is_not(None), Tag.name, Tag.level)
    )
    words: dict[Facet, list[Word]] = {facet: [] for facet in Facet}
    for tag, count in session.execute(query):
        words[tag.facet].append(Word(tag, count))
    return {facet: found for facet, found in words.items() if found}


def rename(session: Session, tag: Tag, by: User, name: str) -> Tag:
    """Another name for it; where the team has that one already, both become one."""
    name = clean_name(name)
    key = key_of(tag.facet, name, tag.level)
    bearing = list(
        session.scalars(
            select(Exemplar)
            .join(ExemplarTag, ExemplarTag.exemplar_id == Exemplar.id)
            .where(ExemplarTag.tag_id == tag.id)
        )
    )
    accounts.note(session, "tag renamed", actor=by, subject=str(tag.id), before=tag.label, after=name)
    other = session.scalar(select(Tag).where(Tag.team_id == tag.team_id, Tag.key == key, Tag.id != tag.id))
    if other is None:
        tag.name, tag.key = name, key
    else:
        _merge(session, tag, other)
    for exemplar in bearing:
        session.expire(exemplar, ["tags"])
        listing.keep(session, exemplar)
    return other or tag


def _merge(session: Session, tag: Tag, other: Tag) -> None:
    already = select(ExemplarTag.exemplar_id).where(ExemplarTag.tag_id == other.id)
    session.execute(
        delete(ExemplarTag).where(ExemplarTag.tag_id == tag.id, ExemplarTag.exemplar_id.in_(already))
    )
    session.execute(update(ExemplarTag).where(ExemplarTag.tag_id == tag.id).values(tag_id=other.id))
    session.delete(tag)
    session.flush()
