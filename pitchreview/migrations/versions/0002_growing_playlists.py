"""Growing playlists, waveforms, cancelled steps, one rendition made anew

Revision: 0002, after 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

STEP_NAMES = ("check", "open", "encode")
STEP_STATES = ("waiting", "running", "done", "failed", "cancelled")
RENDITION_KINDS = ("copy", "rung", "audio", "poster", "storyboard", "waveform")


def upgrade() -> None:
    _allow("steps", "name", "stepname", STEP_NAMES)
    _allow("steps", "state", "stepstate", STEP_STATES)
    _allow("renditions", "kind", "renditionkind", RENDITION_KINDS)
    op.add_column("steps", sa.Column("only", sa.Text(), nullable=True))
    op.create_table(
        "live_segments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recording_id", sa.Uuid(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("object_key", sa.Text(), nullable=False),
        sa.Column("duration_ms", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["recording_id"],
            ["recordings.id"],
            name=op.f("fk_live_segments_recording_id_recordings"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_live_segments")),
        sa.UniqueConstraint("object_key", name=op.f("uq_live_segments_object_key")),
        sa.UniqueConstraint(
            "recording_id",
            "attempt",
            "sequence",
            name=op.f("uq_live_segments_recording_id_attempt_sequence"),
        ),
    )


def _allow(table: str, column: str, kind: str, words: tuple[str, ...]) -> None:
    """Replace the check of an enum column by one that knows more words."""
    op.drop_constraint(op.f(f"ck_{table}_{kind}"), table, type_="check")
    listed = ", ".join(f"'{word}'" for word in words)
    op.create_check_constraint(op.f(f"ck_{table}_{kind}"), table, f"{column} IN ({listed})")
