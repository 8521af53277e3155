"""What I should hear about: the list, the number beside the bell, and the links that end letters."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pitchreview.actions import subscribing, telling
from pitchreview.models import User
from pitchreview.web import find
from pitchreview.web.auth import login_required
from pitchreview.web.context import db, settings, viewer, wants_json
from pitchreview.web.pages import unread_count

bp = Blueprint("notifications", __name__)

ON_A_PAGE = 50


@bp.get("/notifications")
@login_required
def index() -> ResponseReturnValue:
    start = max(0, request.args.get("after", 0, type=int))
    found = telling.told(db(), viewer(), start=start, most=ON_A_PAGE + 1)
    return render_template(
        "notifications/index.html",
        unread=[message for message in found[:ON_A_PAGE] if not message.is_read],
        read=[message for message in found[:ON_A_PAGE] if message.is_read],
        words=telling.words_of(db(), found),
        newer=url_for("notifications.index", after=max(0, start - ON_A_PAGE)) if start else None,
        older=url_for("notifications.index", after=start + ON_A_PAGE) if len(found) > ON_A_PAGE else None,
    )


@bp.get("/notifications/count")
@login_required
def count() -> ResponseReturnValue:
    """The number beside the bell, for a page that hears of a change."""
    return {"unread": unread_count()}


@bp.post("/notifications/reading")
@login_required
def read_all() -> ResponseReturnValue:
    telling.mark_read(db(), viewer())
    return _done()


@bp.post("/notifications/<uuid:notification_id>/reading")
@login_required
def read(notification_id: UUID) -> ResponseReturnValue:
    found = find.notification(notification_id)
    telling.mark_read(db(), viewer(), only=found.id)
    return _done()


@bp.post("/takes/<uuid:take_id>/notifications/reading")
@login_required
def read_of_take(take_id: UUID) -> ResponseReturnValue:
    """The page of a take is looked at, and with it all that was to be told of it."""
    take = find.take(take_id)
    telling.mark_read(db(), viewer(), take_id=take.id)
    return _done()


def _done() -> ResponseReturnValue:
    db().commit()
    return {"unread": unread_count()} if wants_json() else redirect(url_for("notifications.index"))


# --- the link in a letter: it works for whoever holds it, and does only this ----------------------


@bp.get("/mail/off/<token>")
def ask_no_more(token: str) -> ResponseReturnValue:
    return _page(_person(token), token)


@bp.post("/mail/off/<token>")
def no_more(token: str) -> ResponseReturnValue:
    """Also what a mail program sends by itself for its own button."""
    person = _person(token)
    person.wants_mail = False
    db().commit()
    return _page(person, token)


@bp.get("/mail/off/digest/<token>")
def ask_no_digest(token: str) -> ResponseReturnValue:
    return _page(_person(token, subscribing.DIGEST), token, is_digest=True)


@bp.post("/mail/off/digest/<token>")
def no_digest(token: str) -> ResponseReturnValue:
    """The same for the weekly letter alone."""
    person = _person(token, subscribing.DIGEST)
    person.wants_digest = False
    db().commit()
    return _page(person, token, is_digest=True)


def _person(token: str, what: str = subscribing.ALL) -> User:
    return subscribing.person_of(db(), token, settings().secret_key.get_secret_value(), what)


def _page(person: User, token: str, *, is_digest: bool = False) -> str:
    return render_template("notifications/no_more.html", person=person, token=token, is_digest=is_digest)
