"""Standards: what managers make of takes, so that everybody judges alike."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pitchreview.actions import calibrating, checking, standards
from pitchreview.actions.standards import Answer
from pitchreview.models import Standard, Take
from pitchreview.permissions import Act
from pitchreview.web import find, forms
from pitchreview.web.auth import login_required
from pitchreview.web.context import db, viewer

bp = Blueprint("standards", __name__)


@bp.get("/standards")
@login_required
def index() -> ResponseReturnValue:
    team = find.my_team(Act.MANAGE_TEAM)
    return render_template(
        "standards/index.html",
        team=team,
        standards=standards.all_of(db(), team.id),
        mean=checking.mean_of_team(db(), team.id),
        enough=calibrating.ENOUGH_STANDARDS,
    )


@bp.get("/standards/new")
@login_required
def choose() -> ResponseReturnValue:
    """Which take becomes one."""
    team = find.my_team(Act.MANAGE_TEAM)
    takes = standards.choices_for(db(), viewer(), team.id)
    return render_template("standards/choose.html", takes=takes)


@bp.get("/takes/<uuid:take_id>/standard")
@login_required
def edit(take_id: UUID) -> ResponseReturnValue:
    take = find.take(take_id, Act.SET_STANDARD)
    return forms.show("standards/edit.html", **_page(take))


@bp.post("/takes/<uuid:take_id>/standard")
@login_required
def update(take_id: UUID) -> ResponseReturnValue:
    take = find.take(take_id, Act.SET_STANDARD)
    rubric = standards.rubric_of(db(), take)

    def act() -> ResponseReturnValue:
        answers = {
            each.id: Answer(forms.one_id(f"level-{each.id}"), forms.text(f"reason-{each.id}"))
            for each in rubric.criteria
        }
        is_check = forms.text("use") == "check"
        standards.set_standard(db(), take, viewer(), answers, is_check=is_check)
        db().commit()
        flash("Saved. Your coaches can set their eye by it.", "success")
        return redirect(url_for("standards.index"))

    return forms.ask_again_if_wrong(act, "standards/edit.html", **_page(take))


def _page(take: Take) -> dict[str, Any]:
    standard = standards.standard_of(db(), take)
    return {
        "take": take,
        "recording": take.recording,
        "rubric": standards.rubric_of(db(), take),
        "standard": standard,
        "answers": {score.criterion_id: score for score in standard.scores} if standard else {},
    }


@bp.post("/standards/<uuid:standard_id>/retirement")
@login_required
def retire(standard_id: UUID) -> ResponseReturnValue:
    standards.retire(_mine(standard_id))
    db().commit()
    flash("It is put away. What people learned from it stays.", "success")
    return redirect(url_for("standards.index"))


@bp.post("/standards/<uuid:standard_id>/return")
@login_required
def bring_back(standard_id: UUID) -> ResponseReturnValue:
    standards.bring_back(_mine(standard_id))
    db().commit()
    flash("It is in use again.", "success")
    return redirect(url_for("standards.index"))


def _mine(standard_id: UUID) -> Standard:
    return find.standard(standard_id, Act.CURATE)
