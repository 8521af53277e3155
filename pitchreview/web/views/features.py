"""The exemplar of the week: chosen and planned by managers."""

from datetime import date
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pitchreview.actions import curating, featuring
from pitchreview.actions.curating import Drawer
from pitchreview.errors import InvalidInput
from pitchreview.permissions import Act
from pitchreview.web import find, forms
from pitchreview.web.auth import login_required
from pitchreview.web.context import db, today, viewer

bp = Blueprint("features", __name__, url_prefix="/library/weeks")

MOST_OFFERED = 6


@bp.get("")
@login_required
def index() -> ResponseReturnValue:
    """The next weeks; with `exemplar` the one that is being planned."""
    team = find.my_team(Act.CURATE)
    wanted_id = request.args.get("exemplar", type=UUID)
    wanted = find.exemplar(wanted_id, Act.CURATE) if wanted_id is not None else None
    weeks = featuring.weeks(db(), team, today())
    free = next((week.monday for week in weeks if week.feature is None), weeks[0].monday)
    newest = curating.in_drawer(db(), viewer(), team, Drawer.ALL, None).exemplars
    planned = {week.exemplar.id for week in weeks if week.exemplar}
    offered = [e for e in newest if e.is_shown and e.contrast_to_id is None and e.id not in planned]
    return render_template(
        "curating/weeks.html", weeks=weeks, wanted=wanted, free=free, offered=offered[:MOST_OFFERED]
    )


@bp.post("")
@login_required
def choose() -> ResponseReturnValue:
    team = find.my_team(Act.CURATE)
    exemplar_id = forms.one_id("exemplar")
    if exemplar_id is None:
        raise InvalidInput("Choose a moment first.")
    exemplar = find.exemplar(exemplar_id, Act.CURATE)
    if exemplar.team_id != team.id:
        raise InvalidInput("Choose a moment of this team.")
    week, note = _week(forms.text("week")), forms.text("note")
    featuring.choose(db(), team, exemplar, viewer(), week=week, note=note, today=today())
    db().commit()
    later = "" if exemplar.is_shown else " It shows once it is in the library."
    flash(f"It is planned.{later}", "success")
    return redirect(url_for("features.index"))


@bp.post("/<week>/cancelling")
@login_required
def cancel(week: str) -> ResponseReturnValue:
    team = find.my_team(Act.CURATE)
    featuring.cancel(db(), team, _week(week))
    db().commit()
    flash("That week is free again.", "success")
    return redirect(url_for("features.index"))


def _week(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput("Choose one of the next weeks.", field="week") from error
