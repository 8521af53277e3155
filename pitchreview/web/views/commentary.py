"""The second layer of an exemplar, for the person who is seen in it: telling, changing, taking out."""

from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from pitchreview.actions import thinking_aloud
from pitchreview.actions.thinking_aloud import NewThought
from pitchreview.errors import NotFound
from pitchreview.models import Commentary, Exemplar
from pitchreview.permissions import Act
from pitchreview.web import find, forms
from pitchreview.web.auth import login_required
from pitchreview.web.context import db, viewer

bp = Blueprint("commentary", __name__, url_prefix="/exemplars/<uuid:exemplar_id>/commentary")


@bp.post("")
@login_required
def create(exemplar_id: UUID) -> ResponseReturnValue:
    exemplar = find.exemplar(exemplar_id, Act.TELL_THOUGHTS)
    said = thinking_aloud.tell(db(), exemplar, viewer(), _typed())
    db().commit()
    flash("Your thought is told at that moment.", "success")
    return _back_to(exemplar, f"thought-{said.id}")


@bp.post("/<uuid:commentary_id>")
@login_required
def update(exemplar_id: UUID, commentary_id: UUID) -> ResponseReturnValue:
    exemplar = find.exemplar(exemplar_id, Act.TELL_THOUGHTS)
    thinking_aloud.change(db(), _of(exemplar, commentary_id), viewer(), _typed())
    db().commit()
    flash("Saved.", "success")
    return _back_to(exemplar, f"thought-{commentary_id}")


@bp.post("/<uuid:commentary_id>/deletion")
@login_required
def delete(exemplar_id: UUID, commentary_id: UUID) -> ResponseReturnValue:
    exemplar = find.exemplar(exemplar_id, Act.TELL_THOUGHTS)
    thinking_aloud.take_out(db(), _of(exemplar, commentary_id), viewer())
    db().commit()
    flash("It is taken out.", "success")
    return _back_to(exemplar, "thoughts")


def _of(exemplar: Exemplar, commentary_id: UUID) -> Commentary:
    found = next((said for said in exemplar.commentary if said.id == commentary_id), None)
    if found is None:
        raise NotFound("That thought is not here any more.")
    return found


def _typed() -> NewThought:
    return NewThought(
        at_ms=forms.moment("at"),
        thought=forms.text("thought"),
        unsaid=forms.text("unsaid"),
        recording_id=forms.one_id("recording_id"),
    )


def _back_to(exemplar: Exemplar, place: str) -> ResponseReturnValue:
    return redirect(url_for("exemplars.show", exemplar_id=exemplar.id, _anchor=place))
