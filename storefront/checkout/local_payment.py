"""What a buyer needs to pay an outlet directly: the QRIS code for the exact amount as a picture, and how much time is left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from kernel import clock
from orders import qris
from orders.queries import OrderView
from storefront.i18n import ngettext
from storefront.qr import draw_qr, qr_png


@dataclass(frozen=True, slots=True)
class QrisPicture:
    """A QRIS code on the page: whose it is, and the symbol as SVG with its own white ground, also on a dark page."""

    merchant: str
    svg: Markup


def qris_picture(view: OrderView) -> QrisPicture:
    """What the page shows."""
    code = _code(view)
    return QrisPicture(code.merchant, draw_qr(code.payload, "qris-symbol"))


def qris_file(view: OrderView) -> bytes:
    """The same code as PNG: who pays on the phone that shows it opens it in the bank's app."""
    return qr_png(_code(view).payload)


def _code(view: OrderView) -> qris.QrisCode:
    """The outlet's code made out for the order's amount, with the order code as bill number."""
    return qris.for_amount(qris.parse(view.outlet.qris_payload), view.payment.amount, view.code)


def time_left(until: datetime) -> str:
    """`28 minutes`, `23 hours`: how long the buyer still has, in words; the page renews it when it looks again."""
    minutes = max(0, int((until - clock.now()).total_seconds() // 60))
    if minutes >= 120:
        return ngettext("%(num)s hour", "%(num)s hours", minutes // 60)
    return ngettext("%(num)s minute", "%(num)s minutes", minutes)
