"""Marks of content: renewed by triggers on what partners' lists are made from, whoever writes it (kernel/marks.py).

SQLite loses the triggers of a table that a later migration rebuilds (batch_alter_table): it has to make them again, and
tests/kernel/test_marks.py notices when it does not.

Revision: 0031, after: 0030
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

MARK = "wholesale"
ANEW_ON_SQLITE = "random() / 4096"
ANEW = "(random() * 4e15)::bigint"
#: Tables of which every change counts.
WHOLE = (
    "offers",
    "offer_prices",
    "offer_sources",
    "assortment_items",
    "seller_terms",
    "certificates",
    "channel_requirements",
    "required_papers",
    "categories",
    "readiness_profiles",
    "readiness_requirements",
)
#: Tables of which rows that come and go count, and those columns of rows that stay.
PARTS = {
    "ingredients": ("product_id",),
    "photos": ("product_id",),
    "products": ("state", "category_id", "maker_id", "village_code", "halal_state", "storage_id", "shelf_life_days"),
    "variants": ("product_id", "is_active", "gtin"),
}


def upgrade() -> None:
    op.create_table(
        "content_marks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(16), nullable=False),
        sa.Column("token", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_marks")),
    )
    op.create_index(op.f("ix_content_marks_name"), "content_marks", ["name"], unique=False)
    if _is_sqlite():
        op.execute(f"INSERT INTO content_marks (name, token) VALUES ('{MARK}', {ANEW_ON_SQLITE})")
        for table, act, happens in _events():
            op.execute(
                f"CREATE TRIGGER {table}_{MARK}_{act} AFTER {happens} ON {table} "
                f"BEGIN UPDATE content_marks SET token = {ANEW_ON_SQLITE} WHERE name = '{MARK}'; END"
            )
        return
    op.execute(f"INSERT INTO content_marks (name, token) VALUES ('{MARK}', {ANEW})")
    op.execute(
        "CREATE FUNCTION mark_content() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN INSERT INTO content_marks (name, token) VALUES (TG_ARGV[0], {ANEW}); RETURN NULL; END $$"
    )
    for table, act, happens in _events():
        op.execute(
            f"CREATE TRIGGER {table}_{MARK}_{act} AFTER {happens} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION mark_content('{MARK}')"
        )


def downgrade() -> None:
    on = "" if _is_sqlite() else " ON {}"
    for table, act, _happens in _events():
        op.execute(f"DROP TRIGGER {table}_{MARK}_{act}" + on.format(table))
    if not _is_sqlite():
        op.execute("DROP FUNCTION mark_content()")
    op.drop_table("content_marks")


def _events() -> list[tuple[str, str, str]]:
    """(table, act, SQL of the event) for each trigger."""
    found = [(table, act.lower(), act) for table in (*WHOLE, *PARTS) for act in ("INSERT", "DELETE")]
    found += [(table, "update", "UPDATE") for table in WHOLE]
    return found + [(table, "update", f"UPDATE OF {', '.join(columns)}") for table, columns in PARTS.items()]


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"
