"""What a presenter thinks of the own take before others say anything: kept as they go, finished once."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pitchreview.actions import self_assessing
from pitchreview.actions.self_assessing import PARTS, Thought
from pitchreview.errors import InvalidInput
from pitchreview.models import Take
from pitchreview.permissions import Act
from pitchreview.web import find, forms
from pitchreview.web.auth import login_required
from pitchreview.web.context import db, wants_fragment

bp = Blueprint("self_assessments", __name__)


@bp.get("/takes/<uuid:take_id>/self-assessment")
@login_required
def show(take_id: UUID) -> ResponseReturnValue:
    """The sheet, alone for the page of the take."""
    take = find.take(take_id, Act.LOOK_FIRST)
    assessment = self_assessing.assessment_of(db(), take)
    if assessment is not None and assessment.finished_at is not None:
        return _back_to(take)
    template = "takes/_self_assessment.html" if wants_fragment() else "takes/self_assessment.html"
    rubric = self_assessing.rubric_of(db(), take, assessment)
    return render_template(template, take=take, assessment=assessment, rubric=rubric)


@bp.post("/takes/<uuid:take_id>/self-assessment")
@login_required
def save(take_id: UUID) -> ResponseReturnValue:
    take = find.take(take_id, Act.LOOK_FIRST)
    _save(take)
    db().commit()
    return ("", 204) if wants_fragment() else _back_to(take)


@bp.post("/takes/<uuid:take_id>/self-assessment/completion")
@login_required
def finish(take_id: UUID) -> ResponseReturnValue:
    """What was typed is kept, whatever is missing."""
    take = find.take(take_id, Act.LOOK_FIRST)
    _save(take)
    db().commit()
    try:
        self_assessing.finish(db(), take)
    except InvalidInput as error:
        db().rollback()
        flash(error.message, "error")
        return _back_to(take)
    db().commit()
    return _back_to(take)


def _save(take: Take) -> None:
    thoughts = {part: Thought(forms.text(part), forms.moment(f"{part}_at")) for part in PARTS}
    levels = {
        UUID(name.removeprefix("level-")): level_id
        for name in request.form
        if name.startswith("level-") and (level_id := forms.one_id(name))
    }
    self_assessing.save(db(), take, thoughts, levels)


def _back_to(take: Take) -> ResponseReturnValue:
    return redirect(url_for("takes.show", take_id=take.id))
