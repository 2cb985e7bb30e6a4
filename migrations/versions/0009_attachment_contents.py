"""The bytes of documents that are sent along with requests between bodies."""

import sqlalchemy as sa
from alembic import op


revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column(
        "mutual_attachment", sa.Column("received_at", sa.BigInteger(), nullable=True)
    )
    op.create_table(
        "mutual_attachment_content",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id", "id"],
            ["mutual_attachment.authority_id", "mutual_attachment.id"],
            name=op.f("fk_mutual_attachment_content_authority_id_id_mutual_attachment"),
        ),
        sa.PrimaryKeyConstraint(
            "authority_id", "id", name=op.f("pk_mutual_attachment_content")
        ),
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("mutual_attachment_content")
    op.drop_column("mutual_attachment", "received_at")
