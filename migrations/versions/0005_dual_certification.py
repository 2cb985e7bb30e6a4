"""Dual certification: tracks, who takes part, results and awards."""

import sqlalchemy as sa
from alembic import op


revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "curriculum",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=60), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id"],
            ["authority.id"],
            name=op.f("fk_curriculum_authority_id_authority"),
        ),
        sa.PrimaryKeyConstraint("authority_id", "digest", name=op.f("pk_curriculum")),
    )
    op.create_table(
        "track",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("curriculum", sa.String(length=60), nullable=False),
        sa.Column("programme", sa.String(length=120), nullable=False),
        sa.Column("is_example", sa.Boolean(), nullable=False),
        sa.Column("participant_ref", sa.String(length=120), nullable=False),
        sa.Column("course", sa.String(length=10), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("enrolled_on", sa.Date(), nullable=False),
        sa.Column("consent", sa.JSON(), nullable=False),
        sa.Column("interruptions", sa.JSON(), nullable=False),
        sa.Column("returned_on", sa.Date(), nullable=True),
        sa.Column("joint_group", sa.Uuid(), nullable=True),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("opened_by", sa.String(length=120), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id", "curriculum"],
            ["curriculum.authority_id", "curriculum.digest"],
            name=op.f("fk_track_authority_id_curriculum_curriculum"),
        ),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("pk_track")),
        sa.UniqueConstraint(
            "authority_id",
            "programme",
            "participant_ref",
            name=op.f("uq_track_authority_id_programme_participant_ref"),
        ),
    )
    op.create_table(
        "track_award",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("keeper_id", sa.String(length=64), nullable=False),
        sa.Column("track_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("target", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("how", sa.String(length=12), nullable=True),
        sa.Column("awarded_on", sa.Date(), nullable=True),
        sa.Column("rests_on", sa.Uuid(), nullable=True),
        sa.Column("rests_on_target", sa.String(length=20), nullable=True),
        sa.Column("attestation_id", sa.Uuid(), nullable=True),
        sa.Column("own_attestation_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("decided_by", sa.String(length=120), nullable=True),
        sa.ForeignKeyConstraint(
            ["authority_id"],
            ["authority.id"],
            name=op.f("fk_track_award_authority_id_authority"),
        ),
        sa.ForeignKeyConstraint(
            ["keeper_id", "track_id"],
            ["track.authority_id", "track.id"],
            name=op.f("fk_track_award_keeper_id_track_id_track"),
        ),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("pk_track_award")),
        sa.UniqueConstraint(
            "keeper_id",
            "track_id",
            "target",
            name=op.f("uq_track_award_keeper_id_track_id_target"),
        ),
    )
    op.create_table(
        "track_event",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("track_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by_authority", sa.String(length=64), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("event", sa.String(length=60), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id", "track_id"],
            ["track.authority_id", "track.id"],
            name=op.f("fk_track_event_authority_id_track_id_track"),
        ),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("pk_track_event")),
    )
    with op.batch_alter_table("track_event", schema=None) as batch_op:
        batch_op.create_index(
            "ix_track_event_track", ["authority_id", "track_id"], unique=False
        )

    op.create_table(
        "track_participant",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("family_name", sa.Text(), nullable=True),
        sa.Column("given_name", sa.Text(), nullable=True),
        sa.Column("other_names", sa.JSON(), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("experience", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id", "id"],
            ["track.authority_id", "track.id"],
            name=op.f("fk_track_participant_authority_id_id_track"),
        ),
        sa.PrimaryKeyConstraint(
            "authority_id", "id", name=op.f("pk_track_participant")
        ),
    )
    op.create_table(
        "track_participation",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("keeper_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id"],
            ["authority.id"],
            name=op.f("fk_track_participation_authority_id_authority"),
        ),
        sa.ForeignKeyConstraint(
            ["keeper_id", "id"],
            ["track.authority_id", "track.id"],
            name=op.f("fk_track_participation_keeper_id_id_track"),
        ),
        sa.PrimaryKeyConstraint(
            "authority_id", "id", name=op.f("pk_track_participation")
        ),
    )
    op.create_table(
        "unit_result",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("track_id", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.String(length=60), nullable=False),
        sa.Column("achieved_on", sa.Date(), nullable=False),
        sa.Column("assessor", sa.Text(), nullable=False),
        sa.Column("evidence", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_by", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id", "track_id"],
            ["track.authority_id", "track.id"],
            name=op.f("fk_unit_result_authority_id_track_id_track"),
        ),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("pk_unit_result")),
        sa.UniqueConstraint(
            "authority_id",
            "track_id",
            "unit",
            name=op.f("uq_unit_result_authority_id_track_id_unit"),
        ),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("unit_result")
    op.drop_table("track_participation")
    op.drop_table("track_participant")
    with op.batch_alter_table("track_event", schema=None) as batch_op:
        batch_op.drop_index("ix_track_event_track")

    op.drop_table("track_event")
    op.drop_table("track_award")
    op.drop_table("track")
    op.drop_table("curriculum")
