"""Alive and ready are two questions."""

from __future__ import annotations

from alembic.script import ScriptDirectory
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from storefront import readiness


def test_the_schemas_head_is_the_one_alembic_finds() -> None:
    assert readiness.schema_head() == ScriptDirectory(str(readiness.VERSIONS.parent)).get_current_head()


def test_a_shop_at_the_head_is_ready(client: FlaskClient) -> None:
    assert client.get("/healthz").get_json() == {"status": "ok"}
    assert client.get("/readyz").status_code == 200


def test_another_schema_than_the_codes_is_not_ready(client: FlaskClient, session: Session) -> None:
    session.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    session.commit()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "schema" in answer.get_json()["database"]
