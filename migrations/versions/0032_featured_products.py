"""What the home page features gets a name of its own: a "turn" is what one side does in a quote.

Revision: 0032, after: 0031
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_COLUMNS = "id, day_on, position, is_spare, product_id"


def _move(before: str, after: str) -> None:
    """The rows in a table of the other name, constraints included: SQLite cannot rename those."""
    op.create_table(
        after,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day_on", sa.Date(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_spare", sa.Boolean(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f(f"fk_{after}_product_id_products")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{after}")),
        sa.UniqueConstraint("day_on", "position", name=op.f(f"uq_{after}_day_on_position")),
        sa.UniqueConstraint("day_on", "product_id", name=op.f(f"uq_{after}_day_on_product_id")),
    )
    op.create_index(op.f(f"ix_{after}_product_id"), after, ["product_id"])
    op.execute(f"INSERT INTO {after} ({_COLUMNS}) SELECT {_COLUMNS} FROM {before} ORDER BY id")
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"SELECT setval(pg_get_serial_sequence('{after}', 'id'), (SELECT COALESCE(MAX(id), 1) FROM {after}), true)")
    op.drop_table(before)


def upgrade() -> None:
    _move("home_turns", "featured_products")


def downgrade() -> None:
    _move("featured_products", "home_turns")
