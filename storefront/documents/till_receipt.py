"""A counter sale's receipt as the till printed it, made again from the books: for the buyer's page and for reprints."""

from __future__ import annotations

from typing import Literal, cast

from orders.counter.sold import SoldView
from orders.documents import find_tax
from orders.gateways import PaymentMethod
from orders.queries import OrderView
from storefront.documents.receipt_layout import Receipt, ReceiptTax, ReceiptTender, lay_out
from storefront.documents.receipt_words import receipt_words
from storefront.documents.rows import columns_of, draw_rows
from storefront.order_links import order_address
from storefront.templating import current_settings

_METHODS: dict[PaymentMethod, Literal["cash", "qris", "card", "transfer"]] = {
    PaymentMethod.CASH: "cash",
    PaymentMethod.QRIS: "qris",
    PaymentMethod.CARD_TERMINAL: "card",
    PaymentMethod.BANK_TRANSFER: "transfer",
}


def receipt_of(view: OrderView, sold: SoldView, *, is_copy: bool = False) -> Receipt:
    """The facts of the paper, in the order's language."""
    outlet = view.outlet
    return {
        "kind": "sale",
        "language": cast("Literal['id', 'en']", view.language),
        "shop": current_settings().shop_name,
        "outlet": {
            "name": outlet.name,
            "operator": outlet.operator_name,
            "npwp": outlet.operator_npwp,
            "address": outlet.address,
            "phone": outlet.phone,
            "zone": outlet.zone,
            "footer": sold.footer,
        },
        "number": sold.receipt_number,
        "original": "",
        "reason": "",
        "way": "",
        "at": sold.sold_at.isoformat(),
        "cashier": sold.cashier,
        "lines": [
            {
                "name": line.name,
                "pack": "",
                "maker": line.maker_name,
                "village": line.village_name,
                "quantity": line.quantity,
                "unit_price": line.unit_price,
                "amount": line.unit_price * line.quantity,
            }
            for line in view.lines
        ],
        "subtotal": view.subtotal,
        "discount": sold.counter_discount,
        "voucher": view.voucher_label,
        "voucher_discount": view.discount_total - sold.counter_discount,
        "total": view.total,
        "tax": _tax(view),
        "tenders": _tenders(sold),
        "address": order_address(view),
        "is_unsynced": False,
        "is_copy": is_copy,
    }


def draw_receipt(view: OrderView, sold: SoldView, paper: str, *, is_copy: bool = False) -> bytes:
    """The PDF on 58 or 80 mm paper."""
    receipt = receipt_of(view, sold, is_copy=is_copy)
    rows = lay_out(receipt, columns_of(paper), receipt_words(view.language))
    return draw_rows(rows, paper, sold.receipt_number, view.language, sold.sold_at)


def _tax(view: OrderView) -> ReceiptTax | None:
    tax = find_tax(view)
    if tax is None:
        return None
    rate = tax.rate
    return {
        "net": tax.net,
        "base": tax.base,
        "tax": tax.tax,
        "rate_bps": rate.rate_bps,
        "numerator": rate.base_numerator,
        "denominator": rate.base_denominator,
    }


def _tenders(sold: SoldView) -> list[ReceiptTender]:
    """What changed hands in cash is said once, with the first cash tender."""
    found: list[ReceiptTender] = []
    given, change = sold.cash_given, sold.cash_change
    for tender in sold.tenders:
        is_cash = tender.method is PaymentMethod.CASH
        facts: ReceiptTender = {
            "method": _METHODS.get(tender.method, "transfer"),
            "amount": tender.amount,
            "cash": 0,
            "given": given if is_cash else 0,
            "change": change if is_cash else 0,
            "reference": "",
        }
        if is_cash:
            facts["cash"] = tender.amount + sold.rounding if given else tender.amount
            given = change = 0
        found.append(facts)
    return found
