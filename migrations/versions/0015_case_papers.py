"""The papers of a case, the sensitive ones apart, and who has read these."""

from typing import Any

import sqlalchemy as sa
from alembic import op


revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

PAPERS = ("case_paper", "sensitive_paper")


def upgrade() -> None:
    """Apply."""
    for table in PAPERS:
        op.create_table(
            table,
            *_key(),
            *_paper_columns(),
            *(_retention() if table == "sensitive_paper" else ()),
            *_constraints(table),
        )
        op.create_index(f"ix_{table}_request", table, ["authority_id", "request_id"])
        op.create_table(
            f"{table}_content",
            *_key(),
            sa.Column("content", sa.LargeBinary(), nullable=False),
            sa.ForeignKeyConstraint(
                ["authority_id", "id"],
                [f"{table}.authority_id", f"{table}.id"],
                name=op.f(f"fk_{table}_content_authority_id_id_{table}"),
            ),
            sa.PrimaryKeyConstraint(
                "authority_id", "id", name=op.f(f"pk_{table}_content")
            ),
        )
    op.create_index("ix_sensitive_paper_keep_until", "sensitive_paper", ["keep_until"])
    op.create_table(
        "case_reading",
        *_key(),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("paper_id", sa.Uuid(), nullable=True),
        sa.Column("reader", sa.String(length=120), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        *_constraints("case_reading"),
    )
    op.create_index(
        "ix_case_reading_request", "case_reading", ["authority_id", "request_id"]
    )


def downgrade() -> None:
    """Undo."""
    op.drop_index("ix_case_reading_request", table_name="case_reading")
    op.drop_table("case_reading")
    op.drop_index("ix_sensitive_paper_keep_until", table_name="sensitive_paper")
    for table in reversed(PAPERS):
        op.drop_table(f"{table}_content")
        op.drop_index(f"ix_{table}_request", table_name=table)
        op.drop_table(table)


def _key() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
    )


def _paper_columns() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=True),
        sa.Column("held_position", sa.Integer(), nullable=True),
        sa.Column("file_name", sa.Text(), nullable=True),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=60), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("issuer", sa.Text(), nullable=True),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.Column("added_by", sa.String(length=120), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=True),
        sa.Column("received_by", sa.String(length=120), nullable=True),
        sa.Column("translation_of", sa.Uuid(), nullable=True),
        sa.Column("replaces", sa.Uuid(), nullable=True),
        sa.Column("replaced_by", sa.Uuid(), nullable=True),
        sa.Column("grade", sa.String(length=30), nullable=False),
        sa.Column("established_by", sa.String(length=120), nullable=True),
        sa.Column("established_on", sa.Date(), nullable=True),
        sa.Column("established_how", sa.JSON(), nullable=True),
        sa.Column("legalisation", sa.String(length=12), nullable=False),
        sa.Column("legalisation_details", sa.JSON(), nullable=True),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("verdict", sa.String(length=30), nullable=True),
        sa.Column("verdict_code", sa.String(length=60), nullable=True),
        sa.Column("verified_issuer", sa.Text(), nullable=True),
        sa.Column("verified_on", sa.Date(), nullable=True),
    )


def _retention() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("keep_until", sa.Date(), nullable=False),
        sa.Column("erased_at", sa.BigInteger(), nullable=True),
    )


def _constraints(table: str) -> tuple[sa.Constraint, ...]:
    return (
        sa.ForeignKeyConstraint(
            ["authority_id", "request_id"],
            ["recognition_request.authority_id", "recognition_request.id"],
            name=op.f(f"fk_{table}_authority_id_request_id_recognition_request"),
        ),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f(f"pk_{table}")),
    )
