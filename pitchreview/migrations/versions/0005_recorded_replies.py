"""Recordings with an owner of their own, and comments that carry one

Revision: 0005, after 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("recordings", sa.Column("recorded_by_id", sa.Uuid(), nullable=True))
    op.execute(
        "UPDATE recordings SET recorded_by_id = takes.uploaded_by_id"
        " FROM takes WHERE takes.recording_id = recordings.id"
    )
    op.create_foreign_key(
        op.f("fk_recordings_recorded_by_id_users"),
        "recordings",
        "users",
        ["recorded_by_id"],
        ["id"],
        ondelete="SET NULL",
    )
    op.create_index(op.f("ix_recordings_recorded_by_id"), "recordings", ["recorded_by_id"], unique=False)
    op.add_column(
        "recordings", sa.Column("is_reply", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.add_column("comments", sa.Column("recording_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_comments_recording_id_recordings"),
        "comments",
        "recordings",
        ["recording_id"],
        ["id"],
        ondelete="SET NULL",
    )
    op.create_unique_constraint(op.f("uq_comments_recording_id"), "comments", ["recording_id"])
