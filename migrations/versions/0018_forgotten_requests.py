"""When a closed request to another body lost what it said."""

import sqlalchemy as sa
from alembic import op


revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column(
        "mutual_request", sa.Column("forgotten_at", sa.BigInteger(), nullable=True)
    )


def downgrade() -> None:
    """Undo."""
    op.drop_column("mutual_request", "forgotten_at")
