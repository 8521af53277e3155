"""Collections: shelves of exemplars, watched by a team and arranged by its managers."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from pitchreview.actions import shelving
from pitchreview.errors import InvalidInput
from pitchreview.models import Collection, Role, Team
from pitchreview.permissions import Act, may
from pitchreview.web import find, forms
from pitchreview.web.auth import login_required
from pitchreview.web.context import db, viewer, wants_fragment

bp = Blueprint("collections", __name__)


@bp.get("/collections/<uuid:collection_id>")
@login_required
def show(collection_id: UUID) -> ResponseReturnValue:
    collection = find.collection(collection_id)
    values = {"title": collection.title, "description": collection.description}
    template = "collections/_arrange.html" if wants_fragment() else "collections/show.html"
    return forms.show(template, values, **_page(collection))


def _page(collection: Collection) -> dict[str, Any]:
    """The team sees what is shown; its managers arrange all that stands there."""
    curates = may(viewer(), Act.CURATE, collection)
    held = shelving.shelf_of(db(), collection, viewer())
    return {
        "collection": collection,
        "curates": curates,
        "arranges": curates and "arrange" in request.args,
        "held": held,
        "exemplars": [exemplar for exemplar in held if exemplar.is_shown],
        "other_teams": _other_teams(collection) if curates else [],
    }


def _other_teams(collection: Collection) -> list[Team]:
    """Teams that this curator manages as well, and that do not see it yet."""
    managed = [m.team for m in viewer().active_memberships if m.role is Role.MANAGER]
    return [t for t in managed if t.id != collection.team_id and t not in collection.shared_with]


@bp.post("/collections")
@login_required
def create() -> ResponseReturnValue:
    team = find.my_team(Act.CURATE)
    collection = shelving.make_collection(
        db(), team, viewer(), title=forms.text("title"), description=forms.text("description")
    )
    db().commit()
    flash("The collection is ready to be filled.", "success")
    return redirect(url_for("collections.show", collection_id=collection.id))


@bp.post("/collections/<uuid:collection_id>")
@login_required
def update(collection_id: UUID) -> ResponseReturnValue:
    collection = find.collection(collection_id, Act.CURATE)

    def act() -> ResponseReturnValue:
        shelving.rename(
            db(), collection, viewer(), title=forms.text("title"), description=forms.text("description")
        )
        db().commit()
        return redirect(url_for("collections.show", collection_id=collection.id))

    return forms.ask_again_if_wrong(act, "collections/show.html", **_page(collection))


@bp.post("/collections/<uuid:collection_id>/order")
@login_required
def move(collection_id: UUID) -> ResponseReturnValue:
    """One moment to another place; `seen` is the order that the page shows (409 when it is an older one)."""
    collection = find.collection(collection_id, Act.CURATE)
    exemplar_id, to = forms.one_id("exemplar"), forms.integer("to")
    if exemplar_id is None or to is None:
        raise InvalidInput("Say which moment goes to which place.")
    exemplar = find.exemplar(exemplar_id)
    shelving.move(db(), collection, exemplar, viewer(), to=to, seen=forms.text("seen"))
    db().commit()
    if wants_fragment():
        return jsonify({"seen": collection.order_key})
    return redirect(_arranging(collection, f"at-{exemplar.id}"))


@bp.post("/collections/<uuid:collection_id>/items/<uuid:exemplar_id>/removal")
@login_required
def remove(collection_id: UUID, exemplar_id: UUID) -> ResponseReturnValue:
    collection = find.collection(collection_id, Act.CURATE)
    exemplar = find.exemplar(exemplar_id)
    shelving.take_off(db(), collection, exemplar, viewer())
    db().commit()
    flash(f"“{exemplar.title}” is off this shelf; it stays in the library.", "success")
    return redirect(_arranging(collection))


@bp.post("/collections/<uuid:collection_id>/pinning")
@login_required
def pin(collection_id: UUID) -> ResponseReturnValue:
    collection = find.collection(collection_id, Act.CURATE)
    shelving.pin(db(), collection, viewer())
    db().commit()
    flash("It stands first now." if collection.is_pinned else "It stands among the others again.", "success")
    return redirect(url_for("collections.show", collection_id=collection.id))


@bp.post("/collections/<uuid:collection_id>/deletion")
@login_required
def delete(collection_id: UUID) -> ResponseReturnValue:
    collection = find.collection(collection_id, Act.CURATE)
    shelving.remove_collection(db(), collection, viewer())
    db().commit()
    flash(f"“{collection.title}” is gone; its moments stay in the library.", "success")
    return redirect(url_for("library.index"))


@bp.post("/collections/<uuid:collection_id>/teams")
@login_required
def share(collection_id: UUID) -> ResponseReturnValue:
    """With a further team that this person manages, too."""
    collection = find.collection(collection_id, Act.CURATE)
    team_id = forms.one_id("team")
    if team_id is None:
        raise InvalidInput("Choose a team.", field="team")
    team = find.team(team_id, Act.CURATE)
    shelving.share(db(), collection, team, viewer())
    db().commit()
    flash(f"{team.name} sees each moment once its presenter said yes to that.", "success")
    return redirect(url_for("collections.show", collection_id=collection.id))


@bp.post("/collections/<uuid:collection_id>/teams/<uuid:team_id>/removal")
@login_required
def unshare(collection_id: UUID, team_id: UUID) -> ResponseReturnValue:
    collection = find.collection(collection_id, Act.CURATE)
    team = next((team for team in collection.shared_with if team.id == team_id), None)
    if team is not None:
        shelving.unshare(db(), collection, team, viewer())
        db().commit()
        flash(f"{team.name} sees it no more.", "success")
    return redirect(url_for("collections.show", collection_id=collection.id))


def _arranging(collection: Collection, anchor: str | None = None) -> str:
    return url_for("collections.show", collection_id=collection.id, arrange=1, _anchor=anchor)
