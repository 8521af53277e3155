"""The file behind a take: what came, what was made of it, and the say over that work. For its owner."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pitchreview.actions import intake
from pitchreview.errors import NotFound
from pitchreview.models import Take
from pitchreview.permissions import Act
from pitchreview.web import find
from pitchreview.web.auth import login_required
from pitchreview.web.context import db

bp = Blueprint("files", __name__, url_prefix="/takes/<uuid:take_id>/file")


@bp.get("")
@login_required
def show(take_id: UUID) -> ResponseReturnValue:
    take = find.take(take_id, Act.OWN_TAKE)
    return render_template("files/show.html", take=take, recording=take.recording)


@bp.post("/cancellation")
@login_required
def cancel(take_id: UUID) -> ResponseReturnValue:
    take = find.take(take_id, Act.OWN_TAKE)
    intake.cancel(db(), take.recording)
    db().commit()
    flash("Stopped. The file is safe, and you can go on whenever you like.", "success")
    return _back_to(take)


@bp.post("/renditions/<uuid:rendition_id>/redo")
@login_required
def redo(take_id: UUID, rendition_id: UUID) -> ResponseReturnValue:
    take = find.take(take_id, Act.OWN_TAKE)
    rendition = next((r for r in take.recording.renditions if r.id == rendition_id), None)
    if rendition is None:
        raise NotFound("That has been made anew since; load the page again.")
    intake.redo(db(), take.recording, rendition)
    db().commit()
    flash("It is being made anew. What is there plays until then.", "success")
    return _back_to(take)


def _back_to(take: Take) -> ResponseReturnValue:
    return redirect(url_for("files.show", take_id=take.id))
