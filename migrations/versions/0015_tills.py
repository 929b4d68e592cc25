"""Tills: devices, PINs, signed entries, leases, shifts, sales and returns at the counter, incidents.

Revision: 0015, after: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

#: Facts that are only ever added.
APPEND_ONLY = ("shift_closings", "cash_moves", "counter_sales", "counter_returns")
TABLES = (
    "counter_incidents",
    "counter_returns",
    "counter_sales",
    "cash_moves",
    "shift_closings",
    "shifts",
    "stock_leases",
    "till_entries",
    "till_devices",
    "pairing_codes",
    "tills",
    "till_pins",
)


def upgrade() -> None:
    _create_tills()
    _create_shifts()
    _create_facts()
    for table in APPEND_ONLY:
        _guard(table)
    with op.batch_alter_table("outlets") as batch:
        batch.add_column(sa.Column("till_discount_limit_bps", sa.Integer(), nullable=False, server_default="1000"))
        batch.add_column(sa.Column("cash_out_limit", sa.BigInteger(), nullable=False, server_default="100000"))
        batch.add_column(sa.Column("receipt_footer", sa.String(160), nullable=False, server_default=""))
    with op.batch_alter_table("stock_levels") as batch:
        batch.add_column(sa.Column("oversold", sa.Integer(), nullable=False, server_default="0"))
        batch.drop_constraint(op.f("ck_stock_levels_on_hand_not_negative"), type_="check")
        batch.drop_constraint(op.f("ck_stock_levels_held_within_on_hand"), type_="check")
        batch.create_check_constraint(op.f("ck_stock_levels_on_hand_not_negative"), "oversold >= 0 AND on_hand + oversold >= 0")
        batch.create_check_constraint(op.f("ck_stock_levels_held_within_on_hand"), "held >= 0 AND held <= on_hand + oversold")


def downgrade() -> None:
    """Refused by the check while something is oversold: that must be counted first."""
    with op.batch_alter_table("stock_levels") as batch:
        batch.drop_constraint(op.f("ck_stock_levels_on_hand_not_negative"), type_="check")
        batch.drop_constraint(op.f("ck_stock_levels_held_within_on_hand"), type_="check")
        batch.drop_column("oversold")
        batch.create_check_constraint(op.f("ck_stock_levels_on_hand_not_negative"), "on_hand >= 0")
        batch.create_check_constraint(op.f("ck_stock_levels_held_within_on_hand"), "held >= 0 AND held <= on_hand")
    with op.batch_alter_table("outlets") as batch:
        for column in ("receipt_footer", "cash_out_limit", "till_discount_limit_bps"):
            batch.drop_column(column)
    for table in TABLES:
        op.drop_table(table)


def _guard(table: str) -> None:
    """No UPDATE, no DELETE; PostgreSQL's function is that of migration 0002."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
    else:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def _create_tills() -> None:
    op.create_table(
        "till_pins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("salt", sa.String(32), nullable=False),
        sa.Column("verifier", sa.String(64), nullable=False),
        sa.Column("iterations", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_till_pins_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_till_pins")),
        sa.UniqueConstraint("user_id", name=op.f("uq_till_pins_user_id")),
    )
    op.create_table(
        "tills",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("outlet_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("lease_units", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("lease_units BETWEEN 0 AND 99", name=op.f("ck_tills_lease_in_range")),
        sa.CheckConstraint("number BETWEEN 1 AND 99", name=op.f("ck_tills_number_in_range")),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlets.id"], name=op.f("fk_tills_outlet_id_outlets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tills")),
        sa.UniqueConstraint("outlet_id", "number", name=op.f("uq_tills_outlet_id_number")),
    )
    op.create_index(op.f("ix_tills_outlet_id"), "tills", ["outlet_id"], unique=False)
    op.create_table(
        "pairing_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("till_id", sa.Integer(), nullable=False),
        sa.Column("code_digest", sa.String(64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_pairing_codes_created_by_id_users")),
        sa.ForeignKeyConstraint(["till_id"], ["tills.id"], name=op.f("fk_pairing_codes_till_id_tills")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pairing_codes")),
        sa.UniqueConstraint("code_digest", name=op.f("uq_pairing_codes_code_digest")),
    )
    op.create_index(op.f("ix_pairing_codes_created_by_id"), "pairing_codes", ["created_by_id"], unique=False)
    op.create_index(op.f("ix_pairing_codes_till_id"), "pairing_codes", ["till_id"], unique=False)
    op.create_table(
        "till_devices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column("till_id", sa.Integer(), nullable=False),
        sa.Column("series", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(80), nullable=False),
        sa.Column("token_digest", sa.String(64), nullable=False),
        sa.Column("public_key", sa.String(200), nullable=False),
        sa.Column("paired_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paired_by_id", sa.Integer(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by_id", sa.Integer(), nullable=True),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_sequence", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("app_version", sa.String(20), nullable=False),
        sa.Column("skew_s", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["paired_by_id"], ["users.id"], name=op.f("fk_till_devices_paired_by_id_users")),
        sa.ForeignKeyConstraint(["revoked_by_id"], ["users.id"], name=op.f("fk_till_devices_revoked_by_id_users")),
        sa.ForeignKeyConstraint(["till_id"], ["tills.id"], name=op.f("fk_till_devices_till_id_tills")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_till_devices")),
        sa.UniqueConstraint("code", name=op.f("uq_till_devices_code")),
        sa.UniqueConstraint("till_id", "series", name=op.f("uq_till_devices_till_id_series")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_till_devices_token_digest")),
    )
    op.create_index(op.f("ix_till_devices_paired_by_id"), "till_devices", ["paired_by_id"], unique=False)
    op.create_index(op.f("ix_till_devices_revoked_by_id"), "till_devices", ["revoked_by_id"], unique=False)
    op.create_index(op.f("ix_till_devices_till_id"), "till_devices", ["till_id"], unique=False)
    op.create_index(
        "uq_till_devices_active",
        "till_devices",
        ["till_id"],
        unique=True,
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.create_table(
        "till_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.String(36), nullable=False),
        sa.Column("till_id", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("source", sa.String(10), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("signature", sa.String(120), nullable=False),
        sa.Column("shift_code", sa.String(36), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("skew_s", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(240), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["decided_by_id"], ["users.id"], name=op.f("fk_till_entries_decided_by_id_users")),
        sa.ForeignKeyConstraint(["device_id"], ["till_devices.id"], name=op.f("fk_till_entries_device_id_till_devices")),
        sa.ForeignKeyConstraint(["till_id"], ["tills.id"], name=op.f("fk_till_entries_till_id_tills")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_till_entries")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_till_entries_entry_id")),
    )
    op.create_index(op.f("ix_till_entries_decided_by_id"), "till_entries", ["decided_by_id"], unique=False)
    op.create_index(op.f("ix_till_entries_device_id_sequence"), "till_entries", ["device_id", "sequence"], unique=False)
    op.create_index(op.f("ix_till_entries_shift_code"), "till_entries", ["shift_code"], unique=False)
    op.create_index(op.f("ix_till_entries_state"), "till_entries", ["state"], unique=False)
    op.create_index(op.f("ix_till_entries_till_id"), "till_entries", ["till_id"], unique=False)
    op.create_table(
        "stock_leases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("level_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ended_at IS NULL OR quantity = 0", name=op.f("ck_stock_leases_ended_holds_nothing")),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_stock_leases_quantity_not_negative")),
        sa.ForeignKeyConstraint(["device_id"], ["till_devices.id"], name=op.f("fk_stock_leases_device_id_till_devices")),
        sa.ForeignKeyConstraint(["level_id"], ["stock_levels.id"], name=op.f("fk_stock_leases_level_id_stock_levels")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_leases")),
    )
    op.create_index(op.f("ix_stock_leases_device_id"), "stock_leases", ["device_id"], unique=False)
    op.create_index(op.f("ix_stock_leases_ended_at_expires_at"), "stock_leases", ["ended_at", "expires_at"], unique=False)
    op.create_index(op.f("ix_stock_leases_level_id"), "stock_leases", ["level_id"], unique=False)
    op.create_index(
        "uq_stock_leases_live",
        "stock_leases",
        ["device_id", "level_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def _create_shifts() -> None:
    op.create_table(
        "shifts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(36), nullable=False),
        sa.Column("till_id", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=True),
        sa.Column("cashier_id", sa.Integer(), nullable=True),
        sa.Column("opening_float", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("opening_float >= 0", name=op.f("ck_shifts_float_not_negative")),
        sa.ForeignKeyConstraint(["cashier_id"], ["users.id"], name=op.f("fk_shifts_cashier_id_users")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["users.id"], name=op.f("fk_shifts_closed_by_id_users")),
        sa.ForeignKeyConstraint(["device_id"], ["till_devices.id"], name=op.f("fk_shifts_device_id_till_devices")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["users.id"], name=op.f("fk_shifts_opened_by_id_users")),
        sa.ForeignKeyConstraint(["till_id"], ["tills.id"], name=op.f("fk_shifts_till_id_tills")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shifts")),
        sa.UniqueConstraint("code", name=op.f("uq_shifts_code")),
        sa.UniqueConstraint("till_id", "number", name=op.f("uq_shifts_till_id_number")),
    )
    op.create_index(op.f("ix_shifts_business_date"), "shifts", ["business_date"], unique=False)
    op.create_index(op.f("ix_shifts_cashier_id"), "shifts", ["cashier_id"], unique=False)
    op.create_index(op.f("ix_shifts_closed_by_id"), "shifts", ["closed_by_id"], unique=False)
    op.create_index(op.f("ix_shifts_device_id"), "shifts", ["device_id"], unique=False)
    op.create_index(op.f("ix_shifts_opened_by_id"), "shifts", ["opened_by_id"], unique=False)
    op.create_index(op.f("ix_shifts_till_id"), "shifts", ["till_id"], unique=False)
    op.create_index(
        "uq_shifts_open",
        "shifts",
        ["till_id"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "shift_closings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("shift_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counted", sa.JSON(), nullable=False),
        sa.Column("expected", sa.JSON(), nullable=False),
        sa.Column("denominations", sa.JSON(), nullable=False),
        sa.Column("is_provisional", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(240), nullable=False),
        sa.ForeignKeyConstraint(["shift_id"], ["shifts.id"], name=op.f("fk_shift_closings_shift_id_shifts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_closings")),
        sa.UniqueConstraint("shift_id", "version", name=op.f("uq_shift_closings_shift_id_version")),
    )
    op.create_index(op.f("ix_shift_closings_shift_id"), "shift_closings", ["shift_id"], unique=False)
    op.create_table(
        "cash_moves",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("shift_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("direction", sa.String(4), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(240), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cashier_id", sa.Integer(), nullable=True),
        sa.Column("supervisor_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_cash_moves_amount_positive")),
        sa.ForeignKeyConstraint(["cashier_id"], ["users.id"], name=op.f("fk_cash_moves_cashier_id_users")),
        sa.ForeignKeyConstraint(["entry_id"], ["till_entries.id"], name=op.f("fk_cash_moves_entry_id_till_entries")),
        sa.ForeignKeyConstraint(["shift_id"], ["shifts.id"], name=op.f("fk_cash_moves_shift_id_shifts")),
        sa.ForeignKeyConstraint(["supervisor_id"], ["users.id"], name=op.f("fk_cash_moves_supervisor_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cash_moves")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_cash_moves_entry_id")),
    )
    op.create_index(op.f("ix_cash_moves_cashier_id"), "cash_moves", ["cashier_id"], unique=False)
    op.create_index(op.f("ix_cash_moves_shift_id"), "cash_moves", ["shift_id"], unique=False)
    op.create_index(op.f("ix_cash_moves_supervisor_id"), "cash_moves", ["supervisor_id"], unique=False)


def _create_facts() -> None:
    op.create_table(
        "counter_sales",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("shift_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("receipt_number", sa.String(40), nullable=False),
        sa.Column("running", sa.Integer(), nullable=False),
        sa.Column("sold_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("cashier_id", sa.Integer(), nullable=True),
        sa.Column("supervisor_id", sa.Integer(), nullable=True),
        sa.Column("counter_discount", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(240), nullable=False),
        sa.Column("price_difference", sa.BigInteger(), nullable=False),
        sa.Column("cash_given", sa.BigInteger(), nullable=False),
        sa.Column("cash_change", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("cash_change >= 0 AND cash_change <= cash_given", name=op.f("ck_counter_sales_change_within_given")),
        sa.CheckConstraint("counter_discount >= 0", name=op.f("ck_counter_sales_discount_not_negative")),
        sa.ForeignKeyConstraint(["cashier_id"], ["users.id"], name=op.f("fk_counter_sales_cashier_id_users")),
        sa.ForeignKeyConstraint(["entry_id"], ["till_entries.id"], name=op.f("fk_counter_sales_entry_id_till_entries")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_counter_sales_order_id_orders")),
        sa.ForeignKeyConstraint(["shift_id"], ["shifts.id"], name=op.f("fk_counter_sales_shift_id_shifts")),
        sa.ForeignKeyConstraint(["supervisor_id"], ["users.id"], name=op.f("fk_counter_sales_supervisor_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counter_sales")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_counter_sales_entry_id")),
        sa.UniqueConstraint("order_id", name=op.f("uq_counter_sales_order_id")),
        sa.UniqueConstraint("receipt_number", name=op.f("uq_counter_sales_receipt_number")),
    )
    op.create_index(op.f("ix_counter_sales_business_date"), "counter_sales", ["business_date"], unique=False)
    op.create_index(op.f("ix_counter_sales_cashier_id"), "counter_sales", ["cashier_id"], unique=False)
    op.create_index(op.f("ix_counter_sales_shift_id"), "counter_sales", ["shift_id"], unique=False)
    op.create_index(op.f("ix_counter_sales_supervisor_id"), "counter_sales", ["supervisor_id"], unique=False)
    op.create_table(
        "counter_returns",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("refund_id", sa.Integer(), nullable=False),
        sa.Column("shift_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("receipt_number", sa.String(40), nullable=False),
        sa.Column("running", sa.Integer(), nullable=False),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("cashier_id", sa.Integer(), nullable=True),
        sa.Column("supervisor_id", sa.Integer(), nullable=True),
        sa.Column("cash", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("cash >= 0", name=op.f("ck_counter_returns_cash_not_negative")),
        sa.ForeignKeyConstraint(["cashier_id"], ["users.id"], name=op.f("fk_counter_returns_cashier_id_users")),
        sa.ForeignKeyConstraint(["entry_id"], ["till_entries.id"], name=op.f("fk_counter_returns_entry_id_till_entries")),
        sa.ForeignKeyConstraint(["refund_id"], ["refunds.id"], name=op.f("fk_counter_returns_refund_id_refunds")),
        sa.ForeignKeyConstraint(["shift_id"], ["shifts.id"], name=op.f("fk_counter_returns_shift_id_shifts")),
        sa.ForeignKeyConstraint(["supervisor_id"], ["users.id"], name=op.f("fk_counter_returns_supervisor_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counter_returns")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_counter_returns_entry_id")),
        sa.UniqueConstraint("receipt_number", name=op.f("uq_counter_returns_receipt_number")),
        sa.UniqueConstraint("refund_id", name=op.f("uq_counter_returns_refund_id")),
    )
    op.create_index(op.f("ix_counter_returns_business_date"), "counter_returns", ["business_date"], unique=False)
    op.create_index(op.f("ix_counter_returns_cashier_id"), "counter_returns", ["cashier_id"], unique=False)
    op.create_index(op.f("ix_counter_returns_shift_id"), "counter_returns", ["shift_id"], unique=False)
    op.create_index(op.f("ix_counter_returns_supervisor_id"), "counter_returns", ["supervisor_id"], unique=False)
    op.create_table(
        "counter_incidents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("outlet_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("order_id", sa.Integer(), nullable=True),
        sa.Column("level_id", sa.Integer(), nullable=True),
        sa.Column("payment_id", sa.Integer(), nullable=True),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by_id", sa.Integer(), nullable=True),
        sa.Column("resolution", sa.String(40), nullable=False),
        sa.Column("note", sa.String(240), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["till_entries.id"], name=op.f("fk_counter_incidents_entry_id_till_entries")),
        sa.ForeignKeyConstraint(["level_id"], ["stock_levels.id"], name=op.f("fk_counter_incidents_level_id_stock_levels")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_counter_incidents_order_id_orders")),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlets.id"], name=op.f("fk_counter_incidents_outlet_id_outlets")),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name=op.f("fk_counter_incidents_payment_id_payments")),
        sa.ForeignKeyConstraint(["resolved_by_id"], ["users.id"], name=op.f("fk_counter_incidents_resolved_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counter_incidents")),
        sa.UniqueConstraint("code", name=op.f("uq_counter_incidents_code")),
        sa.UniqueConstraint("key", name=op.f("uq_counter_incidents_key")),
    )
    op.create_index(op.f("ix_counter_incidents_entry_id"), "counter_incidents", ["entry_id"], unique=False)
    op.create_index(op.f("ix_counter_incidents_level_id"), "counter_incidents", ["level_id"], unique=False)
    op.create_index(op.f("ix_counter_incidents_order_id"), "counter_incidents", ["order_id"], unique=False)
    op.create_index(op.f("ix_counter_incidents_outlet_id_resolved_at"), "counter_incidents", ["outlet_id", "resolved_at"], unique=False)
    op.create_index(op.f("ix_counter_incidents_payment_id"), "counter_incidents", ["payment_id"], unique=False)
    op.create_index(op.f("ix_counter_incidents_resolved_by_id"), "counter_incidents", ["resolved_by_id"], unique=False)
