"""Agreements on equivalent titles between authorities."""

import sqlalchemy as sa
from alembic import op


revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "negotiated_agreement",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parties", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=60), nullable=False),
        sa.Column("signatures", sa.JSON(), nullable=False),
        sa.Column("proposed_at", sa.BigInteger(), nullable=False),
        sa.Column("in_force_from", sa.Date(), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=64), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id"],
            ["authority.id"],
            name=op.f("fk_negotiated_agreement_authority_id_authority"),
        ),
        sa.PrimaryKeyConstraint(
            "authority_id", "id", name=op.f("pk_negotiated_agreement")
        ),
    )
    op.create_index(
        "ix_negotiated_agreement_state",
        "negotiated_agreement",
        ["authority_id", "state", "id"],
    )
    op.create_table(
        "agreement_revision",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=60), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id", "agreement_id"],
            ["negotiated_agreement.authority_id", "negotiated_agreement.id"],
            name=op.f(
                "fk_agreement_revision_authority_id_agreement_id_negotiated_agreement"
            ),
        ),
        sa.PrimaryKeyConstraint(
            "authority_id",
            "agreement_id",
            "revision",
            name=op.f("pk_agreement_revision"),
        ),
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("agreement_revision")
    op.drop_table("negotiated_agreement")
