"""Casework: attestations and their copies, requests, decisions, claims."""

import sqlalchemy as sa
from alembic import op


revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "claim_session",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("pk_claim_session")),
    )
    with op.batch_alter_table("claim_session", schema=None) as batch_op:
        batch_op.create_index("ix_claim_session_digest", ["digest"], unique=True)

    op.create_table(
        "claim_tries",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_claim_tries")),
    )
    op.create_table(
        "applicant",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("family_name", sa.Text(), nullable=False),
        sa.Column("given_name", sa.Text(), nullable=True),
        sa.Column("other_names", sa.JSON(), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("birth_place", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id"],
            ["authority.id"],
            name=op.f("fk_applicant_authority_id_authority"),
        ),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("pk_applicant")),
    )
    op.create_table(
        "attestation",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.Column("decision_digest", sa.String(length=60), nullable=False),
        sa.Column("mandate", sa.Text(), nullable=False),
        sa.Column("validity_from", sa.Date(), nullable=False),
        sa.Column("validity_until", sa.Date(), nullable=True),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("status_reason", sa.String(length=40), nullable=True),
        sa.Column("status_since", sa.BigInteger(), nullable=False),
        sa.Column("supersedes", sa.Uuid(), nullable=True),
        sa.Column("superseded_by", sa.Uuid(), nullable=True),
        sa.Column("reserved_at", sa.BigInteger(), nullable=False),
        sa.Column("issued_at", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id"],
            ["authority.id"],
            name=op.f("fk_attestation_authority_id_authority"),
        ),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("pk_attestation")),
        sa.UniqueConstraint(
            "authority_id",
            "decision_id",
            name=op.f("uq_attestation_authority_id_decision_id"),
        ),
        sa.UniqueConstraint(
            "authority_id", "number", name=op.f("uq_attestation_authority_id_number")
        ),
    )
    op.create_table(
        "status_list",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("wanted_version", sa.BigInteger(), nullable=False),
        sa.Column("published_version", sa.BigInteger(), nullable=False),
        sa.Column("token", sa.Text(), nullable=True),
        sa.Column("published_at", sa.BigInteger(), nullable=True),
        sa.Column("paused_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["authority_id"],
            ["authority.id"],
            name=op.f("fk_status_list_authority_id_authority"),
        ),
        sa.PrimaryKeyConstraint("authority_id", "number", name=op.f("pk_status_list")),
    )
    op.create_table(
        "applicant_background",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sex", sa.String(length=20), nullable=True),
        sa.Column("beneficiary_basis", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id", "id"],
            ["applicant.authority_id", "applicant.id"],
            name=op.f("fk_applicant_background_authority_id_id_applicant"),
        ),
        sa.PrimaryKeyConstraint(
            "authority_id", "id", name=op.f("pk_applicant_background")
        ),
    )
    op.create_table(
        "copy",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("attestation_id", sa.Uuid(), nullable=False),
        sa.Column("format", sa.String(length=20), nullable=False),
        sa.Column("jti", sa.String(length=60), nullable=False),
        sa.Column("list_number", sa.Integer(), nullable=False),
        sa.Column("status_index", sa.Integer(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("payload_digest", sa.String(length=60), nullable=False),
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("algorithm", sa.String(length=10), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=True),
        sa.Column("holder_thumbprint", sa.String(length=60), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reserved_at", sa.BigInteger(), nullable=False),
        sa.Column("issued_at", sa.BigInteger(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["authority_id", "attestation_id"],
            ["attestation.authority_id", "attestation.id"],
            name=op.f("fk_copy_authority_id_attestation_id_attestation"),
        ),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("pk_copy")),
        sa.UniqueConstraint(
            "authority_id",
            "list_number",
            "status_index",
            name=op.f("uq_copy_authority_id_list_number_status_index"),
        ),
        sa.UniqueConstraint("jti", name=op.f("uq_copy_jti")),
    )
    with op.batch_alter_table("copy", schema=None) as batch_op:
        batch_op.create_index(
            "ix_copy_attestation", ["authority_id", "attestation_id"], unique=False
        )
        batch_op.create_index("ix_copy_state", ["state", "reserved_at"], unique=False)

    op.create_table(
        "recognition_request",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("applicant_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=30), nullable=False),
        sa.Column("procedure", sa.String(length=10), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("decision_kind", sa.String(length=40), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("destination", sa.String(length=16), nullable=False),
        sa.Column("profession", sa.String(length=80), nullable=True),
        sa.Column("external_reference", sa.Text(), nullable=True),
        sa.Column("regime", sa.String(length=80), nullable=False),
        sa.Column("instrument", sa.String(length=120), nullable=True),
        sa.Column("routing_reasons", sa.JSON(), nullable=False),
        sa.Column("equivalence", sa.JSON(), nullable=True),
        sa.Column("edition", sa.JSON(), nullable=False),
        sa.Column("submitted_at", sa.BigInteger(), nullable=False),
        sa.Column("complete_at", sa.BigInteger(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("submitted_by", sa.String(length=120), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id", "applicant_id"],
            ["applicant.authority_id", "applicant.id"],
            name=op.f("fk_recognition_request_authority_id_applicant_id_applicant"),
        ),
        sa.PrimaryKeyConstraint(
            "authority_id", "id", name=op.f("pk_recognition_request")
        ),
        sa.UniqueConstraint(
            "authority_id",
            "number",
            name=op.f("uq_recognition_request_authority_id_number"),
        ),
    )
    with op.batch_alter_table("recognition_request", schema=None) as batch_op:
        batch_op.create_index(
            "ix_recognition_request_status",
            ["authority_id", "status", "id"],
            unique=False,
        )

    op.create_table(
        "status_change",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("attestation_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["authority_id", "attestation_id"],
            ["attestation.authority_id", "attestation.id"],
            name=op.f("fk_status_change_authority_id_attestation_id_attestation"),
        ),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("pk_status_change")),
    )
    with op.batch_alter_table("status_change", schema=None) as batch_op:
        batch_op.create_index(
            "ix_status_change_attestation",
            ["authority_id", "attestation_id"],
            unique=False,
        )

    op.create_table(
        "case_event",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("event", sa.String(length=60), nullable=False),
        sa.Column("legal_basis", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id", "request_id"],
            ["recognition_request.authority_id", "recognition_request.id"],
            name=op.f("fk_case_event_authority_id_request_id_recognition_request"),
        ),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("pk_case_event")),
    )
    with op.batch_alter_table("case_event", schema=None) as batch_op:
        batch_op.create_index(
            "ix_case_event_request", ["authority_id", "request_id"], unique=False
        )

    op.create_table(
        "claim_code",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["authority_id", "request_id"],
            ["recognition_request.authority_id", "recognition_request.id"],
            name=op.f("fk_claim_code_authority_id_request_id_recognition_request"),
        ),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("pk_claim_code")),
    )
    with op.batch_alter_table("claim_code", schema=None) as batch_op:
        batch_op.create_index("ix_claim_code_digest", ["digest"], unique=True)

    op.create_table(
        "decision",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("decided_by", sa.String(length=10), nullable=False),
        sa.Column("outcome", sa.String(length=30), nullable=False),
        sa.Column("content", sa.JSON(), nullable=True),
        sa.Column("prepared_by", sa.String(length=120), nullable=False),
        sa.Column("prepared_at", sa.BigInteger(), nullable=False),
        sa.Column("signed_by", sa.String(length=120), nullable=True),
        sa.Column("signed_at", sa.BigInteger(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("record", sa.JSON(), nullable=True),
        sa.Column("decision_digest", sa.String(length=60), nullable=True),
        sa.ForeignKeyConstraint(
            ["authority_id", "request_id"],
            ["recognition_request.authority_id", "recognition_request.id"],
            name=op.f("fk_decision_authority_id_request_id_recognition_request"),
        ),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("pk_decision")),
        sa.UniqueConstraint(
            "authority_id",
            "request_id",
            name=op.f("uq_decision_authority_id_request_id"),
        ),
    )
    op.create_table(
        "held_qualification",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("qualification", sa.String(length=200), nullable=True),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id", "request_id"],
            ["recognition_request.authority_id", "recognition_request.id"],
            name=op.f(
                "fk_held_qualification_authority_id_request_id_recognition_request"
            ),
        ),
        sa.PrimaryKeyConstraint(
            "authority_id", "id", name=op.f("pk_held_qualification")
        ),
        sa.UniqueConstraint(
            "authority_id",
            "request_id",
            "position",
            name=op.f("uq_held_qualification_authority_id_request_id_position"),
        ),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("held_qualification")
    op.drop_table("decision")
    with op.batch_alter_table("claim_code", schema=None) as batch_op:
        batch_op.drop_index("ix_claim_code_digest")

    op.drop_table("claim_code")
    with op.batch_alter_table("case_event", schema=None) as batch_op:
        batch_op.drop_index("ix_case_event_request")

    op.drop_table("case_event")
    with op.batch_alter_table("status_change", schema=None) as batch_op:
        batch_op.drop_index("ix_status_change_attestation")

    op.drop_table("status_change")
    with op.batch_alter_table("recognition_request", schema=None) as batch_op:
        batch_op.drop_index("ix_recognition_request_status")

    op.drop_table("recognition_request")
    with op.batch_alter_table("copy", schema=None) as batch_op:
        batch_op.drop_index("ix_copy_state")
        batch_op.drop_index("ix_copy_attestation")

    op.drop_table("copy")
    op.drop_table("applicant_background")
    op.drop_table("status_list")
    op.drop_table("attestation")
    op.drop_table("applicant")
    op.drop_table("claim_tries")
    with op.batch_alter_table("claim_session", schema=None) as batch_op:
        batch_op.drop_index("ix_claim_session_digest")

    op.drop_table("claim_session")
