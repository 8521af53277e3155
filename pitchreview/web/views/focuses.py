"""The one criterion that somebody works on: changed on purpose, by themselves or by who coaches them."""

from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from pitchreview.actions import focusing
from pitchreview.errors import NotFound
from pitchreview.models import Criterion, Rubric, Team
from pitchreview.permissions import Act, rubrics_visible_to
from pitchreview.web import find, forms
from pitchreview.web.auth import login_required
from pitchreview.web.context import db, viewer

bp = Blueprint("focuses", __name__)


@bp.post("/focus")
@login_required
def change() -> ResponseReturnValue:
    team = find.my_team(Act.USE_TEAM)
    criterion = _chosen(team)
    focusing.change(db(), viewer(), team.id, criterion, by=viewer())
    db().commit()
    flash(f"Your focus is “{criterion.name}” now. The rest waits.", "success")
    return redirect(url_for("commitments.index"))


@bp.post("/progress/<uuid:user_id>/focus")
@login_required
def choose_for(user_id: UUID) -> ResponseReturnValue:
    """A coach chooses what somebody works on."""
    team, person = find.my_team(Act.COACH), find.teammate(user_id, Act.COACH)
    criterion = _chosen(team)
    focusing.change(db(), person, team.id, criterion, by=viewer())
    db().commit()
    flash(f"{person.first_name} works on “{criterion.name}” now.", "success")
    return redirect(url_for("progress.of", user_id=person.id))


def _chosen(team: Team) -> Criterion:
    rubric_ids = rubrics_visible_to(viewer()).where(Rubric.team_id == team.id).with_only_columns(Rubric.id)
    chosen = select(Criterion).where(
        Criterion.id == forms.one_id("criterion_id"), Criterion.rubric_id.in_(rubric_ids)
    )
    criterion = db().scalar(chosen)
    if criterion is None:
        raise NotFound("This criterion is not here any more.")
    return criterion
