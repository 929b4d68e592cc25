"""Papers are found by their owner through indexes without the empty values on SQLite.

Revision: 0007, after: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

COLUMNS = ("product_id", "maker_id")


def upgrade() -> None:
    for column in COLUMNS:
        name = f"ix_certificates_{column}"
        op.drop_index(name, "certificates")
        op.create_index(name, "certificates", [column], sqlite_where=sa.text(f"{column} IS NOT NULL"))


def downgrade() -> None:
    for column in reversed(COLUMNS):
        name = f"ix_certificates_{column}"
        op.drop_index(name, "certificates")
        op.create_index(name, "certificates", [column])
