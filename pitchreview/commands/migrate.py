"""`pitchreview migrate`: brings database and bucket to what this version needs.

Any number of times, on any number of hosts at once. Servers that are still starting are waited for.
"""

import time
from collections.abc import Callable

from pitchreview import migrations
from pitchreview.commands import database, users
from pitchreview.config import Settings
from pitchreview.db import make_session_factory, transaction
from pitchreview.errors import StoreUnavailable
from pitchreview.store import ObjectStore

PATIENCE_SECONDS = 60
SILENT_SECONDS = 3  # after that it says for what it waits


def run(settings: Settings) -> None:
    _as_soon_as_it_answers("database", lambda: _prepare_database(settings))
    store = ObjectStore(settings)
    _as_soon_as_it_answers("object store", lambda: store.prepare_bucket(settings.cors_origins))


def _prepare_database(settings: Settings) -> None:
    with database.opened(settings) as engine:
        migrations.upgrade(engine)
        with transaction(make_session_factory(engine)) as session:
            users.create_first_operator(session, settings)


def _as_soon_as_it_answers(name: str, act: Callable[[], None]) -> None:
    """Every act here may be begun anew, so a server that goes away half-way is no harm."""
    started, told = time.monotonic(), False
    while True:
        try:
            return act()
        except (database.DatabaseAway, StoreUnavailable) as problem:
            waited = time.monotonic() - started
            if waited > PATIENCE_SECONDS:
                raise
            if waited > SILENT_SECONDS and not told:
                print(f"Waiting for the {name}: {problem}", flush=True)
                told = True
            time.sleep(0.1)
