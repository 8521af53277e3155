"""The library of a team: what great looks like, and finding it."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from pitchreview.actions import finding, library, shelving, tagging
from pitchreview.actions.finding import Order, Wanted
from pitchreview.web import find
from pitchreview.web.auth import login_required
from pitchreview.web.context import db, viewer

bp = Blueprint("library", __name__)


@bp.get("/library")
@login_required
def index() -> ResponseReturnValue:
    team = find.my_team()
    words = " ".join(request.args.get("q", "").split())[: finding.LONGEST_WORDS]
    tags = tuple(tagging.by_keys(db(), team.id, request.args.getlist("tag")).values())
    order = Order.BEST if words else Order.NEWEST
    wanted = Wanted(words, tags, order, after=request.args.get("after", ""))
    found = finding.find(db(), viewer(), team, wanted)
    shelves = [(c, shelving.shelf_of(db(), c, viewer())) for c in find.collections(team)]
    return render_template(
        "library/index.html",
        team=team,
        found=found,
        wanted=wanted,
        waiting=library.waiting_for_consent(db(), viewer(), team),
        collections=[(c, [e for e in held if e.is_shown]) for c, held in shelves],
    )
