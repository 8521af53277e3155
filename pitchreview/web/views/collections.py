"""Collections: shelves of exemplars."""

from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from pitchreview.actions import shelving
from pitchreview.permissions import Act
from pitchreview.web import find, forms
from pitchreview.web.auth import login_required
from pitchreview.web.context import db, viewer

bp = Blueprint("collections", __name__)


@bp.get("/collections/<uuid:collection_id>")
@login_required
def show(collection_id: UUID) -> ResponseReturnValue:
    collection = find.collection(collection_id)
    held = shelving.shelf_of(db(), collection, viewer())
    return forms.show(
        "collections/show.html",
        {"title": collection.title, "description": collection.description},
        collection=collection,
        exemplars=[exemplar for exemplar in held if exemplar.is_shown],
    )


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
        shelving.name_collection(collection, title=forms.text("title"), description=forms.text("description"))
        db().commit()
        return redirect(url_for("collections.show", collection_id=collection.id))

    held = [e for e in shelving.shelf_of(db(), collection, viewer()) if e.is_shown]
    return forms.ask_again_if_wrong(act, "collections/show.html", collection=collection, exemplars=held)
