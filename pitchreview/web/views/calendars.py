"""One's own due dates in a calendar program: an address that only its owner knows."""

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from pitchreview.actions import calendars
from pitchreview.web.auth import login_required
from pitchreview.web.context import db, viewer
from pitchreview.web.mails import site_url

bp = Blueprint("calendars", __name__)


@bp.get("/calendar/<token>.ics")
def show(token: str) -> ResponseReturnValue:
    """Calendar programs sign in nowhere: the address itself is the key."""
    person = calendars.person_of(db(), token)
    feed = calendars.feed_of(db(), person, site_url("home.show").rstrip("/"))
    answer = Response(feed, mimetype="text/calendar")
    answer.headers["Cache-Control"] = "private, max-age=300"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@bp.post("/account/calendar")
@login_required
def renew() -> ResponseReturnValue:
    had_one = viewer().calendar_token is not None
    calendars.renew(viewer())
    db().commit()
    flash(
        "The old address shows nothing any more." if had_one else "Copy the address into your calendar.",
        "success",
    )
    return redirect(url_for("accounts.show", _anchor="calendar"))


@bp.post("/account/calendar/ending")
@login_required
def end() -> ResponseReturnValue:
    calendars.end(viewer())
    db().commit()
    flash("The address shows nothing any more.", "success")
    return redirect(url_for("accounts.show", _anchor="calendar"))
