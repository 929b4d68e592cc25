"""A partner, two makers of one graded product, and a partner's order at any stage, through the verbs that people use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models.certificate import Certificate, CertificateKind
from catalog.models.maker import Maker
from catalog.models.product import HalalState, Ingredient, Product, Variant
from catalog.models.stock import Outlet
from catalog.readiness import profiles
from kernel import accounts, clock
from kernel.people import SYSTEM, Actor
from orders.models.agreement import Agreement
from orders.models.invoice import Invoice
from orders.models.offer import Offer
from orders.models.order import Order
from orders.models.partner import Partner
from orders.models.purchase import GoodsReceipt, PurchaseOrder
from orders.models.quote import Quote
from orders.wholesale import dividing, invoices, offers, packing, purchasing, quotes, receiving
from orders.wholesale.buyers import list_branches
from orders.wholesale.packing import Load
from orders.wholesale.quotes import OfferTerms, Priced
from orders.wholesale.receiving import Claim, Place
from tests.make import make_outlet, make_product
from tests.make_consignment import bring, make_agreement
from tests.make_stock import Goods, stock_up
from tests.make_wholesale import make_buyer, make_group, make_offer, make_partner

UNITS = 24


@dataclass(frozen=True)
class Trade:
    """Who trades: one seller, one partner with a buyer, one offer that two makers fill."""

    outlet: Outlet
    partner: Partner
    #: Where the goods go.
    branch: str
    buyer: Actor
    offer: Offer
    first: Variant
    second: Variant
    agreements: tuple[Agreement, Agreement]


def key() -> str:
    """A form's own token."""
    return uuid4().hex


def make_trade(session: Session, *, monthly: tuple[int, int] = (240, 720), terms: dict[str, Any] | None = None, **partner: Any) -> Trade:
    """Two makers can make 10 and 30 cases a month; nothing stands on the shelf yet."""
    outlet = make_outlet(session)
    agreements = make_agreement(session, outlet), make_agreement(session, outlet)
    variants = [
        make_product(
            session, maker=session.get_one(Maker, agreement.maker_id), price=25_000, halal_state=HalalState.NOT_APPLICABLE
        ).variants[0]
        for agreement in agreements
    ]
    with clock.at(clock.now() - timedelta(days=90)):  # the price list counts in the past too
        offer = make_offer(session, outlet, variants[0], monthly_quantity=monthly[0], delivery_prefixes=())
    offers.set_source(session, SYSTEM, offer, variants[1], monthly[1])
    company = make_partner(session, outlet, make_group(session, outlet), terms=terms, **partner)
    buyer = accounts.as_actor(make_buyer(session, company))
    branch = list_branches(session, company.id)[0].code
    return Trade(outlet, company, branch, buyer, offer, variants[0], variants[1], agreements)


def stock_cases(session: Session, trade: Trade, variant: Variant, cases: int, **batch: Any) -> Goods:
    """A maker brings whole cases of a new batch."""
    agreement = trade.agreements[0] if variant is trade.first else trade.agreements[1]
    product = session.get_one(Product, variant.product_id)
    return bring(session, agreement, variant, cases * UNITS, product=product, **batch)


def request(session: Session, trade: Trade, cases: int = 20, **changes: Any) -> Quote:
    """The buyer asks for a quote."""
    values: dict[str, Any] = {"branch_code": trade.branch, "key": key()}
    return quotes.request_quote(session, trade.buyer, {trade.offer.id: Priced(cases)}, **(values | changes))


def offered(session: Session, trade: Trade, cases: int = 20, price: int = 16_000, **terms: Any) -> Quote:
    """The office has answered, for two weeks."""
    quote = request(session, trade, cases)
    values: dict[str, Any] = {"valid_until_on": clock.today() + timedelta(days=14), "payment_days": 30}
    return quotes.offer(session, SYSTEM, quote.id, quote.turn, {trade.offer.id: Priced(cases, price)}, OfferTerms(**(values | terms)))


def bought(session: Session, trade: Trade, cases: int = 20, price: int = 16_000, *, number: str = "PO-1", **terms: Any) -> PurchaseOrder:
    """The partner has accepted."""
    quote = offered(session, trade, cases, price, **terms)
    return purchasing.accept_quote(session, trade.buyer, quote.id, quote.turn, number, key())


def divided(session: Session, trade: Trade, cases: int = 20, price: int = 16_000, **changes: Any) -> PurchaseOrder:
    """Makers have their shares and the order is placed."""
    purchase = bought(session, trade, cases, price, **changes)
    dividing.divide(session, SYSTEM, purchase.id, clock.today() + timedelta(days=3))
    return purchase


