"""Outlets take QRIS and bank transfers that staff confirm; lines of bank statements are matched to them.

Revision: 0003, after: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

OUTLET_TEXTS = (("qris_payload", 512), ("bank_name", 60), ("bank_account_number", 30), ("bank_account_name", 120))


def upgrade() -> None:
    with op.batch_alter_table("outlets") as batch_op:
        for name, length in OUTLET_TEXTS:
            batch_op.add_column(sa.Column(name, sa.String(length=length), nullable=False, server_default=""))
    with op.batch_alter_table("payments") as batch_op:
        batch_op.add_column(sa.Column("proof", sa.String(length=60), nullable=True))
        batch_op.add_column(sa.Column("confirmed_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("matched_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_foreign_key(op.f("fk_payments_confirmed_by_id_users"), "users", ["confirmed_by_id"], ["id"])
        batch_op.create_index(op.f("ix_payments_confirmed_by_id"), ["confirmed_by_id"], unique=False)
        batch_op.create_index(op.f("ix_payments_method_proof"), ["method", "proof"], unique=True)
    op.create_table(
        "statement_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=40), nullable=False),
        sa.Column("outlet_id", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=True),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlets.id"], name=op.f("fk_statement_files_outlet_id_outlets")),
        sa.ForeignKeyConstraint(["uploaded_by_id"], ["users.id"], name=op.f("fk_statement_files_uploaded_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_files")),
        sa.UniqueConstraint("token", name=op.f("uq_statement_files_token")),
    )
    for column in ("outlet_id", "uploaded_at", "uploaded_by_id"):
        op.create_index(op.f(f"ix_statement_files_{column}"), "statement_files", [column], unique=False)
    op.create_table(
        "statement_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("outlet_id", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(length=20), nullable=False),
        sa.Column("row_hash", sa.String(length=64), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=True),
        sa.Column("description", sa.String(length=500), nullable=False),
        sa.Column("reference", sa.String(length=120), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=False),
        sa.Column("imported_by_id", sa.Integer(), nullable=True),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_statement_lines_amount_positive")),
        sa.ForeignKeyConstraint(["imported_by_id"], ["users.id"], name=op.f("fk_statement_lines_imported_by_id_users")),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlets.id"], name=op.f("fk_statement_lines_outlet_id_outlets")),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name=op.f("fk_statement_lines_payment_id_payments")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_lines")),
        sa.UniqueConstraint("payment_id", name=op.f("uq_statement_lines_payment_id")),
        sa.UniqueConstraint("row_hash", name=op.f("uq_statement_lines_row_hash")),
    )
    for column in ("imported_by_id", "outlet_id"):
        op.create_index(op.f(f"ix_statement_lines_{column}"), "statement_lines", [column], unique=False)


def downgrade() -> None:
    op.drop_table("statement_lines")
    op.drop_table("statement_files")
    with op.batch_alter_table("payments") as batch_op:
        batch_op.drop_index(op.f("ix_payments_method_proof"))
        batch_op.drop_index(op.f("ix_payments_confirmed_by_id"))
        batch_op.drop_constraint(op.f("fk_payments_confirmed_by_id_users"), type_="foreignkey")
        for name in ("matched_at", "confirmed_by_id", "proof"):
            batch_op.drop_column(name)
    with op.batch_alter_table("outlets") as batch_op:
        for name, _length in reversed(OUTLET_TEXTS):
            batch_op.drop_column(name)
