"""Dividing a purchase order among the makers of each offer, and placing it through the one checkout (docs/quotes.md)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from catalog.areas import describe_areas
from catalog.models.area import Area
from catalog.models.product import Product, Variant
from catalog.models.stock import Outlet
from catalog.stock_locks import Allocation
from kernel import audit, clock
from kernel.errors import N_, InvalidInput
from kernel.inserts import insert_rows
from kernel.people import Actor
from orders.checkout import place_order
from orders.deals import Deal
from orders.drafts import Contact
from orders.models.offer import Offer, OfferSource
from orders.models.order import Channel, Order, OrderLine
from orders.models.partner import Partner, PartnerBranch
from orders.models.purchase import PurchaseLine, PurchaseOrder, PurchaseShare
from orders.shipping import CheckedDestination, ShippingQuote
from orders.wholesale import news
from orders.wholesale.allocation import NotEnoughCases, Share, Source, allocate
from orders.wholesale.capacity_shares import count_makeable, months_between, take_cases
from orders.wholesale.lots import list_lots
from orders.wholesale.packing import write_cartons
from orders.wholesale.purchasing import lock_for_office, subject_of
from orders.wholesale.states import PurchaseState, check_stage

#: Fairness looks back so far.
LATELY = timedelta(days=365)
LONGEST_WAIT = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Supplier:
    """One maker that can fill a line: its variant, who it is, and what it has."""

    source_id: int
    variant_id: int
    maker_id: int
    maker_name: str
    village_name: str
    source: Source


@dataclass(frozen=True, slots=True)
class Proposal:
    """How one line would be divided; `shares` is empty when its makers have too little, `available` cases in all."""

    line: PurchaseLine
    suppliers: tuple[Supplier, ...]
    shares: tuple[Share, ...]
    available: int

    def supplier(self, variant_id: int) -> Supplier:
        """Who stands behind a share."""
        return next(each for each in self.suppliers if each.variant_id == variant_id)

    @property
    def is_possible(self) -> bool:
        """Whether all its cases can be supplied."""
        return bool(self.shares)


def usual_day(session: Session, purchase: PurchaseOrder, today: date) -> date:
    """The day the form proposes: the partner's wish, but not before the longest lead time."""
    offers = select(PurchaseLine.offer_id).where(PurchaseLine.purchase_id == purchase.id)
    lead = session.scalar(select(func.max(Offer.lead_days)).where(Offer.id.in_(offers))) or 0
    earliest = today + timedelta(days=lead)
    return max(earliest, purchase.wanted_on) if purchase.wanted_on else earliest


def propose(session: Session, purchase: PurchaseOrder, promised_on: date) -> list[Proposal]:
    """How each line would be divided for dispatch on a day. Only reads; the same every time."""
    statement = select(PurchaseLine).where(PurchaseLine.purchase_id == purchase.id).order_by(PurchaseLine.position)
    lines = session.scalars(statement.options(joinedload(PurchaseLine.offer))).all()
    outlet = session.get_one(Outlet, purchase.outlet_id)
    proposals: list[Proposal] = []
    spoken_for: set[int] = set()
    for line in lines:
        suppliers = _suppliers(session, outlet, line, promised_on, spoken_for)
        try:
            shares = allocate(line.cases, [supplier.source for supplier in suppliers])
        except NotEnoughCases:
            shares = ()
        available = sum(supplier.source.capacity for supplier in suppliers)
        proposals.append(Proposal(line, tuple(suppliers), shares, available))
        spoken_for |= {share.variant_id for share in shares}
    return proposals


def divide(session: Session, actor: Actor, purchase_id: int, promised_on: date) -> Order:
    """Divide an order among its makers, take their capacity, hold their lots, and place it: once.

    Raises NotAllowed, WrongStage, NotEnoughCases; CapacityTaken and NotOnShelf when somebody was faster.
    """
    purchase = lock_for_office(session, actor, purchase_id)
    check_stage(purchase.state, PurchaseState.PREPARING)
    outlet = session.get_one(Outlet, purchase.outlet_id)
    today = clock.today(outlet.zone)
    if not today <= promised_on <= today + LONGEST_WAIT:
        raise InvalidInput(N_("Choose a day from today on, at most 180 days ahead."), field="promised_on")
    proposals = propose(session, purchase, promised_on)
    for proposal in proposals:
        if not proposal.is_possible:
            raise NotEnoughCases(proposal.available, proposal.line.cases)
    _take_capacity(session, purchase, proposals, months_between(today, promised_on))
    order = _place(session, actor, purchase, proposals)
    _write_shares(session, purchase, order, proposals)
    purchase.order_id, purchase.promised_on = order.id, promised_on
    purchase.state, purchase.changed_at = PurchaseState.PREPARING, clock.now()
    makers = len({proposal.supplier(share.variant_id).maker_id for proposal in proposals for share in proposal.shares})
    audit.record(session, actor, "purchase.divided", subject_of(purchase), {"order": order.code, "makers": makers})
    news.tell_promised(session, purchase)
    session.flush()
    return order


