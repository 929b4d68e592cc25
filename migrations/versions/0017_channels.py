"""What channels require, and papers with scans, renewals and warnings.

Revision: 0017, after: 0016
"""

from __future__ import annotations

from datetime import UTC, date, datetime

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TABLES = ("certificate_warnings", "certificate_renewals", "certificate_scans", "required_papers", "channel_requirements")
#: What every office starts with: (code, channel, papers, first day, basis). Web and counter are the office's own choice.
FIRST = (
    ("WHXKPERM", "wholesale", ("pirt", "bpom"), date(2024, 1, 1), "Peraturan BPOM 22/2018"),
    ("WHXKHALA", "wholesale", ("halal",), date(2026, 10, 18), "PP 42/2024"),
    ("FEEDPERM", "feeds", ("pirt", "bpom"), date(2024, 1, 1), "Peraturan BPOM 22/2018"),
    ("MKTXPERM", "marketplaces", ("pirt", "bpom"), date(2024, 1, 1), "Peraturan BPOM 22/2018"),
    ("MKTXHALA", "marketplaces", ("halal",), date(2026, 10, 18), "PP 42/2024"),
)


def upgrade() -> None:
    _create_requirements()
    _create_scans()
    _create_renewals_and_warnings()
    _add_first_requirements()


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)


def _create_requirements() -> None:
    op.create_table(
        "channel_requirements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column("channel", sa.String(12), nullable=False),
        sa.Column("goods", sa.String(12), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=True),
        sa.Column("area_prefix", sa.String(13), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("basis", sa.String(160), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_channel_requirements_dates_in_order")),
        sa.ForeignKeyConstraint(["category_id"], ["categories.id"], name=op.f("fk_channel_requirements_category_id_categories")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_requirements")),
        sa.UniqueConstraint("code", name=op.f("uq_channel_requirements_code")),
    )
    op.create_index("ix_channel_requirements_category_id", "channel_requirements", ["category_id"])
    op.create_index("ix_channel_requirements_channel_starts_on", "channel_requirements", ["channel", "starts_on"])
    op.create_table(
        "required_papers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("requirement_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.ForeignKeyConstraint(
            ["requirement_id"], ["channel_requirements.id"], name=op.f("fk_required_papers_requirement_id_channel_requirements")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_required_papers")),
        sa.UniqueConstraint("requirement_id", "kind", name=op.f("uq_required_papers_requirement_id_kind")),
    )


def _create_scans() -> None:
    op.create_table(
        "certificate_scans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("media_type", sa.String(40), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["certificate_id"], ["certificates.id"], name=op.f("fk_certificate_scans_certificate_id_certificates")),
        sa.ForeignKeyConstraint(["added_by_id"], ["users.id"], name=op.f("fk_certificate_scans_added_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_scans")),
        sa.UniqueConstraint("certificate_id", name=op.f("uq_certificate_scans_certificate_id")),
    )
    op.create_index("ix_certificate_scans_added_by_id", "certificate_scans", ["added_by_id"])


def _create_renewals_and_warnings() -> None:
    op.create_table(
        "certificate_renewals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("old_id", sa.Integer(), nullable=False),
        sa.Column("new_id", sa.Integer(), nullable=False),
        sa.Column("renewed_by_id", sa.Integer(), nullable=True),
        sa.Column("renewed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["old_id"], ["certificates.id"], name=op.f("fk_certificate_renewals_old_id_certificates")),
        sa.ForeignKeyConstraint(["new_id"], ["certificates.id"], name=op.f("fk_certificate_renewals_new_id_certificates")),
        sa.ForeignKeyConstraint(["renewed_by_id"], ["users.id"], name=op.f("fk_certificate_renewals_renewed_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_renewals")),
        sa.UniqueConstraint("old_id", name=op.f("uq_certificate_renewals_old_id")),
        sa.UniqueConstraint("new_id", name=op.f("uq_certificate_renewals_new_id")),
    )
    op.create_index("ix_certificate_renewals_renewed_by_id", "certificate_renewals", ["renewed_by_id"])
    op.create_table(
        "certificate_warnings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("valid_until_on", sa.Date(), nullable=False),
        sa.Column("warned_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["certificate_id"], ["certificates.id"], name=op.f("fk_certificate_warnings_certificate_id_certificates")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_warnings")),
        sa.UniqueConstraint(
            "certificate_id", "days", "valid_until_on", name=op.f("uq_certificate_warnings_certificate_id_days_valid_until_on")
        ),
    )


def _add_first_requirements() -> None:
    requirements = sa.table(
        "channel_requirements",
        sa.column("id", sa.Integer()),
        *(sa.column(name, sa.String()) for name in ("code", "channel", "goods", "area_prefix", "basis")),
        sa.column("starts_on", sa.Date()),
        sa.column("created_at", sa.DateTime(timezone=True)),
    )
    papers = sa.table("required_papers", sa.column("requirement_id", sa.Integer()), sa.column("kind", sa.String()))
    moment = datetime.now(UTC)
    connection = op.get_bind()
    for code, channel, kinds, starts_on, basis in FIRST:
        values = {"code": code, "channel": channel, "goods": "food", "area_prefix": "", "starts_on": starts_on, "basis": basis}
        made = connection.execute(requirements.insert().values(**values, created_at=moment).returning(requirements.c.id)).scalar_one()
        connection.execute(papers.insert(), [{"requirement_id": made, "kind": kind} for kind in kinds])
