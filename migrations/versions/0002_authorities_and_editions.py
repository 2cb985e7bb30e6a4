"""Authorities: people, API keys, mandates, public keys, standing orders; editions."""

import sqlalchemy as sa
from alembic import op


revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "authority",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("jurisdiction", sa.String(length=16), nullable=False),
        sa.Column("mode", sa.String(length=4), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("trusted_from", sa.BigInteger(), nullable=False),
        sa.Column("trusted_until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authority")),
    )
    op.create_table(
        "current_edition",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("edition_digest", sa.String(length=60), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("authority_id", name=op.f("pk_current_edition")),
    )
    op.create_table(
        "edition",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=60), nullable=False),
        sa.Column("base_digest", sa.String(length=60), nullable=True),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("dated", sa.Date(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("loaded_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("authority_id", "digest", name=op.f("pk_edition")),
    )
    op.create_table(
        "qualification_title",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("qualification_id", sa.String(length=200), nullable=False),
        sa.Column("jurisdiction", sa.String(length=16), nullable=False),
        sa.Column("framework", sa.String(length=60), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_qualification_title")),
    )
    with op.batch_alter_table("qualification_title", schema=None) as batch_op:
        batch_op.create_index("ix_qualification_title_key", ["key"], unique=False)

    op.create_table(
        "table_row",
        sa.Column("digest", sa.String(length=60), nullable=False),
        sa.Column("table_name", sa.String(length=60), nullable=False),
        sa.Column("row_id", sa.String(length=200), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_table_row")),
    )
    op.create_table(
        "edition_row",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("edition_digest", sa.String(length=60), nullable=False),
        sa.Column("table_name", sa.String(length=60), nullable=False),
        sa.Column("row_id", sa.String(length=200), nullable=False),
        sa.Column("row_digest", sa.String(length=60), nullable=True),
        sa.ForeignKeyConstraint(
            ["authority_id", "edition_digest"],
            ["edition.authority_id", "edition.digest"],
            name=op.f("fk_edition_row_authority_id_edition_digest_edition"),
        ),
        sa.ForeignKeyConstraint(
            ["row_digest"],
            ["table_row.digest"],
            name=op.f("fk_edition_row_row_digest_table_row"),
        ),
        sa.PrimaryKeyConstraint(
            "authority_id",
            "edition_digest",
            "table_name",
            "row_id",
            name=op.f("pk_edition_row"),
        ),
    )
    op.create_table(
        "key_record",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("thumbprint", sa.String(length=60), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("algorithm", sa.String(length=10), nullable=False),
        sa.Column("public_jwk", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("retired_at", sa.BigInteger(), nullable=True),
        sa.Column("compromised_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["authority_id"],
            ["authority.id"],
            name=op.f("fk_key_record_authority_id_authority"),
        ),
        sa.PrimaryKeyConstraint(
            "authority_id", "thumbprint", name=op.f("pk_key_record")
        ),
    )
    with op.batch_alter_table("key_record", schema=None) as batch_op:
        batch_op.create_index(
            "ix_key_record_purpose", ["authority_id", "purpose"], unique=False
        )

    op.create_table(
        "mandate",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("granted_at", sa.BigInteger(), nullable=False),
        sa.Column("granted_by", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id"],
            ["authority.id"],
            name=op.f("fk_mandate_authority_id_authority"),
        ),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("pk_mandate")),
    )
    op.create_table(
        "principal",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("left_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["authority_id"],
            ["authority.id"],
            name=op.f("fk_principal_authority_id_authority"),
        ),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("pk_principal")),
    )
    op.create_table(
        "standing_order",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("instrument", sa.String(length=120), nullable=False),
        sa.Column("proposed_by", sa.String(length=120), nullable=False),
        sa.Column("proposed_at", sa.BigInteger(), nullable=False),
        sa.Column("approved_by", sa.String(length=120), nullable=True),
        sa.Column("approved_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["authority_id"],
            ["authority.id"],
            name=op.f("fk_standing_order_authority_id_authority"),
        ),
        sa.PrimaryKeyConstraint(
            "authority_id", "instrument", name=op.f("pk_standing_order")
        ),
    )
    op.create_table(
        "api_key",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("principal_id", sa.Uuid(), nullable=False),
        sa.Column("prefix", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["authority_id", "principal_id"],
            ["principal.authority_id", "principal.id"],
            name=op.f("fk_api_key_authority_id_principal_id_principal"),
        ),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("pk_api_key")),
    )
    with op.batch_alter_table("api_key", schema=None) as batch_op:
        batch_op.create_index("ix_api_key_digest", ["digest"], unique=True)

    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE qualification_search USING fts5("
            "key, content='qualification_title', content_rowid='id')"
        )
    else:
        op.execute(
            "CREATE INDEX ix_qualification_title_search ON qualification_title "
            "USING gin (to_tsvector('simple', key))"
        )


def downgrade() -> None:
    """Take back."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE qualification_search")
    with op.batch_alter_table("api_key", schema=None) as batch_op:
        batch_op.drop_index("ix_api_key_digest")

    op.drop_table("api_key")
    op.drop_table("standing_order")
    op.drop_table("principal")
    op.drop_table("mandate")
    with op.batch_alter_table("key_record", schema=None) as batch_op:
        batch_op.drop_index("ix_key_record_purpose")

    op.drop_table("key_record")
    op.drop_table("edition_row")
    op.drop_table("table_row")
    with op.batch_alter_table("qualification_title", schema=None) as batch_op:
        batch_op.drop_index("ix_qualification_title_key")

    op.drop_table("qualification_title")
    op.drop_table("edition")
    op.drop_table("current_edition")
    op.drop_table("authority")
