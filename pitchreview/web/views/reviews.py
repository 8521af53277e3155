"""My review queue, and publishing a review."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from pitchreview.actions import reviewing
from pitchreview.models import Review, ReviewState, Take
from pitchreview.permissions import Act, takes_visible_to
from pitchreview.web import find, forms
from pitchreview.web.auth import login_required
from pitchreview.web.context import db, viewer
from pitchreview.web.pages import waiting

bp = Blueprint("reviews", __name__)


@bp.get("/review")
@login_required
def index() -> ResponseReturnValue:
    queue = waiting()
    visible = takes_visible_to(viewer()).with_only_columns(Take.id)
    done = (
        select(Review)
        .where(
            Review.reviewer_id == viewer().id,
            Review.state == ReviewState.PUBLISHED,
            Review.take_id.in_(visible),
        )
        .order_by(Review.published_at.desc())
        .limit(20)
    )
    return render_template(
        "reviews/index.html",
        queue=queue,
        minutes=sum(reviewing.review_minutes(take) for take in queue),
        review_minutes=reviewing.review_minutes,
        done=list(db().scalars(done)),
    )


@bp.get("/review/next")
@login_required
def go_on() -> ResponseReturnValue:
    """The take that waits longest, other than the one that somebody comes from."""
    come_from = request.args.get("after", "")
    found = next((take for take in waiting() if str(take.id) != come_from), None)
    if found is None:
        return redirect(url_for("reviews.index"))
    return redirect(url_for("takes.show", take_id=found.id))


@bp.post("/takes/<uuid:take_id>/review")
@login_required
def publish(take_id: UUID) -> ResponseReturnValue:
    take = find.take(take_id, Act.REVIEW)
    reviewing.publish(db(), take, viewer(), forms.text("one_thing"))
    db().commit()
    flash(f"{take.pitch.presented_by} has your review.", "success")
    following = next((t for t in waiting() if t.id != take.id), None)
    if following is None:
        return redirect(url_for("reviews.index"))
    return redirect(url_for("takes.show", take_id=following.id))
