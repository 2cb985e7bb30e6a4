"""Time limits of cases, several decisions of a case, and texts beside events."""

import sqlalchemy as sa
from alembic import op


revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "case_limit",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("limit_id", sa.String(length=60), nullable=False),
        sa.Column("binds", sa.String(length=20), nullable=False),
        sa.Column("article", sa.Text(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("running", sa.String(length=12), nullable=False),
        sa.Column("held_days", sa.Integer(), nullable=False),
        sa.Column("extended", sa.Integer(), nullable=False),
        sa.Column("is_confirmed", sa.Boolean(), nullable=False),
        sa.Column("effect", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id", "request_id"],
            ["recognition_request.authority_id", "recognition_request.id"],
            name=op.f("fk_case_limit_authority_id_request_id_recognition_request"),
        ),
        sa.PrimaryKeyConstraint(
            "authority_id", "request_id", "limit_id", name=op.f("pk_case_limit")
        ),
    )
    op.create_index("ix_case_limit_running", "case_limit", ["running", "due_at"])
    op.create_index(
        "ix_recognition_request_due",
        "recognition_request",
        ["authority_id", "due_on", "id"],
    )
    op.add_column("case_event", sa.Column("text", sa.Text(), nullable=True))
    op.add_column(
        "recognition_request",
        sa.Column("wanted_regime", sa.String(length=80), nullable=True),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("number", sa.Integer(), nullable=False, server_default="1")
        )
        batch_op.add_column(
            sa.Column(
                "role", sa.String(length=12), nullable=False, server_default="main"
            )
        )
        batch_op.add_column(
            sa.Column(
                "is_current", sa.Boolean(), nullable=False, server_default=sa.true()
            )
        )
        batch_op.drop_constraint(
            op.f("uq_decision_authority_id_request_id"), type_="unique"
        )
        batch_op.create_unique_constraint(
            op.f("uq_decision_authority_id_request_id_role_number"),
            ["authority_id", "request_id", "role", "number"],
        )


def downgrade() -> None:
    """Undo; of a case with several decisions only the current one is kept."""
    op.execute("DELETE FROM decision WHERE is_current = false OR role <> 'main'")
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_constraint(
            op.f("uq_decision_authority_id_request_id_role_number"), type_="unique"
        )
        batch_op.create_unique_constraint(
            op.f("uq_decision_authority_id_request_id"), ["authority_id", "request_id"]
        )
        batch_op.drop_column("is_current")
        batch_op.drop_column("role")
        batch_op.drop_column("number")
    op.drop_column("recognition_request", "wanted_regime")
    op.drop_column("case_event", "text")
    op.drop_index("ix_recognition_request_due", table_name="recognition_request")
    op.drop_index("ix_case_limit_running", table_name="case_limit")
    op.drop_table("case_limit")
