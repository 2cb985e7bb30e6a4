"""What each key of the operator is for."""

import sqlalchemy as sa
from alembic import op


revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column(
        "trust_key",
        sa.Column(
            "purpose", sa.String(length=20), nullable=False, server_default="trust"
        ),
    )


def downgrade() -> None:
    """Undo."""
    op.execute("DELETE FROM trust_key WHERE purpose <> 'trust'")
    op.drop_column("trust_key", "purpose")
