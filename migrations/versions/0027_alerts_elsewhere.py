"""Alerts that other installations tell, and messages that are never given up."""

import sqlalchemy as sa
from alembic import op


revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "alert_elsewhere",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("destinations", sa.JSON(), nullable=False),
        sa.Column("family_name", sa.Text(), nullable=False),
        sa.Column("given_name", sa.Text(), nullable=True),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("birth_place", sa.Text(), nullable=True),
        sa.Column("profession", sa.String(length=80), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("is_court", sa.Boolean(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=True),
        sa.Column("applies_from", sa.Date(), nullable=True),
        sa.Column("applies_until", sa.Date(), nullable=True),
        sa.Column("appeal", sa.JSON(), nullable=True),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id"],
            ["authority.id"],
            name=op.f("fk_alert_elsewhere_authority_id_authority"),
        ),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("pk_alert_elsewhere")),
    )
    op.create_index("ix_alert_elsewhere_id", "alert_elsewhere", ["id"])
    op.create_table(
        "ended_alert_elsewhere",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id"],
            ["authority.id"],
            name=op.f("fk_ended_alert_elsewhere_authority_id_authority"),
        ),
        sa.PrimaryKeyConstraint(
            "authority_id", "id", name=op.f("pk_ended_alert_elsewhere")
        ),
    )
    op.add_column("alert", sa.Column("over_told_at", sa.BigInteger(), nullable=True))
    op.add_column(
        "outgoing_message",
        sa.Column(
            "is_lasting", sa.Boolean(), nullable=False, server_default=sa.false()
        ),
    )


def downgrade() -> None:
    """Undo; alerts of other installations are lost."""
    op.drop_column("outgoing_message", "is_lasting")
    op.drop_column("alert", "over_told_at")
    op.drop_table("ended_alert_elsewhere")
    op.drop_index("ix_alert_elsewhere_id", table_name="alert_elsewhere")
    op.drop_table("alert_elsewhere")
