"""The web's database session: `reading()` for pages, and `transaction()`, the only commit of the web."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

import catalog.models.area
import catalog.models.certificate
import catalog.models.channel
import catalog.models.collection
import catalog.models.curation
import catalog.models.desk_work
import catalog.models.feed
import catalog.models.importing
import catalog.models.maker
import catalog.models.mapping
import catalog.models.mentoring
import catalog.models.photo
import catalog.models.product
import catalog.models.programme
import catalog.models.programme_office
import catalog.models.provenance
import catalog.models.readiness
import catalog.models.reporting
import catalog.models.search
import catalog.models.stock  # noqa: F401
import kernel.alarms
import kernel.audit
import kernel.chain
import kernel.idempotency
import kernel.leases
import kernel.marks
import kernel.outbox
import kernel.people
import kernel.quotas
import kernel.second_factor
import kernel.unsent  # noqa: F401
import orders.models.agreement
import orders.models.api_key
import orders.models.approval
import orders.models.cart
import orders.models.consignment
import orders.models.delivery
import orders.models.dossier
import orders.models.invoice
import orders.models.maker_link
import orders.models.maker_payout
import orders.models.offer
import orders.models.order
import orders.models.partner
import orders.models.payment
import orders.models.purchase
import orders.models.quote
import orders.models.refund
import orders.models.sample
import orders.models.settlement
import orders.models.shift
import orders.models.shipping
import orders.models.stockroom
import orders.models.till
import orders.models.voucher
import orders.models.webhook  # noqa: F401 - every module with tables is imported, so that the metadata is whole
from kernel.base import Base
from kernel.engines import WRITE, prepare_engine

_log = logging.getLogger(__name__)

db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False})


class _MigrationsWhenAsked:
    """Stands where Flask-Migrate keeps its settings and makes them at the first question: no worker asks, and Alembic takes 12 MB."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def __getattr__(self, name: str) -> Any:
        from flask_migrate import Migrate

        Migrate(self._app, db, directory="migrations", render_as_batch=True, compare_type=True)
        return getattr(self._app.extensions["migrate"], name)


def init_database(app: Flask) -> None:
    """Bind the session to the app's engine and attach the connection rules."""
    # What a failing statement was given stays out of error texts and logs: it may be a buyer's name.
    app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", {"hide_parameters": True})
    db.init_app(app)
    app.teardown_appcontext(_let_go)  # the last to be registered is the first to be called
    app.extensions["migrate"] = _MigrationsWhenAsked(app)
    with app.app_context():
        prepare_engine(db.engine)


def _let_go(_error: BaseException | None) -> None:
    """End the request's session; that the server went away meanwhile must not take back an answer that is already made (F31)."""
    try:
        db.session.remove()
    except DBAPIError as error:
        _log.warning("The database went away while a session ended: %s", type(error.orig).__name__)
        db.session.registry.clear()  # the connection was given up with the error; nothing is left to be ended


def reading() -> Session:
    """The request's session for queries. Nothing is written through it."""
    return db.session()


def end_reading() -> None:
    """Give the snapshot back: before the network is asked, and when the next read must see what was committed meanwhile."""
    db.session().rollback()


def afterwards(session: Session, act: Callable[[], object]) -> None:
    """Do what no rollback can take back, such as deleting a file, once this transaction is committed; not at all when it is not."""
    session.info.setdefault("afterwards", []).append(act)


@contextmanager
def transaction() -> Iterator[Session]:
    """A writing transaction: commits when the block ends, rolls back and re-raises when it fails.

    A read that the request began (who is signed in?) is ended first: SQLite can only take its write lock at BEGIN.
    """
    session = db.session()
    if session.in_transaction():
        session.commit()
    try:
        session.connection(execution_options=WRITE)
        yield session
        session.commit()
    except BaseException:
        session.info.pop("afterwards", None)
        session.rollback()
        raise
    for act in session.info.pop("afterwards", ()):
        act()
