"""Requests between bodies, what an authority is, details of case events."""

import sqlalchemy as sa
from alembic import op


revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "subject_reference",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("applicant_id", sa.Uuid(), nullable=False),
        sa.Column("peer", sa.String(length=64), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id", "applicant_id"],
            ["applicant.authority_id", "applicant.id"],
            name=op.f("fk_subject_reference_authority_id_applicant_id_applicant"),
        ),
        sa.PrimaryKeyConstraint(
            "authority_id", "applicant_id", "peer", name=op.f("pk_subject_reference")
        ),
    )
    op.create_table(
        "mutual_request",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("side", sa.String(length=12), nullable=False),
        sa.Column("box", sa.String(length=3), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=30), nullable=False),
        sa.Column("asker", sa.String(length=64), nullable=False),
        sa.Column("answerer", sa.String(length=64), nullable=False),
        sa.Column("coordinator", sa.String(length=64), nullable=True),
        sa.Column("passed", sa.JSON(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("held_position", sa.Integer(), nullable=False),
        sa.Column("subject_ref", sa.String(length=40), nullable=True),
        sa.Column("about", sa.JSON(), nullable=True),
        sa.Column("question_set", sa.String(length=80), nullable=True),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("free_text", sa.JSON(), nullable=True),
        sa.Column("terms", sa.JSON(), nullable=True),
        sa.Column("asked_answer_by", sa.Date(), nullable=True),
        sa.Column("proposed_answer_by", sa.Date(), nullable=True),
        sa.Column("proposed_by", sa.String(length=12), nullable=False),
        sa.Column("agreed_answer_by", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("refer_on", sa.Date(), nullable=True),
        sa.Column("holds_clock", sa.String(length=30), nullable=False),
        sa.Column("parent", sa.Uuid(), nullable=True),
        sa.Column("family", sa.Uuid(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.Column("accepted_at", sa.BigInteger(), nullable=True),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answered_in_time", sa.Boolean(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id", "case_id"],
            ["recognition_request.authority_id", "recognition_request.id"],
            name=op.f("fk_mutual_request_authority_id_case_id_recognition_request"),
        ),
        sa.ForeignKeyConstraint(
            ["authority_id"],
            ["authority.id"],
            name=op.f("fk_mutual_request_authority_id_authority"),
        ),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("pk_mutual_request")),
    )
    with op.batch_alter_table("mutual_request", schema=None) as batch_op:
        batch_op.create_index(
            "ix_mutual_request_box", ["authority_id", "box", "id"], unique=False
        )
        batch_op.create_index(
            "ix_mutual_request_case", ["authority_id", "case_id"], unique=False
        )
        batch_op.create_index(
            "ix_mutual_request_due",
            ["authority_id", "box", "due_on", "id", "status", "kind"],
            unique=False,
        )
        batch_op.create_index(
            "ix_mutual_request_family", ["authority_id", "family"], unique=False
        )
        batch_op.create_index(
            "ix_mutual_request_kind",
            ["authority_id", "box", "kind", "id"],
            unique=False,
        )
        batch_op.create_index(
            "ix_mutual_request_kind_status",
            ["authority_id", "box", "kind", "status", "id"],
            unique=False,
        )
        batch_op.create_index("ix_mutual_request_refer", ["refer_on"], unique=False)
        batch_op.create_index(
            "ix_mutual_request_sent", ["authority_id", "box", "sent_at"], unique=False
        )
        batch_op.create_index(
            "ix_mutual_request_status",
            ["authority_id", "box", "status", "id"],
            unique=False,
        )

    op.create_table(
        "mutual_attachment",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(length=60), nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id", "request_id"],
            ["mutual_request.authority_id", "mutual_request.id"],
            name=op.f("fk_mutual_attachment_authority_id_request_id_mutual_request"),
        ),
        sa.PrimaryKeyConstraint(
            "authority_id", "id", name=op.f("pk_mutual_attachment")
        ),
        sa.UniqueConstraint(
            "authority_id",
            "request_id",
            "digest",
            name=op.f("uq_mutual_attachment_authority_id_request_id_digest"),
        ),
    )
    op.create_table(
        "mutual_event",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=True),
        sa.Column("event", sa.String(length=30), nullable=False),
        sa.Column("jti", sa.String(length=60), nullable=False),
        sa.Column("receipt", sa.String(length=20), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["authority_id", "request_id"],
            ["mutual_request.authority_id", "mutual_request.id"],
            name=op.f("fk_mutual_event_authority_id_request_id_mutual_request"),
        ),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("pk_mutual_event")),
        sa.UniqueConstraint(
            "authority_id",
            "request_id",
            "sequence",
            name=op.f("uq_mutual_event_authority_id_request_id_sequence"),
        ),
    )
    op.create_table(
        "mutual_list_act",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("decision", sa.JSON(), nullable=True),
        sa.Column("only_open", sa.Boolean(), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("ordered_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id", "request_id"],
            ["mutual_request.authority_id", "mutual_request.id"],
            name=op.f("fk_mutual_list_act_authority_id_request_id_mutual_request"),
        ),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("pk_mutual_list_act")),
    )
    op.create_table(
        "mutual_item",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("proposal", sa.JSON(), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("act_id", sa.Uuid(), nullable=True),
        sa.Column("problem", sa.JSON(), nullable=True),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["authority_id", "case_id"],
            ["recognition_request.authority_id", "recognition_request.id"],
            name=op.f("fk_mutual_item_authority_id_case_id_recognition_request"),
        ),
        sa.ForeignKeyConstraint(
            ["authority_id", "act_id"],
            ["mutual_list_act.authority_id", "mutual_list_act.id"],
            name=op.f("fk_mutual_item_authority_id_act_id_mutual_list_act"),
        ),
        sa.ForeignKeyConstraint(
            ["authority_id", "request_id"],
            ["mutual_request.authority_id", "mutual_request.id"],
            name=op.f("fk_mutual_item_authority_id_request_id_mutual_request"),
        ),
        sa.PrimaryKeyConstraint(
            "authority_id", "request_id", "position", name=op.f("pk_mutual_item")
        ),
    )
    with op.batch_alter_table("authority", schema=None) as batch_op:
        batch_op.add_column(sa.Column("functions", sa.JSON(), nullable=True))
    op.execute("UPDATE authority SET functions = '[\"competent_authority\"]'")
    with op.batch_alter_table("authority", schema=None) as batch_op:
        batch_op.alter_column("functions", existing_type=sa.JSON(), nullable=False)

    with op.batch_alter_table("case_event", schema=None) as batch_op:
        batch_op.add_column(sa.Column("details", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("case_event", schema=None) as batch_op:
        batch_op.drop_column("details")

    with op.batch_alter_table("authority", schema=None) as batch_op:
        batch_op.drop_column("functions")

    op.drop_table("mutual_item")
    op.drop_table("mutual_list_act")
    op.drop_table("mutual_event")
    op.drop_table("mutual_attachment")
    with op.batch_alter_table("mutual_request", schema=None) as batch_op:
        batch_op.drop_index("ix_mutual_request_status")
        batch_op.drop_index("ix_mutual_request_sent")
        batch_op.drop_index("ix_mutual_request_refer")
        batch_op.drop_index("ix_mutual_request_kind_status")
        batch_op.drop_index("ix_mutual_request_kind")
        batch_op.drop_index("ix_mutual_request_family")
        batch_op.drop_index("ix_mutual_request_due")
        batch_op.drop_index("ix_mutual_request_case")
        batch_op.drop_index("ix_mutual_request_box")

    op.drop_table("mutual_request")
    op.drop_table("subject_reference")
