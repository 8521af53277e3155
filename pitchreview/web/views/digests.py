"""What the weekly letter says, on a page."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from pitchreview.actions import digesting
from pitchreview.web import find
from pitchreview.web.auth import login_required
from pitchreview.web.context import db, viewer

bp = Blueprint("digests", __name__)


@bp.get("/week")
@login_required
def show() -> ResponseReturnValue:
    team = find.my_team()
    return render_template("digests/show.html", digest=digesting.of(db(), viewer(), team))
