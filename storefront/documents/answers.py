"""A PDF as an answer: shown in the browser, saved under a name that says what it is, kept by no cache."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import Response

from orders.counter.sold import SoldView
from orders.documents import SaleDocument
from orders.queries import OrderView
from storefront.i18n import gettext as _
from storefront.i18n import speaking

#: What may be asked for as `?paper=`.
ROLL = "80mm"


def answer_sale(document: SaleDocument, paper: str = "") -> Response:
    """A confirmation or receipt in the order's language, on A4 or the roll."""
    # Loaded with the first paper: the library takes a second and some megabytes that a shop page does not need.
    from storefront.documents.roll import draw_roll
    from storefront.documents.sale import draw_sale, title_of

    with speaking(document.order.language):
        drawn = draw_roll(document) if paper == ROLL else draw_sale(document)
        return answer_pdf(drawn, f"{title_of(document)} {document.order.code}")


def answer_receipt(view: OrderView, sold: SoldView, paper: str, *, is_copy: bool = False) -> Response:
    """The till's receipt in the order's language, on 58 or 80 mm paper."""
    from storefront.documents.till_receipt import draw_receipt

    with speaking(view.language):
        return answer_pdf(draw_receipt(view, sold, paper, is_copy=is_copy), f"{_('Receipt')} {sold.receipt_number}")


def answer_drawing(drawings: Sequence[str], as_zip: Callable[[], bytes], name: str) -> Response:
    """One SVG shown in the browser, several in one ZIP to be saved."""
    if len(drawings) == 1:
        return _answer(drawings[0].encode(), "image/svg+xml", f'inline; filename="{_slug(name)}.svg"')
    return _answer(as_zip(), "application/zip", f'attachment; filename="{_slug(name)}.zip"')


def answer_pdf(drawn: bytes, name: str) -> Response:
    """The document under `<name>.pdf`, in small ASCII letters with hyphens."""
    return _answer(drawn, "application/pdf", f'inline; filename="{_slug(name)}.pdf"')


def _answer(body: bytes, media_type: str, disposition: str) -> Response:
    answer = Response(body, mimetype=media_type)
    answer.headers["Content-Disposition"] = disposition
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _slug(name: str) -> str:
    return "-".join("".join(sign if sign.isascii() and sign.isalnum() else " " for sign in name).split())
