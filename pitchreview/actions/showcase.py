"""What the library shows before anybody looks for something: the moment of the week, and the shelves."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session, joinedload

from pitchreview.actions import featuring, finding
from pitchreview.models import (
    Collection,
    CollectionItem,
    CollectionTeam,
    Exemplar,
    Feature,
    Listing,
    Team,
    User,
)
from pitchreview.permissions import collections_visible_to, listings_visible_to

# So many shelves are drawn, and so many moments on each; the others are names
MOST_SHELVES = 4
MOST_ON_A_SHELF = 6


@dataclass(frozen=True)
class Shelf:
    collection: Collection
    count: int
    exemplars: list[Exemplar]  # the first of them; none where only its name is shown


@dataclass(frozen=True)
class Featured:
    """The exemplar of the week."""

    exemplar: Exemplar
    note: str
    chosen_by: User | None


@dataclass(frozen=True)
class Showcase:
    featured: Featured | None
    shelves: list[Shelf]
    others: list[Shelf]


def showcase(session: Session, viewer: User, team: Team, today: date) -> Showcase:
    """All of it in five statements, however much there is."""
    held = _held(session, viewer, team)
    feature = _of_the_week(session, viewer, team, today)
    drawn = [(collection, ids) for collection, ids in held if ids][:MOST_SHELVES]
    wanted = [exemplar_id for _, ids in drawn for exemplar_id in ids[:MOST_ON_A_SHELF]]
    if feature is not None:
        wanted.append(feature.exemplar_id)
    by_id = {exemplar.id: exemplar for exemplar in finding.loaded(session, wanted)} if wanted else {}
    shelves = [Shelf(c, len(ids), [by_id[e] for e in ids[:MOST_ON_A_SHELF]]) for c, ids in drawn]
    others = [Shelf(c, len(ids), []) for c, ids in held if (c, ids) not in drawn]
    featured = None
    if feature is not None:
        featured = Featured(by_id[feature.exemplar_id], feature.note, feature.chosen_by)
    return Showcase(featured, shelves, others)


def _held(session: Session, viewer: User, team: Team) -> list[tuple[Collection, list[UUID]]]:
    """The collections of the team, pinned ones first, with what its people may watch of each."""
    shared = select(CollectionTeam.collection_id).where(CollectionTeam.team_id == team.id)
    in_order = aggregate_order_by(Listing.exemplar_id, CollectionItem.position)
    ids = (
        listings_visible_to(viewer, team.id)
        .join(CollectionItem, CollectionItem.exemplar_id == Listing.exemplar_id)
        .where(CollectionItem.collection_id == Collection.id)
        .with_only_columns(func.array_agg(in_order))
        .correlate(Collection)
        .scalar_subquery()
    )
    query: Select[Any] = (
        collections_visible_to(viewer)
        .where(or_(Collection.team_id == team.id, Collection.id.in_(shared)))
        .options(joinedload(Collection.created_by))
        .order_by(Collection.pinned_at.nulls_last(), Collection.created_at)
        .add_columns(ids)
    )
    return [(collection, found or []) for collection, found in session.execute(query)]


def _of_the_week(session: Session, viewer: User, team: Team, today: date) -> Feature | None:
    week = featuring.monday_of(today)
    shown = listings_visible_to(viewer, team.id).with_only_columns(Listing.exemplar_id)
    return session.scalar(
        select(Feature)
        .where(
            Feature.team_id == team.id,
            Feature.week == week,
            Feature.exemplar_id.in_(shown),
        )
        .options(joinedload(Feature.chosen_by))
    )
