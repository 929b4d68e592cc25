"""Files for a buyer: the price list of a selection as a workbook, its catalogue and one offer's sheet as PDF; each for this partner."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Response, request, stream_with_context

from catalog.models.stock import Outlet
from catalog.readiness.profiles import list_profiles
from kernel.errors import N_, InvalidInput, NotFound
from orders.models.partner import Partner
from orders.wholesale import browsing
from orders.wholesale.buyers import Buyer
from orders.wholesale.offers import find_seller_terms
from orders.wholesale.views import OfferView, list_views
from storefront.database import reading
from storefront.documents.answers import answer_pdf
from storefront.i18n import current_language
from storefront.i18n import gettext as _
from storefront.spreadsheets import Cell
from storefront.wholesale import price_columns
from storefront.wholesale.frame import enter, keep_private, today
from storefront.wholesale.offers import Shelf, find_views, look, payment_days
from storefront.workbooks import MIMETYPE, workbook_parts

#: Offers that are dressed together while a file is written.
AT_ONCE = 200
#: A catalogue to leaf through; the price list has no end.
MOST_IN_CATALOGUE = 120
#: Rows that are worth streaming.
FEW = 200


def price_list() -> Response:
    """Every offer of the selection with its prices, as a workbook that grows while it is sent."""
    buyer, shelf = enter(), _selection()
    ids = _ids(buyer, shelf)
    rows = _rows(buyer, shelf, ids)
    parts = workbook_parts([(_("Price list"), rows)])
    answer = Response(stream_with_context(parts) if len(ids) > FEW else b"".join(parts), mimetype=MIMETYPE)
    answer.headers["Content-Disposition"] = f'attachment; filename="price-list-{shelf.day:%Y%m%d}.xlsx"'
    return keep_private(answer)


def catalogue() -> Response:
    """The selection as a catalogue to print or pass round in the company."""
    from storefront.documents.trade_catalogue import draw_catalogue

    buyer, shelf = enter(), _selection()
    ids = _ids(buyer, shelf)
    if len(ids) > MOST_IN_CATALOGUE:
        raise InvalidInput(
            N_("A catalogue holds at most %(most)s offers; this selection has %(count)s. Please narrow it, or take the price list."),
            most=MOST_IN_CATALOGUE,
            count=len(ids),
        )
    views = list_views(reading(), buyer.audience, ids, current_language(), shelf.day, shelf.choices.profiles)
    if not views:
        raise NotFound
    partner = reading().get_one(Partner, buyer.audience.partner_id)
    outlet = _seller(buyer)
    return keep_private(answer_pdf(draw_catalogue(views, outlet, partner.name, shelf.day), f"{_('Catalogue')} {shelf.day:%Y%m%d}"))


def sheet(code: str) -> Response:
    """One offer on one page, as a category manager files it."""
    from storefront.documents.offer_sheet import draw_sheet

    buyer, session = enter(), reading()
    day = today(buyer.audience)
    profiles = list_profiles(session)
    view = find_views(session, buyer, [code], profiles)[0]
    partner = session.get_one(Partner, buyer.audience.partner_id)
    terms = find_seller_terms(session, buyer.audience.outlet_id)
    drawn = draw_sheet(view, _seller(buyer), partner.name, day, profiles, terms, payment_days(partner, terms))
    return keep_private(answer_pdf(drawn, f"{_('Product sheet')} {view.name} {view.code}"))


def _seller(buyer: Buyer) -> Outlet:
    """The seller as papers name it."""
    return reading().get_one(Outlet, buyer.audience.outlet_id)


def _selection() -> Shelf:
    """The list's question, or the offers named one by one; a question that makes no sense is a 400."""
    shelf = look(reading(), enter(), request.args, request.script_root + request.path)
    if shelf.asked.problems:
        raise InvalidInput(shelf.asked.problems[0].replace("%", "%%"))
    return shelf


def _ids(buyer: Buyer, shelf: Shelf) -> list[int]:
    return browsing.list_offer_ids(reading(), buyer.audience, shelf.asked.question, shelf.day, shelf.choices, shelf.scores)


def _rows(buyer: Buyer, shelf: Shelf, ids: list[int]) -> Iterator[list[Cell]]:
    names = dict(shelf.options.ready)
    yield price_columns.heads()
    for start in range(0, len(ids), AT_ONCE):
        for view in _dressed(buyer, shelf, ids[start : start + AT_ONCE]):
            yield from price_columns.rows(view, names)


def _dressed(buyer: Buyer, shelf: Shelf, ids: list[int]) -> list[OfferView]:
    """A few hundred offers; the session forgets them afterwards, so that memory does not grow with the file."""
    views = list_views(reading(), buyer.audience, ids, current_language(), shelf.day, shelf.choices.profiles)
    reading().expunge_all()
    return views
