"""Schema changes: Alembic for our tables, and the queue's own schema as a versioned step beside it.

Migrations never import models. They run under an advisory lock, so that several processes that
start together apply each change once.
"""

from importlib.resources import files
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

# Any number will do, as long as it stays the same.
_LOCK = 718_281_828


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database to `revision`; waits while another process does the same."""
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
        connection.commit()
        try:
            command.upgrade(_config(connection), revision)
            connection.commit()
            _upgrade_queue(connection)
            connection.commit()
        finally:
            connection.rollback()
            connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _LOCK})
            connection.commit()


def is_current(engine: Engine) -> bool:
    """Has every change that this version knows been applied?"""
    with engine.connect() as connection:
        applied = set(MigrationContext.configure(connection).get_current_heads())
        return applied == set(_scripts().get_heads())


def revisions() -> list[str]:
    """All revisions, oldest first."""
    return [script.revision for script in reversed(list(_scripts().walk_revisions()))]


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    return ScriptDirectory.from_config(config)


def _upgrade_queue(connection: Connection) -> None:
    """Create the queue's schema, or apply those of its migrations that came since.

    Its migration files are named by the version that needs them, such as `03.04.00_01_pre_….sql`.
    """
    connection.execute(text("CREATE TABLE IF NOT EXISTS queue_schema (version text PRIMARY KEY)"))
    applied = set(connection.scalars(text("SELECT version FROM queue_schema")))
    sql = files("procrastinate") / "sql"
    known = sorted(file.name for file in (sql / "migrations").iterdir() if file.name.endswith(".sql"))
    if not applied:
        _execute(connection, (sql / "schema.sql").read_text(encoding="utf-8"))
        pending = known
    else:
        pending = [name for name in known if name not in applied]
        for name in pending:
            _execute(connection, (sql / "migrations" / name).read_text(encoding="utf-8"))
    for name in pending:
        connection.execute(text("INSERT INTO queue_schema (version) VALUES (:v)"), {"v": name})


def _execute(connection: Connection, script: str) -> None:
    """Run a script as it stands: its percent signs and colons are no parameters."""
    connection.connection.cursor().execute(script)  # no parameters: psycopg leaves it alone
