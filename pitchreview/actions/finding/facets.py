"""How much was found, and by what it can be narrowed: counted as far as counting is quick."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, literal, null, select, union_all
from sqlalchemy.orm import Session

from pitchreview.actions.finding.wanted import Wanted, matching_listings
from pitchreview.models import Facet, Listing, Tag, Team, User

# So many are counted; where there are more, a count says "200+"
COUNTED = 200
# So many are looked through for what could stand in the place of a chosen tag
LOOKED_THROUGH = 100
# What is borne more seldom is found by typing its name
MOST_TAGS = 60


@dataclass(frozen=True)
class FacetCount:
    tag: Tag
    count: int
    is_more: bool  # than were counted: then the number says little
    is_chosen: bool


def counted(
    session: Session, viewer: User, team: Team, wanted: Wanted
) -> tuple[int, dict[Facet, list[FacetCount]]]:
    """How many match, and by what they can be narrowed; in place of the last tag, what could stand there."""
    everything = matching_listings(viewer, team.id, wanted.words, wanted.tags)
    asked: dict[Facet | None, Select[Any]] = {None: everything}
    # Each would cost a search of its own: in place of the tag chosen last, the others are taken away first.
    replaced = wanted.tags[-1].facet if wanted.tags else None
    if replaced is not None:
        asked[replaced] = matching_listings(viewer, team.id, wanted.words, wanted.tags[:-1])
    names = list(asked)
    most = {facet: COUNTED if facet is None else min(COUNTED, LOOKED_THROUGH) for facet in asked}
    rows = session.execute(
        union_all(*(part for i, name in enumerate(names) for part in _tallies(i, asked[name], most[name])))
    ).all()
    totals = {names[row.asked]: row.number for row in rows if row.tag_id is None}
    tags = {tag.id: tag for tag in session.scalars(select(Tag).where(Tag.id.in_({r.tag_id for r in rows})))}
    facets: dict[Facet, list[FacetCount]] = {facet: [] for facet in Facet}
    for row in sorted(rows, key=lambda row: -row.number):
        borne, asked_for = tags.get(row.tag_id), names[row.asked]
        if borne is not None and asked_for is (replaced if borne.facet is replaced else None):
            is_more = totals[asked_for] > most[asked_for]
            facets[borne.facet].append(FacetCount(borne, row.number, is_more, borne in wanted.tags))
    for tag in wanted.tags:
        if all(entry.tag is not tag for entry in facets[tag.facet]):
            facets[tag.facet].append(FacetCount(tag, 0, False, True))
    return totals[None], {facet: entries for facet, entries in facets.items() if entries}


def _tallies(asked: int, matching: Select[Any], most: int) -> list[Select[Any]]:
    """Of what matches, as far as it is counted: how much it is, and how often it bears each tag."""
    counted = matching.with_only_columns(Listing.tag_ids).limit(most + 1).cte(f"counted_{asked}")
    whole = select(literal(asked).label("asked"), null().label("tag_id"), func.count().label("number"))
    borne = select(func.unnest(counted.c.tag_ids).label("tag_id")).subquery()
    often = func.count().label("number")
    each = select(literal(asked).label("asked"), borne.c.tag_id, often).group_by(borne.c.tag_id)
    most_borne = each.order_by(often.desc()).limit(MOST_TAGS).subquery()
    return [whole.select_from(counted), select(most_borne)]
