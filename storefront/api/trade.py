"""Operations for partners about their quotes, orders and invoices, through the verbs that their buyers use."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from kernel.errors import N_, NotFound
from orders.models.partner import Partner
from orders.models.purchase import PurchaseOrder
from orders.models.quote import Quote
from orders.wholesale import buyers, goods, machine_trade, purchasing, quotes
from orders.wholesale.buyers import Audience
from orders.wholesale.machine_trade import InvoiceRow, PurchaseRow, QuoteRow
from orders.wholesale.quotes import Priced
from storefront.api.operations import Call
from storefront.api.shapes import trade as shapes
from storefront.api.shapes.ground import text
from storefront.api.walking import close_page, step_of


def get_company(call: Call) -> shapes.Company:
    """The partner's own facts and places."""
    audience = _audience(call)
    partner = call.session.get_one(Partner, audience.partner_id)
    places = buyers.list_branches(call.session, partner.id)
    return shapes.Company(
        code=partner.code,
        name=partner.name,
        legal_name=partner.legal_name,
        payment_days=partner.payment_days,
        credit_limit=partner.credit_limit,
        acts_for=call.caller.key.actor.name,
        branches=[shapes.Branch(code=each.code, name=each.name, address=each.address, area=each.area_code) for each in places],
    )


def list_orders(call: Call) -> shapes.OrderPage:
    """The partner's orders."""
    step = step_of(call.asked)
    found = machine_trade.walk_purchases(call.session, _audience(call), step)
    page, cursor, has_more = close_page(step, [(each.changed_at, each.id, each) for each in found])
    rows = machine_trade.dress_purchases(call.session, page)
    return shapes.OrderPage(items=[_order(row) for row in rows], cursor=cursor, has_more=has_more)


def get_order(call: Call) -> shapes.Order:
    """One order."""
    return _read_order(call, call.places["code"])


def create_order(call: Call) -> shapes.Order:
    """Order at today's list prices, in the name of the key's buyer; above that buyer's limits it waits for an approver."""
    body: shapes.OrderSent = call.body
    lines = _offer_ids(call, [(line.offer, line.cases) for line in body.lines])
    made = purchasing.order_from_list(
        call.session,
        call.caller.key.actor,
        lines,
        branch_code=body.branch,
        partner_number=body.number,
        key=_form_key(call),
        wanted_on=body.wanted_on,
        note=body.note,
        seen_total=body.expected_total,
    )
    return _read_order(call, made.code)


def cancel_order(call: Call) -> shapes.Order:
    """Call an order off, as long as it was not divided among makers."""
    found = machine_trade.get_purchase(call.session, _audience(call), call.places["code"])
    purchasing.cancel_purchase(call.session, call.caller.key.actor, found.id, call.body.reason)
    return _read_order(call, found.code)


def list_quotes(call: Call) -> shapes.QuotePage:
    """The partner's quotes."""
    step = step_of(call.asked)
    found = machine_trade.walk_quotes(call.session, _audience(call), step)
    page, cursor, has_more = close_page(step, [(each.changed_at, each.id, each) for each in found])
    rows = machine_trade.dress_quotes(call.session, page)
    return shapes.QuotePage(items=[_quote(row) for row in rows], cursor=cursor, has_more=has_more)


def get_quote(call: Call) -> shapes.Quote:
    """One quote."""
    return _read_quote(call, machine_trade.get_quote(call.session, _audience(call), call.places["code"]))


def create_quote(call: Call) -> shapes.Quote:
    """Ask for a price."""
    body: shapes.QuoteSent = call.body
    cases = _offer_ids(call, [(line.offer, line.cases) for line in body.lines])
    prices = dict(zip(cases, [line.unit_price for line in body.lines], strict=True))
    made = quotes.request_quote(
        call.session,
        call.caller.key.actor,
        {offer_id: Priced(count, prices[offer_id]) for offer_id, count in cases.items()},
        branch_code=body.branch,
        key=_form_key(call),
        wanted_on=body.wanted_on,
        message=body.message,
    )
    return _read_quote(call, machine_trade.get_quote(call.session, _audience(call), made.code))


def accept_quote(call: Call) -> shapes.Order:
    """Buy at the offered prices, whatever the price list says meanwhile."""
    body: shapes.AcceptSent = call.body
    quote = machine_trade.get_quote(call.session, _audience(call), call.places["code"])
    made = purchasing.accept_quote(call.session, call.caller.key.actor, quote.id, body.turn, body.number, _form_key(call), body.note)
    return _read_order(call, made.code)


