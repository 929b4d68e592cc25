"""Imports: tables that people send, in compressed portions, with what was found in their rows.

Revision: 0023, after: 0022
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("header_row", sa.Integer(), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("rows_total", sa.Integer(), nullable=False),
        sa.Column("rows_done", sa.Integer(), nullable=False),
        sa.Column("last_row", sa.Integer(), nullable=False),
        sa.Column("planned", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("stage_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stage_from", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.String(length=240), nullable=False),
        sa.CheckConstraint("rows_done >= 0 AND rows_done <= rows_total", name=op.f("ck_import_runs_done_within_total")),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_import_runs_created_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_runs")),
        sa.UniqueConstraint("code", name=op.f("uq_import_runs_code")),
    )
    op.create_index(op.f("ix_import_runs_created_by_id"), "import_runs", ["created_by_id"])
    op.create_index(op.f("ix_import_runs_state_id"), "import_runs", ["state", "id"])
    op.create_index(op.f("ix_import_runs_created_at"), "import_runs", ["created_at"])
    op.create_table(
        "import_chunks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("first_row", sa.Integer(), nullable=False),
        sa.Column("last_row", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["import_runs.id"], name=op.f("fk_import_chunks_run_id_import_runs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_chunks")),
        sa.UniqueConstraint("run_id", "number", name=op.f("uq_import_chunks_run_id_number")),
    )
    op.create_table(
        "import_findings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("column", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=240), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["import_runs.id"], name=op.f("fk_import_findings_run_id_import_runs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_findings")),
        sa.UniqueConstraint("run_id", "row_number", name=op.f("uq_import_findings_run_id_row_number")),
    )
    op.create_index(op.f("ix_import_findings_run_id_outcome_row_number"), "import_findings", ["run_id", "outcome", "row_number"])


def downgrade() -> None:
    op.drop_table("import_findings")
    op.drop_table("import_chunks")
    op.drop_table("import_runs")
