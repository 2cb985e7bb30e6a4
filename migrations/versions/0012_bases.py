"""What each attestation rests on."""

import sqlalchemy as sa
from alembic import op


revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column(
        "attestation",
        sa.Column("base_authority", sa.String(length=64), nullable=True),
    )
    op.add_column("attestation", sa.Column("base_id", sa.Uuid(), nullable=True))
    op.create_index("ix_attestation_base", "attestation", ["base_authority", "base_id"])


def downgrade() -> None:
    """Undo."""
    op.drop_index("ix_attestation_base", table_name="attestation")
    op.drop_column("attestation", "base_id")
    op.drop_column("attestation", "base_authority")
