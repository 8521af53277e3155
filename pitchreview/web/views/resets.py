"""Forgotten passwords."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pitchreview.actions import accounts
from pitchreview.web import auth, forms, mails
from pitchreview.web.context import db, settings

bp = Blueprint("resets", __name__)


@bp.get("/forgotten-password")
def new() -> ResponseReturnValue:
    return forms.show("resets/new.html")


@bp.post("/forgotten-password")
def create() -> ResponseReturnValue:
    """The same answer for known and unknown addresses; without mail, the operator hands links out."""
    if settings().sends_mail:
        made = accounts.ask_for_reset(db(), forms.text("email"), address=request.remote_addr or "")
        if made is not None:
            user, token = made
            mails.send_reset(user, link=mails.site_url("resets.edit", token=token))
        db().commit()
    return render_template("resets/sent.html")


@bp.get("/password/<token>")
def edit(token: str) -> ResponseReturnValue:
    reset = accounts.find_reset(db(), token)
    return forms.show("resets/edit.html", reset=reset, token=token)


@bp.post("/password/<token>")
def update(token: str) -> ResponseReturnValue:
    reset = accounts.find_reset(db(), token)

    def act() -> ResponseReturnValue:
        accounts.reset_password(
            db(), token, request.form.get("password", ""), address=request.remote_addr or ""
        )
        db().commit()
        auth.close_door()
        flash("Your new password is set. Sign in with it.", "success")
        return redirect(url_for("sessions.new"))

    return forms.ask_again_if_wrong(act, "resets/edit.html", reset=reset, token=token)
