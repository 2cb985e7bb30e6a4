"""Several signed forms of an attestation, status by history, batches, trust list."""

import json
import zlib

import sqlalchemy as sa
from alembic import op


revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "token_header",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=60), nullable=False),
        sa.Column("segment", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("authority_id", "digest", name=op.f("pk_token_header")),
    )
    op.create_table(
        "trust_key",
        sa.Column("thumbprint", sa.String(length=60), nullable=False),
        sa.Column("algorithm", sa.String(length=10), nullable=False),
        sa.Column("public_jwk", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("retired_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("thumbprint", name=op.f("pk_trust_key")),
    )
    op.create_table(
        "trust_list_publication",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("content_digest", sa.String(length=60), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_trust_list_publication")),
    )
    op.create_table(
        "issued_credential",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("credential_id", sa.Text(), nullable=False),
        sa.Column("list_number", sa.Integer(), nullable=False),
        sa.Column("status_index", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        sa.Column("issued_by", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id"],
            ["authority.id"],
            name=op.f("fk_issued_credential_authority_id_authority"),
        ),
        sa.PrimaryKeyConstraint(
            "authority_id", "id", name=op.f("pk_issued_credential")
        ),
        sa.UniqueConstraint(
            "authority_id",
            "credential_id",
            name=op.f("uq_issued_credential_authority_id_credential_id"),
        ),
        sa.UniqueConstraint(
            "authority_id",
            "list_number",
            "status_index",
            name=op.f("uq_issued_credential_authority_id_list_number_status_index"),
        ),
    )
    op.create_table(
        "batch",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("formats", sa.JSON(), nullable=False),
        sa.Column("edition", sa.JSON(), nullable=True),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["authority_id"],
            ["authority.id"],
            name=op.f("fk_batch_authority_id_authority"),
        ),
        sa.PrimaryKeyConstraint("authority_id", "id", name=op.f("pk_batch")),
    )
    with op.batch_alter_table("batch", schema=None) as batch_op:
        batch_op.create_index("ix_batch_state", ["state"], unique=False)

    op.create_table(
        "batch_row",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attestation_id", sa.Uuid(), nullable=True),
        sa.Column("problem", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["authority_id", "batch_id"],
            ["batch.authority_id", "batch.id"],
            name=op.f("fk_batch_row_authority_id_batch_id_batch"),
        ),
        sa.PrimaryKeyConstraint(
            "authority_id", "batch_id", "position", name=op.f("pk_batch_row")
        ),
    )
    with op.batch_alter_table("batch_row", schema=None) as batch_op:
        batch_op.create_index(
            "ix_batch_row_state",
            ["authority_id", "batch_id", "state", "position"],
            unique=False,
        )

    op.create_table(
        "status_entry",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("status_index", sa.Integer(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id", "number"],
            ["status_list.authority_id", "status_list.number"],
            name=op.f("fk_status_entry_authority_id_number_status_list"),
        ),
        sa.PrimaryKeyConstraint(
            "authority_id", "number", "status_index", name=op.f("pk_status_entry")
        ),
    )
    with op.batch_alter_table("status_entry", schema=None) as batch_op:
        batch_op.create_index(
            "ix_status_entry_version",
            ["authority_id", "number", "version"],
            unique=False,
        )

    op.create_table(
        "status_publication",
        sa.Column("authority_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(length=12), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id", "number"],
            ["status_list.authority_id", "status_list.number"],
            name=op.f("fk_status_publication_authority_id_number_status_list"),
        ),
        sa.PrimaryKeyConstraint(
            "authority_id",
            "number",
            "form",
            "sequence",
            name=op.f("pk_status_publication"),
        ),
    )
    with op.batch_alter_table("status_publication", schema=None) as batch_op:
        batch_op.create_index(
            "ix_status_publication_issued",
            ["authority_id", "number", "form", "issued_at"],
            unique=False,
        )

    with op.batch_alter_table("copy", schema=None) as batch_op:
        batch_op.add_column(sa.Column("disclosures", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("header", sa.String(length=60), nullable=True))

    with op.batch_alter_table("key_record", schema=None) as batch_op:
        batch_op.add_column(sa.Column("active_from", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("certificates", sa.JSON(), nullable=True))
    op.execute("UPDATE key_record SET active_from = created_at")
    with op.batch_alter_table("key_record", schema=None) as batch_op:
        batch_op.alter_column(
            "active_from", existing_type=sa.BigInteger(), nullable=False
        )

    _pack_records()
    _move_status_forward()


def _pack_records() -> None:
    """Keep decision records compressed; plain zlib is read as well."""
    with op.batch_alter_table("attestation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("packed", sa.LargeBinary(), nullable=True))
    table = sa.table(
        "attestation",
        sa.column("authority_id", sa.String()),
        sa.column("id", sa.Uuid()),
        sa.column("record", sa.JSON()),
        sa.column("packed", sa.LargeBinary()),
    )
    connection = op.get_bind()
    for row in connection.execute(
        sa.select(table.c.authority_id, table.c.id, table.c.record)
    ).all():
        text = json.dumps(row.record, ensure_ascii=False, separators=(",", ":"))
        connection.execute(
            table.update()
            .where(table.c.authority_id == row.authority_id, table.c.id == row.id)
            .values(packed=zlib.compress(text.encode()))
        )
    with op.batch_alter_table("attestation", schema=None) as batch_op:
        batch_op.drop_column("record")
        batch_op.alter_column(
            "packed",
            new_column_name="record",
            existing_type=sa.LargeBinary(),
            nullable=False,
        )


def _unpack() -> None:
    """Write records as JSON again, and payloads as plain zlib."""
    from recognition_service.attestations.packing import unpack  # noqa: PLC0415

    connection = op.get_bind()
    key = (sa.column("authority_id", sa.String()), sa.column("id", sa.Uuid()))
    copies = sa.table("copy", *key, sa.column("payload", sa.LargeBinary()))
    for row in connection.execute(sa.select(copies)).all():
        connection.execute(
            copies.update()
            .where(copies.c.authority_id == row.authority_id, copies.c.id == row.id)
            .values(payload=zlib.compress(unpack(row.payload)))
        )
    with op.batch_alter_table("attestation", schema=None) as batch_op:
        batch_op.alter_column("record", new_column_name="packed")
    with op.batch_alter_table("attestation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("record", sa.JSON(), nullable=True))
    table = sa.table(
        "attestation",
        sa.column("authority_id", sa.String()),
        sa.column("id", sa.Uuid()),
        sa.column("packed", sa.LargeBinary()),
        sa.column("record", sa.JSON()),
    )
    for row in connection.execute(sa.select(table)).all():
        connection.execute(
            table.update()
            .where(table.c.authority_id == row.authority_id, table.c.id == row.id)
            .values(record=json.loads(unpack(row.packed)))
        )
    with op.batch_alter_table("attestation", schema=None) as batch_op:
        batch_op.drop_column("packed")
        batch_op.alter_column("record", existing_type=sa.JSON(), nullable=False)


def _move_status_forward() -> None:
    """Keep what lists say as entries, and what was published as a publication."""
    op.execute(
        """
        INSERT INTO status_entry (authority_id, number, status_index, value, version)
        SELECT copy.authority_id, copy.list_number, copy.status_index,
               CASE attestation.status
                 WHEN 'revoked' THEN 1 WHEN 'suspended' THEN 2 ELSE 3 END,
               status_list.wanted_version
        FROM copy
        JOIN attestation ON attestation.authority_id = copy.authority_id
                        AND attestation.id = copy.attestation_id
        JOIN status_list ON status_list.authority_id = copy.authority_id
                        AND status_list.number = copy.list_number
        WHERE attestation.status <> 'valid'
        """
    )
    op.execute(
        """
        INSERT INTO status_publication (authority_id, number, form, sequence, version,
                                        issued_at, expires_at, token)
        SELECT authority_id, number, 'tsl', 1, published_version,
               published_at, published_at + 86400, token
        FROM status_list WHERE token IS NOT NULL
        """
    )
    with op.batch_alter_table("status_list", schema=None) as batch_op:
        batch_op.add_column(sa.Column("purpose", sa.String(length=12), nullable=True))
        batch_op.add_column(sa.Column("taken", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("publications", sa.BigInteger(), nullable=True))
    op.execute(
        """
        UPDATE status_list SET
          purpose = 'attestations',
          taken = (SELECT count(*) FROM copy
                   WHERE copy.authority_id = status_list.authority_id
                     AND copy.list_number = status_list.number),
          publications = CASE WHEN token IS NULL THEN 0 ELSE 1 END
        """
    )
    with op.batch_alter_table("status_list", schema=None) as batch_op:
        batch_op.alter_column(
            "purpose", existing_type=sa.String(length=12), nullable=False
        )
        batch_op.alter_column("taken", existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column(
            "publications", existing_type=sa.BigInteger(), nullable=False
        )
        batch_op.drop_column("token")


def downgrade() -> None:
    """Take back."""
    _unpack()
    with op.batch_alter_table("status_list", schema=None) as batch_op:
        batch_op.add_column(sa.Column("token", sa.TEXT(), nullable=True))
    op.execute(
        """
        UPDATE status_list SET token = (
          SELECT token FROM status_publication
          WHERE status_publication.authority_id = status_list.authority_id
            AND status_publication.number = status_list.number
            AND status_publication.form = 'tsl'
            AND status_publication.sequence = status_list.publications)
        """
    )
    with op.batch_alter_table("status_list", schema=None) as batch_op:
        batch_op.drop_column("publications")
        batch_op.drop_column("taken")
        batch_op.drop_column("purpose")

    with op.batch_alter_table("key_record", schema=None) as batch_op:
        batch_op.drop_column("certificates")
        batch_op.drop_column("active_from")

    with op.batch_alter_table("copy", schema=None) as batch_op:
        batch_op.drop_column("header")
        batch_op.drop_column("disclosures")

    with op.batch_alter_table("status_publication", schema=None) as batch_op:
        batch_op.drop_index("ix_status_publication_issued")

    op.drop_table("status_publication")
    with op.batch_alter_table("status_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_status_entry_version")

    op.drop_table("status_entry")
    with op.batch_alter_table("batch_row", schema=None) as batch_op:
        batch_op.drop_index("ix_batch_row_state")

    op.drop_table("batch_row")
    with op.batch_alter_table("batch", schema=None) as batch_op:
        batch_op.drop_index("ix_batch_state")

    op.drop_table("batch")
    op.drop_table("issued_credential")
    op.drop_table("trust_list_publication")
    op.drop_table("trust_key")
    op.drop_table("token_header")
