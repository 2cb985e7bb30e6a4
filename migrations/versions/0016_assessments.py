"""Assessments of cases, and titles by which earlier decisions are found again."""

import unicodedata

import sqlalchemy as sa
from alembic import op


revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

LONGEST_KEY = 200
CHUNK = 500


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "assessment",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("assessed_by", sa.String(length=120), nullable=False),
        sa.Column("assessed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id", "request_id"],
            ["recognition_request.authority_id", "recognition_request.id"],
            name=op.f("fk_assessment_authority_id_request_id_recognition_request"),
        ),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("pk_assessment")),
        sa.UniqueConstraint(
            "authority_id",
            "request_id",
            "version",
            name=op.f("uq_assessment_authority_id_request_id_version"),
        ),
    )
    op.add_column(
        "held_qualification",
        sa.Column(
            "title_key",
            sa.String(length=LONGEST_KEY),
            nullable=False,
            server_default="",
        ),
    )
    _write_keys()
    op.create_index(
        "ix_held_qualification_title",
        "held_qualification",
        ["authority_id", "title_key", "origin"],
    )
    op.create_index(
        "ix_held_qualification_type",
        "held_qualification",
        ["authority_id", "qualification", "origin"],
    )


def downgrade() -> None:
    """Undo; assessments are lost."""
    op.drop_index("ix_held_qualification_type", table_name="held_qualification")
    op.drop_index("ix_held_qualification_title", table_name="held_qualification")
    op.drop_column("held_qualification", "title_key")
    op.drop_table("assessment")


def _write_keys() -> None:
    """Give each held qualification the key of its title, a few hundred at a time."""
    connection = op.get_bind()
    held = sa.table(
        "held_qualification",
        sa.column("authority_id", sa.String()),
        sa.column("id", sa.Uuid()),
        sa.column("title", sa.Text()),
        sa.column("title_key", sa.String()),
    )
    place = (held.c.authority_id, held.c.id)
    query = sa.select(*place, held.c.title).order_by(*place).limit(CHUNK)
    update = (
        held.update()
        .where(
            held.c.authority_id == sa.bindparam("owner"),
            held.c.id == sa.bindparam("held"),
        )
        .values(title_key=sa.bindparam("key"))
    )
    rows = connection.execute(query).all()
    while rows:
        keys = [
            {"owner": row.authority_id, "held": row.id, "key": _key(row.title)}
            for row in rows
        ]
        connection.execute(update, keys)
        last = sa.tuple_(
            sa.literal(rows[-1].authority_id), sa.literal(rows[-1].id, sa.Uuid())
        )
        rows = connection.execute(query.where(sa.tuple_(*place) > last)).all()


def _key(title: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", title).casefold().split())[
        :LONGEST_KEY
    ]
