"""Shipping to the buyer: zones, weights, addresses, parcels, pickup slots.

Revision: 0008, after: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TOTAL = "total = subtotal + shipping_total - discount_total"
PARTS = "shipping_total >= 0 AND discount_total >= 0"


def upgrade() -> None:
    with op.batch_alter_table("products") as batch_op:
        batch_op.add_column(sa.Column("travel_limit", sa.String(length=8), nullable=False, server_default="none"))
    with op.batch_alter_table("orders") as batch_op:
        for name in ("shipping_total", "discount_total"):
            batch_op.add_column(sa.Column(name, sa.BigInteger(), nullable=False, server_default="0"))
        for name in ("pickup_at", "departs_at", "shipped_at"):
            batch_op.add_column(sa.Column(name, sa.DateTime(timezone=True), nullable=True))
        batch_op.create_check_constraint(op.f("ck_orders_total_exact"), TOTAL)
        batch_op.create_check_constraint(op.f("ck_orders_parts_not_negative"), PARTS)
    with op.batch_alter_table("refunds") as batch_op:
        batch_op.add_column(sa.Column("shipping_amount", sa.BigInteger(), nullable=False, server_default="0"))
        batch_op.create_check_constraint(op.f("ck_refunds_shipping_within_amount"), "shipping_amount >= 0 AND shipping_amount <= amount")
    _create_zones()
    _create_order_tables()


def _create_zones() -> None:
    op.create_table(
        "shipping_zones",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("outlet_id", sa.Integer(), nullable=False),
        sa.Column("name_id", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("courier", sa.String(length=60), nullable=False),
        sa.Column("days_min", sa.Integer(), nullable=False),
        sa.Column("days_max", sa.Integer(), nullable=False),
        sa.Column("extra_kg_price", sa.BigInteger(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("days_min >= 0 AND days_max >= days_min", name=op.f("ck_shipping_zones_days_in_order")),
        sa.CheckConstraint("extra_kg_price IS NULL OR extra_kg_price >= 0", name=op.f("ck_shipping_zones_extra_kg_price_not_negative")),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlets.id"], name=op.f("fk_shipping_zones_outlet_id_outlets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipping_zones")),
        sa.UniqueConstraint("code", name=op.f("uq_shipping_zones_code")),
    )
    op.create_index(op.f("ix_shipping_zones_outlet_id"), "shipping_zones", ["outlet_id"])
    op.create_table(
        "zone_areas",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("zone_id", sa.Integer(), nullable=False),
        sa.Column("outlet_id", sa.Integer(), nullable=False),
        sa.Column("area_prefix", sa.String(length=13), nullable=False),
        sa.ForeignKeyConstraint(["zone_id"], ["shipping_zones.id"], name=op.f("fk_zone_areas_zone_id_shipping_zones")),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlets.id"], name=op.f("fk_zone_areas_outlet_id_outlets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_zone_areas")),
        sa.UniqueConstraint("outlet_id", "area_prefix", name=op.f("uq_zone_areas_outlet_id_area_prefix")),
    )
    op.create_index(op.f("ix_zone_areas_zone_id"), "zone_areas", ["zone_id"])
    op.create_table(
        "shipping_rates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("zone_id", sa.Integer(), nullable=False),
        sa.Column("up_to_kg", sa.Integer(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("up_to_kg > 0", name=op.f("ck_shipping_rates_up_to_kg_positive")),
        sa.CheckConstraint("price >= 0", name=op.f("ck_shipping_rates_price_not_negative")),
        sa.ForeignKeyConstraint(["zone_id"], ["shipping_zones.id"], name=op.f("fk_shipping_rates_zone_id_shipping_zones")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipping_rates")),
        sa.UniqueConstraint("zone_id", "up_to_kg", name=op.f("uq_shipping_rates_zone_id_up_to_kg")),
    )


def _create_order_tables() -> None:
    op.create_table(
        "order_addresses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("street", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("village_code", sa.String(length=13), nullable=True),
        sa.Column("area_text", sa.String(length=240), nullable=False),
        sa.Column("postal_code", sa.String(length=5), nullable=False),
        sa.Column("zone_id", sa.Integer(), nullable=True),
        sa.Column("zone_name_id", sa.String(length=80), nullable=False),
        sa.Column("zone_name_en", sa.String(length=80), nullable=False),
        sa.Column("courier", sa.String(length=60), nullable=False),
        sa.Column("weight_g", sa.Integer(), nullable=False),
        sa.Column("charged_kg", sa.Integer(), nullable=False),
        sa.Column("days_min", sa.Integer(), nullable=False),
        sa.Column("days_max", sa.Integer(), nullable=False),
        sa.CheckConstraint("weight_g > 0 AND charged_kg > 0", name=op.f("ck_order_addresses_weight_positive")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_addresses_order_id_orders")),
        sa.ForeignKeyConstraint(["village_code"], ["areas.code"], name=op.f("fk_order_addresses_village_code_areas")),
        sa.ForeignKeyConstraint(["zone_id"], ["shipping_zones.id"], name=op.f("fk_order_addresses_zone_id_shipping_zones")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_addresses")),
        sa.UniqueConstraint("order_id", name=op.f("uq_order_addresses_order_id")),
    )
    for column in ("village_code", "zone_id"):
        op.create_index(op.f(f"ix_order_addresses_{column}"), "order_addresses", [column])
    op.create_table(
        "parcels",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("courier", sa.String(length=60), nullable=False),
        sa.Column("tracking_number", sa.String(length=60), nullable=False),
        sa.Column("weight_g", sa.Integer(), nullable=True),
        sa.Column("shipped_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shipped_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("weight_g IS NULL OR weight_g > 0", name=op.f("ck_parcels_weight_positive")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_parcels_order_id_orders")),
        sa.ForeignKeyConstraint(["shipped_by_id"], ["users.id"], name=op.f("fk_parcels_shipped_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parcels")),
        sa.UniqueConstraint("order_id", "position", name=op.f("uq_parcels_order_id_position")),
    )
    op.create_index(op.f("ix_parcels_shipped_by_id"), "parcels", ["shipped_by_id"])


def downgrade() -> None:
    for table in ("parcels", "order_addresses", "shipping_rates", "zone_areas", "shipping_zones"):
        op.drop_table(table)
    with op.batch_alter_table("refunds") as batch_op:
        batch_op.drop_constraint(op.f("ck_refunds_shipping_within_amount"), type_="check")
        batch_op.drop_column("shipping_amount")
    with op.batch_alter_table("orders") as batch_op:
        for name in ("parts_not_negative", "total_exact"):
            batch_op.drop_constraint(op.f(f"ck_orders_{name}"), type_="check")
        for name in ("shipped_at", "departs_at", "pickup_at", "discount_total", "shipping_total"):
            batch_op.drop_column(name)
    with op.batch_alter_table("products") as batch_op:
        batch_op.drop_column("travel_limit")
