"""The trace of a lot, back to its raw materials and on to who received it; as a page, as CSV, and as EPCIS events."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from flask import Response, render_template, request, stream_with_context
from flask.typing import ResponseReturnValue

from catalog.models.product import Product
from catalog.models.stock import Batch
from catalog.provenance import epcis
from catalog.provenance.events import Asked, read_events
from catalog.provenance.trace import list_flows
from catalog.provenance.transformations import find_transformation, list_uses, may_record
from catalog.shelves import reach_of
from kernel import clock
from kernel.errors import N_, InvalidInput, NotFound
from kernel.locales import pick
from kernel.parsing import parse_date
from kernel.people import Permission
from orders.stockroom import recalls
from orders.wholesale.cartons import list_partners_of
from storefront.database import reading
from storefront.i18n import current_language
from storefront.i18n import gettext as _
from storefront.office.order_pages import order_pages
from storefront.places import place_text
from storefront.security import current_actor
from storefront.spreadsheets import Cell, csv_rows
from storefront.state_words import ORDER
from storefront.templating import current_settings, day, external, moment, text_of
from storefront.words import amount_words

#: Orders on the page; the file has all of them.
SHOWN = 100
_ALL = 100_000
#: One export covers at most this long: more is a question for a database.
LONGEST = timedelta(days=366)


def trace(slug: str, lot: str) -> ResponseReturnValue:
    """What the lot was made of, and who has it: orders and names only for those who may see orders."""
    actor = current_actor()
    product, batch = recalls.get_lot(reading(), actor, slug, lot)
    made = find_transformation(reading(), batch)
    recipients = recalls.list_recipients(reading(), actor, batch, SHOWN) if actor.can(Permission.VIEW_ORDERS) else []
    return render_template(
        "office/batches/trace.html",
        product=product,
        batch=batch,
        made=made,
        amount=amount_words,
        place_text=place_text,
        uses=list_uses(reading(), batch),
        flows=list_flows(reading(), batch, reach_of(actor, Permission.VIEW_STOCK)),
        recipients=recipients,
        orders=order_pages(row.code for row in recipients),
        partners=list_partners_of(reading(), batch, reach_of(actor, Permission.VIEW_ORDERS)) if actor.can(Permission.VIEW_ORDERS) else [],
        most=SHOWN,
        sees_orders=actor.can(Permission.VIEW_ORDERS),
        may_record=may_record(actor, product),
    )


def trace_file(kind: str, slug: str, lot: str) -> ResponseReturnValue:
    """The same whole as `csv`, or its events as `jsonld`."""
    product, batch = recalls.get_lot(reading(), current_actor(), slug, lot)
    name = f"{product.slug}-{'-'.join(filter(None, batch.lot_code.split('/')))}"
    if kind == "csv":
        return _file((part.encode() for part in csv_rows(_rows(product, batch))), "text/csv; charset=utf-8", f"{name}.csv")
    if kind == "jsonld":
        return _events(
            Asked(batches=[batch.id], reach=tuple(reach_of(current_actor(), Permission.VIEW_STOCK)), is_private=_sees_papers()), name
        )
    raise NotFound


def events_file() -> ResponseReturnValue:
    """Every event at the outlets in reach from one day to another, as one EPCIS document, streamed."""
    zone = current_settings().zone
    today = clock.today(zone)
    first = parse_date(request.args.get("from", "") or f"{today - timedelta(days=30)}", field="from")
    last = parse_date(request.args.get("until", "") or f"{today}", field="until")
    if not first <= last <= first + LONGEST:
        raise InvalidInput(N_("Please choose at most one year, the first day before the last."))
    asked = Asked(
        since=_midnight(first, zone),
        until=_midnight(last + timedelta(days=1), zone),
        reach=tuple(reach_of(current_actor(), Permission.VIEW_STOCK)),
        is_private=_sees_papers(),
    )
    return _events(asked, f"events-{first:%Y%m%d}-{last:%Y%m%d}")


def _events(asked: Asked, name: str) -> Response:
    written = epcis.write_document(read_events(reading(), asked), external(""), clock.now())
    return _file((part.encode() for part in written), epcis.MEDIA_TYPE, f"{name}.jsonld")


def _sees_papers() -> bool:
    return current_actor().can(Permission.VIEW_ORDERS)


def _rows(product: Product, batch: Batch) -> Iterator[list[Cell]]:
    """Back, then on, one line each; the same columns throughout."""
    yield [_("Direction"), _("What"), _("When"), _("Where"), _("Who"), _("Amount"), _("Paper")]
    name = f"{text_of(product, 'name')}, {batch.lot_code}"
    if made := find_transformation(reading(), batch):
        yield [
            _("back"),
            name,
            day(clock.local(made.at, clock.home()).date()),
            place_text(made.area_code),
            made.processed_by,
            "",
            made.code,
        ]
        for each in made.inputs:
            place = place_text(each.origin_code) if each.origin_code else ""
            material = pick(current_language(), each.name_id, each.name_en)
            yield [_("back"), material, "", place, each.supplier, amount_words(each.quantity, each.unit), each.lot]
    yield from _flow_rows(batch)
    if _sees_papers():
        yield from _buyer_rows(batch)
    for used, into in list_uses(reading(), batch):
        yield [_("on"), _("made into"), "", place_text(into.village_code), text_of(into, "name"), "", used.lot_code]


def _flow_rows(batch: Batch) -> Iterator[list[Cell]]:
    """What came to each outlet, and where it went."""
    for flow in list_flows(reading(), batch, reach_of(current_actor(), Permission.VIEW_STOCK)):
        for word, units in ((_("received"), flow.came + flow.came_on), (_("sold"), flow.sold), (_("sent on"), flow.sent_on)):
            yield [_("on"), word, "", flow.outlet_name, "", units, flow.outlet_code]
        for word, units in ((_("back to the maker"), flow.gone_back), (_("lost"), flow.lost), (_("left"), flow.left)):
            yield [_("on"), word, "", flow.outlet_name, "", units, flow.outlet_code]


def _buyer_rows(batch: Batch) -> Iterator[list[Cell]]:
    """Partners and buyers who have units of it."""
    actor = current_actor()
    for cases in list_partners_of(reading(), batch, reach_of(actor, Permission.VIEW_ORDERS)):
        who = f"{cases.partner_name}, {cases.branch_name}"
        yield [
            _("on"),
            _("cartons: %(count)s", count=cases.cartons),
            moment(cases.packed_at),
            "",
            who,
            cases.units,
            cases.purchase_code,
        ]
    for got in recalls.list_recipients(reading(), actor, batch, _ALL):
        yield [
            _("on"),
            _(ORDER[got.state][0]),
            moment(got.at),
            got.outlet_name,
            f"{got.name} {got.phone}".strip(),
            got.quantity,
            got.code,
        ]


def _midnight(on: date, zone: str) -> datetime:
    return datetime.combine(on, time(), clock.ZONES[zone])


def _file(parts: Iterator[bytes], media_type: str, name: str) -> Response:
    answer = Response(stream_with_context(parts), content_type=media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
