"""Papers of partners get a code for their addresses, and a scan.

Revision: 0034, after: 0033
"""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

ALPHABET = "34679ACDEFGHJKMNPQRTWXY"


def upgrade() -> None:
    op.add_column("partner_papers", sa.Column("code", sa.String(8), nullable=True))
    table = sa.table("partner_papers", sa.column("id", sa.Integer()), sa.column("code", sa.String()))
    connection = op.get_bind()
    ids = connection.execute(sa.select(table.c.id)).scalars().all()
    codes: set[str] = set()
    while len(codes) < len(ids):
        codes.add("".join(secrets.choice(ALPHABET) for _ in range(8)))
    rows = [{"key": key, "made": code} for key, code in zip(ids, codes, strict=True)]
    if rows:
        connection.execute(table.update().where(table.c.id == sa.bindparam("key")).values(code=sa.bindparam("made")), rows)
    op.create_index("uq_partner_papers_code", "partner_papers", ["code"], unique=True)
    op.create_table(
        "partner_paper_scans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["added_by_id"], ["users.id"], name=op.f("fk_partner_paper_scans_added_by_id_users")),
        sa.ForeignKeyConstraint(["paper_id"], ["partner_papers.id"], name=op.f("fk_partner_paper_scans_paper_id_partner_papers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_paper_scans")),
        sa.UniqueConstraint("paper_id", name=op.f("uq_partner_paper_scans_paper_id")),
    )
    op.create_index(op.f("ix_partner_paper_scans_added_by_id"), "partner_paper_scans", ["added_by_id"], unique=False)


def downgrade() -> None:
    op.drop_table("partner_paper_scans")
    op.drop_index("uq_partner_papers_code", "partner_papers")
    op.drop_column("partner_papers", "code")
