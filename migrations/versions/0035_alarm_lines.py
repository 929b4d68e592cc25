"""What an alarm says to people, line by line as texts to translate.

Revision: 0035, after: 0034
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Alarms that stand say it in their detail until they are sounded again."""
    op.add_column("alarms", sa.Column("lines", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("alarms", "lines")
