"""A level that seems wrong to who presents: asked about once, looked at again, with what it was."""

from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from pitchreview.actions import disputing
from pitchreview.errors import InvalidInput, NotFound
from pitchreview.models import Review
from pitchreview.permissions import Act
from pitchreview.web import find, forms
from pitchreview.web.auth import login_required
from pitchreview.web.context import db, viewer

bp = Blueprint("disputes", __name__)


@bp.post("/takes/<uuid:take_id>/disputes")
@login_required
def create(take_id: UUID) -> ResponseReturnValue:
    """A level is named by its review and its criterion."""
    take = find.take(take_id, Act.READ_SCORES)
    try:
        review_id, criterion_id = map(UUID, forms.text("score").split(":"))
    except ValueError as error:
        raise InvalidInput("Choose which level you see otherwise.", field="score") from error
    review = find.review(review_id, Act.DISPUTE)
    if review.take_id != take.id:
        raise NotFound("This level is not here any more.")
    disputing.dispute(db(), review, criterion_id, viewer(), forms.text("reason"))
    db().commit()
    flash("Asked. You hear of the answer.", "success")
    return _to_scores(review)


@bp.post("/disputes/<uuid:dispute_id>/answer")
@login_required
def answer(dispute_id: UUID) -> ResponseReturnValue:
    raised = find.dispute(dispute_id, Act.ANSWER_DISPUTE)
    disputing.answer(db(), raised, viewer(), forms.one_id("level_id"), forms.text("answer"))
    db().commit()
    flash("Answered. They hear of it.", "success")
    return _to_scores(raised.review)


def _to_scores(review: Review) -> ResponseReturnValue:
    return redirect(url_for("takes.show", take_id=review.take_id, _anchor="scores"))
