"""Errors become answers, here only: a page for people, JSON for our own scripts."""

import logging

from flask import Flask, Response, g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from jinja2 import TemplateNotFound
from sqlalchemy.exc import DataError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, SecurityError

from pitchreview import errors
from pitchreview.web.context import db, wants_json

log = logging.getLogger(__name__)

STATUS = {
    errors.InvalidInput: 400,
    errors.NotAllowed: 403,
    errors.NotFound: 404,
    errors.ObjectMissing: 404,
    errors.InvalidState: 409,
    errors.TooLarge: 413,
    errors.TooMany: 429,
    errors.StoreUnavailable: 503,
}
DATABASE_AWAY = "The database does not answer. What is saved is safe; please try again in a minute."
OVERTAKEN = "Somebody did the same thing at the same moment. Load the page again and look."
BUSY_SECONDS = 10

# Said when nothing better is known; the pages have their own longer words.
PLAIN = {
    400: "That request does not fit. Go back, load the page again and repeat what you did.",
    403: "You can see this, but it is not yours to change.",
    404: "This page does not exist, or it is not for you.",
    405: "That cannot be done here.",
    413: "That is too large.",
    415: "That kind of content is not understood here.",
    429: "That was a lot in a short time. Please wait a moment.",
    500: "Something went wrong on our side. What you saved before is safe.",
}


def install(app: Flask) -> None:
    app.register_error_handler(errors.PitchReviewError, _ours)
    app.register_error_handler(CSRFError, _stale_page)
    app.register_error_handler(SecurityError, _foreign_host)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(DataError, _unkeepable)
    app.register_error_handler(UnicodeEncodeError, _unkeepable)
    app.register_error_handler(IntegrityError, _overtaken)
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(InterfaceError, _database)
    app.register_error_handler(PoolTimeout, _database)
    app.register_error_handler(Exception, _unforeseen)


def _ours(error: errors.PitchReviewError) -> ResponseReturnValue:
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 500)
    db().rollback()
    field = error.field if isinstance(error, errors.InvalidInput) else None
    response = _answer(status, error.message, field)
    if isinstance(error, errors.TooMany):
        log.warning("slowed down: %s %s", request.method, request.path)
        response.headers["Retry-After"] = str(error.retry_after_seconds)
    return response


def _stale_page(_error: CSRFError) -> ResponseReturnValue:
    return _answer(400, "This page was open for too long. Load it again and repeat what you did.")


def _foreign_host(_error: SecurityError) -> ResponseReturnValue:
    """Somebody asked for another site; without a name of ours no page can be drawn."""
    return "This site does not answer to that name.\n", 400, {"Content-Type": "text/plain; charset=utf-8"}


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is not None and 300 <= error.code < 400:
        return error.get_response()
    code = error.code or 500
    response = _answer(code, PLAIN.get(code, error.name))
    if allowed := getattr(error, "valid_methods", None):
        response.headers["Allow"] = ", ".join(sorted(allowed))
    return response


def _unkeepable(error: Exception) -> ResponseReturnValue:
    """What no column can hold: a NUL in a text, half a character, a number beyond all use."""
    log.info("the database cannot keep this: %s", error)
    db().rollback()
    return _answer(400, PLAIN[400])


def _overtaken(error: IntegrityError) -> ResponseReturnValue:
    """Rules that the database keeps against two requests at once: one won, this is the other."""
    log.warning("overtaken: %s", error)
    db().rollback()
    return _answer(409, OVERTAKEN)


def _database(error: Exception) -> ResponseReturnValue:
    log.error("database: %s", error)
    g.without_database = True
    response = _answer(503, DATABASE_AWAY)
    response.headers["Retry-After"] = str(BUSY_SECONDS)
    return response


def _unforeseen(error: Exception) -> ResponseReturnValue:
    g.without_database = True
    log.exception("unforeseen error in %s %s", request.method, request.path, exc_info=error)
    return _answer(500, PLAIN[500])


def _answer(status: int, message: str, field: str | None = None) -> Response:
    if wants_json():
        return make_response({"error": {"message": message, "field": field}}, status)
    try:
        page = render_template(f"errors/{status}.html", message=message)
    except TemplateNotFound:
        page = render_template("errors/400.html", message=message)
    return make_response(page, status)