def list_invoices(call: Call) -> shapes.InvoicePage:
    """The partner's invoices."""
    step = step_of(call.asked)
    found = machine_trade.walk_invoices(call.session, _audience(call), step)
    page, cursor, has_more = close_page(step, [(row.purchase.changed_at, row.purchase.id, row) for row in found])
    return shapes.InvoicePage(items=[_invoice(row) for row in page], cursor=cursor, has_more=has_more)


def get_invoice(call: Call) -> shapes.Invoice:
    """One invoice."""
    return _invoice(machine_trade.get_invoice(call.session, _audience(call), call.places["code"]))


def _audience(call: Call) -> Audience:
    audience: Audience = call.caller.buyer.audience
    return audience


def _offer_ids(call: Call, wanted: Sequence[tuple[str, int]]) -> dict[int, int]:
    """Cases by offer id, in the order of the lines; NotFound for an offer this partner does not see, or that comes twice."""
    found = goods.find_by_numbers(call.session, _audience(call), [code for code, _cases in wanted])
    lines: dict[int, int] = {}
    for position, (code, cases) in enumerate(wanted):
        each = found.get(code)
        if each is None or each.code != code or each.offer_id in lines:
            raise NotFound(N_("This offer is not available."), field=f"lines.{position}.offer")
        lines[each.offer_id] = cases
    return lines


def _form_key(call: Call) -> str:
    """The verbs' own guard against a second order, from the caller's key: both say the same."""
    return hashlib.sha256(f"api:{_audience(call).partner_id}:{call.key}".encode()).hexdigest()[:40]


def _read_order(call: Call, code: str) -> shapes.Order:
    call.session.flush()
    purchase: PurchaseOrder = machine_trade.get_purchase(call.session, _audience(call), code)
    [row] = machine_trade.dress_purchases(call.session, [purchase])
    return _order(row)


def _read_quote(call: Call, quote: Quote) -> shapes.Quote:
    [row] = machine_trade.dress_quotes(call.session, [quote])
    return _quote(row)


def _order(row: PurchaseRow) -> shapes.Order:
    purchase = row.purchase
    return shapes.Order(
        code=purchase.code,
        number=purchase.partner_number,
        state=purchase.state,
        quote=purchase.quote.code if purchase.quote else None,
        branch=purchase.branch.code,
        lines=[
            shapes.OrderLine(
                offer=line.offer.code,
                name=text(line.name_id, line.name_en),
                cases=line.cases,
                units=line.units,
                unit_price=line.unit_price,
                total=line.total,
            )
            for line in purchase.lines
        ],
        goods=purchase.goods,
        terms=purchase.terms,
        freight=purchase.freight,
        total=purchase.total,
        paid=purchase.paid,
        outstanding=purchase.outstanding,
        wanted_on=_day(purchase.wanted_on),
        promised_on=_day(purchase.promised_on),
        shipment=_shipment(row),
        invoice=row.invoice,
        created_at=purchase.created_at,
        updated_at=purchase.changed_at,
    )


def _shipment(row: PurchaseRow) -> shapes.Shipment | None:
    sent = row.dispatch
    if sent is None:
        return None
    return shapes.Shipment(carrier=sent.carrier, cartons=sent.cartons, expected_on=_day(sent.expected_on), dispatched_at=sent.dispatched_at)


def _quote(row: QuoteRow) -> shapes.Quote:
    quote, turn = row.quote, row.turn
    return shapes.Quote(
        code=quote.code,
        state=quote.state,
        turn=quote.turn,
        branch=quote.branch.code,
        lines=[
            shapes.QuoteLine(offer=line.offer.code, cases=line.cases, units_per_case=line.units_per_case, unit_price=line.unit_price)
            for line in turn.lines
        ],
        freight=turn.freight,
        payment_days=turn.payment_days,
        valid_until=_day(quote.valid_until_on),
        order=row.order,
        created_at=quote.created_at,
        updated_at=quote.changed_at,
    )


def _invoice(row: InvoiceRow) -> shapes.Invoice:
    invoice = row.invoice
    return shapes.Invoice(
        code=invoice.code,
        order=row.purchase.code,
        number=row.purchase.partner_number,
        issued_on=invoice.issued_on.isoformat(),
        due_on=invoice.due_on.isoformat(),
        lines=[
            shapes.InvoiceLine(
                sku=code, name=text(name_id, name_en), units=line.quantity, unit_price=line.unit_price, discount=line.discount
            )
            for line, name_id, name_en, code in row.lines
        ],
        goods=invoice.goods,
        terms=invoice.terms,
        freight=invoice.freight,
        total=invoice.total,
        paid=row.purchase.paid,
        outstanding=row.purchase.outstanding,
        is_taxable=invoice.is_taxable,
    )


def _day(value: object) -> str | None:
    return str(value) if value else None
