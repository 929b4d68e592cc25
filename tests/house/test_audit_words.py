"""Every act that a verb writes into the audit trail can be said to people, in both languages."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from pathlib import Path

from flask import Flask

from catalog.curation.states import Act
from catalog.models.product import ListingState
from catalog.reporting.states import ReportAct
from orders.models.approval import ApprovalState
from orders.models.shift import CashDirection
from orders.states import OrderState
from storefront.audit_details import DETAILS, detail_words, named_areas, named_people
from storefront.audit_words import ACTS, THINGS
from tests.house.test_translations import _translated

ROOMS = ("kernel", "catalog", "orders", "storefront")
#: Who writes an act, and which argument says it.
WRITERS = {"audit.record": 2, "note_act": 4}
#: Acts whose second word is a member of a table.
TABLES: dict[str, type[StrEnum]] = {
    "submission": Act,
    "product": ListingState,
    "approval": ApprovalState,
    "order": OrderState,
    "report": ReportAct,
    "till.cash_": CashDirection,
}


def acts_of(path: Path) -> Iterator[str]:
    """What stands in the place of the action in every call that writes one, through a name or a choice of two."""
    source = path.read_text("utf-8")
    if not any(writer in source for writer in WRITERS):
        return
    tree = ast.parse(source)
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        named: dict[str, list[ast.expr]] = {}
        for node in ast.walk(function):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                named.setdefault(node.targets[0].id, []).append(node.value)
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and (place := WRITERS.get(ast.unparse(node.func))) is not None:
                yield from _texts(node.args[place], named | _handed_in(tree, function))


def _handed_in(tree: ast.Module, function: ast.FunctionDef) -> dict[str, list[ast.expr]]:
    """What the callers of `function` in its module give for each of its parameters."""
    parameters = [each.arg for each in function.args.args]
    given: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == function.name:
            for name, value in [*zip(parameters, node.args, strict=False), *((each.arg or "", each.value) for each in node.keywords)]:
                given.setdefault(name, []).append(value)
    return given


def _texts(node: ast.expr, named: dict[str, list[ast.expr]]) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=first, orelse=second):
            yield from _texts(first, named)
            yield from _texts(second, named)
        case ast.Name(id=name):
            for value in named.get(name, []):
                yield from _texts(value, named)
        case ast.Subscript(value=ast.Dict(values=values)):
            for value in values:
                yield from _texts(value, named)
        case ast.JoinedStr(values=[ast.Constant(value=str(thing)), *_rest]):
            yield from (f"{thing}{member.value}" for member in TABLES.get(thing.rstrip("."), ()))


@cache
def every_act() -> list[str]:
    return sorted({act for room in ROOMS for path in Path(room).rglob("*.py") for act in acts_of(path)})


def test_the_reader_finds_the_acts() -> None:
    assert {"product.create", "product.live", "order.paid", "improvement.done", "batch.blocked", "till.cash_out", "till.returned"} <= set(
        every_act()
    )


def test_every_act_has_words() -> None:
    acts = [act.partition(".") for act in every_act()]
    assert [thing for thing, _dot, _done in acts if thing not in THINGS] == []
    assert [done for _thing, _dot, done in acts if done not in ACTS] == []


def test_the_words_are_there_in_indonesian() -> None:
    have = {msgid for msgid, text, _file in _translated() if text}
    assert {*THINGS.values(), *ACTS.values(), *DETAILS.values()} - have == set()


def test_a_code_is_said_in_words_or_not_at_all(app: Flask) -> None:
    with app.test_request_context("/"):
        assert [text for _name, text in detail_words("referral.result", {"from": "sent", "to": "accepted"})] == [
            "terkirim, belum dijawab",
            "diterima, sedang berjalan",
        ]
        assert [text for _name, text in detail_words("certificate.add", {"kind": "pirt", "number": "2061612"})] == [
            "2061612",
            "Izin pangan rumah tangga (P-IRT)",
        ]
        assert detail_words("programme_office.save", {"changed": ["area_code", "head_name"], "kind": "new_kind"}) == []
        assert [text for _name, text in detail_words("certificate.end", {"last_day": "2026-10-31"})] == ["31 Oktober 2026"]
        assert [text for _name, text in detail_words("pull_out.announced", {"reason": "unsold"})] == ["Lama tidak terjual"]
        assert [text for _name, text in detail_words("refund.requested", {"reason": "changed_mind"})] == ["Pembeli berubah pikiran"]


def test_areas_and_people_in_an_act_are_called_by_name(app: Flask) -> None:
    begun, handed = {"village": "16.12.04.2003"}, {"to": "YNM6PRXM", "counted": {}}
    assert (named_areas(begun), named_areas({"village": "Karang Agung"})) == ({"16.12.04.2003"}, set())
    assert (named_people("shift.handed_over", handed), named_people("transfer.opened", {"to": "PENDOPO"})) == ({"YNM6PRXM"}, set())
    with app.test_request_context("/"):
        assert [name for name, _text in detail_words("transfer.opened", {"from": "PENDOPO", "to": "TUBI"})] == [
            "Dikirim dari",
            "Dikirim ke",
        ]
        assert detail_words("report.begin", begun, {"16.12.04.2003": "Karang Agung"}) == [("Desa", "Karang Agung")]
        assert detail_words("shift.handed_over", handed, {"YNM6PRXM": "Kasir Dua"}) == [("Sesudah", "Kasir Dua")]
