"""Is the process alive, and can it do its work?"""

import hmac

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from pitchreview import queue
from pitchreview.web.context import db, settings, store

bp = Blueprint("health", __name__)

# A worker says that it is alive every few seconds; after this it counts as gone.
SILENT_WORKER_SECONDS = 60


@bp.get("/healthz")
def healthz() -> ResponseReturnValue:
    """This process answers."""
    return {"ok": True}


@bp.get("/readyz")
def readyz() -> ResponseReturnValue:
    """Database, object store, and how the queue does. Figures only for those who hold the token."""
    figures = _queue_figures()
    parts = {
        "database": figures is not None,
        "object_store": store().is_up(),
        "worker": bool(figures and figures["worker_silent_seconds"] < SILENT_WORKER_SECONDS),
    }
    ok = parts["database"] and parts["object_store"]
    answer: dict[str, object] = {"ok": ok, **parts}
    if _holds_token() and figures:
        answer |= figures
    return answer, 200 if ok else 503


def _queue_figures() -> dict[str, float] | None:
    try:
        db().execute(text("SELECT 1"))
        age = queue.oldest_waiting_seconds(db())
        silent = queue.seconds_since_heartbeat(db())
        db().commit()
    except SQLAlchemyError:
        db().rollback()
        return None
    return {
        "queue_age_seconds": round(age, 1),
        "worker_silent_seconds": round(silent, 1) if silent is not None else float("inf"),
    }


def _holds_token() -> bool:
    """No token is set: figures are shown on this machine only."""
    token = settings().metrics_token.get_secret_value()
    if not token:
        return request.remote_addr in ("127.0.0.1", "::1")
    return hmac.compare_digest(request.headers.get("Authorization", ""), f"Bearer {token}")
