"""One rep's work on a scenario: the strip of takes."""

from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from pitchreview.actions import naming
from pitchreview.models import Take
from pitchreview.permissions import takes_visible_to
from pitchreview.web import find
from pitchreview.web.auth import login_required
from pitchreview.web.context import db, viewer
from pitchreview.web.pages import presenter_of

bp = Blueprint("pitches", __name__, url_prefix="/pitches")


@bp.get("/<uuid:pitch_id>")
@login_required
def show(pitch_id: UUID) -> ResponseReturnValue:
    pitch = find.pitch(pitch_id)
    takes = takes_visible_to(viewer()).where(Take.pitch_id == pitch.id).order_by(Take.created_at.desc())
    found = list(db().scalars(takes))
    names = {presenter_of(take).name for take in found}
    return render_template(
        "pitches/show.html",
        pitch=pitch,
        presenter=naming.PRESENTER if naming.PRESENTER in names else pitch.presented_by,
        scenario=pitch.scenario,
        takes=found,
        is_owner=pitch.presenter_id == viewer().id,
    )
