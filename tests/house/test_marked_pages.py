"""A page that guests are shown from memory may read only tables whose triggers renew the mark of pages."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from kernel.base import Base
from kernel.marks import PAGES, read_mark
from storefront.kept_pages import memory_of
from storefront.routing import kept_routes
from tests.cast import KARANG_AGUNG, make_world
from tests.conftest import StatementCounter
from tests.house.permission_table import TABLE

#: Addresses of kept pages that make them read more than their plain address does.
FURTHER = (
    f"/villages/{KARANG_AGUNG}",
    f"/products?near={KARANG_AGUNG}&sort=distance",
    "/products?category=makanan-ringan&in_stock=1",
    "/products?village=99.99.99.9999",
    "/search?q=tidak-ada-yang-begini",
    "/en/products?district=16.12.04",
)
_READ = re.compile(r'(?:FROM|JOIN|,)\s+"?([a-z_]+)')


def _watched(connection: Connection) -> set[str]:
    """Tables of which every insert, update and delete renews the mark."""
    if connection.dialect.name == "sqlite":
        found = connection.exec_driver_sql(
            "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%content_marks%'"
        ).all()
        names = {(table, name) for table, name in found}
        return {table for table, _ in names if {(table, f"{table}_{PAGES}_{act}") for act in ("insert", "update", "delete")} <= names}
    found = connection.exec_driver_sql("SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal").all()
    return {table for table, name in found if name == f"{table}_{PAGES}"}


def test_every_table_a_kept_page_reads_renews_the_mark(
    app: Flask, connection: Connection, session: Session, count_statements: StatementCounter
) -> None:
    """The pages are really asked for; what their statements name is looked up in the database's own list of triggers."""
    world = make_world(session)
    addresses = [world.address(TABLE[endpoint].address) for endpoint in kept_routes(app)] + list(FURTHER)
    memory_of(app).clear()
    browser = app.test_client()
    read: dict[str, str] = {}
    for address in addresses:
        with count_statements() as statements:
            assert browser.get(address).status_code in (200, 301, 308, 400), address
        for table in {name for statement in statements for name in _READ.findall(statement)} & set(Base.metadata.tables):
            read.setdefault(table, address)
    assert len(read) > 25
    read.pop("content_marks")
    assert {table: address for table, address in read.items() if table not in _watched(connection)} == {}


@pytest.mark.parametrize("table", ["products", "stock_levels", "outlets", "makers"])
def test_a_change_of_such_a_table_renews_it(session: Session, table: str) -> None:
    """Beside the names of the triggers: they do what they are there for."""
    make_world(session)
    before = read_mark(session, PAGES)
    assert read_mark(session, PAGES) == before
    session.connection().exec_driver_sql(f"UPDATE {table} SET id = id")
    assert read_mark(session, PAGES) != before
