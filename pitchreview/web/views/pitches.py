"""One rep's work on a scenario: the strip of takes."""

from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from pitchreview.models import Take
from pitchreview.permissions import takes_visible_to
from pitchreview.web import find
from pitchreview.web.auth import login_required
from pitchreview.web.context import db, viewer

bp = Blueprint("pitches", __name__, url_prefix="/pitches")


@bp.get("/<uuid:pitch_id>")
@login_required
def show(pitch_id: UUID) -> ResponseReturnValue:
    pitch = find.pitch(pitch_id)
    takes = takes_visible_to(viewer()).where(Take.pitch_id == pitch.id).order_by(Take.created_at.desc())
    return render_template(
        "pitches/show.html",
        pitch=pitch,
        scenario=pitch.scenario,
        takes=list(db().scalars(takes)),
        is_owner=pitch.presenter_id == viewer().id,
    )
