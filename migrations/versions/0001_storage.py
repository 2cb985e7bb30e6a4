"""Storage: audit, outbox, idempotency, numbers, settings."""

import sqlalchemy as sa
from alembic import op


revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "audit_checkpoint",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("chain_digest", sa.String(length=60), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(
            "authority_id", "position", name=op.f("pk_audit_checkpoint")
        ),
    )
    op.create_table(
        "audit_entry",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("action", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("pk_audit_entry")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index("ix_audit_entry_action", ["action"], unique=False)

    op.create_table(
        "idempotent_request",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("fingerprint", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("status_code", sa.Integer(), nullable=True),
        sa.Column("headers", sa.JSON(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint(
            "authority_id", "key", name=op.f("pk_idempotent_request")
        ),
    )
    with op.batch_alter_table("idempotent_request", schema=None) as batch_op:
        batch_op.create_index(
            "ix_idempotent_request_expires_at", ["expires_at"], unique=False
        )

    op.create_table(
        "number_series",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("series", sa.String(length=40), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "authority_id", "series", name=op.f("pk_number_series")
        ),
    )
    op.create_table(
        "outbox_message",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("pk_outbox_message")),
    )
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.create_index(
            "ix_outbox_message_due", ["status", "due_at"], unique=False
        )

    op.create_table(
        "setting",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_setting")),
    )
    op.create_table(
        "audit_pending",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id", "id"],
            ["audit_entry.authority_id", "audit_entry.id"],
            name=op.f("fk_audit_pending_authority_id_id_audit_entry"),
        ),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("pk_audit_pending")),
    )
    op.create_table(
        "audit_seal",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("chain_digest", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id", "entry_id"],
            ["audit_entry.authority_id", "audit_entry.id"],
            name=op.f("fk_audit_seal_authority_id_entry_id_audit_entry"),
        ),
        sa.PrimaryKeyConstraint("authority_id", "position", name=op.f("pk_audit_seal")),
    )
    with op.batch_alter_table("audit_seal", schema=None) as batch_op:
        batch_op.create_index(
            "ix_audit_seal_entry", ["authority_id", "entry_id"], unique=True
        )


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("audit_seal", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_seal_entry")

    op.drop_table("audit_seal")
    op.drop_table("audit_pending")
    op.drop_table("setting")
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_message_due")

    op.drop_table("outbox_message")
    op.drop_table("number_series")
    with op.batch_alter_table("idempotent_request", schema=None) as batch_op:
        batch_op.drop_index("ix_idempotent_request_expires_at")

    op.drop_table("idempotent_request")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_entry_action")

    op.drop_table("audit_entry")
    op.drop_table("audit_checkpoint")
