"""Two minutes of practice: one criterion at a time, and when it comes back."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pitchreview.actions import drilling, warming_up
from pitchreview.errors import InvalidInput, NotFound
from pitchreview.web import find, forms
from pitchreview.web.auth import login_required
from pitchreview.web.context import db, viewer
from pitchreview.web.filters import day

bp = Blueprint("warm_ups", __name__, url_prefix="/warm-up")

RATINGS = range(1, 5)


@bp.get("")
@login_required
def show() -> ResponseReturnValue:
    team = find.my_team()
    due = warming_up.due_for(db(), viewer(), team.id)
    drill = drilling.live_drill(db(), due[0].scenario_id, viewer()) if due else None
    return render_template(
        "warm_ups/show.html",
        warm_up=due[0] if due else None,
        recorded=warming_up.recorded_for(db(), due[0]) if due else None,
        left=len(due),
        # What is recorded here must not become the one take of a drill.
        may_record=drill is None or not drilling.counts_first(db(), drill, viewer()),
        target_seconds=warming_up.target_of(due[0]) if due else 0,
        coming=None if due else warming_up.next_for(db(), viewer(), team.id),
    )


@bp.post("/<uuid:warm_up_id>/rating")
@login_required
def rate(warm_up_id: UUID) -> ResponseReturnValue:
    warm_up = warming_up.find(db(), viewer(), warm_up_id)
    if warm_up is None:
        raise NotFound("This page does not exist, or it is not for you.")
    rating = forms.integer("rating")
    if rating is None or rating not in RATINGS:
        raise InvalidInput("Choose how it went.", field="rating")
    name = warm_up.criterion.name
    take_id = forms.one_id("take_id")
    if take_id is None:
        warming_up.rate(db(), warm_up, rating)
    else:
        warming_up.rate_recorded(db(), warm_up, rating, take_id)
    db().commit()
    if warm_up.retired_at is not None:
        flash(f"“{name}” sits. It does not come back.", "success")
    else:
        flash(f"“{name}” comes back on {day(warm_up.due_at)}.", "success")
    return redirect(url_for("warm_ups.show"))
