"""My review queue, a review from its first level to its publication, and what it gives to the presenter."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from pitchreview.actions import (
    calibrating,
    committing,
    disputing,
    drafting,
    queueing,
    reading,
    reviewing,
    scoring,
    self_assessing,
    withdrawing,
)
from pitchreview.actions.committing import Proposal
from pitchreview.errors import InvalidInput
from pitchreview.models import Comment, CommentKind, Commitment, Review, ReviewState, Take, Visit
from pitchreview.permissions import Act, may, takes_visible_to
from pitchreview.web import feedback, find, forms
from pitchreview.web.auth import login_required
from pitchreview.web.context import current_team, db, viewer, wants_fragment
from pitchreview.web.pages import presenter_of, waiting

bp = Blueprint("reviews", __name__)


@bp.get("/review")
@login_required
def index() -> ResponseReturnValue:
    team = current_team()
    places = queueing.places_of(db(), viewer(), waiting())
    mine = [place for place in places if place.is_mine]
    return render_template(
        "reviews/index.html",
        mine=mine,
        free=[place for place in places if not place.is_mine],
        minutes=sum(place.take.minutes_to_review for place in mine),
        handed_on=queueing.handed_on_from(db(), viewer(), team.id) if team else [],
        week=_minutes_a_week(),
        done=_done(),
    )


def _minutes_a_week() -> int | None:
    """What the viewer has for reviews in the present team."""
    team = current_team()
    return next((one.weekly_minutes for one in viewer().active_memberships if one.team == team), None)


def _done() -> list[Review]:
    """What the viewer said lately; of silent checks as well, which only they themselves find here."""
    visible = takes_visible_to(viewer()).with_only_columns(Take.id)
    query = (
        select(Review)
        .where(
            Review.reviewer_id == viewer().id,
            Review.state.in_([ReviewState.PUBLISHED, ReviewState.CHECKED]),
            Review.take_id.in_(visible),
        )
        .order_by(func.coalesce(Review.published_at, Review.started_at).desc())
        .limit(20)
    )
    return list(db().scalars(query))


@bp.post("/review/next")
@login_required
def go_on() -> ResponseReturnValue:
    """What waits longest, other than what somebody comes from. One of the pool they have taken then."""
    found = queueing.go_on(db(), viewer(), waiting(), but=forms.one_id("after"))
    db().commit()
    if found is None:
        flash("Nothing else waits for you.", "info")
    return _to(found)


def _to(take: Take | None) -> ResponseReturnValue:
    return redirect(url_for("takes.show", take_id=take.id) if take else url_for("reviews.index"))


@bp.get("/takes/<uuid:take_id>/reviews")
@login_required
def of_take(take_id: UUID) -> ResponseReturnValue:
    """What stands above the comments of a take: what a page asks for again when it hears of a change."""
    return render_template("takes/_reviews.html", **feedback.about(find.take(take_id)))


@bp.get("/takes/<uuid:take_id>/scores")
@login_required
def scores(take_id: UUID) -> ResponseReturnValue:
    return _scores(find.take(take_id, Act.READ_SCORES))


@bp.post("/takes/<uuid:take_id>/scores")
@login_required
def score(take_id: UUID) -> ResponseReturnValue:
    take = find.take(take_id, Act.REVIEW)
    criterion_id = forms.one_id("criterion_id")
    if criterion_id is None:
        raise InvalidInput("A level belongs to a criterion.", field="criterion_id")
    scoring.score(db(), take, viewer(), criterion_id, forms.one_id("level_id"))
    db().commit()
    return _scores(take) if wants_fragment() else redirect(url_for("takes.show", take_id=take.id))


def _scores(take: Take) -> str:
    """One's own sheet until one's review is published; then what everybody gave, side by side."""
    mine = drafting.review_of(db(), take, viewer())
    if may(viewer(), Act.REVIEW, take) and not (mine and mine.is_done):
        return render_template("takes/_scores.html", take=take, sheet=scoring.sheet_of(db(), take, viewer()))
    published = [review for review in reviewing.reviews_of(db(), take, viewer()) if review.is_published]
    verdicts = scoring.verdicts_of(db(), published)
    assessment = self_assessing.shown_to(db(), take, viewer())
    return render_template(
        "takes/_verdicts.html",
        take=take,
        verdicts=verdicts,
        overall=scoring.overall_of(verdicts),
        assessment=assessment,
        gaps=self_assessing.gaps_of(assessment, verdicts) if assessment else {},
        disputes=disputing.disputes_of(db(), take),
    )


@bp.get("/takes/<uuid:take_id>/review")
@login_required
def finish(take_id: UUID) -> ResponseReturnValue:
    """What is worth knowing before one publishes, and one's own words to choose the one thing from."""
    take = find.take(take_id, Act.REVIEW)
    mine = [thread for thread in _threads(take, of_viewer=True) if not thread.is_private]
    return render_template(
        "takes/_before_publishing.html",
        take=take,
        mine=mine,
        choices=sorted(mine, key=lambda said: (said.kind is not CommentKind.TRY_INSTEAD, not said.instead)),
        sheet=scoring.sheet_of(db(), take, viewer()),
        watched=_watched_percent(take),
        proposed=_proposed(take),
    )


