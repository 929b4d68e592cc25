"""The demo's trade with its minimarket chain: a quote in negotiation, an order on its way, one invoice overdue and one paid."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, joinedload, selectinload

from catalog.batches import create_batch
from catalog.models.product import Product, Variant
from catalog.models.stock import Outlet
from kernel import accounts, clock
from kernel.ids import make_token
from kernel.people import Actor, User
from orders.consignment.goods import receive_goods
from orders.models.invoice import Invoice
from orders.models.offer import Offer
from orders.models.purchase import PurchaseOrder
from orders.wholesale import dividing, invoices, packing, purchasing, quotes, receivables, receiving
from orders.wholesale.buyers import Buyer, get_buyer, list_branches
from orders.wholesale.packing import Load
from orders.wholesale.quotes import OfferTerms, Priced
from orders.wholesale.receiving import Claim
from storefront.demo.cast import BUYER, MANAGER

#: How long ago the overdue order was asked for: received two days later, to be paid within thirty.
OVERDUE_DAYS, PAID_DAYS = 45, 20


@dataclass(frozen=True, slots=True)
class Desk:
    """Who trades with whom, and from which shelf."""

    session: Session
    outlet: Outlet
    manager: Actor
    actor: Actor
    buyer: Buyer
    offers: dict[str, Offer]

    @property
    def branch(self) -> str:
        """The chain's warehouse."""
        return list_branches(self.session, self.buyer.audience.partner_id)[0].code

    @contextmanager
    def days_ago(self, days: int, hour: int = 9) -> Iterator[None]:
        """Let it be so many days ago, at an hour of the office."""
        moment = clock.local(clock.now() - timedelta(days=days), self.outlet.zone)
        with clock.at(moment.replace(hour=hour, minute=10)):
            yield


def is_trading(session: Session) -> bool:
    """Whether the trade was made; it is made in one transaction, so it stands whole."""
    return bool(session.scalar(select(exists().where(PurchaseOrder.id > 0))))


def trade_with_partners(session: Session, outlet_slug: str) -> None:
    """Make it in the caller's transaction. Harmless when it stands, or when the demo is from before there were partners."""
    desk = _open_desk(session, outlet_slug)
    if desk is None or is_trading(session):
        return
    _overdue(desk)
    _paid(desk)
    _on_its_way(desk)
    _haggled_over(desk)


def _open_desk(session: Session, outlet_slug: str) -> Desk | None:
    outlet = session.scalars(select(Outlet).where(Outlet.slug == outlet_slug)).one()
    people = {
        person.email: accounts.as_actor(person)
        for person in session.scalars(select(User).where(User.email.in_([BUYER.email, MANAGER.email])).options(selectinload(User.grants)))
    }
    statement = select(Offer).where(Offer.outlet_id == outlet.id).options(joinedload(Offer.variant).joinedload(Variant.product))
    found: dict[str, Offer] = {}
    for offer in session.scalars(statement.order_by(Offer.id)):
        found.setdefault(offer.variant.product.slug, offer)
    if BUYER.email not in people or not found:
        return None
    actor = people[BUYER.email]
    return Desk(session, outlet, people[MANAGER.email], actor, get_buyer(session, actor), found)


def _bring(desk: Desk, offer: Offer, cases: int) -> None:
    """The maker brings whole cases of a fresh batch."""
    product = desk.session.get_one(Product, offer.variant.product_id)
    batch = create_batch(desk.session, desk.manager, product, produced_on=clock.today(desk.outlet.zone) - timedelta(days=1))
    reference = f"delivery:GROSIR-{batch.lot_code}"
    receive_goods(desk.session, desk.manager, desk.outlet, offer.variant, batch, cases * offer.units_per_case, reference)


def _offered(desk: Desk, lines: dict[str, tuple[int, int]], *, freight: int = 0, message: str = "") -> tuple[int, int]:
    """A quote asked for and offered; its id and turn. `lines` are cases and price by product."""
    wanted = {desk.offers[slug].id: Priced(cases) for slug, (cases, _price) in lines.items()}
    quote = quotes.request_quote(desk.session, desk.actor, wanted, branch_code=desk.branch, key=make_token(), message=message)
    prices = {desk.offers[slug].id: Priced(cases, price) for slug, (cases, price) in lines.items()}
    terms = OfferTerms(clock.today(desk.outlet.zone) + quotes.USUAL_OFFER, freight=freight, terms_bps=500, payment_days=30)
    quotes.offer(desk.session, desk.manager, quote.id, quote.turn, prices, terms)
    return quote.id, quote.turn


