"""From where one came to an exemplar, and what stands before and after it there."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import request, url_for

from pitchreview import permissions
from pitchreview.actions import finding, shelving
from pitchreview.models import Collection, Exemplar
from pitchreview.web import searching
from pitchreview.web.context import current_team, db, viewer


@dataclass(frozen=True)
class Step:
    exemplar: Exemplar
    place: str


@dataclass(frozen=True)
class Way:
    """A collection or a search that one leafs through."""

    kind: str  # "collection" or "search"
    title: str
    place: str
    previous: Step | None
    next: Step | None


def way_to(exemplar: Exemplar) -> Way | None:
    """As the address tells it; None where one came from anywhere else."""
    shelf = _shelf()
    return _through_search(exemplar) if shelf is None else _along_shelf(exemplar, shelf)


def _shelf() -> Collection | None:
    try:
        shelf_id = UUID(request.args.get("shelf", ""))
    except ValueError:
        return None
    return permissions.find_visible(db(), permissions.collections_visible_to(viewer()), shelf_id)


def _along_shelf(exemplar: Exemplar, shelf: Collection) -> Way | None:
    held = [one for one in shelving.shelf_of(db(), shelf, viewer()) if one.is_shown]
    if exemplar not in held:
        return None
    here = held.index(exemplar)
    before = held[here - 1] if here else None
    behind = held[here + 1] if here + 1 < len(held) else None
    origin = {"shelf": shelf.id}
    place = url_for("collections.show", collection_id=shelf.id)
    return Way("collection", shelf.title, place, _step(before, origin), _step(behind, origin))


def _through_search(exemplar: Exemplar) -> Way | None:
    team = current_team()
    if team is None:
        return None
    search = searching.read(team)
    if not search.is_list:
        return None
    beside = finding.neighbours(db(), viewer(), team, search.wanted, exemplar)
    steps = (_step(one, search.origin) for one in (beside.previous, beside.next))
    return Way("search", search.title, search.place, *steps)


def _step(exemplar: Exemplar | None, origin: dict[str, Any]) -> Step | None:
    if exemplar is None:
        return None
    return Step(exemplar, url_for("exemplars.show", exemplar_id=exemplar.id, **origin))
