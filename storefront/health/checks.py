"""Is the process alive, and is it ready: database at the right schema, and which alarms stand."""

from __future__ import annotations

from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from kernel import alarms
from storefront.database import reading
from storefront.readiness import schema_problem


def healthz() -> ResponseReturnValue:
    """The process answers."""
    return {"status": "ok"}


def readyz() -> ResponseReturnValue:
    """200 when the database stands at the migrations' head, else 503 with what is wrong. Alarms are named, and no reason to stop."""
    if problem := schema_problem():
        return {"status": "unavailable", "database": problem}, 503
    try:
        standing = [alarm.name for alarm in alarms.list_standing(reading())]
    except SQLAlchemyError:
        return {"status": "unavailable", "database": "The database does not answer."}, 503
    return {"status": "ok", "database": "ok"} | ({"alarms": standing} if standing else {})
