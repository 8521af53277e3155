"""Slow down, please: counts per key and window, in the database because there are several web processes."""

import hashlib
from datetime import timedelta

from sqlalchemy import delete, func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.errors import TooMany
from pitchreview.models import Rate


def count(session: Session, key: str, *, most: int, seconds: int) -> None:
    """Count one try of `key`; raises `TooMany` when there were more than `most` in this window."""
    key = _short(key)
    instant = db.now().timestamp()
    starts_at = db.now() - timedelta(seconds=instant % seconds)
    starts_at = starts_at.replace(microsecond=0)
    tried = session.scalar(
        insert(Rate)
        .values(key=key, window_starts_at=starts_at, count=1)
        .on_conflict_do_update(
            index_elements=[Rate.key, Rate.window_starts_at], set_={"count": Rate.count + 1}
        )
        .returning(Rate.count)
    )
    if (tried or 0) > most:
        wait = max(1, round(seconds - instant % seconds))
        raise TooMany("That was a lot in a short time. Please wait a moment.", retry_after_seconds=wait)


def forget(session: Session, key: str) -> None:
    """Start again at zero, after a success."""
    session.execute(delete(Rate).where(Rate.key == _short(key)))


def sweep(session: Session) -> None:
    """Drop windows that are over."""
    session.execute(delete(Rate).where(Rate.window_starts_at < func.now() - timedelta(days=1)))


def _short(key: str) -> str:
    """A key may hold what somebody typed, and an index takes no more than 2,700 bytes of it."""
    return key if len(key) <= 300 else hashlib.sha256(key.encode()).hexdigest()
