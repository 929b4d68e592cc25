"""What a partner may order: visible offers found by any of their numbers, with today's prices, and the minimums of an order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from catalog.models.product import Product, Variant
from kernel import clock
from kernel.errors import N_, InvalidInput, NotFound
from kernel.locales import pick
from kernel.parsing import check_range
from orders.models.offer import Offer, OfferMix
from orders.models.partner import PartnerBranch
from orders.models.purchase import PurchaseOrder
from orders.wholesale.buyers import Audience
from orders.wholesale.offers import find_seller_terms
from orders.wholesale.price_lists import MOST_CASES, map_tiers
from orders.wholesale.states import BINDING
from orders.wholesale.tiers import Tier, pick_tier
from orders.wholesale.visible import is_visible, over_offers

#: Different items on one quote or order.
MOST_ITEMS = 100


@dataclass(frozen=True, slots=True)
class Goods:
    """One visible offer with what this partner pays for it today."""

    offer_id: int
    code: str
    sku: str
    slug: str
    name_id: str
    name_en: str
    units_per_case: int
    minimum_cases: int
    mix_id: int | None
    lead_days: int
    delivery_prefixes: tuple[str, ...]
    tiers: tuple[Tier, ...]

    def name(self, language: str) -> str:
        """Product and pack in the page's language."""
        return pick(language, self.name_id, self.name_en)

    def unit_price(self, cases: int) -> int | None:
        """What one unit costs when so many cases are ordered."""
        tier = pick_tier(self.tiers, cases)
        return tier.unit_price if tier else None


class NotOnList(InvalidInput):
    """No price for this quantity; a quote can be asked for."""

    message = N_("There is no list price for %(cases)s cases of %(name)s. Please ask for a quote.")


def map_goods(session: Session, audience: Audience, offer_ids: Collection[int]) -> dict[int, Goods]:
    """Visible offers among these, by id; two statements."""
    return {goods.offer_id: goods for goods in _read(session, audience, Offer.id.in_(offer_ids))} if offer_ids else {}


def find_by_numbers(session: Session, audience: Audience, numbers: Collection[str]) -> dict[str, Goods]:
    """Visible offers by what people call them: offer code, item code, bar code of the unit or of the case. Two statements."""
    wanted = {number for number in numbers if number}
    if not wanted:
        return {}
    columns = (Offer.code, Offer.case_gtin, Variant.code, Variant.gtin, Variant.internal_number)
    found = _read(session, audience, or_(*(column.in_(wanted) for column in columns)))
    keys = session.execute(
        select(Offer.id, *columns).join(Variant, Variant.id == Offer.variant_id).where(Offer.id.in_([goods.offer_id for goods in found]))
    )
    by_id = {goods.offer_id: goods for goods in found}
    return {number: by_id[row[0]] for row in keys for number in row[1:] if number in wanted}


def get_all(session: Session, audience: Audience, offer_ids: Collection[int]) -> dict[int, Goods]:
    """As `map_goods`; NotFound when one of them is not to be seen."""
    if len(offer_ids) > MOST_ITEMS:
        raise InvalidInput(N_("An order holds at most %(most)s different items."), field="lines", most=MOST_ITEMS)
    found = map_goods(session, audience, offer_ids)
    if set(found) != set(offer_ids):
        raise NotFound(N_("Some items are no longer offered. Please take them off the list."))
    return found


def check_cases(lines: Mapping[int, int]) -> None:
    """At least one item, and whole cases of each."""
    if not lines:
        raise InvalidInput(N_("Please give at least one item with its number of cases."), field="lines")
    for cases in lines.values():
        check_range(cases, 1, MOST_CASES, "cases")


def check_delivery(goods: Mapping[int, Goods], branch: PartnerBranch) -> None:
    """InvalidInput when an item is not delivered to the branch."""
    for each in goods.values():
        prefixes = each.delivery_prefixes
        if prefixes and not any(branch.area_code == prefix or branch.area_code.startswith(f"{prefix}.") for prefix in prefixes):
            raise InvalidInput(N_("%(name)s is not delivered to this branch."), field="branch", name=each.name_id)


def price_from_list(session: Session, audience: Audience, goods: Mapping[int, Goods], lines: Mapping[int, int]) -> dict[int, int]:
    """The unit price of each line by today's list, when every minimum is met: of the item, across flavours, and of the order.

    Raises NotOnList and InvalidInput.
    """
    check_cases(lines)
    _check_minimums(session, goods, lines)
    prices = {}
    for offer_id, cases in lines.items():
        price = goods[offer_id].unit_price(cases)
        if price is None:
            raise NotOnList(field="lines", cases=cases, name=goods[offer_id].name_id)
        prices[offer_id] = price
    total = sum(goods[offer_id].units_per_case * cases * prices[offer_id] for offer_id, cases in lines.items())
    _check_value(session, audience, total)
    return prices


def _check_minimums(session: Session, goods: Mapping[int, Goods], lines: Mapping[int, int]) -> None:
    mixed: defaultdict[int, int] = defaultdict(int)
    for offer_id, cases in lines.items():
        each = goods[offer_id]
        if each.mix_id is not None:
            mixed[each.mix_id] += cases
        elif cases < each.minimum_cases:
            raise InvalidInput(
                N_("Of %(name)s at least %(minimum)s cases are sold."), field="lines", name=each.name_id, minimum=each.minimum_cases
            )
    if mixed:
        for mix in session.scalars(select(OfferMix).where(OfferMix.id.in_(mixed)).order_by(OfferMix.id)):
            if mixed[mix.id] < mix.minimum_cases:
                raise InvalidInput(
                    N_("Of %(name)s, all flavours together, at least %(minimum)s cases are sold."),
                    field="lines",
                    name=mix.name_id,
                    minimum=mix.minimum_cases,
                )


def _check_value(session: Session, audience: Audience, total: int) -> None:
    terms = find_seller_terms(session, audience.outlet_id)
    if terms is None:
        return
    before = select(func.count(PurchaseOrder.id)).where(PurchaseOrder.partner_id == audience.partner_id, PurchaseOrder.state.in_(BINDING))
    minimum = terms.reorder_minimum if session.scalar(before) else terms.first_order_minimum
    if total < minimum:
        raise InvalidInput(
            N_("An order is worth at least Rp%(minimum)s. Please add some cases."), field="lines", minimum=f"{minimum:,}".replace(",", ".")
        )


def _read(session: Session, audience: Audience, condition: ColumnElement[bool]) -> list[Goods]:
    day = clock.today(audience.zone)
    statement = over_offers(Offer, Variant, Product).where(condition, *is_visible(audience, day)).order_by(Offer.id)
    rows = session.execute(statement).all()
    tiers = map_tiers(session, [row[0].id for row in rows], audience.group_id, day)
    return [_goods(row[0], row[1], row[2], tiers.get(row[0].id, ())) for row in rows]


def _goods(offer: Offer, variant: Variant, product: Product, tiers: tuple[Tier, ...]) -> Goods:
    return Goods(
        offer_id=offer.id,
        code=offer.code,
        sku=variant.code,
        slug=product.slug,
        name_id=f"{product.name_id}, {variant.name_id}"[:200],
        name_en=f"{product.name_en or product.name_id}, {variant.name_en or variant.name_id}"[:200],
        units_per_case=offer.units_per_case,
        minimum_cases=offer.minimum_cases,
        mix_id=offer.mix_id,
        lead_days=offer.lead_days,
        delivery_prefixes=tuple(offer.delivery_prefixes),
        tiers=tiers,
    )
