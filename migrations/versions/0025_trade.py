"""Quotes with their turns, partners' purchase orders, cartons and receipts, invoices and credit notes.

Revision: 0025, after: 0024
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

#: Facts that are only ever added.
APPEND_ONLY = ("quote_turns", "quote_lines", "invoices", "invoice_lines", "credit_notes", "credit_note_lines")
TABLES = (
    "credit_note_lines",
    "credit_notes",
    "invoice_lines",
    "invoices",
    "receipt_lines",
    "goods_receipts",
    "dispatches",
    "cartons",
    "purchase_shares",
    "purchase_lines",
    "purchase_orders",
    "partner_credits",
    "quote_lines",
    "quote_turns",
    "quotes",
)


def upgrade() -> None:
    _create_quotes()
    _create_purchases()
    _create_goods()
    _create_invoices()
    for table in APPEND_ONLY:
        _guard(table)


def downgrade() -> None:
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


def _create_quotes() -> None:
    op.create_table(
        "quotes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("form_key", sa.String(length=64), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=False),
        sa.Column("outlet_id", sa.Integer(), nullable=False),
        sa.Column("branch_id", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("wanted_on", sa.Date(), nullable=True),
        sa.Column("valid_until_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("turn > 0", name=op.f("ck_quotes_turn_positive")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["users.id"], name=op.f("fk_quotes_asked_by_id_users")),
        sa.ForeignKeyConstraint(["branch_id"], ["partner_branches.id"], name=op.f("fk_quotes_branch_id_partner_branches")),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlets.id"], name=op.f("fk_quotes_outlet_id_outlets")),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"], name=op.f("fk_quotes_partner_id_partners")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quotes")),
        sa.UniqueConstraint("code", name=op.f("uq_quotes_code")),
        sa.UniqueConstraint("form_key", name=op.f("uq_quotes_form_key")),
    )
    op.create_index(op.f("ix_quotes_asked_by_id"), "quotes", ["asked_by_id"], unique=False)
    op.create_index(op.f("ix_quotes_branch_id"), "quotes", ["branch_id"], unique=False)
    op.create_index(op.f("ix_quotes_outlet_id_state_changed_at"), "quotes", ["outlet_id", "state", "changed_at"], unique=False)
    op.create_index(op.f("ix_quotes_partner_id_changed_at"), "quotes", ["partner_id", "changed_at"], unique=False)
    op.create_table(
        "quote_turns",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quote_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=8), nullable=False),
        sa.Column("act", sa.String(length=10), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(length=120), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("freight", sa.BigInteger(), nullable=False),
        sa.Column("terms_bps", sa.Integer(), nullable=False),
        sa.Column("payment_days", sa.Integer(), nullable=False),
        sa.Column("valid_until_on", sa.Date(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("act <> 'offer' OR valid_until_on IS NOT NULL", name=op.f("ck_quote_turns_offer_has_last_day")),
        sa.CheckConstraint("freight >= 0 AND payment_days >= 0", name=op.f("ck_quote_turns_terms_not_negative")),
        sa.CheckConstraint("terms_bps BETWEEN 0 AND 1500", name=op.f("ck_quote_turns_terms_within_cap")),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_quote_turns_actor_id_users")),
        sa.ForeignKeyConstraint(["quote_id"], ["quotes.id"], name=op.f("fk_quote_turns_quote_id_quotes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quote_turns")),
        sa.UniqueConstraint("quote_id", "number", name=op.f("uq_quote_turns_quote_id_number")),
    )
    op.create_index(op.f("ix_quote_turns_actor_id"), "quote_turns", ["actor_id"], unique=False)
    op.create_table(
        "quote_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("turn_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("units_per_case", sa.Integer(), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("cases > 0 AND units_per_case > 0", name=op.f("ck_quote_lines_cases_positive")),
        sa.CheckConstraint("unit_price IS NULL OR unit_price > 0", name=op.f("ck_quote_lines_price_positive")),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name=op.f("fk_quote_lines_offer_id_offers")),
        sa.ForeignKeyConstraint(["turn_id"], ["quote_turns.id"], name=op.f("fk_quote_lines_turn_id_quote_turns")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quote_lines")),
        sa.UniqueConstraint("turn_id", "offer_id", name=op.f("uq_quote_lines_turn_id_offer_id")),
    )
    op.create_index(op.f("ix_quote_lines_offer_id"), "quote_lines", ["offer_id"], unique=False)


def _create_purchases() -> None:
    op.create_table(
        "partner_credits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("used >= 0", name=op.f("ck_partner_credits_used_not_negative")),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"], name=op.f("fk_partner_credits_partner_id_partners")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_credits")),
        sa.UniqueConstraint("partner_id", name=op.f("uq_partner_credits_partner_id")),
    )
    op.create_table(
        "purchase_orders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("form_key", sa.String(length=64), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=False),
        sa.Column("partner_number", sa.String(length=40), nullable=False),
        sa.Column("quote_id", sa.Integer(), nullable=True),
        sa.Column("outlet_id", sa.Integer(), nullable=False),
        sa.Column("branch_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=True),
        sa.Column("goods", sa.BigInteger(), nullable=False),
        sa.Column("terms", sa.BigInteger(), nullable=False),
        sa.Column("freight", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("terms_bps", sa.Integer(), nullable=False),
        sa.Column("payment_days", sa.Integer(), nullable=False),
        sa.Column("is_prepaid", sa.Boolean(), nullable=False),
        sa.Column("owed", sa.BigInteger(), nullable=False),
        sa.Column("paid", sa.BigInteger(), nullable=False),
        sa.Column("returned", sa.BigInteger(), nullable=False),
        sa.Column("credit_held", sa.BigInteger(), nullable=False),
        sa.Column("wanted_on", sa.Date(), nullable=True),
        sa.Column("promised_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("reason", sa.String(length=240), nullable=False),
        sa.Column("bought_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("owed >= 0 AND owed <= total", name=op.f("ck_purchase_orders_owed_within_total")),
        sa.CheckConstraint(
            "paid >= 0 AND returned >= 0 AND returned <= paid AND credit_held >= 0", name=op.f("ck_purchase_orders_money_not_negative")
        ),
        sa.CheckConstraint("terms >= 0 AND freight >= 0 AND total > 0", name=op.f("ck_purchase_orders_parts_not_negative")),
        sa.CheckConstraint("terms_bps BETWEEN 0 AND 1500", name=op.f("ck_purchase_orders_terms_within_cap")),
        sa.CheckConstraint("total = goods - terms + freight", name=op.f("ck_purchase_orders_total_exact")),
        sa.ForeignKeyConstraint(["approved_by_id"], ["users.id"], name=op.f("fk_purchase_orders_approved_by_id_users")),
        sa.ForeignKeyConstraint(["bought_by_id"], ["users.id"], name=op.f("fk_purchase_orders_bought_by_id_users")),
        sa.ForeignKeyConstraint(["branch_id"], ["partner_branches.id"], name=op.f("fk_purchase_orders_branch_id_partner_branches")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_purchase_orders_order_id_orders")),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlets.id"], name=op.f("fk_purchase_orders_outlet_id_outlets")),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"], name=op.f("fk_purchase_orders_partner_id_partners")),
        sa.ForeignKeyConstraint(["quote_id"], ["quotes.id"], name=op.f("fk_purchase_orders_quote_id_quotes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase_orders")),
        sa.UniqueConstraint("code", name=op.f("uq_purchase_orders_code")),
        sa.UniqueConstraint("form_key", name=op.f("uq_purchase_orders_form_key")),
        sa.UniqueConstraint("order_id", name=op.f("uq_purchase_orders_order_id")),
        sa.UniqueConstraint("partner_id", "partner_number", name=op.f("uq_purchase_orders_partner_id_partner_number")),
        sa.UniqueConstraint("quote_id", name=op.f("uq_purchase_orders_quote_id")),
    )
    op.create_index(op.f("ix_purchase_orders_approved_by_id"), "purchase_orders", ["approved_by_id"], unique=False)
    op.create_index(op.f("ix_purchase_orders_bought_by_id"), "purchase_orders", ["bought_by_id"], unique=False)
    op.create_index(op.f("ix_purchase_orders_branch_id"), "purchase_orders", ["branch_id"], unique=False)
    op.create_index(
        op.f("ix_purchase_orders_outlet_id_state_changed_at"), "purchase_orders", ["outlet_id", "state", "changed_at"], unique=False
    )
    op.create_index(op.f("ix_purchase_orders_partner_id_created_at"), "purchase_orders", ["partner_id", "created_at"], unique=False)
    op.create_table(
        "purchase_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("purchase_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("name_id", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("units_per_case", sa.Integer(), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("cases > 0 AND units_per_case > 0 AND unit_price > 0", name=op.f("ck_purchase_lines_line_positive")),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name=op.f("fk_purchase_lines_offer_id_offers")),
        sa.ForeignKeyConstraint(["purchase_id"], ["purchase_orders.id"], name=op.f("fk_purchase_lines_purchase_id_purchase_orders")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase_lines")),
        sa.UniqueConstraint("purchase_id", "offer_id", name=op.f("uq_purchase_lines_purchase_id_offer_id")),
    )
    op.create_index(op.f("ix_purchase_lines_offer_id"), "purchase_lines", ["offer_id"], unique=False)
    op.create_table(
        "purchase_shares",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("purchase_id", sa.Integer(), nullable=False),
        sa.Column("purchase_line_id", sa.Integer(), nullable=False),
        sa.Column("order_line_id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("variant_id", sa.Integer(), nullable=False),
        sa.Column("maker_id", sa.Integer(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("to_make", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("cases > 0 AND to_make BETWEEN 0 AND cases", name=op.f("ck_purchase_shares_cases_possible")),
        sa.ForeignKeyConstraint(["maker_id"], ["makers.id"], name=op.f("fk_purchase_shares_maker_id_makers")),
        sa.ForeignKeyConstraint(["order_line_id"], ["order_lines.id"], name=op.f("fk_purchase_shares_order_line_id_order_lines")),
        sa.ForeignKeyConstraint(["purchase_id"], ["purchase_orders.id"], name=op.f("fk_purchase_shares_purchase_id_purchase_orders")),
        sa.ForeignKeyConstraint(
            ["purchase_line_id"], ["purchase_lines.id"], name=op.f("fk_purchase_shares_purchase_line_id_purchase_lines")
        ),
        sa.ForeignKeyConstraint(["source_id"], ["offer_sources.id"], name=op.f("fk_purchase_shares_source_id_offer_sources")),
        sa.ForeignKeyConstraint(["variant_id"], ["variants.id"], name=op.f("fk_purchase_shares_variant_id_variants")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase_shares")),
        sa.UniqueConstraint("order_line_id", name=op.f("uq_purchase_shares_order_line_id")),
        sa.UniqueConstraint("purchase_line_id", "variant_id", name=op.f("uq_purchase_shares_purchase_line_id_variant_id")),
    )
    op.create_index(op.f("ix_purchase_shares_maker_id_created_at"), "purchase_shares", ["maker_id", "created_at"], unique=False)
    op.create_index(op.f("ix_purchase_shares_purchase_id"), "purchase_shares", ["purchase_id"], unique=False)
    op.create_index(op.f("ix_purchase_shares_source_id"), "purchase_shares", ["source_id"], unique=False)
    op.create_index(op.f("ix_purchase_shares_variant_id"), "purchase_shares", ["variant_id"], unique=False)


def _create_goods() -> None:
    op.create_table(
        "cartons",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("purchase_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("order_line_id", sa.Integer(), nullable=False),
        sa.Column("level_id", sa.Integer(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("packed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("units > 0", name=op.f("ck_cartons_units_positive")),
        sa.ForeignKeyConstraint(["level_id"], ["stock_levels.id"], name=op.f("fk_cartons_level_id_stock_levels")),
        sa.ForeignKeyConstraint(["order_line_id"], ["order_lines.id"], name=op.f("fk_cartons_order_line_id_order_lines")),
        sa.ForeignKeyConstraint(["purchase_id"], ["purchase_orders.id"], name=op.f("fk_cartons_purchase_id_purchase_orders")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cartons")),
        sa.UniqueConstraint("purchase_id", "number", name=op.f("uq_cartons_purchase_id_number")),
    )
    op.create_index(op.f("ix_cartons_level_id"), "cartons", ["level_id"], unique=False)
    op.create_index(op.f("ix_cartons_order_line_id"), "cartons", ["order_line_id"], unique=False)
    op.create_table(
        "dispatches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("purchase_id", sa.Integer(), nullable=False),
        sa.Column("carrier", sa.String(length=60), nullable=False),
        sa.Column("vehicle", sa.String(length=40), nullable=False),
        sa.Column("note", sa.String(length=240), nullable=False),
        sa.Column("cartons", sa.Integer(), nullable=False),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("dispatched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dispatched_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["dispatched_by_id"], ["users.id"], name=op.f("fk_dispatches_dispatched_by_id_users")),
        sa.ForeignKeyConstraint(["purchase_id"], ["purchase_orders.id"], name=op.f("fk_dispatches_purchase_id_purchase_orders")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispatches")),
        sa.UniqueConstraint("purchase_id", name=op.f("uq_dispatches_purchase_id")),
    )
    op.create_index(op.f("ix_dispatches_dispatched_by_id"), "dispatches", ["dispatched_by_id"], unique=False)
    op.create_table(
        "goods_receipts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("purchase_id", sa.Integer(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("received_by", sa.String(length=120), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reported_by_id", sa.Integer(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("answer", sa.String(length=500), nullable=False),
        sa.Column("rejected_amount", sa.BigInteger(), nullable=False),
        sa.Column("rejected_freight", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "rejected_freight >= 0 AND rejected_amount >= rejected_freight", name=op.f("ck_goods_receipts_rejected_possible")
        ),
        sa.ForeignKeyConstraint(["purchase_id"], ["purchase_orders.id"], name=op.f("fk_goods_receipts_purchase_id_purchase_orders")),
        sa.ForeignKeyConstraint(["reported_by_id"], ["users.id"], name=op.f("fk_goods_receipts_reported_by_id_users")),
        sa.ForeignKeyConstraint(["settled_by_id"], ["users.id"], name=op.f("fk_goods_receipts_settled_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goods_receipts")),
        sa.UniqueConstraint("purchase_id", name=op.f("uq_goods_receipts_purchase_id")),
    )
    op.create_index(op.f("ix_goods_receipts_reported_by_id"), "goods_receipts", ["reported_by_id"], unique=False)
    op.create_index(op.f("ix_goods_receipts_settled_by_id"), "goods_receipts", ["settled_by_id"], unique=False)
    op.create_table(
        "receipt_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("receipt_id", sa.Integer(), nullable=False),
        sa.Column("order_line_id", sa.Integer(), nullable=False),
        sa.Column("level_id", sa.Integer(), nullable=False),
        sa.Column("delivered", sa.Integer(), nullable=False),
        sa.Column("short", sa.Integer(), nullable=False),
        sa.Column("damaged", sa.Integer(), nullable=False),
        sa.Column("short_dated", sa.Integer(), nullable=False),
        sa.Column("remark", sa.String(length=240), nullable=False),
        sa.Column("agreed_short", sa.Integer(), nullable=False),
        sa.Column("agreed_damaged", sa.Integer(), nullable=False),
        sa.Column("agreed_short_dated", sa.Integer(), nullable=False),
        sa.CheckConstraint("agreed_damaged BETWEEN 0 AND damaged", name=op.f("ck_receipt_lines_agreed_damaged_within_claim")),
        sa.CheckConstraint("agreed_short BETWEEN 0 AND short", name=op.f("ck_receipt_lines_agreed_short_within_claim")),
        sa.CheckConstraint("agreed_short_dated BETWEEN 0 AND short_dated", name=op.f("ck_receipt_lines_agreed_short_dated_within_claim")),
        sa.CheckConstraint(
            "delivered > 0 AND short >= 0 AND damaged >= 0 AND short_dated >= 0", name=op.f("ck_receipt_lines_nothing_negative")
        ),
        sa.CheckConstraint("short + damaged + short_dated <= delivered", name=op.f("ck_receipt_lines_claims_within_delivered")),
        sa.ForeignKeyConstraint(["level_id"], ["stock_levels.id"], name=op.f("fk_receipt_lines_level_id_stock_levels")),
        sa.ForeignKeyConstraint(["order_line_id"], ["order_lines.id"], name=op.f("fk_receipt_lines_order_line_id_order_lines")),
        sa.ForeignKeyConstraint(["receipt_id"], ["goods_receipts.id"], name=op.f("fk_receipt_lines_receipt_id_goods_receipts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt_lines")),
        sa.UniqueConstraint("receipt_id", "order_line_id", "level_id", name=op.f("uq_receipt_lines_receipt_id_order_line_id_level_id")),
    )
    op.create_index(op.f("ix_receipt_lines_level_id"), "receipt_lines", ["level_id"], unique=False)
    op.create_index(op.f("ix_receipt_lines_order_line_id"), "receipt_lines", ["order_line_id"], unique=False)


def _create_invoices() -> None:
    op.create_table(
        "invoices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("outlet_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("running", sa.Integer(), nullable=False),
        sa.Column("purchase_id", sa.Integer(), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=False),
        sa.Column("buyer_name", sa.String(length=160), nullable=False),
        sa.Column("buyer_address", sa.String(length=300), nullable=False),
        sa.Column("buyer_npwp", sa.String(length=16), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("goods", sa.BigInteger(), nullable=False),
        sa.Column("terms", sa.BigInteger(), nullable=False),
        sa.Column("freight", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("is_taxable", sa.Boolean(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("due_on >= issued_on", name=op.f("ck_invoices_due_after_issue")),
        sa.CheckConstraint("total = goods - terms + freight AND total > 0", name=op.f("ck_invoices_total_exact")),
        sa.ForeignKeyConstraint(["issued_by_id"], ["users.id"], name=op.f("fk_invoices_issued_by_id_users")),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlets.id"], name=op.f("fk_invoices_outlet_id_outlets")),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"], name=op.f("fk_invoices_partner_id_partners")),
        sa.ForeignKeyConstraint(["purchase_id"], ["purchase_orders.id"], name=op.f("fk_invoices_purchase_id_purchase_orders")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoices")),
        sa.UniqueConstraint("code", name=op.f("uq_invoices_code")),
        sa.UniqueConstraint("outlet_id", "year", "running", name=op.f("uq_invoices_outlet_id_year_running")),
        sa.UniqueConstraint("purchase_id", name=op.f("uq_invoices_purchase_id")),
    )
    op.create_index(op.f("ix_invoices_issued_by_id"), "invoices", ["issued_by_id"], unique=False)
    op.create_index(op.f("ix_invoices_outlet_id_due_on"), "invoices", ["outlet_id", "due_on"], unique=False)
    op.create_index(op.f("ix_invoices_partner_id_issued_on"), "invoices", ["partner_id", "issued_on"], unique=False)
    op.create_table(
        "invoice_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("invoice_id", sa.Integer(), nullable=False),
        sa.Column("order_line_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.Column("discount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("discount BETWEEN 0 AND unit_price * quantity", name=op.f("ck_invoice_lines_discount_within_line")),
        sa.CheckConstraint("quantity > 0 AND unit_price > 0", name=op.f("ck_invoice_lines_line_positive")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name=op.f("fk_invoice_lines_invoice_id_invoices")),
        sa.ForeignKeyConstraint(["order_line_id"], ["order_lines.id"], name=op.f("fk_invoice_lines_order_line_id_order_lines")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_lines")),
        sa.UniqueConstraint("invoice_id", "order_line_id", name=op.f("uq_invoice_lines_invoice_id_order_line_id")),
    )
    op.create_index(op.f("ix_invoice_lines_order_line_id"), "invoice_lines", ["order_line_id"], unique=False)
    op.create_table(
        "credit_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("form_key", sa.String(length=64), nullable=False),
        sa.Column("outlet_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("running", sa.Integer(), nullable=False),
        sa.Column("invoice_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=240), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_credit_notes_amount_positive")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name=op.f("fk_credit_notes_invoice_id_invoices")),
        sa.ForeignKeyConstraint(["issued_by_id"], ["users.id"], name=op.f("fk_credit_notes_issued_by_id_users")),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlets.id"], name=op.f("fk_credit_notes_outlet_id_outlets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_notes")),
        sa.UniqueConstraint("code", name=op.f("uq_credit_notes_code")),
        sa.UniqueConstraint("form_key", name=op.f("uq_credit_notes_form_key")),
        sa.UniqueConstraint("outlet_id", "year", "running", name=op.f("uq_credit_notes_outlet_id_year_running")),
    )
    op.create_index(op.f("ix_credit_notes_invoice_id"), "credit_notes", ["invoice_id"], unique=False)
    op.create_index(op.f("ix_credit_notes_issued_by_id"), "credit_notes", ["issued_by_id"], unique=False)
    op.create_table(
        "credit_note_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("credit_note_id", sa.Integer(), nullable=False),
        sa.Column("order_line_id", sa.Integer(), nullable=False),
        sa.Column("level_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("discount", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("is_fit", sa.Boolean(), nullable=False),
        sa.CheckConstraint("quantity > 0 AND discount >= 0 AND amount >= 0", name=op.f("ck_credit_note_lines_line_possible")),
        sa.ForeignKeyConstraint(["credit_note_id"], ["credit_notes.id"], name=op.f("fk_credit_note_lines_credit_note_id_credit_notes")),
        sa.ForeignKeyConstraint(["level_id"], ["stock_levels.id"], name=op.f("fk_credit_note_lines_level_id_stock_levels")),
        sa.ForeignKeyConstraint(["order_line_id"], ["order_lines.id"], name=op.f("fk_credit_note_lines_order_line_id_order_lines")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_note_lines")),
        sa.UniqueConstraint(
            "credit_note_id", "order_line_id", "level_id", name=op.f("uq_credit_note_lines_credit_note_id_order_line_id_level_id")
        ),
    )
    op.create_index(op.f("ix_credit_note_lines_level_id"), "credit_note_lines", ["level_id"], unique=False)
    op.create_index(op.f("ix_credit_note_lines_order_line_id"), "credit_note_lines", ["order_line_id"], unique=False)
