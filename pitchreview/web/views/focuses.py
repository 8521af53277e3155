"""The one criterion that somebody works on: changed on purpose, by themselves."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from pitchreview.actions import focusing
from pitchreview.errors import NotFound
from pitchreview.models import Criterion, Rubric
from pitchreview.permissions import Act, rubrics_visible_to
from pitchreview.web import find, forms
from pitchreview.web.auth import login_required
from pitchreview.web.context import db, viewer

bp = Blueprint("focuses", __name__)


@bp.post("/focus")
@login_required
def change() -> ResponseReturnValue:
    team = find.my_team(Act.USE_TEAM)
    rubric_ids = rubrics_visible_to(viewer()).where(Rubric.team_id == team.id).with_only_columns(Rubric.id)
    chosen = select(Criterion).where(
        Criterion.id == forms.one_id("criterion_id"), Criterion.rubric_id.in_(rubric_ids)
    )
    criterion = db().scalar(chosen)
    if criterion is None:
        raise NotFound("This criterion is not here any more.")
    focusing.change(db(), viewer(), team.id, criterion, by=viewer())
    db().commit()
    flash(f"Your focus is “{criterion.name}” now. The rest waits.", "success")
    return redirect(url_for("commitments.index"))