def _proposed(take: Take) -> list[Commitment]:
    """What the review proposed before it was taken back."""
    mine = drafting.review_of(db(), take, viewer())
    return committing.proposals_of(db(), mine) if mine else []


def _watched_percent(take: Take) -> int | None:
    """How much of it the viewer has seen; None while nobody knows."""
    visit, whole = db().get(Visit, (viewer().id, take.id)), take.recording.duration_ms
    if visit is None or not visit.watched or not whole:
        return None
    watched_ms: int = sum(until - start for start, until in visit.watched)
    return min(100, round(100 * watched_ms / whole))


@bp.post("/takes/<uuid:take_id>/review")
@login_required
def publish(take_id: UUID) -> ResponseReturnValue:
    take = find.take(take_id, Act.REVIEW)
    try:
        review = reviewing.publish(db(), take, viewer(), forms.text("one_thing"), _proposals())
    except (InvalidInput, calibrating.NotCalibrated) as error:
        db().rollback()
        flash(error.message, "error")
        return redirect(url_for("takes.show", take_id=take_id))
    db().commit()
    if review.state is ReviewState.CHECKED:
        return redirect(url_for("calibrations.of_check", take_id=take.id))
    flash(f"{presenter_of(take).name} has your review.", "success")
    # Whoever stops here has not taken one of the pool.
    return _to(queueing.next_of(db(), viewer(), waiting(), but=take.id))


def _proposals() -> list[Proposal]:
    """Ticked comments, and what was written beside them."""
    due_on, words = forms.day("propose_by"), forms.text("propose_words")
    written = [Proposal(words, due_on, forms.one_id("propose_criterion"))] if words else []
    return [Proposal(due_on=due_on, comment_id=chosen) for chosen in forms.ids("propose")] + written


@bp.get("/reviews/<uuid:review_id>/withdrawal")
@login_required
def ask_why(review_id: UUID) -> ResponseReturnValue:
    """The form, alone for a page that shows it in a dialog."""
    review = find.review(review_id, Act.TAKE_REVIEW_BACK)
    template = "reviews/_withdrawal.html" if wants_fragment() else "reviews/withdrawal.html"
    return render_template(template, review=review)


@bp.post("/reviews/<uuid:review_id>/withdrawal")
@login_required
def withdraw(review_id: UUID) -> ResponseReturnValue:
    review = find.review(review_id, Act.TAKE_REVIEW_BACK)
    withdrawing.withdraw(db(), review, forms.text("reason"))
    db().commit()
    flash("Your review is taken back. Everything in it is kept for you.", "success")
    return redirect(url_for("takes.show", take_id=review.take_id))


@bp.post("/reviews/<uuid:review_id>/draft")
@login_required
def begin_again(review_id: UUID) -> ResponseReturnValue:
    review = find.review(review_id, Act.TAKE_REVIEW_BACK)
    withdrawing.begin_again(db(), review)
    db().commit()
    return redirect(url_for("takes.show", take_id=review.take_id))


@bp.get("/takes/<uuid:take_id>/walk")
@login_required
def walk(take_id: UUID) -> ResponseReturnValue:
    """The moments that others commented, one after the other, strengths first: for who presents."""
    take = find.take(take_id, Act.LOOK_FIRST)
    said = sorted(_threads(take, of_viewer=False), key=_walking_order)
    return render_template("takes/_walk.html", take=take, steps=said)


# Nobody walks further than that.
MOST_THREADS = 200


def _threads(take: Take, *, of_viewer: bool) -> list[Comment]:
    """What the viewer said about a take, or what all others did."""
    marks = reading.marks_of(db(), take, viewer())
    ids = [mark.id for mark in marks if (mark.author_id == viewer().id) is of_viewer and not mark.is_deleted]
    return reading.threads_of(db(), take, viewer(), ids[:MOST_THREADS])


_ORDER = [CommentKind.STRENGTH, CommentKind.TRY_INSTEAD, CommentKind.QUESTION, None]


def _walking_order(thread: Comment) -> Any:
    return _ORDER.index(thread.kind), thread.at_ms, thread.created_at
