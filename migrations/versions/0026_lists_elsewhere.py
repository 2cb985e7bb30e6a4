"""Status lists of other installations."""

import sqlalchemy as sa
from alembic import op


revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "status_list_elsewhere",
        sa.Column("uri", sa.String(length=500), nullable=False),
        sa.Column("peer", sa.String(length=20), nullable=False),
        sa.Column("issuer", sa.String(length=400), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        sa.Column("fetched_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["peer"], ["peer.name"], name=op.f("fk_status_list_elsewhere_peer_peer")
        ),
        sa.PrimaryKeyConstraint("uri", name=op.f("pk_status_list_elsewhere")),
    )


def downgrade() -> None:
    """Undo; they are fetched again."""
    op.drop_table("status_list_elsewhere")
