"""Fees that authorities state themselves, and what acts were told to have led to."""

import sqlalchemy as sa
from alembic import op


revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "fee_list",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("fees", sa.JSON(), nullable=False),
        sa.Column("proposed_by", sa.String(length=120), nullable=False),
        sa.Column("proposed_at", sa.BigInteger(), nullable=False),
        sa.Column("approved_by", sa.String(length=120), nullable=True),
        sa.Column("approved_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["authority_id"],
            ["authority.id"],
            name=op.f("fk_fee_list_authority_id_authority"),
        ),
        sa.PrimaryKeyConstraint("authority_id", "version", name=op.f("pk_fee_list")),
    )
    op.create_table(
        "act_effect",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("act", sa.String(length=60), nullable=False),
        sa.Column("effect", sa.String(length=40), nullable=False),
        sa.Column("told", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id"],
            ["authority.id"],
            name=op.f("fk_act_effect_authority_id_authority"),
        ),
        sa.PrimaryKeyConstraint(
            "authority_id", "act", "effect", name=op.f("pk_act_effect")
        ),
    )


def downgrade() -> None:
    """Undo; all lists are lost."""
    op.drop_table("act_effect")
    op.drop_table("fee_list")
