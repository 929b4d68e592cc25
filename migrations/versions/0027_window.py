"""Collections, turns on the home page and exposure; changes to many products at once; translations that were looked at.

Revision: 0027, after: 0026
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bulk_edits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("act", sa.String(length=12), nullable=False),
        sa.Column("choice", sa.JSON(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_bulk_edits_created_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_edits")),
        sa.UniqueConstraint("code", name=op.f("uq_bulk_edits_code")),
    )
    op.create_index(op.f("ix_bulk_edits_created_by_id"), "bulk_edits", ["created_by_id"])

    op.create_table(
        "collections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("title_id", sa.String(length=80), nullable=False),
        sa.Column("title_en", sa.String(length=80), nullable=False),
        sa.Column("story_id", sa.Text(), nullable=False),
        sa.Column("story_en", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("is_on_home", sa.Boolean(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_collections_days_in_order")),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_collections_created_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collections")),
        sa.UniqueConstraint("slug", name=op.f("uq_collections_slug")),
    )
    op.create_index(op.f("ix_collections_created_by_id"), "collections", ["created_by_id"])
    op.create_index(op.f("ix_collections_starts_on"), "collections", ["starts_on"])

    op.create_table(
        "text_checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("record", sa.String(length=140), nullable=False),
        sa.Column("field", sa.String(length=20), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("checked_by_id", sa.Integer(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["checked_by_id"], ["users.id"], name=op.f("fk_text_checks_checked_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_checks")),
        sa.UniqueConstraint("kind", "record", "field", name=op.f("uq_text_checks_kind_record_field")),
    )
    op.create_index(op.f("ix_text_checks_checked_by_id"), "text_checks", ["checked_by_id"])

    op.create_table(
        "bulk_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edit_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("is_done", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=240), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["edit_id"], ["bulk_edits.id"], name=op.f("fk_bulk_items_edit_id_bulk_edits")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_bulk_items_product_id_products")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_items")),
        sa.UniqueConstraint("edit_id", "product_id", name=op.f("uq_bulk_items_edit_id_product_id")),
    )
    op.create_index(op.f("ix_bulk_items_product_id"), "bulk_items", ["product_id"])

    op.create_table(
        "collection_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collection_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["collection_id"], ["collections.id"], name=op.f("fk_collection_items_collection_id_collections")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_collection_items_product_id_products")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collection_items")),
        sa.UniqueConstraint("collection_id", "product_id", name=op.f("uq_collection_items_collection_id_product_id")),
    )
    op.create_index(op.f("ix_collection_items_product_id"), "collection_items", ["product_id"])

    op.create_table(
        "exposures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day_on", sa.Date(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=12), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.CheckConstraint("times > 0", name=op.f("ck_exposures_times_positive")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_exposures_product_id_products")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exposures")),
        sa.UniqueConstraint("day_on", "product_id", "place", name=op.f("uq_exposures_day_on_product_id_place")),
    )
    op.create_index(op.f("ix_exposures_product_id"), "exposures", ["product_id"])

    op.create_table(
        "home_turns",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day_on", sa.Date(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_spare", sa.Boolean(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_home_turns_product_id_products")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_home_turns")),
        sa.UniqueConstraint("day_on", "position", name=op.f("uq_home_turns_day_on_position")),
        sa.UniqueConstraint("day_on", "product_id", name=op.f("uq_home_turns_day_on_product_id")),
    )
    op.create_index(op.f("ix_home_turns_product_id"), "home_turns", ["product_id"])


def downgrade() -> None:
    op.drop_table("home_turns")
    op.drop_table("exposures")
    op.drop_table("collection_items")
    op.drop_table("bulk_items")
    op.drop_table("text_checks")
    op.drop_table("collections")
    op.drop_table("bulk_edits")
