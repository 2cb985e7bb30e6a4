"""Other installations, and the messages that go to them and come from them."""

import sqlalchemy as sa
from alembic import op


revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "peer",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("url", sa.String(length=300), nullable=False),
        sa.Column("anchors", sa.JSON(), nullable=False),
        sa.Column("tokens", sa.JSON(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("fresh_until", sa.BigInteger(), nullable=True),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=True),
        sa.Column("wanted_at", sa.BigInteger(), nullable=True),
        sa.Column("problem", sa.String(length=200), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_peer")),
    )
    op.create_index("ix_peer_url", "peer", ["url"], unique=True)
    op.create_table(
        "outgoing_message",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("peer", sa.String(length=20), nullable=False),
        sa.Column("recipient", sa.String(length=64), nullable=False),
        sa.Column("conversation", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=60), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("attachments", sa.JSON(), nullable=False),
        sa.Column("jti", sa.String(length=60), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("failing_since", sa.BigInteger(), nullable=True),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.Column("receipt", sa.Text(), nullable=True),
        sa.Column("code", sa.String(length=60), nullable=True),
        sa.Column("is_settled", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id"],
            ["authority.id"],
            name=op.f("fk_outgoing_message_authority_id_authority"),
        ),
        sa.ForeignKeyConstraint(
            ["peer"], ["peer.name"], name=op.f("fk_outgoing_message_peer_peer")
        ),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("pk_outgoing_message")),
        sa.UniqueConstraint(
            "authority_id",
            "recipient",
            "conversation",
            "sequence",
            name=op.f(
                "uq_outgoing_message_authority_id_recipient_conversation_sequence"
            ),
        ),
    )
    op.create_index("ix_outgoing_message_due", "outgoing_message", ["state", "due_at"])
    op.create_index(
        "ix_outgoing_message_conversation",
        "outgoing_message",
        ["authority_id", "conversation"],
    )
    op.create_table(
        "received_message",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("sender", sa.String(length=64), nullable=False),
        sa.Column("jti", sa.String(length=120), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.String(length=60), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=True),
        sa.Column("detail", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["authority_id"],
            ["authority.id"],
            name=op.f("fk_received_message_authority_id_authority"),
        ),
        sa.PrimaryKeyConstraint(
            "authority_id", "sender", "jti", name=op.f("pk_received_message")
        ),
    )
    op.create_index(
        "ix_received_message_id", "received_message", ["authority_id", "id"]
    )
    op.create_index(
        "ix_received_message_sequence",
        "received_message",
        ["authority_id", "sender", "conversation", "sequence"],
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("received_message")
    op.drop_table("outgoing_message")
    op.drop_table("peer")
