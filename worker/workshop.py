"""What every task is given: settings, database, object store, media tools, and the wish to stop."""

import threading
from dataclasses import dataclass, field

from sqlalchemy.orm import Session, sessionmaker

from pitchreview.config import Settings
from pitchreview.db import make_engine, make_session_factory
from pitchreview.store import ObjectStore
from worker.bench import Bench
from worker.media.tools import Tools, find_tools

# Large objects take their time; the web's ten seconds are not for us.
STORE_TIMEOUT_SECONDS = 60


@dataclass(frozen=True)
class Workshop:
    settings: Settings
    sessions: sessionmaker[Session]
    store: ObjectStore
    tools: Tools
    bench: Bench
    # Set when the process is told to stop: whatever runs ends within seconds and goes back.
    stopping: threading.Event = field(default_factory=threading.Event)


def open_workshop(settings: Settings) -> Workshop:
    """Raises `ToolsMissing` when this machine cannot work on media safely."""
    return Workshop(
        settings=settings,
        sessions=make_session_factory(make_engine(settings.sqlalchemy_url, pool_size=5)),
        store=ObjectStore(settings, timeout_seconds=STORE_TIMEOUT_SECONDS),
        tools=find_tools(settings),
        bench=Bench(settings.work_dir),
    )
