"""A mark for the pages that guests are shown from memory: renewed by triggers on what those pages read (kernel/marks.py).

SQLite loses the triggers of a table that a later migration rebuilds (batch_alter_table): it has to make them again, and
tests/house/test_marked_pages.py notices when it does not.

Revision: 0033, after: 0032
"""

from __future__ import annotations

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

MARK = "pages"
ANEW_ON_SQLITE = "random() / 4096"
ANEW = "(random() * 4e15)::bigint"
TABLES = (
    "agreement_terms",
    "agreements",
    "areas",
    "batches",
    "categories",
    "certificate_public_scans",
    "certificates",
    "channel_requirements",
    "collection_items",
    "collections",
    "curation_decisions",
    "featured_products",
    "ingredients",
    "maker_prices",
    "maker_statements",
    "makers",
    "open_regencies",
    "outlets",
    "photos",
    "prices",
    "products",
    "programme_records",
    "required_papers",
    "stock_levels",
    "stock_movements",
    "transformation_inputs",
    "transformations",
    "variants",
    "village_profiles",
)
ACTS = ("insert", "update", "delete")


def upgrade() -> None:
    if _is_sqlite():
        op.execute(f"INSERT INTO content_marks (name, token) VALUES ('{MARK}', {ANEW_ON_SQLITE})")
        for table in TABLES:
            for act in ACTS:
                op.execute(
                    f"CREATE TRIGGER {table}_{MARK}_{act} AFTER {act.upper()} ON {table} "
                    f"BEGIN UPDATE content_marks SET token = {ANEW_ON_SQLITE} WHERE name = '{MARK}'; END"
                )
        return
    op.execute(f"INSERT INTO content_marks (name, token) VALUES ('{MARK}', {ANEW})")
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_{MARK} AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION mark_content('{MARK}')"
        )


def downgrade() -> None:
    for table in TABLES:
        if _is_sqlite():
            for act in ACTS:
                op.execute(f"DROP TRIGGER {table}_{MARK}_{act}")
        else:
            op.execute(f"DROP TRIGGER {table}_{MARK} ON {table}")
    op.execute(f"DELETE FROM content_marks WHERE name = '{MARK}'")


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"
