"""Saying where the parts of a scenario begin in a take."""

from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from pitchreview.actions import beats
from pitchreview.permissions import Act
from pitchreview.web import find, forms
from pitchreview.web.auth import login_required
from pitchreview.web.context import db, viewer

bp = Blueprint("beats", __name__)


@bp.post("/takes/<uuid:take_id>/beats")
@login_required
def update(take_id: UUID) -> ResponseReturnValue:
    """A time for each part, under its id; an empty one leaves it to the plan."""
    take = find.take(take_id, Act.SET_BEATS)
    starts = {beat.id: forms.moment(str(beat.id)) for beat in take.pitch.scenario.beats}
    beats.set_starts(db(), take, viewer(), starts)
    db().commit()
    flash("Saved where the parts begin.", "success")
    return redirect(url_for("takes.show", take_id=take.id))
