"""Products are found by maker, shelf and village together with their state.

Revision: 0006, after: 0005
"""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

COLUMNS = ("maker_id", "category_id", "village_code")


def upgrade() -> None:
    for column in COLUMNS:
        op.create_index(f"ix_products_{column}_state", "products", [column, "state"])
        op.drop_index(f"ix_products_{column}", "products")


def downgrade() -> None:
    for column in reversed(COLUMNS):
        op.create_index(f"ix_products_{column}", "products", [column])
        op.drop_index(f"ix_products_{column}_state", "products")
