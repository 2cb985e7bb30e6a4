"""Where participants come from, what they answer later, and rules of eligibility."""

import sqlalchemy as sa
from alembic import op


revision = "0022"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("track", sa.Column("origin", sa.String(length=16), nullable=True))
    op.create_table(
        "track_background",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sex", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id", "id"],
            ["track.authority_id", "track.id"],
            name=op.f("fk_track_background_authority_id_id_track"),
        ),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("pk_track_background")),
    )
    op.create_table(
        "track_follow_up",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("track_id", sa.Uuid(), nullable=False),
        sa.Column("months", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=False),
        sa.Column("employed", sa.Boolean(), nullable=False),
        sa.Column("occupation", sa.String(length=4), nullable=True),
        sa.Column("same_sector", sa.Boolean(), nullable=True),
        sa.Column("residence", sa.String(length=16), nullable=False),
        sa.Column("expected_skill", sa.Integer(), nullable=True),
        sa.Column("work", sa.String(length=24), nullable=False),
        sa.Column("sector", sa.String(length=12), nullable=False),
        sa.Column("movement", sa.String(length=16), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_by", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id", "track_id"],
            ["track.authority_id", "track.id"],
            name=op.f("fk_track_follow_up_authority_id_track_id_track"),
        ),
        sa.PrimaryKeyConstraint(
            "authority_id", "track_id", "months", name=op.f("pk_track_follow_up")
        ),
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("track_follow_up")
    op.drop_table("track_background")
    with op.batch_alter_table("track", schema=None) as batch_op:
        batch_op.drop_column("origin")
