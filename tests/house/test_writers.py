"""One writer each: the web commits in one place, stock and ledger change through one module."""

from __future__ import annotations

import ast
import re

from tests.house.sources import modules, name, tree

MAY_COMMIT = {"storefront/database.py"}
WRITERS = {
    "StockLevel": {"catalog/stock.py", "catalog/stock_locks.py", "catalog/stock_moves.py"},
    "StockMovement": {"catalog/stock.py", "catalog/stock_locks.py"},
    "LedgerEntry": {"orders/ledger.py"},
    "ConsignmentEntry": {"orders/consignment/ledger.py"},
    "ConsignmentSale": {"orders/consignment/sales.py"},
    "ConsignmentLoss": {"orders/consignment/losses.py"},
    "MakerStatement": {"orders/consignment/statements.py"},
    "AuditEntry": {"kernel/audit.py"},
}
_WRITES = {"insert", "update", "delete"}


def test_commit_and_rollback_live_in_one_module() -> None:
    strays = []
    for path in modules():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Attribute) and node.attr in {"commit", "rollback"} and not _may_commit(name(path), node):
                strays.append(f"{name(path)}:{node.lineno}")
    assert strays == []


def _may_commit(file: str, node: ast.Attribute) -> bool:
    """The web's one place, and Whoosh's own writer, which is no database."""
    return file in MAY_COMMIT or (file.startswith("catalog/search/") and isinstance(node.value, ast.Name) and node.value.id == "writer")


def test_only_its_own_module_writes_a_guarded_table() -> None:
    strays = []
    for path in modules():
        if "/models/" in name(path) or name(path) == "storefront/demo/growth.py":
            continue
        for node in ast.walk(tree(path)):
            model = _written_model(node)
            if model and name(path) not in WRITERS[model]:
                strays.append(f"{name(path)}:{node.lineno} writes {model}")
    assert strays == []


def _written_model(node: ast.AST) -> str | None:
    """The guarded model this node creates, or changes by insert()/update()/delete()."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        return None
    if node.func.id in WRITERS:
        return node.func.id
    if node.func.id in _WRITES and node.args and isinstance(node.args[0], ast.Name) and node.args[0].id in WRITERS:
        return node.args[0].id
    return None


def test_the_domain_reads_the_clock_in_one_place() -> None:
    pattern = re.compile(r"datetime\.(now|utcnow|today)\(|date\.today\(")
    strays = [name(path) for path in modules() if name(path) != "kernel/clock.py" and pattern.search(path.read_text())]
    assert strays == []


def test_a_page_that_only_reads_never_opens_a_transaction() -> None:
    """A view that answers GET alone must not call transaction(); the URL maps say which views those are."""
    from storefront.app import BLUEPRINTS  # noqa: F401 - importing fills the registry below
    from storefront.routing import declared_routes

    strays = []
    for route in declared_routes():
        if set(route.methods) == {"GET"} and "transaction" in route.view.__code__.co_names:
            strays.append(f"{route.rule} ({route.view.__module__}.{route.view.__name__})")
    assert strays == []
