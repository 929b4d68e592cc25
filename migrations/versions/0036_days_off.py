"""Days on which an outlet stays closed beside its week: holidays, a wedding next door, stocktaking.

Revision: 0036, after: 0035
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """None of the outlets that are known has said any."""
    op.add_column("outlets", sa.Column("days_off", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("outlets", "days_off")
