"""Alerts, who looked at a case, legal holds, and when a case was closed and blocked."""

import sqlalchemy as sa
from alembic import op


revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

CLOSE = """
UPDATE recognition_request SET closed_at = COALESCE(
    (SELECT MAX(case_event.at) FROM case_event
     WHERE case_event.authority_id = recognition_request.authority_id
     AND case_event.request_id = recognition_request.id),
    submitted_at)
WHERE status IN ('decided', 'final', 'tacit_granted', 'withdrawn', 'lapsed',
    'forwarded', 'not_competent')
"""


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "alert",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("ground", sa.String(length=20), nullable=False),
        sa.Column("regime", sa.String(length=80), nullable=False),
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
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("prepared_by", sa.String(length=120), nullable=False),
        sa.Column("prepared_at", sa.BigInteger(), nullable=False),
        sa.Column("sent_by", sa.String(length=120), nullable=True),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("notice", sa.JSON(), nullable=True),
        sa.Column("told_at", sa.BigInteger(), nullable=True),
        sa.Column("remedy", sa.JSON(), nullable=False),
        sa.Column("appeal", sa.JSON(), nullable=True),
        sa.Column("revoked_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id"],
            ["authority.id"],
            name=op.f("fk_alert_authority_id_authority"),
        ),
        sa.ForeignKeyConstraint(
            ["authority_id", "request_id"],
            ["recognition_request.authority_id", "recognition_request.id"],
            name=op.f("fk_alert_authority_id_request_id_recognition_request"),
        ),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("pk_alert")),
    )
    op.create_index("ix_alert_request", "alert", ["authority_id", "request_id"])
    op.create_index("ix_alert_profession", "alert", ["profession", "id"])
    op.create_table(
        "case_look",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("reader", sa.String(length=120), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("roles", sa.String(length=120), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id", "request_id"],
            ["recognition_request.authority_id", "recognition_request.id"],
            name=op.f("fk_case_look_authority_id_request_id_recognition_request"),
        ),
        sa.PrimaryKeyConstraint(
            "authority_id", "request_id", "reader", "hour", name=op.f("pk_case_look")
        ),
    )
    op.add_column("case_paper", sa.Column("erased_at", sa.BigInteger(), nullable=True))
    for name, kind in (
        ("closed_at", sa.BigInteger()),
        ("legal_hold", sa.Text()),
        ("papers_erased_at", sa.BigInteger()),
        ("sensitive_erased_at", sa.BigInteger()),
        ("blocked_at", sa.BigInteger()),
    ):
        op.add_column("recognition_request", sa.Column(name, kind, nullable=True))
    op.create_index(
        "ix_recognition_request_closed",
        "recognition_request",
        ["authority_id", "closed_at", "id"],
    )
    op.execute(CLOSE)


def downgrade() -> None:
    """Undo."""
    op.drop_index("ix_recognition_request_closed", table_name="recognition_request")
    with op.batch_alter_table("recognition_request", schema=None) as batch_op:
        for name in (
            "blocked_at",
            "sensitive_erased_at",
            "papers_erased_at",
            "legal_hold",
            "closed_at",
        ):
            batch_op.drop_column(name)
    with op.batch_alter_table("case_paper", schema=None) as batch_op:
        batch_op.drop_column("erased_at")
    op.drop_table("case_look")
    op.drop_index("ix_alert_profession", table_name="alert")
    op.drop_index("ix_alert_request", table_name="alert")
    op.drop_table("alert")
