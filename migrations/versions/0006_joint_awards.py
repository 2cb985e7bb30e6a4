"""Joint awards: the part of each body, held until all have signed."""

import sqlalchemy as sa
from alembic import op


revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "joint_award",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=128), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("required", sa.JSON(), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False),
        sa.Column("attestation_id", sa.Uuid(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id"],
            ["authority.id"],
            name=op.f("fk_joint_award_authority_id_authority"),
        ),
        sa.ForeignKeyConstraint(
            ["authority_id", "attestation_id"],
            ["attestation.authority_id", "attestation.id"],
            name=op.f("fk_joint_award_authority_id_attestation"),
        ),
        sa.PrimaryKeyConstraint(
            "authority_id", "group_id", name=op.f("pk_joint_award")
        ),
    )
    with op.batch_alter_table("joint_award", schema=None) as batch_op:
        batch_op.create_index(
            "ix_joint_award_attestation",
            ["authority_id", "attestation_id"],
            unique=False,
        )
        batch_op.create_index("ix_joint_award_group", ["group_id"], unique=False)
        batch_op.create_index(
            "ix_joint_award_state", ["state", "expires_on"], unique=False
        )


def downgrade() -> None:
    """Take back."""
    op.drop_table("joint_award")
