"""Where participants come from, what they answer later, and rules of eligibility."""

from datetime import date

import sqlalchemy as sa
from alembic import op


revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

BANDS = ((15, "under_15"), (25, "15-24"), (30, "25-29"))


def upgrade() -> None:
    """Apply."""
    op.add_column("track", sa.Column("origin", sa.String(length=16), nullable=True))
    op.create_table(
        "track_background",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sex", sa.String(length=20), nullable=False),
        sa.Column("age_band", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id", "id"],
            ["track.authority_id", "track.id"],
            name=op.f("fk_track_background_authority_id_id_track"),
        ),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("pk_track_background")),
        sqlite_with_rowid=False,
    )
    _write_backgrounds()
    op.create_index(
        "ix_track_counted",
        "track",
        ["authority_id", "programme", "id", "enrolled_on", "course", "status"],
    )
    op.create_index(
        "ix_track_award_counted",
        "track_award",
        [
            "keeper_id",
            "track_id",
            "status",
            "how",
            "awarded_on",
            "decided_on",
            "authority_id",
        ],
    )
    _create_rules()
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
    op.drop_index("ix_eligibility_opt_in_case", table_name="eligibility_opt_in")
    op.drop_table("eligibility_opt_in")
    op.drop_index("ix_eligibility_rule_id", table_name="eligibility_rule")
    op.drop_table("eligibility_rule")
    op.drop_index("ix_track_award_counted", table_name="track_award")
    op.drop_index("ix_track_counted", table_name="track")
    op.drop_table("track_follow_up")
    op.drop_table("track_background")
    with op.batch_alter_table("track", schema=None) as batch_op:
        batch_op.drop_column("origin")


def _create_rules() -> None:
    op.create_table(
        "eligibility_rule",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("criteria", sa.JSON(), nullable=False),
        sa.Column("published_at", sa.BigInteger(), nullable=False),
        sa.Column("published_by", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id"],
            ["authority.id"],
            name=op.f("fk_eligibility_rule_authority_id_authority"),
        ),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("pk_eligibility_rule")),
    )
    op.create_index("ix_eligibility_rule_id", "eligibility_rule", ["id"], unique=True)
    op.create_table(
        "eligibility_opt_in",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rule_id", sa.Uuid(), nullable=False),
        sa.Column("holder_id", sa.String(length=64), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("disclose_name", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id", "rule_id"],
            ["eligibility_rule.authority_id", "eligibility_rule.id"],
            name=op.f("fk_eligibility_opt_in_authority_id_rule_id_eligibility_rule"),
        ),
        sa.ForeignKeyConstraint(
            ["holder_id", "request_id"],
            ["recognition_request.authority_id", "recognition_request.id"],
            name=op.f("fk_eligibility_opt_in_holder_id_request_id_recognition_request"),
        ),
        sa.PrimaryKeyConstraint(
            "authority_id", "id", name=op.f("pk_eligibility_opt_in")
        ),
        sa.UniqueConstraint(
            "authority_id",
            "rule_id",
            "holder_id",
            "request_id",
            name=op.f(
                "uq_eligibility_opt_in_authority_id_rule_id_holder_id_request_id"
            ),
        ),
    )
    op.create_index(
        "ix_eligibility_opt_in_case",
        "eligibility_opt_in",
        ["holder_id", "request_id"],
    )


def _write_backgrounds() -> None:
    """Give each track the age band of its participant; nobody was asked for a sex."""
    track = sa.table(
        "track",
        sa.column("authority_id"),
        sa.column("id"),
        sa.column("enrolled_on", sa.Date()),
    )
    person = sa.table(
        "track_participant",
        sa.column("authority_id"),
        sa.column("id"),
        sa.column("birth_date", sa.Date()),
    )
    background = sa.table(
        "track_background",
        *(sa.column(name) for name in ("authority_id", "id", "sex", "age_band")),
    )
    connection = op.get_bind()
    found = connection.execute(
        sa.select(
            track.c.authority_id, track.c.id, track.c.enrolled_on, person.c.birth_date
        ).join(
            person,
            (person.c.authority_id == track.c.authority_id)
            & (person.c.id == track.c.id),
        )
    ).all()
    if found:
        connection.execute(
            background.insert(),
            [
                {
                    "authority_id": authority_id,
                    "id": track_id,
                    "sex": "not_stated",
                    "age_band": _age_band(born, enrolled_on),
                }
                for authority_id, track_id, enrolled_on, born in found
            ],
        )


def _age_band(born: date | None, day: date) -> str:
    if born is None:
        return "not_stated"
    age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    return next((band for end, band in BANDS if age < end), "from_30")
