"""Copies of papers for everybody, with what is private covered.

Revision: 0029, after: 0028
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "certificate_public_scans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["added_by_id"], ["users.id"], name=op.f("fk_certificate_public_scans_added_by_id_users")),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificates.id"], name=op.f("fk_certificate_public_scans_certificate_id_certificates")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_public_scans")),
        sa.UniqueConstraint("certificate_id", name=op.f("uq_certificate_public_scans_certificate_id")),
        sa.UniqueConstraint("name", name=op.f("uq_certificate_public_scans_name")),
    )
    op.create_index(op.f("ix_certificate_public_scans_added_by_id"), "certificate_public_scans", ["added_by_id"], unique=False)


def downgrade() -> None:
    op.drop_table("certificate_public_scans")
