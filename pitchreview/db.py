"""The database: declarative base, engine, session factory, clock, and the live channel.

Rooms are handed a session and never commit; doors commit.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID, uuid4

from sqlalchemy import DateTime, Engine, MetaData, Text, create_engine, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column, sessionmaker

LIVE_CHANNEL = "pitchreview_live"


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    # Text without length limits, instants aware and UTC, data as JSONB: decided once, here.
    type_annotation_map = {str: Text(), datetime: DateTime(timezone=True), dict[str, Any]: JSONB()}


def now() -> datetime:
    """The clock of the house: aware UTC."""
    return datetime.now(UTC)


Key = Annotated[UUID, mapped_column(primary_key=True, default=uuid4)]
CreatedAt = Annotated[datetime, mapped_column(default=lambda: now())]


def make_engine(url: str, *, pool_size: int = 10, echo: bool = False) -> Engine:
    """An engine whose connections are checked before use, so that a restarted database is no error."""
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=20,
        pool_pre_ping=True,
        pool_timeout=10,
        echo=echo,
        connect_args={"connect_timeout": 5, "application_name": "pitchreview"},
    )


def make_session_factory(engine: Engine) -> sessionmaker[Session]:
    return sessionmaker(engine, expire_on_commit=False)


@contextmanager
def transaction(factory: sessionmaker[Session]) -> Iterator[Session]:
    """A short transaction for doors without requests: commits at the end, rolls back on error."""
    with factory() as session, session.begin():
        yield session


def announce(session: Session, topic: str, what: str = "changed") -> None:
    """Tell open pages, when this transaction commits, that something about `topic` changed.

    The message carries no content: a page that hears it asks again, and is asked for its rights again.
    """
    session.execute(
        text("SELECT pg_notify(:channel, :payload)"),
        {"channel": LIVE_CHANNEL, "payload": json.dumps({"topic": topic, "what": what})},
    )
