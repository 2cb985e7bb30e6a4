"""Joint awards with bodies in other installations."""

import sqlalchemy as sa
from alembic import op


revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

COLUMNS = {
    "proposed_by": sa.String(length=64),
    "decided_by": sa.String(length=120),
    "decided_on": sa.Date(),
    "refusal": sa.Text(),
    "signed_at": sa.BigInteger(),
    "attestation_elsewhere": sa.Uuid(),
    "token": sa.Text(),
    "released_at": sa.BigInteger(),
}


def upgrade() -> None:
    """Apply."""
    for name, kind in COLUMNS.items():
        op.add_column("joint_award", sa.Column(name, kind, nullable=True))


def downgrade() -> None:
    """Undo; what was exchanged about joint awards is lost."""
    for name in reversed(COLUMNS):
        op.drop_column("joint_award", name)
