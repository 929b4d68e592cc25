"""Proposing: what is typed and not sent yet, the office in charge of an area, guardians of schools and classes, reminders.

Revision: 0020, after: 0019
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("submissions", sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "unsent_forms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_unsent_forms_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unsent_forms")),
        sa.UniqueConstraint("user_id", "key", name=op.f("uq_unsent_forms_user_id_key")),
    )
    op.create_index(op.f("ix_unsent_forms_saved_at"), "unsent_forms", ["saved_at"])
    op.create_table(
        "programme_offices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("area_code", sa.String(13), nullable=False),
        sa.Column("name_id", sa.String(160), nullable=False),
        sa.Column("name_en", sa.String(160), nullable=False),
        sa.Column("address", sa.String(240), nullable=False),
        sa.Column("phone", sa.String(20), nullable=False),
        sa.Column("head_name", sa.String(120), nullable=False),
        sa.Column("head_title_id", sa.String(120), nullable=False),
        sa.Column("head_title_en", sa.String(120), nullable=False),
        sa.Column("schemes", sa.JSON(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["area_code"], ["areas.code"], name=op.f("fk_programme_offices_area_code_areas")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_offices")),
        sa.UniqueConstraint("area_code", name=op.f("uq_programme_offices_area_code")),
    )
    op.create_table(
        "maker_guardians",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("maker_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("phone", sa.String(20), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["maker_id"], ["makers.id"], name=op.f("fk_maker_guardians_maker_id_makers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_maker_guardians")),
        sa.UniqueConstraint("maker_id", name=op.f("uq_maker_guardians_maker_id")),
    )


def downgrade() -> None:
    op.drop_table("maker_guardians")
    op.drop_table("programme_offices")
    op.drop_table("unsent_forms")
    with op.batch_alter_table("submissions") as batch:
        batch.drop_column("reminded_at")
