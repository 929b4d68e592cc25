"""Discount vouchers and their uses; limits above which a second person must agree, and what waits for one.

Revision: 0009, after: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

#: The outlet's limits and what they are at first.
LIMITS = (
    ("voucher_percent_limit_bps", sa.Integer(), "2000"),
    ("voucher_worth_limit", sa.BigInteger(), "1000000"),
    ("packed_cancel_limit", sa.BigInteger(), "0"),
    ("correction_limit", sa.BigInteger(), "250000"),
)


def upgrade() -> None:
    with op.batch_alter_table("outlets") as batch_op:
        for name, kind, default in LIMITS:
            batch_op.add_column(sa.Column(name, kind, nullable=False, server_default=default))
    with op.batch_alter_table("order_lines") as batch_op:
        batch_op.add_column(sa.Column("discount", sa.BigInteger(), nullable=False, server_default="0"))
        batch_op.create_check_constraint(op.f("ck_order_lines_discount_within_line"), "discount >= 0 AND discount <= line_total")
    with op.batch_alter_table("refund_lines") as batch_op:
        batch_op.add_column(sa.Column("discount", sa.BigInteger(), nullable=False, server_default="0"))
        batch_op.drop_constraint(op.f("ck_refund_lines_something_goes_back"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_refund_lines_something_goes_back"), "quantity > 0 AND amount >= 0 AND discount >= 0 AND amount + discount > 0"
        )
    _create_vouchers()
    _create_approvals()


def downgrade() -> None:
    op.drop_table("approvals")
    op.drop_table("voucher_uses")
    op.drop_table("vouchers")
    with op.batch_alter_table("refund_lines") as batch_op:
        batch_op.drop_constraint(op.f("ck_refund_lines_something_goes_back"), type_="check")
        batch_op.create_check_constraint(op.f("ck_refund_lines_something_goes_back"), "quantity > 0 AND amount > 0")
        batch_op.drop_column("discount")
    with op.batch_alter_table("order_lines") as batch_op:
        batch_op.drop_constraint(op.f("ck_order_lines_discount_within_line"), type_="check")
        batch_op.drop_column("discount")
    with op.batch_alter_table("outlets") as batch_op:
        for name, _kind, _default in reversed(LIMITS):
            batch_op.drop_column(name)


def _create_vouchers() -> None:
    op.create_table(
        "vouchers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("outlet_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("percent_bps", sa.Integer(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("least_subtotal", sa.BigInteger(), nullable=False),
        sa.Column("most_discount", sa.BigInteger(), nullable=True),
        sa.Column("use_limit", sa.Integer(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("once_per_phone", sa.Boolean(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("uses >= 0 AND uses <= use_limit", name=op.f("ck_vouchers_uses_within_limit")),
        sa.CheckConstraint("(percent_bps IS NULL) <> (amount IS NULL)", name=op.f("ck_vouchers_rate_or_amount")),
        sa.CheckConstraint("percent_bps IS NULL OR percent_bps BETWEEN 1 AND 10000", name=op.f("ck_vouchers_rate_possible")),
        sa.CheckConstraint("percent_bps IS NULL OR most_discount IS NOT NULL", name=op.f("ck_vouchers_rate_has_a_ceiling")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_vouchers_days_in_order")),
        sa.ForeignKeyConstraint(["approved_by_id"], ["users.id"], name=op.f("fk_vouchers_approved_by_id_users")),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_vouchers_created_by_id_users")),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlets.id"], name=op.f("fk_vouchers_outlet_id_outlets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vouchers")),
        sa.UniqueConstraint("code", name=op.f("uq_vouchers_code")),
    )
    for column in ("approved_by_id", "created_by_id", "outlet_id"):
        op.create_index(op.f(f"ix_vouchers_{column}"), "vouchers", [column])
    op.create_table(
        "voucher_uses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("voucher_id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_voucher_uses_amount_positive")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_voucher_uses_order_id_orders")),
        sa.ForeignKeyConstraint(["voucher_id"], ["vouchers.id"], name=op.f("fk_voucher_uses_voucher_id_vouchers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voucher_uses")),
        sa.UniqueConstraint("order_id", name=op.f("uq_voucher_uses_order_id")),
    )
    op.create_index(op.f("ix_voucher_uses_voucher_id"), "voucher_uses", ["voucher_id"])


def _create_approvals() -> None:
    op.create_table(
        "approvals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("outlet_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.String(length=240), nullable=False),
        sa.Column("worth", sa.BigInteger(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["asked_by_id"], ["users.id"], name=op.f("fk_approvals_asked_by_id_users")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["users.id"], name=op.f("fk_approvals_decided_by_id_users")),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlets.id"], name=op.f("fk_approvals_outlet_id_outlets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approvals")),
        sa.UniqueConstraint("code", name=op.f("uq_approvals_code")),
    )
    for column in ("asked_by_id", "decided_by_id", "outlet_id", "subject"):
        op.create_index(op.f(f"ix_approvals_{column}"), "approvals", [column])
    op.create_index(op.f("ix_approvals_state_asked_at"), "approvals", ["state", "asked_at"])
