"""What stands on a till's receipt, row by row: one layout for the browser's print, the receipt printer and the server; pure.

static/counter/receipt_layout.js is its twin: tills print without a network. tests/storefront/documents/receipt_cases.json
holds both to one outcome.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypedDict

from storefront.documents import columns as set_in
from storefront.documents.columns import Row, Style, figure, pair, rule, rupiah, told


class ReceiptOutlet(TypedDict):
    """Who sells: what the law wants on a receipt, and the words at its foot."""

    name: str
    operator: str
    npwp: str
    address: str
    phone: str
    zone: str
    footer: str


class ReceiptLine(TypedDict):
    """Goods in the receipt's language. What came back has no unit price, only an `amount`."""

    name: str
    pack: str
    maker: str
    village: str
    quantity: int
    unit_price: int | None
    amount: int


class ReceiptTax(TypedDict):
    """PPN inside the total (orders.tax)."""

    net: int
    base: int
    tax: int
    rate_bps: int
    numerator: int
    denominator: int


class ReceiptTender(TypedDict):
    """`amount` of the total was paid so; cash also says what changed hands."""

    method: Literal["cash", "qris", "card", "transfer"]
    amount: int
    cash: int
    given: int
    change: int
    reference: str


class Receipt(TypedDict):
    """A sale, or goods that came back, as facts ready to be set; whole rupiah."""

    kind: Literal["sale", "return"]
    language: Literal["id", "en"]
    shop: str
    outlet: ReceiptOutlet
    number: str
    #: Of a return: the sale's receipt number, why, and how the money goes back.
    original: str
    reason: str
    way: Literal["", "cash", "transfer"]
    #: ISO moment with its offset.
    at: str
    cashier: str
    lines: list[ReceiptLine]
    subtotal: int
    discount: int
    voucher: str
    voucher_discount: int
    total: int
    tax: ReceiptTax | None
    tenders: list[ReceiptTender]
    #: The buyer's page of it; empty: no code is printed.
    address: str
    is_unsynced: bool
    is_copy: bool


#: The receipt's texts by key, in its language: storefront.documents.receipt_words.
Words = Mapping[str, str]


def lay_out(receipt: Receipt, columns: int, words: Words) -> list[Row]:
    """The rows of the paper, each within `columns`."""
    rows = _head(receipt, columns, words)
    for line in receipt["lines"]:
        rows += _line(line, columns)
    rows.append(rule(columns))
    rows += _sums(receipt, columns, words) if receipt["kind"] == "sale" else _paid_back(receipt, columns, words)
    return rows + _foot(receipt, columns, words)


def _head(receipt: Receipt, columns: int, words: Words) -> list[Row]:
    outlet = receipt["outlet"]
    rows = set_in.large(receipt["shop"], columns)
    rows += set_in.centred(outlet["name"], columns, Style.STRONG)
    phone = outlet["phone"] and f"{words['phone']} {outlet['phone']}"
    npwp = outlet["npwp"] and f"NPWP {_grouped(outlet['npwp'])}"
    for text in (outlet["operator"], outlet["address"], phone, npwp):
        rows += set_in.centred(text, columns)
    rows.append(rule(columns, "="))
    if receipt["kind"] == "return":
        rows += set_in.large(words["return"], columns)
    if receipt["is_copy"]:
        rows += set_in.large(words["copy"], columns)
    rows += told(receipt["number"], columns, 0, Style.STRONG)
    rows += told(set_in.stamp(receipt["at"], outlet["zone"], receipt["language"]), columns)
    if receipt["cashier"]:
        rows += told(f"{words['cashier']}: {receipt['cashier']}", columns)
    if receipt["original"]:
        rows += told(f"{words['original']} {receipt['original']}", columns)
    if receipt["is_unsynced"]:
        rows += told(f"* {words['unsynced']}", columns)
    rows.append(rule(columns))
    return rows


