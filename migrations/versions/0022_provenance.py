"""Provenance: how a lot was made, and lots that keep their name and dates for ever.

Revision: 0022, after: 0021
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

#: Facts that are only ever added.
APPEND_ONLY = ("transformations", "transformation_inputs")
#: What is printed on a pack: the coming into being of a lot is read from its row (docs/provenance.md).
PRINTED = ("product_id", "lot_code", "produced_on", "best_before_on", "created_at")


def upgrade() -> None:
    op.create_table(
        "transformations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("area_code", sa.String(13), nullable=False),
        sa.Column("processed_by", sa.String(160), nullable=False),
        sa.Column("note", sa.String(240), nullable=False),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["area_code"], ["areas.code"], name=op.f("fk_transformations_area_code_areas")),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_transformations_batch_id_batches")),
        sa.ForeignKeyConstraint(["corrects_id"], ["transformations.id"], name=op.f("fk_transformations_corrects_id_transformations")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["users.id"], name=op.f("fk_transformations_recorded_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transformations")),
        sa.UniqueConstraint("code", name=op.f("uq_transformations_code")),
        sa.UniqueConstraint("corrects_id", name=op.f("uq_transformations_corrects_id")),
    )
    op.create_index(op.f("ix_transformations_area_code"), "transformations", ["area_code"], unique=False)
    op.create_index(op.f("ix_transformations_batch_id"), "transformations", ["batch_id"], unique=False)
    op.create_index(op.f("ix_transformations_recorded_by_id"), "transformations", ["recorded_by_id"], unique=False)
    op.create_table(
        "transformation_inputs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("transformation_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name_id", sa.String(80), nullable=False),
        sa.Column("name_en", sa.String(80), nullable=False),
        sa.Column("origin_code", sa.String(13), nullable=True),
        sa.Column("supplier", sa.String(160), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=True),
        sa.Column("unit", sa.String(5), nullable=True),
        sa.Column("lot", sa.String(40), nullable=False),
        sa.Column("input_batch_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "quantity IS NULL OR (quantity > 0 AND unit IS NOT NULL)", name=op.f("ck_transformation_inputs_quantity_has_unit")
        ),
        sa.ForeignKeyConstraint(["input_batch_id"], ["batches.id"], name=op.f("fk_transformation_inputs_input_batch_id_batches")),
        sa.ForeignKeyConstraint(["origin_code"], ["areas.code"], name=op.f("fk_transformation_inputs_origin_code_areas")),
        sa.ForeignKeyConstraint(
            ["transformation_id"], ["transformations.id"], name=op.f("fk_transformation_inputs_transformation_id_transformations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transformation_inputs")),
        sa.UniqueConstraint("transformation_id", "position", name=op.f("uq_transformation_inputs_transformation_id_position")),
    )
    op.create_index(op.f("ix_transformation_inputs_input_batch_id"), "transformation_inputs", ["input_batch_id"], unique=False)
    op.create_index(op.f("ix_transformation_inputs_origin_code"), "transformation_inputs", ["origin_code"], unique=False)
    for table in APPEND_ONLY:
        _guard(table)
    _keep_lots()


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER batches_keep")
        op.execute("DROP TRIGGER batches_no_delete")
    else:
        op.execute("DROP TRIGGER batches_keep ON batches")
        op.execute("DROP TRIGGER batches_no_delete ON batches")
        op.execute("DROP FUNCTION refuse_other_lot()")
    op.drop_table("transformation_inputs")
    op.drop_table("transformations")


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


def _keep_lots() -> None:
    """A lot may be blocked and released, but what its packs say never changes, and it is never deleted."""
    columns = ", ".join(PRINTED)
    if op.get_bind().dialect.name == "sqlite":
        changed = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in PRINTED)
        op.execute(
            f"CREATE TRIGGER batches_keep BEFORE UPDATE OF {columns} ON batches WHEN {changed} "
            "BEGIN SELECT RAISE(ABORT, 'a lot keeps its name and dates'); END"
        )
        op.execute("CREATE TRIGGER batches_no_delete BEFORE DELETE ON batches BEGIN SELECT RAISE(ABORT, 'a lot is never deleted'); END")
        return
    changed = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in PRINTED)
    op.execute(
        "CREATE FUNCTION refuse_other_lot() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'a lot keeps its name and dates'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER batches_keep BEFORE UPDATE OF {columns} ON batches FOR EACH ROW WHEN ({changed}) "
        "EXECUTE FUNCTION refuse_other_lot()"
    )
    op.execute("CREATE TRIGGER batches_no_delete BEFORE DELETE ON batches FOR EACH ROW EXECUTE FUNCTION refuse_other_lot()")
