"""The first person of an empty site: `pitchreview up` prints the link, it works while nobody exists."""

import hmac

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from pitchreview.actions import accounts
from pitchreview.errors import NotFound
from pitchreview.web import auth, forms
from pitchreview.web.context import db, settings

bp = Blueprint("welcome", __name__)


@bp.get("/welcome/<token>")
def show(token: str) -> ResponseReturnValue:
    _check(token)
    return forms.show("welcome/show.html", token=token)


@bp.post("/welcome/<token>")
def create(token: str) -> ResponseReturnValue:
    _check(token)
    return forms.ask_again_if_wrong(_begin, "welcome/show.html", token=token)


def _begin() -> ResponseReturnValue:
    user = accounts.begin_site(
        db(),
        email=forms.text("email"),
        name=forms.text("name"),
        password=request.form.get("password", ""),
        team_name=forms.text("team"),
    )
    opened = accounts.open_session(
        db(), user, address=request.remote_addr or "", browser=request.user_agent.string
    )
    db().commit()
    auth.open_door(opened)
    flash("Welcome. These few steps bring your team to life.", "success")
    return redirect(url_for("home.show"))


def _check(token: str) -> None:
    expected = accounts.welcome_token(settings().secret_key.get_secret_value())
    right = hmac.compare_digest(token.encode(), expected.encode())
    if not right or not accounts.is_empty(db()):
        raise NotFound("This site has its first person already. Sign in, or ask for an invitation.")
