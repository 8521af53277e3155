"""Drills end here; they are set on their scenario's page."""

from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from pitchreview import db as database
from pitchreview.permissions import Act
from pitchreview.web import find
from pitchreview.web.auth import login_required
from pitchreview.web.context import db

bp = Blueprint("drills", __name__, url_prefix="/drills")


@bp.post("/<uuid:drill_id>/closing")
@login_required
def close(drill_id: UUID) -> ResponseReturnValue:
    drill = find.drill(drill_id, Act.WRITE_SCENARIO)
    drill.closed_at = drill.closed_at or database.now()
    db().commit()
    flash("The drill is closed.", "success")
    return redirect(url_for("scenarios.show", scenario_id=drill.scenario_id))
