"""Goods with an owner: agreements, terms, the consignment ledger, statements, payouts.

Revision: 0011, after: 0010
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

#: Facts that are only ever added.
APPEND_ONLY = ("agreement_terms", "consignment_sales", "consignment_losses", "consignment_entries", "maker_statements")
TABLES = (
    "maker_payouts",
    "payout_batches",
    "maker_accounts",
    "maker_statements",
    "consignment_entries",
    "consignment_losses",
    "consignment_sales",
    "open_regencies",
    "maker_prices",
    "agreement_terms",
    "agreements",
)


def upgrade() -> None:
    _create_agreements()
    _give_levels_an_owner()
    _create_facts()
    _create_payouts()
    for table in APPEND_ONLY:
        _guard(table)


def downgrade() -> None:
    _take_levels_owner()
    for table in TABLES:
        op.drop_table(table)


def _id() -> sa.Column[Any]:
    return sa.Column("id", sa.Integer(), nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _key(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _text(name: str, length: int, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length=length), nullable=nullable)


def _amount(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _refers(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.{'code' if target == 'areas' else 'id'}"], name=op.f(f"fk_{table}_{column}_{target}")
    )


def _unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _create(table: str, *parts: sa.Column[Any] | sa.Constraint, indexed: Sequence[str] = ()) -> None:
    op.create_table(table, *parts, sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")))
    for columns in indexed:
        names = columns.split()
        op.create_index(op.f(f"ix_{table}_{'_'.join(names)}"), table, names)


def _partial(name: str, table: str, columns: Sequence[str], condition: str, *, unique: bool = True) -> None:
    where = sa.text(condition)
    op.create_index(name, table, list(columns), unique=unique, sqlite_where=where, postgresql_where=where)


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


def _create_agreements() -> None:
    _create(
        "agreements",
        _id(),
        _text("code", 8),
        _key("maker_id"),
        _key("outlet_id"),
        _moment("created_at"),
        _key("created_by_id", nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        _moment("closed_until_at", nullable=True),
        _refers("agreements", "maker_id", "makers"),
        _refers("agreements", "outlet_id", "outlets"),
        _refers("agreements", "created_by_id", "users"),
        _unique("agreements", "code"),
        _unique("agreements", "maker_id", "outlet_id"),
        indexed=("outlet_id", "created_by_id"),
    )
    _create(
        "agreement_terms",
        _id(),
        _key("agreement_id"),
        sa.Column("starts_on", sa.Date(), nullable=False),
        _text("model", 12),
        _key("rate_bps"),
        _amount("fee"),
        _text("rhythm", 12),
        _key("rhythm_day"),
        _text("loss_borne_by", 8),
        _text("damage_borne_by", 8),
        _text("expiry_borne_by", 8),
        _key("pull_out_days"),
        _text("note", 240),
        _moment("created_at"),
        _key("created_by_id", nullable=True),
        _refers("agreement_terms", "agreement_id", "agreements"),
        _refers("agreement_terms", "created_by_id", "users"),
        _unique("agreement_terms", "agreement_id", "starts_on"),
        _check("agreement_terms", "nothing_negative", "rate_bps >= 0 AND fee >= 0 AND pull_out_days >= 0"),
        _check("agreement_terms", "commission_within_price", "model <> 'commission' OR rate_bps <= 10000"),
        indexed=("created_by_id",),
    )
    _create(
        "maker_prices",
        _id(),
        _key("agreement_id"),
        _key("variant_id"),
        _amount("amount"),
        sa.Column("starts_on", sa.Date(), nullable=False),
        _moment("created_at"),
        _key("created_by_id", nullable=True),
        _refers("maker_prices", "agreement_id", "agreements"),
        _refers("maker_prices", "variant_id", "variants"),
        _refers("maker_prices", "created_by_id", "users"),
        _unique("maker_prices", "agreement_id", "variant_id", "starts_on"),
        _check("maker_prices", "amount_positive", "amount > 0"),
        indexed=("variant_id", "created_by_id"),
    )
    _create(
        "open_regencies",
        _id(),
        _text("area_code", 13),
        _moment("opened_at"),
        _key("opened_by_id", nullable=True),
        _refers("open_regencies", "area_code", "areas"),
        _refers("open_regencies", "opened_by_id", "users"),
        _unique("open_regencies", "area_code"),
        indexed=("opened_by_id",),
    )


def _give_levels_an_owner() -> None:
    with op.batch_alter_table("stock_levels") as batch:
        batch.add_column(_key("agreement_id", nullable=True))
        batch.create_foreign_key(op.f("fk_stock_levels_agreement_id_agreements"), "agreements", ["agreement_id"], ["id"])
        batch.drop_constraint("uq_stock_levels_outlet_id_variant_id_batch_id", type_="unique")
    _partial("uq_stock_levels_own", "stock_levels", ("outlet_id", "variant_id", "batch_id"), "agreement_id IS NULL")
    _partial("uq_stock_levels_consigned", "stock_levels", ("agreement_id", "variant_id", "batch_id"), "agreement_id IS NOT NULL")
    _widen_movements(12, 20, add=True)


def _take_levels_owner() -> None:
    """Levels of one batch with several owners cannot become one again: whoever goes back gives up who owns what."""
    op.drop_index("uq_stock_levels_own", "stock_levels")
    op.drop_index("uq_stock_levels_consigned", "stock_levels")
    with op.batch_alter_table("stock_levels") as batch:
        batch.drop_constraint(op.f("fk_stock_levels_agreement_id_agreements"), type_="foreignkey")
        batch.drop_column("agreement_id")
        batch.create_unique_constraint("uq_stock_levels_outlet_id_variant_id_batch_id", ["outlet_id", "variant_id", "batch_id"])
    _widen_movements(20, 12, add=False)


def _widen_movements(old: int, new: int, *, add: bool) -> None:
    """Rebuilding a table drops its triggers on SQLite, so they are made anew."""
    with op.batch_alter_table("stock_movements") as batch:
        batch.alter_column("kind", existing_type=sa.String(length=old), type_=sa.String(length=new), existing_nullable=False)
        if add:
            batch.add_column(_text("cause", 10, nullable=True))
        else:
            batch.drop_column("cause")
    if op.get_bind().dialect.name == "sqlite":
        _guard("stock_movements")


def _create_facts() -> None:
    _create(
        "consignment_sales",
        _id(),
        _key("agreement_id"),
        _key("terms_id"),
        _key("line_id"),
        _key("level_id"),
        _key("reverses_id", nullable=True),
        _text("reference", 60),
        _key("quantity"),
        _amount("gross"),
        _amount("share"),
        _amount("commission"),
        _moment("recorded_at"),
        _moment("occurred_at"),
        _moment("booked_at"),
        _refers("consignment_sales", "agreement_id", "agreements"),
        _refers("consignment_sales", "terms_id", "agreement_terms"),
        _refers("consignment_sales", "line_id", "order_lines"),
        _refers("consignment_sales", "level_id", "stock_levels"),
        _refers("consignment_sales", "reverses_id", "consignment_sales"),
        _check("consignment_sales", "gross_is_split", "gross = share + commission"),
        _check("consignment_sales", "sign_fits", "(reverses_id IS NULL AND quantity > 0) OR (reverses_id IS NOT NULL AND quantity < 0)"),
        indexed=("terms_id", "level_id", "agreement_id booked_at"),
    )
    _partial("uq_consignment_sales_line_level", "consignment_sales", ("line_id", "level_id"), "reverses_id IS NULL")
    _partial("ix_consignment_sales_reverses_id", "consignment_sales", ("reverses_id",), "reverses_id IS NOT NULL", unique=False)
    _create(
        "consignment_losses",
        _id(),
        _key("agreement_id"),
        _key("terms_id"),
        _key("level_id"),
        _key("movement_id"),
        _key("reverses_id", nullable=True),
        _text("cause", 10),
        _text("borne_by", 8),
        _key("quantity"),
        _amount("amount"),
        _moment("recorded_at"),
        _moment("occurred_at"),
        _moment("booked_at"),
        _refers("consignment_losses", "agreement_id", "agreements"),
        _refers("consignment_losses", "terms_id", "agreement_terms"),
        _refers("consignment_losses", "level_id", "stock_levels"),
        _refers("consignment_losses", "movement_id", "stock_movements"),
        _refers("consignment_losses", "reverses_id", "consignment_losses"),
        _unique("consignment_losses", "movement_id", "reverses_id"),
        _check("consignment_losses", "quantity_not_zero", "quantity <> 0"),
        indexed=("terms_id", "level_id", "reverses_id", "agreement_id booked_at"),
    )
    _partial("uq_consignment_losses_movement", "consignment_losses", ("movement_id",), "reverses_id IS NULL")
    _create(
        "consignment_entries",
        _id(),
        _key("agreement_id"),
        _text("posting", 80),
        _text("kind", 12),
        _text("account", 12),
        _amount("amount"),
        _text("reason", 240),
        _moment("recorded_at"),
        _moment("occurred_at"),
        _moment("booked_at"),
        _refers("consignment_entries", "agreement_id", "agreements"),
        _unique("consignment_entries", "posting", "account"),
        _check("consignment_entries", "amount_not_zero", "amount <> 0"),
        indexed=("agreement_id booked_at",),
    )
    _create(
        "maker_statements",
        _id(),
        _text("code", 16),
        _key("agreement_id"),
        _key("number"),
        _moment("from_at", nullable=True),
        _moment("until_at"),
        sa.Column("content", sa.Text(), nullable=False),
        _text("content_hash", 64),
        _amount("share"),
        _amount("owed"),
        _moment("closed_at"),
        _key("closed_by_id", nullable=True),
        _refers("maker_statements", "agreement_id", "agreements"),
        _refers("maker_statements", "closed_by_id", "users"),
        _unique("maker_statements", "code"),
        _unique("maker_statements", "agreement_id", "number"),
        _unique("maker_statements", "agreement_id", "until_at"),
        indexed=("closed_by_id",),
    )


def _create_payouts() -> None:
    _create(
        "maker_accounts",
        _id(),
        _key("agreement_id"),
        _text("bank_name", 60),
        _text("account_number", 30),
        _text("holder_name", 120),
        _key("requested_by_id", nullable=True),
        _moment("requested_at"),
        _key("decided_by_id", nullable=True),
        _moment("decided_at", nullable=True),
        _moment("effective_at", nullable=True),
        _refers("maker_accounts", "agreement_id", "agreements"),
        _refers("maker_accounts", "requested_by_id", "users"),
        _refers("maker_accounts", "decided_by_id", "users"),
        _check("maker_accounts", "effective_only_when_decided", "effective_at IS NULL OR decided_at IS NOT NULL"),
        indexed=("requested_by_id", "decided_by_id", "agreement_id effective_at"),
    )
    _partial("uq_maker_accounts_undecided", "maker_accounts", ("agreement_id",), "decided_at IS NULL")
    _create(
        "payout_batches",
        _id(),
        _text("code", 8),
        _text("form_key", 64),
        _key("outlet_id"),
        _text("state", 12),
        _key("prepared_by_id", nullable=True),
        _moment("prepared_at"),
        _key("decided_by_id", nullable=True),
        _moment("decided_at", nullable=True),
        _refers("payout_batches", "outlet_id", "outlets"),
        _refers("payout_batches", "prepared_by_id", "users"),
        _refers("payout_batches", "decided_by_id", "users"),
        _unique("payout_batches", "code"),
        _unique("payout_batches", "form_key"),
        indexed=("outlet_id", "prepared_by_id", "decided_by_id"),
    )
    _create(
        "maker_payouts",
        _id(),
        _text("code", 14),
        _key("batch_id"),
        _key("agreement_id"),
        _amount("amount"),
        _text("way", 10),
        _key("account_id", nullable=True),
        _text("reference", 60),
        _text("proof", 120),
        sa.Column("paid_on", sa.Date(), nullable=True),
        _moment("settled_at", nullable=True),
        _key("settled_by_id", nullable=True),
        _refers("maker_payouts", "batch_id", "payout_batches"),
        _refers("maker_payouts", "agreement_id", "agreements"),
        _refers("maker_payouts", "account_id", "maker_accounts"),
        _refers("maker_payouts", "settled_by_id", "users"),
        _unique("maker_payouts", "code"),
        _check("maker_payouts", "amount_positive", "amount > 0"),
        _check("maker_payouts", "account_fits_way", "(way = 'transfer') = (account_id IS NOT NULL)"),
        _check("maker_payouts", "paid_is_settled", "paid_on IS NULL OR settled_at IS NOT NULL"),
        indexed=("batch_id", "agreement_id", "account_id", "settled_by_id"),
    )
    _partial("uq_maker_payouts_open", "maker_payouts", ("agreement_id",), "settled_at IS NULL")