def _line(line: ReceiptLine, columns: int) -> list[Row]:
    name = f"{line['name']}, {line['pack']}" if line["pack"] else line["name"]
    rows = told(name, columns)
    origin = _origin(line, columns - 2)
    if origin:
        rows += told(origin, columns, 2)
    price = line["unit_price"]
    count = f"{line['quantity']} x" if price is None else f"{line['quantity']} x {figure(price)}"
    return rows + [Row(row.style, f"  {row.text}") for row in pair(count, figure(line["amount"]), columns - 2)]


def _origin(line: ReceiptLine, room: int) -> str:
    """Maker and village, or one of them, on one line; nothing when neither fits."""
    both = ", ".join(text for text in (line["maker"], line["village"]) if text)
    for text in (both, line["maker"], line["village"]):
        if text and set_in.width_of(set_in.clean(text)) <= room:
            return text
    return ""


def _sums(receipt: Receipt, columns: int, words: Words) -> list[Row]:
    rows: list[Row] = []
    if receipt["subtotal"] != receipt["total"]:
        rows += pair(words["subtotal"], figure(receipt["subtotal"]), columns)
    if receipt["discount"]:
        rows += pair(words["discount"], figure(-receipt["discount"]), columns)
    if receipt["voucher_discount"]:
        rows += pair(f"{words['voucher']} {receipt['voucher']}", figure(-receipt["voucher_discount"]), columns)
    rows += set_in.large_pair(words["total"], rupiah(receipt["total"]), columns)
    rows += _tax(receipt["tax"], columns, words)
    rounding = sum(tender["cash"] - tender["amount"] for tender in receipt["tenders"] if tender["method"] == "cash")
    if rounding:
        rows += pair(words["rounding"], figure(rounding), columns)
    for tender in receipt["tenders"]:
        is_cash = tender["method"] == "cash"
        rows += pair(words[tender["method"]], figure(tender["given"] if is_cash else tender["amount"]), columns)
        if tender["reference"]:
            rows += told(tender["reference"], columns, 2)
    change = sum(tender["change"] for tender in receipt["tenders"])
    if change:
        rows += pair(words["change"], figure(change), columns, Style.STRONG)
    return rows


def _tax(tax: ReceiptTax | None, columns: int, words: Words) -> list[Row]:
    if tax is None:
        return []
    rows = pair(words["net"], figure(tax["net"]), columns)
    if tax["base"] != tax["net"]:
        rows += pair(f"{words['base']} {tax['numerator']}/{tax['denominator']}", figure(tax["base"]), columns)
    percent = figure(tax["rate_bps"] // 100) + (f",{tax['rate_bps'] % 100:02}".rstrip("0") if tax["rate_bps"] % 100 else "")
    return rows + pair(f"PPN {percent}%", figure(tax["tax"]), columns)


def _paid_back(receipt: Receipt, columns: int, words: Words) -> list[Row]:
    rows = set_in.large_pair(words["paid_back"], rupiah(receipt["total"]), columns)
    rows += _tax(receipt["tax"], columns, words)
    for tender in receipt["tenders"]:
        if tender["cash"] != tender["amount"]:
            rows += pair(words["rounding"], figure(tender["cash"] - tender["amount"]), columns)
        rows += pair(words["back_cash"], figure(tender["cash"]), columns, Style.STRONG)
    if receipt["way"] == "transfer":
        rows += told(words["back_transfer"], columns)
    rows += told(f"{words['reason']}: {receipt['reason']}", columns)
    rows += [Row(Style.PLAIN, ""), *told(f"{words['signature']}:", columns), Row(Style.PLAIN, ""), rule(columns, "_")]
    return rows


def _foot(receipt: Receipt, columns: int, words: Words) -> list[Row]:
    rows = [rule(columns)]
    if receipt["address"]:
        rows.append(Row(Style.QR, receipt["address"]))
        rows += set_in.centred(words["scan"], columns)
    return rows + set_in.centred(receipt["outlet"]["footer"] or words["thanks"], columns)


def _grouped(npwp: str) -> str:
    """Sixteen digits in groups of four; the older notation as it was typed."""
    return " ".join(npwp[at : at + 4] for at in range(0, 16, 4)) if len(npwp) == 16 and npwp.isdigit() else npwp
