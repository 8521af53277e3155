"""Several sources of one recording, put together in a layout; stretches of another recording

Revision: 0004, after 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

STEP_NAMES = ("compose", "check", "open", "encode")
RENDITION_KINDS = ("footage", "copy", "rung", "audio", "poster", "storyboard", "waveform")
LAYOUTS = ("corner", "corner_left", "side_by_side", "screen", "camera")


def upgrade() -> None:
    _allow("steps", "name", "stepname", STEP_NAMES)
    _allow("renditions", "kind", "renditionkind", RENDITION_KINDS)
    layout = sa.Enum(*LAYOUTS, name="layout", native_enum=False, create_constraint=False, length=None)
    # The default is for older web processes, which may still run and know nothing of the column.
    op.add_column("recordings", sa.Column("layout", layout, server_default="corner", nullable=False))
    listed = ", ".join(f"'{word}'" for word in LAYOUTS)
    op.create_check_constraint(op.f("ck_recordings_layout"), "recordings", f"layout IN ({listed})")
    op.add_column("recordings", sa.Column("cut_of_id", sa.Uuid(), nullable=True))
    op.add_column("recordings", sa.Column("cut_from_ms", sa.Integer(), nullable=True))
    op.add_column("recordings", sa.Column("cut_until_ms", sa.Integer(), nullable=True))
    op.create_foreign_key(
        op.f("fk_recordings_cut_of_id_recordings"),
        "recordings",
        "recordings",
        ["cut_of_id"],
        ["id"],
        ondelete="SET NULL",
    )
    op.create_index(op.f("ix_recordings_cut_of_id"), "recordings", ["cut_of_id"], unique=False)
    op.create_unique_constraint(
        op.f("uq_sources_recording_id_role_sequence"), "sources", ["recording_id", "role", "sequence"]
    )


def _allow(table: str, column: str, kind: str, words: tuple[str, ...]) -> None:
    """Replace the check of an enum column by one that knows more words."""
    op.drop_constraint(op.f(f"ck_{table}_{kind}"), table, type_="check")
    listed = ", ".join(f"'{word}'" for word in words)
    op.create_check_constraint(op.f(f"ck_{table}_{kind}"), table, f"{column} IN ({listed})")
