"""Mapping and reporting: potential products with evidence; periods, village reports, their sent versions and steps.

Revision: 0018, after: 0017
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

#: Facts that are only ever added.
APPEND_ONLY = ("report_period_steps", "report_versions", "village_report_steps")
TABLES = (
    "village_report_steps",
    "report_versions",
    "village_reports",
    "report_period_steps",
    "report_periods",
    "potential_evidence",
    "potential_products",
)


def upgrade() -> None:
    _create_mapping()
    _create_periods()
    _create_reports()
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


def _create_mapping() -> None:
    op.create_table(
        "potential_products",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column("village_code", sa.String(13), nullable=False),
        sa.Column("scheme", sa.String(12), nullable=False),
        sa.Column("unit_name", sa.String(120), nullable=False),
        sa.Column("contact_name", sa.String(120), nullable=False),
        sa.Column("contact_phone", sa.String(20), nullable=False),
        sa.Column("name_id", sa.String(120), nullable=False),
        sa.Column("name_en", sa.String(120), nullable=False),
        sa.Column("likeness", sa.String(120), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_potential_products_created_by_id_users")),
        sa.ForeignKeyConstraint(["village_code"], ["areas.code"], name=op.f("fk_potential_products_village_code_areas")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_potential_products")),
        sa.UniqueConstraint("code", name=op.f("uq_potential_products_code")),
    )
    op.create_index(op.f("ix_potential_products_created_by_id"), "potential_products", ["created_by_id"], unique=False)
    op.create_index(op.f("ix_potential_products_likeness_removed_at"), "potential_products", ["likeness", "removed_at"], unique=False)
    op.create_index(
        op.f("ix_potential_products_village_code_removed_at"), "potential_products", ["village_code", "removed_at"], unique=False
    )
    op.create_table(
        "potential_evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column("potential_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("source", sa.String(160), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("file_name", sa.String(40), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(kind = 'note') = (file_name = '')", name=op.f("ck_potential_evidence_file_unless_note")),
        sa.ForeignKeyConstraint(["added_by_id"], ["users.id"], name=op.f("fk_potential_evidence_added_by_id_users")),
        sa.ForeignKeyConstraint(
            ["potential_id"], ["potential_products.id"], name=op.f("fk_potential_evidence_potential_id_potential_products")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_potential_evidence")),
        sa.UniqueConstraint("code", name=op.f("uq_potential_evidence_code")),
    )
    op.create_index(op.f("ix_potential_evidence_added_by_id"), "potential_evidence", ["added_by_id"], unique=False)
    op.create_index(op.f("ix_potential_evidence_potential_id"), "potential_evidence", ["potential_id"], unique=False)


def _create_periods() -> None:
    op.create_table(
        "report_periods",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column("area_code", sa.String(13), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("seal", sa.String(64), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("last_on >= first_on AND due_on >= first_on", name=op.f("ck_report_periods_days_in_order")),
        sa.ForeignKeyConstraint(["area_code"], ["areas.code"], name=op.f("fk_report_periods_area_code_areas")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_periods")),
        sa.UniqueConstraint("area_code", "first_on", name=op.f("uq_report_periods_area_code_first_on")),
        sa.UniqueConstraint("code", name=op.f("uq_report_periods_code")),
    )
    op.create_table(
        "report_period_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(8), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("seal", sa.String(64), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_report_period_steps_actor_id_users")),
        sa.ForeignKeyConstraint(["period_id"], ["report_periods.id"], name=op.f("fk_report_period_steps_period_id_report_periods")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_period_steps")),
    )
    op.create_index(op.f("ix_report_period_steps_actor_id"), "report_period_steps", ["actor_id"], unique=False)
    op.create_index(op.f("ix_report_period_steps_period_id"), "report_period_steps", ["period_id"], unique=False)


def _create_reports() -> None:
    op.create_table(
        "village_reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("village_code", sa.String(13), nullable=False),
        sa.Column("district_code", sa.String(8), nullable=False),
        sa.Column("regency_code", sa.String(5), nullable=False),
        sa.Column("province_code", sa.String(2), nullable=False),
        sa.Column("unit_kind", sa.String(12), nullable=False),
        sa.Column("unit_name", sa.String(120), nullable=False),
        sa.Column("contact_name", sa.String(120), nullable=False),
        sa.Column("contact_phone", sa.String(20), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("is_corrected", sa.Boolean(), nullable=False),
        sa.Column("remarks", sa.Text(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("sent_by_id", sa.Integer(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["period_id"], ["report_periods.id"], name=op.f("fk_village_reports_period_id_report_periods")),
        sa.ForeignKeyConstraint(["sent_by_id"], ["users.id"], name=op.f("fk_village_reports_sent_by_id_users")),
        sa.ForeignKeyConstraint(["village_code"], ["areas.code"], name=op.f("fk_village_reports_village_code_areas")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_village_reports")),
        sa.UniqueConstraint("code", name=op.f("uq_village_reports_code")),
        sa.UniqueConstraint(
            "period_id",
            "village_code",
            "unit_kind",
            "unit_name",
            name=op.f("uq_village_reports_period_id_village_code_unit_kind_unit_name"),
        ),
    )
    op.create_index(op.f("ix_village_reports_period_id_state"), "village_reports", ["period_id", "state"], unique=False)
    op.create_index(op.f("ix_village_reports_province_code_period_id"), "village_reports", ["province_code", "period_id"], unique=False)
    op.create_index(op.f("ix_village_reports_regency_code_period_id"), "village_reports", ["regency_code", "period_id"], unique=False)
    op.create_index(op.f("ix_village_reports_sent_by_id"), "village_reports", ["sent_by_id"], unique=False)
    op.create_index(op.f("ix_village_reports_village_code"), "village_reports", ["village_code"], unique=False)
    op.create_table(
        "report_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("makers", sa.Integer(), nullable=False),
        sa.Column("workers", sa.Integer(), nullable=False),
        sa.Column("products", sa.Integer(), nullable=False),
        sa.Column("sales", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("sent_by_id", sa.Integer(), nullable=True),
        sa.Column("sent_by_name", sa.String(120), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("makers >= 0 AND workers >= 0 AND sales >= 0", name=op.f("ck_report_versions_not_negative")),
        sa.ForeignKeyConstraint(["report_id"], ["village_reports.id"], name=op.f("fk_report_versions_report_id_village_reports")),
        sa.ForeignKeyConstraint(["sent_by_id"], ["users.id"], name=op.f("fk_report_versions_sent_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_versions")),
        sa.UniqueConstraint("report_id", "version", name=op.f("uq_report_versions_report_id_version")),
    )
    op.create_index(op.f("ix_report_versions_sent_by_id"), "report_versions", ["sent_by_id"], unique=False)
    op.create_table(
        "village_report_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(12), nullable=False),
        sa.Column("from_state", sa.String(12), nullable=True),
        sa.Column("to_state", sa.String(12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("remarks", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_village_report_steps_actor_id_users")),
        sa.ForeignKeyConstraint(["report_id"], ["village_reports.id"], name=op.f("fk_village_report_steps_report_id_village_reports")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_village_report_steps")),
    )
    op.create_index(op.f("ix_village_report_steps_actor_id"), "village_report_steps", ["actor_id"], unique=False)
    op.create_index(op.f("ix_village_report_steps_report_id"), "village_report_steps", ["report_id"], unique=False)
