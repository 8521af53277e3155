"""Is the process alive, and can it do its work?"""

import hmac

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from pitchreview import queue
from pitchreview.web.context import db, settings, store

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def healthz() -> ResponseReturnValue:
    """This process answers."""
    return {"ok": True}


@bp.get("/readyz")
def readyz() -> ResponseReturnValue:
    """Database, object store, and how the queue does. Figures only for those who hold the token.

    Without a worker pages still work and uploads wait, so that alone does not take this process out.
    """
    figures = _queue_figures()
    parts = {
        "database": figures is not None,
        "object_store": store().is_up(),
        "worker": figures is not None and _is_alive(figures["worker_silent_seconds"]),
    }
    ok = parts["database"] and parts["object_store"]
    answer: dict[str, object] = {"ok": ok, **parts}
    if _holds_token() and figures:
        answer |= figures
    return answer, 200 if ok else 503


def _queue_figures() -> dict[str, float | None] | None:
    """In seconds; no silence where no worker has ever been seen. None when the database does not answer."""
    try:
        age = queue.oldest_waiting_seconds(db())
        silent = queue.seconds_since_heartbeat(db())
        db().commit()  # the connection is not held while the store is asked
    except SQLAlchemyError:
        db().rollback()
        return None
    return {
        "queue_age_seconds": round(age, 1),
        "worker_silent_seconds": None if silent is None else round(silent, 1),
    }


def _is_alive(silent_seconds: float | None) -> bool:
    return silent_seconds is not None and silent_seconds < queue.SILENT_WORKER_SECONDS


def _holds_token() -> bool:
    """No token is set: figures are shown on this machine only."""
    token = settings().metrics_token.get_secret_value()
    if not token:
        return request.remote_addr in ("127.0.0.1", "::1")
    given = request.headers.get("Authorization", "")
    return hmac.compare_digest(given.encode(), f"Bearer {token}".encode())
