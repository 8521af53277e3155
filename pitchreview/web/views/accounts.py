"""One's own account: profile, password, signed-in browsers."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from pitchreview.actions import accounts, rhythm
from pitchreview.errors import NotFound
from pitchreview.models import UserSession
from pitchreview.web import auth, forms
from pitchreview.web.auth import login_required
from pitchreview.web.context import db, user_session, viewer
from pitchreview.web.mails import site_url

bp = Blueprint("accounts", __name__)


@bp.get("/account")
@login_required
def show() -> ResponseReturnValue:
    values = {"name": viewer().name, "time_zone": viewer().time_zone}
    return forms.show("accounts/show.html", values, **_page())


@bp.post("/account")
@login_required
def update() -> ResponseReturnValue:
    def act() -> ResponseReturnValue:
        accounts.change_profile(viewer(), name=forms.text("name"), time_zone=forms.text("time_zone"))
        db().commit()
        flash("Saved.", "success")
        return redirect(url_for("accounts.show"))

    return forms.ask_again_if_wrong(act, "accounts/show.html", **_page())


@bp.post("/account/mail")
@login_required
def choose_mail() -> ResponseReturnValue:
    """Whether letters come, and in which hours they do not."""

    def act() -> ResponseReturnValue:
        rhythm.keep_quiet(viewer(), forms.text("quiet_from"), forms.text("quiet_until"))
        viewer().wants_mail = forms.text("wants_mail") == "1"
        viewer().wants_digest = forms.text("wants_digest") == "1"
        db().commit()
        flash(
            "What concerns you also comes by mail."
            if viewer().wants_mail
            else "No more mail; you find everything here.",
            "success",
        )
        return redirect(url_for("accounts.show", _anchor="mail"))

    return forms.ask_again_if_wrong(act, "accounts/show.html", **_page())


@bp.post("/account/habits")
@login_required
def keep_habits() -> ResponseReturnValue:
    accounts.keep_habits(db(), viewer(), forms.json_object())
    db().commit()
    return "", 204


@bp.post("/account/password")
@login_required
def change_password() -> ResponseReturnValue:
    accounts.count_password_change(db(), viewer())
    db().commit()

    def act() -> ResponseReturnValue:
        accounts.change_password(
            db(), viewer(), old=request.form.get("old", ""), new=request.form.get("password", "")
        )
        opened = accounts.open_session(
            db(), viewer(), address=request.remote_addr or "", browser=request.user_agent.string
        )
        opened.user_session.team_id = user_session().team_id
        db().commit()
        auth.open_door(opened)
        flash("Your password is changed; every other browser is signed out.", "success")
        return redirect(url_for("accounts.show"))

    return forms.ask_again_if_wrong(act, "accounts/show.html", **_page())


@bp.post("/account/sessions/<uuid:session_id>/revocation")
@login_required
def revoke_session(session_id: UUID) -> ResponseReturnValue:
    found = db().get(UserSession, session_id)
    if found is None or found.user_id != viewer().id:
        raise NotFound("That browser is signed out already.")
    accounts.revoke_session(found)
    db().commit()
    flash("That browser is signed out.", "success")
    return redirect(url_for("accounts.show"))


@bp.post("/account/sessions/revocation")
@login_required
def revoke_others() -> ResponseReturnValue:
    accounts.revoke_sessions(db(), viewer(), but=user_session())
    db().commit()
    flash("Every other browser is signed out.", "success")
    return redirect(url_for("accounts.show"))


def _page() -> dict[str, Any]:
    token = viewer().calendar_token
    return {
        "calendar_address": token and site_url("calendars.show", token=token),
        "sessions": accounts.live_sessions(db(), viewer()),
        "this_session": user_session(),
        "time_zones": accounts.time_zones(),
    }
