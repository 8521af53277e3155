"""The library of a team: what great looks like, and finding it."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from pitchreview.actions import finding
from pitchreview.actions.finding import Found
from pitchreview.actions.showcase import showcase
from pitchreview.models import Team
from pitchreview.web import find, searching
from pitchreview.web.auth import login_required
from pitchreview.web.context import db, today, viewer, wants_fragment
from pitchreview.web.searching import Search, narrowing

bp = Blueprint("library", __name__)
bp.add_app_template_filter(searching.name_of, "name_of")
bp.add_app_template_filter(searching.facet_title, "facet_title")
bp.add_app_template_filter(searching.in_order, "in_order")


@bp.get("/library")
@login_required
def index() -> ResponseReturnValue:
    team = find.my_team()
    search = searching.read(team)
    found = finding.find(db(), viewer(), team, search.wanted)
    if wants_fragment():
        return render_template("library/_hits.html", search=search, found=found)
    _learn(team, search, found)
    return render_template(
        "library/index.html",
        team=team,
        search=search,
        found=found,
        narrowing=narrowing(found),
        showcase=None if search.is_list else showcase(db(), viewer(), team, today()),
    )


@bp.get("/library/suggestions")
@login_required
def suggest() -> ResponseReturnValue:
    """What fits while one types, for the list under the search box."""
    team = find.my_team()
    search = searching.read(team)
    suggestions = finding.suggest(db(), viewer(), team, search.wanted.words)
    return render_template("library/_suggestions.html", search=search, suggestions=suggestions)


def _learn(team: Team, search: Search, found: Found) -> None:
    """What nothing is found for tells the curators what to record next."""
    if search.is_whole and not found.total:
        finding.note_missed(db(), team, search.wanted)
        db().commit()
