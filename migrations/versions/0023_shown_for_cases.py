"""What training, work and languages show for cases, and files about cohorts."""

import sqlalchemy as sa
from alembic import op


revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

PAPERS = ("case_paper", "sensitive_paper")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "case_training",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("source_authority", sa.String(length=64), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_by", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id", "request_id"],
            ["recognition_request.authority_id", "recognition_request.id"],
            name=op.f("fk_case_training_authority_id_request_id_recognition_request"),
        ),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("pk_case_training")),
        sa.UniqueConstraint(
            "authority_id",
            "request_id",
            name=op.f("uq_case_training_authority_id_request_id"),
        ),
    )
    op.create_index(
        "ix_case_training_source", "case_training", ["source_authority", "source_id"]
    )
    op.create_table(
        "case_experience",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("periods", sa.JSON(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_by", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id", "request_id"],
            ["recognition_request.authority_id", "recognition_request.id"],
            name=op.f("fk_case_experience_authority_id_request_id_recognition_request"),
        ),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("pk_case_experience")),
        sa.UniqueConstraint(
            "authority_id",
            "request_id",
            name=op.f("uq_case_experience_authority_id_request_id"),
        ),
    )
    for table in PAPERS:
        op.add_column(table, sa.Column("language_proof", sa.JSON(), nullable=True))
    _create_files()


def downgrade() -> None:
    """Undo; all of it is lost, and files that wait."""
    op.drop_table("cohort_file_row")
    op.drop_table("cohort_file")
    for table in PAPERS:
        op.drop_column(table, "language_proof")
    op.drop_table("case_experience")
    op.drop_index("ix_case_training_source", table_name="case_training")
    op.drop_table("case_training")


def _create_files() -> None:
    op.create_table(
        "cohort_file",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["authority_id"],
            ["authority.id"],
            name=op.f("fk_cohort_file_authority_id_authority"),
        ),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("pk_cohort_file")),
    )
    op.create_table(
        "cohort_file_row",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=True),
        sa.Column("problem", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["authority_id", "file_id"],
            ["cohort_file.authority_id", "cohort_file.id"],
            name=op.f("fk_cohort_file_row_authority_id_file_id_cohort_file"),
        ),
        sa.PrimaryKeyConstraint(
            "authority_id", "file_id", "line", name=op.f("pk_cohort_file_row")
        ),
    )
