"""Goods in: delivery notes, transfers, pull-outs, blind counts, and lots that may not be sold.

Revision: 0012, after: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

#: In the order in which they are made.
TABLES = (
    "deliveries",
    "delivery_lines",
    "transfers",
    "transfer_lines",
    "pull_outs",
    "pull_out_lines",
    "stock_counts",
    "count_lines",
)


def upgrade() -> None:
    with op.batch_alter_table("batches") as batch:
        batch.add_column(sa.Column("state", sa.String(length=10), nullable=False, server_default="open"))
        batch.add_column(sa.Column("state_reason", sa.String(length=240), nullable=False, server_default=""))
        batch.add_column(sa.Column("state_changed_at", sa.DateTime(timezone=True), nullable=True))
    _deliveries()
    _transfers()
    _pull_outs()
    _counts()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    with op.batch_alter_table("batches") as batch:
        for column in ("state_changed_at", "state_reason", "state"):
            batch.drop_column(column)


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("outlet_id", sa.Integer(), nullable=False),
        sa.Column("maker_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("brought_by", sa.String(length=120), nullable=False),
        sa.Column("note", sa.String(length=240), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counted_by_id", sa.Integer(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.String(length=12), nullable=True),
        sa.Column("confirmed_name", sa.String(length=120), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.Column("cancel_reason", sa.String(length=240), nullable=False),
        sa.ForeignKeyConstraint(["counted_by_id"], ["users.id"], name=op.f("fk_deliveries_counted_by_id_users")),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_deliveries_created_by_id_users")),
        sa.ForeignKeyConstraint(["maker_id"], ["makers.id"], name=op.f("fk_deliveries_maker_id_makers")),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlets.id"], name=op.f("fk_deliveries_outlet_id_outlets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("code", name=op.f("uq_deliveries_code")),
    )
    op.create_index(op.f("ix_deliveries_counted_by_id"), "deliveries", ["counted_by_id"], unique=False)
    op.create_index(op.f("ix_deliveries_created_by_id"), "deliveries", ["created_by_id"], unique=False)
    op.create_index(op.f("ix_deliveries_maker_id_state"), "deliveries", ["maker_id", "state"], unique=False)
    op.create_index(op.f("ix_deliveries_outlet_id_state"), "deliveries", ["outlet_id", "state"], unique=False)
    op.create_table(
        "delivery_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("variant_id", sa.Integer(), nullable=False),
        sa.Column("lot_code", sa.String(length=20), nullable=False),
        sa.Column("produced_on", sa.Date(), nullable=True),
        sa.Column("best_before_on", sa.Date(), nullable=True),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("condition", sa.String(length=12), nullable=False),
        sa.Column("refusal_reason", sa.String(length=240), nullable=False),
        sa.Column("photo_name", sa.String(length=40), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("accepted >= 0 AND accepted <= quantity", name=op.f("ck_delivery_lines_accepted_within_quantity")),
        sa.CheckConstraint(
            "best_before_on IS NULL OR produced_on IS NULL OR best_before_on >= produced_on", name=op.f("ck_delivery_lines_dates_in_order")
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_delivery_lines_quantity_positive")),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_delivery_lines_batch_id_batches")),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name=op.f("fk_delivery_lines_delivery_id_deliveries")),
        sa.ForeignKeyConstraint(["variant_id"], ["variants.id"], name=op.f("fk_delivery_lines_variant_id_variants")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_lines")),
        sa.UniqueConstraint("delivery_id", "variant_id", "lot_code", name=op.f("uq_delivery_lines_delivery_id_variant_id_lot_code")),
    )
    op.create_index(op.f("ix_delivery_lines_batch_id"), "delivery_lines", ["batch_id"], unique=False)
    op.create_index(op.f("ix_delivery_lines_delivery_id"), "delivery_lines", ["delivery_id"], unique=False)
    op.create_index(op.f("ix_delivery_lines_variant_id"), "delivery_lines", ["variant_id"], unique=False)


def _transfers() -> None:
    op.create_table(
        "transfers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("from_outlet_id", sa.Integer(), nullable=False),
        sa.Column("to_outlet_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("note", sa.String(length=240), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("from_outlet_id <> to_outlet_id", name=op.f("ck_transfers_two_outlets")),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_transfers_created_by_id_users")),
        sa.ForeignKeyConstraint(["from_outlet_id"], ["outlets.id"], name=op.f("fk_transfers_from_outlet_id_outlets")),
        sa.ForeignKeyConstraint(["received_by_id"], ["users.id"], name=op.f("fk_transfers_received_by_id_users")),
        sa.ForeignKeyConstraint(["to_outlet_id"], ["outlets.id"], name=op.f("fk_transfers_to_outlet_id_outlets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfers")),
        sa.UniqueConstraint("code", name=op.f("uq_transfers_code")),
    )
    op.create_index(op.f("ix_transfers_created_by_id"), "transfers", ["created_by_id"], unique=False)
    op.create_index(op.f("ix_transfers_from_outlet_id"), "transfers", ["from_outlet_id"], unique=False)
    op.create_index(op.f("ix_transfers_received_by_id"), "transfers", ["received_by_id"], unique=False)
    op.create_index(op.f("ix_transfers_state"), "transfers", ["state"], unique=False)
    op.create_index(op.f("ix_transfers_to_outlet_id"), "transfers", ["to_outlet_id"], unique=False)
    op.create_table(
        "transfer_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("transfer_id", sa.Integer(), nullable=False),
        sa.Column("level_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=240), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_transfer_lines_quantity_positive")),
        sa.CheckConstraint(
            "received IS NULL OR (received >= 0 AND received <= quantity)", name=op.f("ck_transfer_lines_received_within_quantity")
        ),
        sa.ForeignKeyConstraint(["level_id"], ["stock_levels.id"], name=op.f("fk_transfer_lines_level_id_stock_levels")),
        sa.ForeignKeyConstraint(["transfer_id"], ["transfers.id"], name=op.f("fk_transfer_lines_transfer_id_transfers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer_lines")),
        sa.UniqueConstraint("transfer_id", "level_id", name=op.f("uq_transfer_lines_transfer_id_level_id")),
    )
    op.create_index(op.f("ix_transfer_lines_level_id"), "transfer_lines", ["level_id"], unique=False)
    op.create_index(op.f("ix_transfer_lines_transfer_id"), "transfer_lines", ["transfer_id"], unique=False)


def _pull_outs() -> None:
    op.create_table(
        "pull_outs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("outlet_id", sa.Integer(), nullable=False),
        sa.Column("maker_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=12), nullable=False),
        sa.Column("note", sa.String(length=240), nullable=False),
        sa.Column("collect_by_on", sa.Date(), nullable=True),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("announced_by_id", sa.Integer(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.Column("handed_to", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["announced_by_id"], ["users.id"], name=op.f("fk_pull_outs_announced_by_id_users")),
        sa.ForeignKeyConstraint(["done_by_id"], ["users.id"], name=op.f("fk_pull_outs_done_by_id_users")),
        sa.ForeignKeyConstraint(["maker_id"], ["makers.id"], name=op.f("fk_pull_outs_maker_id_makers")),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlets.id"], name=op.f("fk_pull_outs_outlet_id_outlets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pull_outs")),
        sa.UniqueConstraint("code", name=op.f("uq_pull_outs_code")),
    )
    op.create_index(op.f("ix_pull_outs_announced_by_id"), "pull_outs", ["announced_by_id"], unique=False)
    op.create_index(op.f("ix_pull_outs_done_by_id"), "pull_outs", ["done_by_id"], unique=False)
    op.create_index(op.f("ix_pull_outs_maker_id"), "pull_outs", ["maker_id"], unique=False)
    op.create_index(op.f("ix_pull_outs_outlet_id_state"), "pull_outs", ["outlet_id", "state"], unique=False)
    op.create_table(
        "pull_out_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pull_out_id", sa.Integer(), nullable=False),
        sa.Column("level_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("returned", sa.Integer(), nullable=False),
        sa.Column("written_off", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_pull_out_lines_quantity_positive")),
        sa.CheckConstraint("returned >= 0 AND written_off >= 0", name=op.f("ck_pull_out_lines_figures_not_negative")),
        sa.ForeignKeyConstraint(["level_id"], ["stock_levels.id"], name=op.f("fk_pull_out_lines_level_id_stock_levels")),
        sa.ForeignKeyConstraint(["pull_out_id"], ["pull_outs.id"], name=op.f("fk_pull_out_lines_pull_out_id_pull_outs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pull_out_lines")),
        sa.UniqueConstraint("pull_out_id", "level_id", name=op.f("uq_pull_out_lines_pull_out_id_level_id")),
    )
    op.create_index(op.f("ix_pull_out_lines_level_id"), "pull_out_lines", ["level_id"], unique=False)
    op.create_index(op.f("ix_pull_out_lines_pull_out_id"), "pull_out_lines", ["pull_out_id"], unique=False)


def _counts() -> None:
    op.create_table(
        "stock_counts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("outlet_id", sa.Integer(), nullable=False),
        sa.Column("maker_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("note", sa.String(length=240), nullable=False),
        sa.Column("approval_above", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by_id", sa.Integer(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by_id", sa.Integer(), nullable=True),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("booked_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["booked_by_id"], ["users.id"], name=op.f("fk_stock_counts_booked_by_id_users")),
        sa.ForeignKeyConstraint(["maker_id"], ["makers.id"], name=op.f("fk_stock_counts_maker_id_makers")),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlets.id"], name=op.f("fk_stock_counts_outlet_id_outlets")),
        sa.ForeignKeyConstraint(["reviewed_by_id"], ["users.id"], name=op.f("fk_stock_counts_reviewed_by_id_users")),
        sa.ForeignKeyConstraint(["started_by_id"], ["users.id"], name=op.f("fk_stock_counts_started_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_counts")),
        sa.UniqueConstraint("code", name=op.f("uq_stock_counts_code")),
    )
    op.create_index(op.f("ix_stock_counts_booked_by_id"), "stock_counts", ["booked_by_id"], unique=False)
    op.create_index(op.f("ix_stock_counts_maker_id"), "stock_counts", ["maker_id"], unique=False)
    op.create_index(op.f("ix_stock_counts_outlet_id_state"), "stock_counts", ["outlet_id", "state"], unique=False)
    op.create_index(op.f("ix_stock_counts_reviewed_by_id"), "stock_counts", ["reviewed_by_id"], unique=False)
    op.create_index(op.f("ix_stock_counts_started_by_id"), "stock_counts", ["started_by_id"], unique=False)
    op.create_table(
        "count_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("count_id", sa.Integer(), nullable=False),
        sa.Column("level_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=True),
        sa.Column("expected", sa.Integer(), nullable=True),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counted_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=240), nullable=False),
        sa.CheckConstraint("(counted IS NULL) = (expected IS NULL)", name=op.f("ck_count_lines_counted_with_expected")),
        sa.CheckConstraint("counted IS NULL OR counted >= 0", name=op.f("ck_count_lines_counted_not_negative")),
        sa.ForeignKeyConstraint(["count_id"], ["stock_counts.id"], name=op.f("fk_count_lines_count_id_stock_counts")),
        sa.ForeignKeyConstraint(["counted_by_id"], ["users.id"], name=op.f("fk_count_lines_counted_by_id_users")),
        sa.ForeignKeyConstraint(["level_id"], ["stock_levels.id"], name=op.f("fk_count_lines_level_id_stock_levels")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_count_lines")),
        sa.UniqueConstraint("count_id", "level_id", name=op.f("uq_count_lines_count_id_level_id")),
    )
    op.create_index(op.f("ix_count_lines_count_id"), "count_lines", ["count_id"], unique=False)
    op.create_index(op.f("ix_count_lines_counted_by_id"), "count_lines", ["counted_by_id"], unique=False)
    op.create_index(op.f("ix_count_lines_level_id"), "count_lines", ["level_id"], unique=False)
