"""What trainings have shown for cases."""

import sqlalchemy as sa
from alembic import op


revision = "0023"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "case_training",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("source_authority", sa.String(length=64), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_by", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id", "request_id"],
            ["recognition_request.authority_id", "recognition_request.id"],
            name=op.f("fk_case_training_authority_id_request_id_recognition_request"),
        ),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("pk_case_training")),
        sa.UniqueConstraint(
            "authority_id",
            "request_id",
            name=op.f("uq_case_training_authority_id_request_id"),
        ),
    )
    op.create_index(
        "ix_case_training_source", "case_training", ["source_authority", "source_id"]
    )


def downgrade() -> None:
    """Undo; what trainings have shown is lost."""
    op.drop_index("ix_case_training_source", table_name="case_training")
    op.drop_table("case_training")
