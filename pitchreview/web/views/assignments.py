"""Takes that are somebody's to review: picking one, and giving one back."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pitchreview.actions import assigning
from pitchreview.errors import InvalidState
from pitchreview.permissions import Act
from pitchreview.web import find, forms
from pitchreview.web.auth import login_required
from pitchreview.web.context import db, viewer, wants_fragment

bp = Blueprint("assignments", __name__)


@bp.post("/takes/<uuid:take_id>/assignments")
@login_required
def create(take_id: UUID) -> ResponseReturnValue:
    """Pick a take that anybody may review."""
    take = find.take(take_id, Act.PICK)
    try:
        assigning.pick(db(), take, viewer())
    except InvalidState as error:
        db().rollback()
        flash(error.message, "info")
        return redirect(url_for("reviews.index"))
    db().commit()
    return redirect(url_for("takes.show", take_id=take.id))


@bp.get("/assignments/<uuid:assignment_id>/return")
@login_required
def ask_why(assignment_id: UUID) -> ResponseReturnValue:
    held = find.assignment(assignment_id, Act.GIVE_BACK)
    template = "assignments/_return.html" if wants_fragment() else "assignments/return.html"
    return render_template(template, held=held)


@bp.post("/assignments/<uuid:assignment_id>/return")
@login_required
def give_back(assignment_id: UUID) -> ResponseReturnValue:
    held = find.assignment(assignment_id, Act.GIVE_BACK)
    assigning.give_back(db(), held, forms.text("reason"))
    db().commit()
    flash("It is not yours any more. Somebody else gets it.", "success")
    return redirect(url_for("reviews.index"))
