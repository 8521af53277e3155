"""Shelves of the library: collections, what stands on them, in which order, and who sees them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.actions import accounts, consenting, finding, listing
from pitchreview.errors import InvalidInput, InvalidState
from pitchreview.models import Collection, CollectionItem, CollectionTeam, Exemplar, Team, User
from pitchreview.permissions import exemplars_visible_to


def make_collection(session: Session, team: Team, by: User, *, title: str, description: str) -> Collection:
    collection = Collection(team_id=team.id, created_by=by, title="", items=[], shared_with=[])
    _name(collection, title, description)
    session.add(collection)
    session.flush()
    _note(session, collection, by, "made", title=collection.title)
    return collection


def rename(session: Session, collection: Collection, by: User, *, title: str, description: str) -> None:
    before = {"title": collection.title, "description": collection.description}
    _name(collection, title, description)
    after = {"title": collection.title, "description": collection.description}
    changed = {
        f"{name}_{when}": words[name]
        for name in before
        if before[name] != after[name]
        for when, words in (("before", before), ("after", after))
    }
    if changed:
        _note(session, collection, by, "changed", **changed)


def _name(collection: Collection, title: str, description: str) -> None:
    title = " ".join(title.split())
    if not title:
        raise InvalidInput("Give the collection a title.", field="title")
    collection.title, collection.description = title[:200], description.strip()[:1000]


def pin(session: Session, collection: Collection, by: User) -> None:
    """Let it stand first in the library, or no more."""
    collection.pinned_at = None if collection.is_pinned else db.now()
    _note(session, collection, by, "pinned" if collection.is_pinned else "unpinned")


def remove_collection(session: Session, collection: Collection, by: User) -> None:
    """The shelf goes; what stood on it stays in the library."""
    for team in list(collection.shared_with):
        unshare(session, collection, team, by)
    _note(session, collection, by, "deleted", title=collection.title)
    session.delete(collection)


# --- what stands on them ------------------------------------------------------------------------------


def place(
    session: Session, exemplar: Exemplar, collections: list[Collection], shelves: list[Collection], by: User
) -> None:
    """Let the exemplar stand on exactly these shelves among the `collections` of its team."""
    for collection in collections:
        if collection in shelves:
            put(session, collection, exemplar, by)
        elif collection.holds(exemplar):
            take_off(session, collection, exemplar, by)
    session.flush()


def put(session: Session, collection: Collection, exemplar: Exemplar, by: User) -> None:
    """Place it at the end of a shelf; where other teams see that shelf, its presenter is asked for them."""
    if not collection.holds(exemplar):
        collection.put(exemplar)
        _note(session, collection, by, "put", title=exemplar.title)
    for team in collection.shared_with:
        _ask(session, exemplar, team, by)


def take_off(session: Session, collection: Collection, exemplar: Exemplar, by: User) -> None:
    collection.drop(exemplar)
    session.flush()
    for team in collection.shared_with:
        _forget(session, exemplar, team)
    _note(session, collection, by, "took off", title=exemplar.title)


def move(
    session: Session, collection: Collection, exemplar: Exemplar, by: User, *, to: int, seen: str
) -> None:
    """Let it stand at place `to`, counted from 0 among what this curator sees.

    `seen` is the order that they looked at: two who arrange at once do not undo each other.
    """
    session.execute(select(Collection.id).where(Collection.id == collection.id).with_for_update())
    session.refresh(collection, ["items"])
    if collection.order_key != seen:
        raise InvalidState("Somebody else changed this collection meanwhile. Here is how it stands now.")
    order = [shown.id for shown in shelf_of(session, collection, by)]
    if exemplar.id not in order:
        raise InvalidInput("That moment does not stand in this collection.")
    order.remove(exemplar.id)
    place = max(0, min(to, len(order)))
    order.insert(place, exemplar.id)
    collection.arrange(order)
    session.flush()
    _note(session, collection, by, "moved", title=exemplar.title, place=str(place + 1))


def shelf_of(session: Session, collection: Collection, viewer: User) -> list[Exemplar]:
    """What this viewer sees on a shelf, in its order."""
    query = (
        exemplars_visible_to(viewer)
        .join(CollectionItem, CollectionItem.exemplar_id == Exemplar.id)
        .where(CollectionItem.collection_id == collection.id)
        .order_by(CollectionItem.position)
    )
    return finding.loaded(session, list(session.scalars(query.with_only_columns(Exemplar.id))))


# --- further teams ------------------------------------------------------------------------------------


def share(session: Session, collection: Collection, team: Team, by: User) -> None:
    """Let a further team see it. Each presenter is asked for that team, and it sees what they agree to."""
    if team.id == collection.team_id or team in collection.shared_with:
        return
    collection.shared_with.append(team)
    for item in collection.items:
        _ask(session, item.exemplar, team, by)
    _note(session, collection, by, "shared", with_team=team.name)


def unshare(session: Session, collection: Collection, team: Team, by: User) -> None:
    collection.shared_with.remove(team)
    session.flush()
    for item in collection.items:
        _forget(session, item.exemplar, team)
    _note(session, collection, by, "unshared", with_team=team.name)


def _ask(session: Session, exemplar: Exemplar, team: Team, by: User) -> None:
    """Drafts wait; and who has no account cannot be asked, so theirs stays at home."""
    is_open = not exemplar.is_draft and exemplar.taken_down_at is None
    if is_open and exemplar.take.pitch.presenter_id is not None:
        consenting.ask_team(session, exemplar, team, by)


def _forget(session: Session, exemplar: Exemplar, team: Team) -> None:
    """That team watches it no more, unless another shelf that it sees holds it too."""
    others = (
        select(CollectionItem.id)
        .join(CollectionTeam, CollectionTeam.collection_id == CollectionItem.collection_id)
        .where(CollectionItem.exemplar_id == exemplar.id, CollectionTeam.team_id == team.id)
    )
    if session.scalar(others.limit(1)) is None:
        exemplar.shares = [share for share in exemplar.shares if share.team_id != team.id]
        listing.keep(session, exemplar)


def _note(session: Session, collection: Collection, by: User, act: str, **detail: str) -> None:
    accounts.note(session, f"collection {act}", actor=by, team=None, subject=str(collection.id), **detail)
