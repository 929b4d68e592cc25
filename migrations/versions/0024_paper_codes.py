"""Papers get a code for their addresses, and are found by their last day.

Revision: 0024, after: 0023
"""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

ALPHABET = "34679ACDEFGHJKMNPQRTWXY"


def upgrade() -> None:
    op.add_column("certificates", sa.Column("code", sa.String(8), nullable=True))
    table = sa.table("certificates", sa.column("id", sa.Integer()), sa.column("code", sa.String()))
    connection = op.get_bind()
    ids = connection.execute(sa.select(table.c.id)).scalars().all()
    codes: set[str] = set()
    while len(codes) < len(ids):
        codes.add("".join(secrets.choice(ALPHABET) for _ in range(8)))
    rows = [{"key": key, "made": code} for key, code in zip(ids, sorted(codes, key=lambda _: secrets.randbelow(2**32)), strict=True)]
    if rows:
        connection.execute(table.update().where(table.c.id == sa.bindparam("key")).values(code=sa.bindparam("made")), rows)
    op.create_index("uq_certificates_code", "certificates", ["code"], unique=True)
    op.create_index("ix_certificates_valid_until_on", "certificates", ["valid_until_on"])


def downgrade() -> None:
    op.drop_index("ix_certificates_valid_until_on", "certificates")
    op.drop_index("uq_certificates_code", "certificates")
    op.drop_column("certificates", "code")
