"""Alembic's entry: runs on the connection that `pitchreview.migrations.upgrade` holds."""

from alembic import context

import pitchreview.models  # noqa: F401  (fills the metadata, for autogenerate)
from pitchreview.db import Base


def is_ours(_object: object, name: str | None, kind: str, _reflected: bool, _compare_to: object) -> bool:
    """The queue's tables have their own versions beside ours."""
    return not (kind == "table" and (name or "").startswith(("procrastinate_", "queue_schema")))


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    include_object=is_ours,
    compare_type=True,
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()
