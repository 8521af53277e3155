"""Files that still grow while they are sent

Revision: 0003, after 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The default is for older web processes, which may still run and know nothing of the column.
    op.add_column("sources", sa.Column("is_open", sa.Boolean(), server_default=sa.false(), nullable=False))
