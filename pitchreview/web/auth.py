"""Signing in with Flask-Login: the cookie holds a secret that names one revocable session row."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import flask_login
from flask import Flask, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, login_user, logout_user

from pitchreview.actions import accounts
from pitchreview.actions.accounts import OpenedSession
from pitchreview.models import User, UserSession
from pitchreview.web.context import db, wants_json

View = TypeVar("View", bound=Callable[..., Any])


def login_required(view: View) -> View:
    """Flask-Login's decorator, with the type of the view kept."""
    return cast(View, flask_login.login_required(view))


class SignedIn(UserMixin):  # type: ignore[misc]
    """Who is signed in, and by which of their sessions."""

    def __init__(self, user_session: UserSession, token: str) -> None:
        self.user: User = user_session.user
        self.user_session = user_session
        self._token = token

    def get_id(self) -> str:
        return self._token


def install(app: Flask) -> None:
    manager = LoginManager()
    # Our sessions are rows that can be revoked; binding them to an address would sign phones out.
    manager.session_protection = None
    manager.user_loader(_load)
    manager.unauthorized_handler(_ask_to_sign_in)
    # Templates know `viewer`; an error page must not ask the database who that is.
    manager.init_app(app, add_context_processor=False)


def open_door(opened: OpenedSession) -> None:
    """Give the browser its new cookie; nothing of the one it brought is kept."""
    session.clear()
    session.permanent = True
    login_user(SignedIn(opened.user_session, opened.token))


def close_door() -> None:
    logout_user()
    session.clear()


def _load(token: str) -> SignedIn | None:
    user_session = accounts.find_session(db(), token)
    if user_session is None:
        return None
    if accounts.note_seen(db(), user_session):
        db().commit()
    return SignedIn(user_session, token)


def _ask_to_sign_in() -> ResponseReturnValue:
    if wants_json():
        return {"error": {"message": "Please sign in again. What you typed is kept.", "field": None}}, 401
    if request.method == "GET":
        return redirect(url_for("sessions.new", next=_here()))
    flash("Please sign in first.", "info")
    return redirect(url_for("sessions.new"))


def _here() -> str | None:
    address = request.full_path.rstrip("?")
    return None if address == "/" else address


def safe_next(address: Any) -> str:
    """An address inside this site, else home: no other host can be reached through `next`.

    Werkzeug drops some control characters while it builds a Location, so they are refused first.
    """
    if not isinstance(address, str) or any(c < "!" or c == "\\" or c == "\x7f" for c in address):
        return url_for("home.show")
    if not address.startswith("/") or address.startswith("//"):
        return url_for("home.show")
    return address
