"""Which cases need no examination, and which were examined nevertheless."""

import sqlalchemy as sa
from alembic import op


revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_TABLE = "recognition_request"
_INDEX = "ix_recognition_request_re_examined"


def upgrade() -> None:
    """Apply."""
    op.add_column(_TABLE, sa.Column("short_path", sa.String(length=40), nullable=True))
    op.add_column(_TABLE, sa.Column("re_examined_at", sa.BigInteger(), nullable=True))
    op.create_index(_INDEX, _TABLE, ["authority_id", "re_examined_at", "id"])


def downgrade() -> None:
    """Undo."""
    op.drop_index(_INDEX, table_name=_TABLE)
    op.drop_column(_TABLE, "re_examined_at")
    op.drop_column(_TABLE, "short_path")