def _suppliers(session: Session, outlet: Outlet, line: PurchaseLine, promised_on: date, spoken_for: Collection[int]) -> list[Supplier]:
    """The makers behind an offer with their whole cases: on the shelf, long enough before best-before, and still to be made in time.

    A variant that another line of the order takes already is left to it, because an order names each variant once.
    """
    statement = (
        select(OfferSource)
        .join(Variant, Variant.id == OfferSource.variant_id)
        .where(OfferSource.offer_id == line.offer_id, OfferSource.is_active, Variant.is_active)
        .options(joinedload(OfferSource.variant).joinedload(Variant.product).joinedload(Product.maker))
        .order_by(OfferSource.id)
    )
    sources = [source for source in session.scalars(statement) if source.variant_id not in spoken_for]
    units = line.units_per_case
    months = months_between(clock.today(outlet.zone), promised_on)
    makeable, _calendar = count_makeable(session, [source.id for source in sources], months, units)
    lots = list_lots(session, outlet.id, {source.variant_id for source in sources}, line, promised_on)
    given = _given(session, line.offer_id)
    villages = {source.variant.product.village_code for source in sources}
    names = {area.code: area.name for area in session.scalars(select(Area).where(Area.code.in_(villages)))}
    return [
        Supplier(
            source_id=source.id,
            variant_id=source.variant_id,
            maker_id=source.variant.product.maker_id,
            maker_name=source.variant.product.maker.name,
            village_name=names.get(source.variant.product.village_code, ""),
            source=Source(
                source.variant_id,
                lots.get(source.variant_id, ()),
                makeable[source.id],
                weight=source.monthly_quantity // units,
                given=given.get(source.variant_id, 0),
            ),
        )
        for source in sources
    ]


def _given(session: Session, offer_id: int) -> dict[int, int]:
    """Cases of the offer that each variant supplied lately."""
    statement = (
        select(PurchaseShare.variant_id, func.sum(PurchaseShare.cases))
        .join(PurchaseLine, PurchaseLine.id == PurchaseShare.purchase_line_id)
        .join(PurchaseOrder, PurchaseOrder.id == PurchaseShare.purchase_id)
        .where(
            PurchaseLine.offer_id == offer_id,
            PurchaseShare.created_at > clock.now() - LATELY,
            PurchaseOrder.state != PurchaseState.CANCELLED,
        )
        .group_by(PurchaseShare.variant_id)
    )
    return {variant_id: int(cases) for variant_id, cases in session.execute(statement)}


def _take_capacity(session: Session, purchase: PurchaseOrder, proposals: list[Proposal], months: list[date]) -> None:
    """In the order of the sources' ids, as everybody takes them."""
    wanted = [
        (proposal.supplier(share.variant_id).source_id, share.to_make, proposal.line.units_per_case)
        for proposal in proposals
        for share in proposal.shares
        if share.to_make
    ]
    for source_id, cases, units in sorted(wanted):
        _makeable, calendar = count_makeable(session, [source_id], months, units)
        take_cases(session, purchase, source_id, cases, units, calendar, months)


def _place(session: Session, actor: Actor, purchase: PurchaseOrder, proposals: list[Proposal]) -> Order:
    partner, branch = session.get_one(Partner, purchase.partner_id), session.get_one(PartnerBranch, purchase.branch_id)
    shares = [(proposal.line, share) for proposal in proposals for share in proposal.shares]
    units = {share.variant_id: share.cases * line.units_per_case for line, share in shares}
    weights = dict(session.execute(select(Variant.id, Variant.shipping_weight_g).where(Variant.id.in_(units))).all())
    weight_g = sum(weights[variant_id] * quantity for variant_id, quantity in units.items())
    deal = Deal(
        unit_prices={share.variant_id: line.unit_price for line, share in shares},
        discount=purchase.terms,
        address=_address(session, branch),
        delivery=ShippingQuote(
            None, "Pengiriman grosir", "Wholesale delivery", "-", weight_g, -(-weight_g // 1000), purchase.freight, 0, 0
        ),
        lots=tuple(
            Allocation(lot.level_id, share.variant_id, lot.cases * line.units_per_case) for line, share in shares for lot in share.lots
        ),
    )
    contact = Contact(branch.contact_name or partner.contact_name, branch.contact_phone or partner.contact_phone)
    return place_order(
        session,
        actor,
        channel=Channel.WHOLESALE,
        cart_lines=units,
        outlet_id=purchase.outlet_id,
        contact=contact,
        payment_method=None,
        checkout_key=f"purchase-order-{purchase.code}",
        language=partner.language,
        note=purchase.note,
        deal=deal,
    )


def _address(session: Session, branch: PartnerBranch) -> CheckedDestination:
    area = session.get_one(Area, branch.area_code)
    text = describe_areas(session, [area])[area.code]
    return CheckedDestination(
        area.code, text[:240], f"{branch.name}, {branch.address}"[:200], branch.receiving_note[:200], area.postal_code
    )


def _write_shares(session: Session, purchase: PurchaseOrder, order: Order, proposals: list[Proposal]) -> None:
    lines = select(OrderLine.variant_id, OrderLine.id).where(OrderLine.order_id == order.id)
    order_lines = dict(session.execute(lines).all())
    moment = clock.now()
    rows, packed = [], []
    for proposal in proposals:
        for share in proposal.shares:
            supplier, line = proposal.supplier(share.variant_id), proposal.line
            rows.append(
                {
                    "purchase_id": purchase.id,
                    "purchase_line_id": line.id,
                    "order_line_id": order_lines[share.variant_id],
                    "source_id": supplier.source_id,
                    "variant_id": share.variant_id,
                    "maker_id": supplier.maker_id,
                    "cases": share.cases,
                    "to_make": share.to_make,
                    "created_at": moment,
                }
            )
            packed += [(share.variant_id, lot.level_id, line.units_per_case, lot.cases) for lot in share.lots]
    insert_rows(session, PurchaseShare, rows)
    write_cartons(session, purchase, order_lines, packed)
