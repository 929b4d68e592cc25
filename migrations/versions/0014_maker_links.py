"""Links that open the makers' portal to somebody without an account.

Revision: 0014, after: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "maker_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("maker_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=43), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_maker_links_created_by_id_users")),
        sa.ForeignKeyConstraint(["maker_id"], ["makers.id"], name=op.f("fk_maker_links_maker_id_makers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_maker_links")),
        sa.UniqueConstraint("maker_id", name=op.f("uq_maker_links_maker_id")),
    )
    op.create_index(op.f("ix_maker_links_created_by_id"), "maker_links", ["created_by_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_maker_links_created_by_id"), table_name="maker_links")
    op.drop_table("maker_links")
