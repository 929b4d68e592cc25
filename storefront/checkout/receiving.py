"""How the goods reach the buyer: collected or sent, remembered in the cookie from the cart on, and priced for what is in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import session as cookie
from sqlalchemy.orm import Session

from catalog.queries.views import OutletView
from catalog.village_search import VillageChoice
from kernel.errors import DomainError
from orders import outlet_payments, shipping
from orders.carts import CartView
from orders.gateways import PaymentMethod
from orders.models.order import Fulfilment
from orders.shipping import ShippingQuote, StayingItem, ZonePrice
from storefront.checkout import villages
from storefront.errors import message_of
from storefront.gateways import get_gateways

#: In forms and in the cookie alike.
_FULFILMENT, _VILLAGE = "fulfilment", "village_code"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the buyer chose: a way, and for shipping the code of a village, perhaps not yet."""

    fulfilment: Fulfilment = Fulfilment.PICKUP
    village_code: str = ""

    @classmethod
    def read(cls, sent: Mapping[str, Any]) -> Wish:
        """What a form or the cookie says; anything else than shipping is collecting."""
        is_shipping = sent.get(_FULFILMENT) == Fulfilment.SHIPPING
        return cls(Fulfilment.SHIPPING if is_shipping else Fulfilment.PICKUP, str(sent.get(_VILLAGE, "")))


@dataclass(frozen=True, slots=True)
class Receiving:
    """The chosen way with its price for this cart, and what the other way would cost."""

    fulfilment: Fulfilment = Fulfilment.PICKUP
    #: The outlet that sends; None where nothing is sent.
    sender: OutletView | None = None
    rates: tuple[ZonePrice, ...] = ()
    staying: tuple[StayingItem, ...] = ()
    village: VillageChoice | None = None
    quote: ShippingQuote | None = None
    #: Why this cart cannot be sent there, in the page's language.
    refusal: str = ""

    @property
    def is_shipping(self) -> bool:
        """Whether the goods are to be sent."""
        return self.fulfilment is Fulfilment.SHIPPING

    @property
    def lowest_rate(self) -> int | None:
        """What sending costs at least."""
        return min((rate.price for rate in self.rates if rate.price is not None), default=None)

    @property
    def can_go_on(self) -> bool:
        """Whether everything about this way is known and possible."""
        return not self.is_shipping or self.quote is not None

    def total_of(self, cart: CartView) -> int:
        """What the buyer pays for the goods on this way."""
        return cart.total + (self.quote.price if self.quote else 0)


def remembered_wish() -> Wish:
    """What this browser chose before."""
    return Wish.read(cookie)


def remember_wish(wish: Wish) -> None:
    """Keep the choice for the checkout; the village stays while the buyer looks at the other way."""
    cookie[_FULFILMENT] = wish.fulfilment.value
    if wish.village_code:
        cookie[_VILLAGE] = wish.village_code


def plan_receiving(session: Session, outlets: tuple[OutletView, ...], cart: CartView, wish: Wish) -> Receiving:
    """The wish, priced. Where no outlet sends anything, goods are collected whatever was wished."""
    wanted = {line.variant_id: line.quantity for line in cart.lines if line.unit_price}
    sender, rates = _find_sender(session, outlets, wanted)
    if sender is None:
        return Receiving()
    load = shipping.weigh(session, wanted) if wanted else None
    staying = load.staying if load else ()
    if wish.fulfilment is Fulfilment.PICKUP:
        return Receiving(Fulfilment.PICKUP, sender, rates, staying, villages.describe(wish.village_code))
    village, quote, refusal = villages.describe(wish.village_code), None, ""
    try:
        if staying:
            raise shipping.CannotTravel(staying)
        if village is not None and load is not None:
            quote = shipping.quote(session, sender.outlet_id, village.code, load)
    except DomainError as reason:
        refusal = message_of(reason)
    return Receiving(Fulfilment.SHIPPING, sender, rates, staying, village, quote, refusal)


def _find_sender(
    session: Session, outlets: tuple[OutletView, ...], wanted: dict[int, int]
) -> tuple[OutletView | None, tuple[ZonePrice, ...]]:
    """The first outlet that sends and can be paid before that, with what the cart costs in each of its zones."""
    taken: dict[int, frozenset[PaymentMethod]] = {}
    for outlet in outlets:
        if rates := shipping.describe_rates(session, outlet.outlet_id, wanted):
            taken = taken or outlet_payments.list_methods(session)
            if get_gateways().keys() & taken.get(outlet.outlet_id, frozenset()) - {PaymentMethod.PAY_AT_PICKUP}:
                return outlet, tuple(rates)
    return None, ()
