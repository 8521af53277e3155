"""Signing in and out."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from pitchreview.actions import accounts
from pitchreview.web import auth, forms
from pitchreview.web.context import db, is_signed_in, user_session

bp = Blueprint("sessions", __name__)


@bp.get("/sign-in")
def new() -> ResponseReturnValue:
    target = auth.safe_next(request.args.get("next", ""))
    if is_signed_in():
        return redirect(target)
    return forms.show("sessions/new.html", {"next": target})


@bp.post("/sign-in")
def create() -> ResponseReturnValue:
    return forms.ask_again_if_wrong(_sign_in, "sessions/new.html")


def _sign_in() -> ResponseReturnValue:
    email, address = forms.text("email"), request.remote_addr or ""
    accounts.count_sign_in(db(), email=email, address=address)
    db().commit()
    opened = accounts.sign_in(
        db(),
        email=email,
        password=request.form.get("password", ""),
        address=address,
        browser=request.user_agent.string,
    )
    db().commit()
    auth.open_door(opened)
    return redirect(auth.safe_next(request.form.get("next")))


@bp.post("/sign-out")
def destroy() -> ResponseReturnValue:
    if is_signed_in():
        accounts.revoke_session(user_session())
        db().commit()
    auth.close_door()
    flash("You are signed out.", "info")
    return redirect(url_for("sessions.new"))