def dispatched(session: Session, trade: Trade, cases: int = 20, price: int = 16_000, **changes: Any) -> PurchaseOrder:
    """Everything was in stock and has left."""
    stock_cases(session, trade, trade.first, cases)
    stock_cases(session, trade, trade.second, cases)
    purchase = divided(session, trade, cases, price, **changes)
    packing.pack(session, SYSTEM, purchase.id)
    packing.dispatch(session, SYSTEM, purchase.id, Load("Truk koperasi", "BG 1234 XX"))
    return purchase


def places(session: Session, purchase: PurchaseOrder) -> list[Place]:
    """The batches that were delivered, in order."""
    return list(receiving.map_delivered(session, purchase.id))


def receive(session: Session, trade: Trade, purchase: PurchaseOrder, claims: dict[Place, Claim] | None = None) -> GoodsReceipt:
    """The partner has counted."""
    return receiving.report_receipt(session, trade.buyer, purchase.id, claims or {}, received_by="Pak Gudang")


def invoiced(session: Session, trade: Trade, cases: int = 20, price: int = 16_000, **changes: Any) -> Invoice:
    """Received whole and invoiced."""
    purchase = dispatched(session, trade, cases, price, **changes)
    receive(session, trade, purchase)
    return invoices.issue_invoice(session, SYSTEM, purchase.id)


def order_of(session: Session, purchase: PurchaseOrder) -> Order:
    """What was placed for it."""
    return session.scalars(select(Order).where(Order.id == purchase.order_id)).one()


def make_trade_papers(session: Session, outlet: Outlet, buyer: Actor, branch: str, offer: Offer) -> dict[str, str]:
    """One of each paper of a partner for the cast: an open offer, an order that was invoiced, and a credit note."""
    product = session.get_one(Product, session.get_one(Variant, offer.variant_id).product_id)
    session.refresh(product, ["variants"])
    stock_up(session, product, outlet, 10 * offer.units_per_case)
    quote = quotes.request_quote(session, buyer, {offer.id: Priced(4)}, branch_code=branch, key=key())
    terms = OfferTerms(valid_until_on=clock.today() + timedelta(days=14), payment_days=30)
    quotes.offer(session, SYSTEM, quote.id, quote.turn, {offer.id: Priced(4, 16_000)}, terms)
    purchase = purchasing.order_from_list(session, buyer, {offer.id: 4}, branch_code=branch, partner_number="PO-CAST", key=key())
    dividing.divide(session, SYSTEM, purchase.id, clock.today())
    packing.dispatch(session, SYSTEM, purchase.id, Load("Truk"))
    receiving.report_receipt(session, buyer, purchase.id, {}, received_by="Pak Gudang")
    invoice = invoices.issue_invoice(session, SYSTEM, purchase.id)
    note = invoices.credit_allowance(session, SYSTEM, invoice.id, 1_000, "Terlambat", key())
    return {"quote": quote.code, "purchase": purchase.code, "invoice": invoice.code, "credit_note": note.code}


def make_market(session: Session) -> Trade:
    """As `make_trade`, with goods that are ready for a minimarket: permit, halal, registered number, label, half a year, 24 a case.

    Nobody is a partner yet; `partner` and `buyer` of the answer are those of a chain that stands by.
    """
    trade = make_trade(session, monthly=(480, 720), name="Rantai Lain")
    profiles.install_defaults(session)
    for number, variant in enumerate((trade.first, trade.second)):
        product = session.get_one(Product, variant.product_id)
        product.halal_state, product.shelf_life_days = HalalState.CERTIFIED, 180
        product.storage_id, product.storage_en = "Simpan di tempat kering.", "Keep dry."
        variant.gtin = ("8999999000016", "8999999000023")[number]
        session.add(Ingredient(product_id=product.id, position=0, name_id="Ubi kayu", name_en="Cassava"))
        kinds = (
            (CertificateKind.PIRT, f"20616120100{number:02d}-28", "Dinas Kesehatan"),
            (CertificateKind.HALAL, f"ID161100000000000{number}", "BPJPH"),
        )
        for kind, paper, issuer in kinds:
            session.add(
                Certificate(
                    product_id=product.id,
                    kind=kind,
                    number=paper,
                    issuer=issuer,
                    valid_from_on=clock.today() - timedelta(days=90),
                    valid_until_on=clock.today() + timedelta(days=900),
                    created_at=clock.now(),
                )
            )
    session.flush()
    return trade