def _sent(desk: Desk, number: str, lines: dict[str, tuple[int, int]], *, freight: int = 0) -> PurchaseOrder:
    """Accepted, brought, divided, packed and sent off on one day."""
    quote_id, turn = _offered(desk, lines, freight=freight)
    purchase = purchasing.accept_quote(desk.session, desk.actor, quote_id, turn, number, make_token())
    for slug, (cases, _price) in lines.items():
        _bring(desk, desk.offers[slug], cases)
    dividing.divide(desk.session, desk.manager, purchase.id, clock.today(desk.outlet.zone) + timedelta(days=1))
    packing.pack(desk.session, desk.manager, purchase.id)
    expected = clock.today(desk.outlet.zone) + timedelta(days=2)
    load = Load("Angkutan Lematang (contoh)", "BG 8001 CT", expected_on=expected)
    packing.dispatch(desk.session, desk.manager, purchase.id, load, leave_missing=True)
    return purchase


def _received(desk: Desk, purchase: PurchaseOrder, claim: Claim | None) -> Invoice:
    """Counted by the chain's warehouse, settled and invoiced."""
    places = list(receiving.map_delivered(desk.session, purchase.id))
    claims = {places[0]: claim} if claim else {}
    receiving.report_receipt(desk.session, desk.actor, purchase.id, claims, received_by="Kepala Gudang Contoh")
    if claims:
        receiving.settle_claims(desk.session, desk.manager, purchase.id, claims, "Disetujui sesuai foto.")
    return invoices.issue_invoice(desk.session, desk.manager, purchase.id)


def _overdue(desk: Desk) -> None:
    with desk.days_ago(OVERDUE_DAYS):
        purchase = _sent(desk, "PO-MS-0417", {"keripik-ubi-kencur": (6, 9_000), "kopi-robusta-petik-merah": (3, 29_000)}, freight=150_000)
    with desk.days_ago(OVERDUE_DAYS - 2):
        _received(desk, purchase, None)


def _paid(desk: Desk) -> None:
    with desk.days_ago(PAID_DAYS):
        purchase = _sent(desk, "PO-MS-0423", {"tepung-mocaf": (8, 16_500)}, freight=100_000)
    with desk.days_ago(PAID_DAYS - 2):
        invoice = _received(desk, purchase, Claim(short=2, damaged=3, remark="Satu karton penyok di sudut."))
    with desk.days_ago(PAID_DAYS - 6):
        reason = "Dua pekan terlambat dari janji promosi."
        invoices.credit_allowance(desk.session, desk.manager, invoice.id, 50_000, reason, make_token())
    with desk.days_ago(PAID_DAYS - 9):
        desk.session.refresh(purchase)
        half = purchase.outstanding // 2
        receivables.record_transfer(desk.session, desk.manager, purchase.id, half, "CONTOH-TRF-8841")
    with desk.days_ago(PAID_DAYS - 12):
        desk.session.refresh(purchase)
        receivables.record_transfer(desk.session, desk.manager, purchase.id, purchase.outstanding, "CONTOH-TRF-8902")


def _on_its_way(desk: Desk) -> None:
    with desk.days_ago(1):
        _sent(desk, "PO-MS-0431", {"dodol-nanas": (5, 14_000), "keripik-ubi-kencur": (4, 9_000)}, freight=150_000)


def _haggled_over(desk: Desk) -> None:
    with desk.days_ago(2):
        lines = {"selai-nanas-talang-bulang": (12, 19_000)}
        quote_id, turn = _offered(desk, lines, freight=150_000, message="Untuk rak oleh-oleh di 12 toko, dikirim awal bulan.")
    with desk.days_ago(1, 14):
        counter = {desk.offers["selai-nanas-talang-bulang"].id: Priced(20, 18_000)}
        quotes.counter(desk.session, desk.actor, quote_id, turn, counter, "Kalau 20 karton, bisa Rp18.000?")
