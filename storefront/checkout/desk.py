"""What one view of the checkout stands on: cart, outlets, the way the goods go, and the ways to pay for that."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from catalog.queries.home import list_outlets
from catalog.queries.views import OutletView
from orders import carts, outlet_payments
from orders.carts import CartView
from orders.gateways import PAID_LATER, Gateway, PaymentMethod
from orders.qris import LARGEST_PAYMENT
from storefront.checkout import basket, paying, vouchers
from storefront.checkout.paying import MethodWords
from storefront.checkout.receiving import Receiving, Wish, plan_receiving
from storefront.checkout.vouchers import Applied
from storefront.database import reading
from storefront.gateways import get_gateways
from storefront.i18n import current_language


@dataclass(frozen=True, slots=True)
class Remainder:
    """What can still be had after somebody was faster: (name, how many are left) of what is short, and what the rest costs."""

    short: tuple[tuple[str, int], ...]
    total: int


@dataclass(frozen=True, slots=True)
class Desk:
    """The facts of this moment."""

    cart: CartView
    outlets: tuple[OutletView, ...]
    receiving: Receiving
    taken: dict[int, frozenset[PaymentMethod]]
    voucher: Applied

    @property
    def total(self) -> int:
        """What the buyer would pay."""
        return self.receiving.total_of(self.cart)

    @property
    def places(self) -> tuple[OutletView, ...]:
        """The outlets that can serve this order: the one that sends, or all where it can be collected."""
        return (self.receiving.sender,) if self.receiving.is_shipping and self.receiving.sender else self.outlets

    @property
    def methods(self) -> frozenset[PaymentMethod]:
        """What at least one of the places takes; placing the order refuses what the chosen one does not."""
        anywhere = frozenset[PaymentMethod]().union(*(self.taken.get(place.outlet_id, frozenset()) for place in self.places))
        # Nobody comes to pay for what is sent.
        return anywhere - {PaymentMethod.PAY_AT_PICKUP} if self.receiving.is_shipping else anywhere

    @property
    def gateways(self) -> dict[PaymentMethod, Gateway]:
        """The ways to pay that are offered."""
        return usable_gateways(self.total, self.methods)

    def describe_methods(self) -> list[MethodWords]:
        """The ways to pay in words; where not every place takes one, those that do are named."""
        found = []
        for words in paying.describe_methods(self.gateways):
            where = [place.name for place in self.places if words.value in self.taken.get(place.outlet_id, ())]
            found.append(replace(words, places=", ".join(where)) if len(where) < len(self.places) else words)
        return found

    @property
    def qris_limit(self) -> int:
        """What QRIS carries, when that is the reason why it is not offered; else 0."""
        return LARGEST_PAYMENT if PaymentMethod.QRIS in self.methods and self.total > LARGEST_PAYMENT else 0


def set_up(wish: Wish) -> Desk:
    """Read everything for the way that was wished."""
    session = reading()
    voucher = vouchers.apply(carts.price_cart(session, basket.find(session), current_language()))
    cart, outlets = voucher.cart, list_outlets(session)
    return Desk(cart, outlets, plan_receiving(session, outlets, cart, wish), outlet_payments.list_methods(session), voucher)


def usable_gateways(total: int, taken: Collection[PaymentMethod]) -> dict[PaymentMethod, Gateway]:
    """The ways to pay among `taken` that carry this amount; all of them while nothing is in the cart."""
    offered = {method: gateway for method, gateway in get_gateways().items() if method in taken}
    return {method: gateway for method, gateway in offered.items() if gateway.minimum <= total <= gateway.maximum} or offered


def rest_of_cart(outlet_id: int, method: PaymentMethod) -> CartView:
    """The cart as far as this outlet still has it. Whoever pays later leaves the last piece to those who pay now."""
    session = reading()
    cart = carts.price_cart(session, basket.find(session), current_language(), outlet_id)
    return vouchers.apply(carts.keep_available(cart, leave=1 if method in PAID_LATER else 0)).cart


def find_remainder(desk: Desk, wish: Wish, outlet_id: int, method: PaymentMethod) -> Remainder | None:
    """What to offer instead of what is sold out; None when nothing is left of it all."""
    rest = rest_of_cart(outlet_id, method)
    receiving = plan_receiving(reading(), desk.outlets, rest, wish)
    if not rest.lines or not receiving.can_go_on:
        return None
    left = {line.variant_id: line.quantity for line in rest.lines}
    short = tuple(
        (f"{line.name}, {line.variant_name}", left.get(line.variant_id, 0))
        for line in desk.cart.lines
        if left.get(line.variant_id, 0) < line.quantity
    )
    return Remainder(short, receiving.total_of(rest)) if short else None
