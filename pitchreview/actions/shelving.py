"""Shelves of the library: collections, what stands on them and in which order."""

from sqlalchemy.orm import Session

from pitchreview.errors import InvalidInput
from pitchreview.models import Collection, CollectionItem, Exemplar, Team, User
from pitchreview.permissions import exemplars_visible_to


def make_collection(session: Session, team: Team, by: User, *, title: str, description: str) -> Collection:
    collection = Collection(team_id=team.id, created_by=by, title="", items=[])
    name_collection(collection, title=title, description=description)
    session.add(collection)
    session.flush()
    return collection


def name_collection(collection: Collection, *, title: str, description: str) -> None:
    title = " ".join(title.split())
    if not title:
        raise InvalidInput("Give the collection a title.", field="title")
    collection.title, collection.description = title[:200], description.strip()[:1000]


def place(
    session: Session, exemplar: Exemplar, collections: list[Collection], shelves: list[Collection]
) -> None:
    """Let the exemplar stand on exactly these shelves among the `collections` of its team."""
    for collection in collections:
        if collection in shelves:
            collection.put(exemplar)
        else:
            collection.drop(exemplar)
    session.flush()


def shelf_of(session: Session, collection: Collection, viewer: User) -> list[Exemplar]:
    """What this viewer sees on a shelf, in its order."""
    query = (
        exemplars_visible_to(viewer)
        .join(CollectionItem, CollectionItem.exemplar_id == Exemplar.id)
        .where(CollectionItem.collection_id == collection.id)
        .order_by(CollectionItem.position)
    )
    return list(session.scalars(query))
