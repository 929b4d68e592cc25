"""Feeds to search engines, social shops and marketplaces: their settings, categories and choices of products.

Revision: 0021, after: 0020
"""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

#: Kind -> the title a receiver shows first: search engines want the maker, marketplaces the place people search for.
TITLES = {
    "google": "{name} {size} – {maker}",
    "meta": "{name} {size}",
    "tokopedia": "{name} {size} Oleh-oleh Khas {district}",
    "shopee": "{name} {size} Oleh-oleh Khas {district}",
}
#: Marketplaces sell what the shop sells too, so at first they may promise half of it.
SHARES = {"google": 10_000, "meta": 10_000, "tokopedia": 5_000, "shopee": 5_000}


def upgrade() -> None:
    feeds = op.create_table(
        "feeds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("takes_everything", sa.Boolean(), nullable=False),
        sa.Column("markup_bps", sa.Integer(), nullable=False),
        sa.Column("title_template", sa.String(160), nullable=False),
        sa.Column("stock_rule", sa.String(8), nullable=False),
        sa.Column("stock_share_bps", sa.Integer(), nullable=False),
        sa.Column("stock_units", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("markup_bps BETWEEN 0 AND 10000", name=op.f("ck_feeds_markup_possible")),
        sa.CheckConstraint("kind IN ('tokopedia', 'shopee') OR markup_bps = 0", name=op.f("ck_feeds_markup_on_marketplaces_only")),
        sa.CheckConstraint("stock_share_bps BETWEEN 0 AND 10000 AND stock_units >= 0", name=op.f("ck_feeds_stock_possible")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["users.id"], name=op.f("fk_feeds_updated_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feeds")),
        sa.UniqueConstraint("kind", name=op.f("uq_feeds_kind")),
    )
    op.create_index(op.f("ix_feeds_updated_by_id"), "feeds", ["updated_by_id"], unique=False)
    op.create_table(
        "feed_categories",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("feed_id", sa.Integer(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name=op.f("fk_feed_categories_feed_id_feeds")),
        sa.ForeignKeyConstraint(["category_id"], ["categories.id"], name=op.f("fk_feed_categories_category_id_categories")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_categories")),
        sa.UniqueConstraint("feed_id", "category_id", name=op.f("uq_feed_categories_feed_id_category_id")),
    )
    op.create_index(op.f("ix_feed_categories_category_id"), "feed_categories", ["category_id"], unique=False)
    op.create_table(
        "feed_choices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("feed_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name=op.f("fk_feed_choices_feed_id_feeds")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_feed_choices_product_id_products")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_choices")),
        sa.UniqueConstraint("feed_id", "product_id", name=op.f("uq_feed_choices_feed_id_product_id")),
    )
    op.create_index(op.f("ix_feed_choices_product_id"), "feed_choices", ["product_id"], unique=False)
    op.bulk_insert(
        feeds,
        [
            {
                "kind": kind,
                "is_active": True,
                "takes_everything": True,
                "markup_bps": 0,
                "title_template": title,
                "stock_rule": "share",
                "stock_share_bps": SHARES[kind],
                "stock_units": 0,
                "updated_at": datetime(2026, 11, 1, tzinfo=UTC),
                "updated_by_id": None,
            }
            for kind, title in TITLES.items()
        ],
    )


def downgrade() -> None:
    op.drop_table("feed_choices")
    op.drop_table("feed_categories")
    op.drop_table("feeds")
