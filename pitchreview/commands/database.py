"""The database for one command: opened, closed again, and a sentence when it is away."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from pitchreview.config import Settings
from pitchreview.db import make_engine
from pitchreview.errors import PitchReviewError


class DatabaseAway(PitchReviewError):
    """The database does not answer; the message has its reason."""


@contextmanager
def opened(settings: Settings) -> Iterator[Engine]:
    engine = make_engine(settings.sqlalchemy_url, pool_size=1)
    try:
        yield engine
    except OperationalError as error:
        raise DatabaseAway(f"The database does not answer: {_reason(error)}") from error
    finally:
        engine.dispose()


def _reason(error: OperationalError) -> str:
    """Its first line, which names host and port and never the password."""
    return str(error.orig).partition("\n")[0]
