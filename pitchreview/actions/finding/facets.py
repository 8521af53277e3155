"""How much was found, and by what it can be narrowed: counted as far as counting is quick."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, literal, null, select, union_all
from sqlalchemy.orm import Session

from pitchreview.actions.finding.wanted import Wanted, matching_listings
from pitchreview.models import Facet, Listing, Tag, Team, User

# So many are counted; where there are more, a count says "500+"
COUNTED = 500


@dataclass(frozen=True)
class FacetCount:
    tag: Tag
    count: int
    is_more: bool  # than were counted: then the number says little
    is_chosen: bool


def counted(
    session: Session, viewer: User, team: Team, wanted: Wanted
) -> tuple[int, dict[Facet, list[FacetCount]]]:
    """How many match, and by what they can be narrowed; of a chosen facet, what could stand in its place."""
    chosen = {tag.facet: tag for tag in wanted.tags}
    asked: dict[Facet | None, Select[Any]] = {
        None: matching_listings(viewer, team.id, wanted.words, wanted.tags)
    }
    for facet, tag in chosen.items():
        others = [other for other in wanted.tags if other is not tag]
        asked[facet] = matching_listings(viewer, team.id, wanted.words, others)
    names = list(asked)
    rows = session.execute(
        union_all(*(part for i, query in enumerate(asked.values()) for part in _tallies(i, query)))
    ).all()
    totals = {names[row.asked]: row.number for row in rows if row.tag_id is None}
    tags = {tag.id: tag for tag in session.scalars(select(Tag).where(Tag.id.in_({r.tag_id for r in rows})))}
    facets: dict[Facet, list[FacetCount]] = {facet: [] for facet in Facet}
    for row in sorted(rows, key=lambda row: -row.number):
        borne, asked_for = tags.get(row.tag_id), names[row.asked]
        if borne is not None and asked_for is (borne.facet if borne.facet in chosen else None):
            is_more = totals[asked_for] > COUNTED
            facets[borne.facet].append(FacetCount(borne, row.number, is_more, borne in wanted.tags))
    for tag in wanted.tags:
        if all(entry.tag is not tag for entry in facets[tag.facet]):
            facets[tag.facet].append(FacetCount(tag, 0, False, True))
    return totals[None], {facet: entries for facet, entries in facets.items() if entries}


def _tallies(asked: int, matching: Select[Any]) -> list[Select[Any]]:
    """Of what matches, as far as it is counted: how much it is, and how often it bears each tag."""
    counted = matching.with_only_columns(Listing.tag_ids).limit(COUNTED + 1).cte(f"counted_{asked}")
    whole = select(literal(asked).label("asked"), null().label("tag_id"), func.count().label("number"))
    borne = select(func.unnest(counted.c.tag_ids).label("tag_id")).subquery()
    each = select(literal(asked), borne.c.tag_id, func.count()).group_by(borne.c.tag_id)
    return [whole.select_from(counted), each]
