"""The cart: a guest's by token, a person's by user; what is in it, and what that costs today."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, func, select, update
from sqlalchemy.orm import Session

from catalog import stock
from catalog.models.photo import Photo
from catalog.models.product import Product, Variant
from kernel import clock
from kernel.errors import N_, InvalidInput, NotFound
from kernel.ids import make_token
from kernel.inserts import insert_new, known_object
from kernel.locales import pick
from kernel.money import LARGEST_AMOUNT
from kernel.prepared import Prepared
from orders.models.cart import Cart, CartLine
from orders.offers import CURRENT_PRICE, IS_OFFERED
from orders.pricing import LARGEST_LINE_QUANTITY, MOST_LINES, check_quantity, line_total


class CartProblem(StrEnum):
    """What the buyer should know about a line before going on. Only `price_changed` lets the order go through as it is."""

    WITHDRAWN = "withdrawn"
    SOLD_OUT = "sold_out"
    TOO_MANY = "too_many"
    PRICE_CHANGED = "price_changed"


@dataclass(frozen=True, slots=True)
class CartLineView:
    """One line as a page shows it. Without a price (withdrawn) it does not count in the total."""

    variant_id: int
    variant_code: str
    slug: str
    name: str
    variant_name: str
    photo: str | None
    unit_price: int | None
    seen_price: int | None
    quantity: int
    available: int
    line_total: int
    problem: CartProblem | None


@dataclass(frozen=True, slots=True)
class CartView:
    """A whole cart with its totals; the total is the sum of the lines that can be bought."""

    lines: tuple[CartLineView, ...] = ()
    subtotal: int = 0
    total: int = 0
    count: int = 0
    #: What a voucher takes off the goods; the total is without it.
    discount: int = 0

    @property
    def can_be_ordered(self) -> bool:
        """Whether there is something in it, and nothing that would be refused."""
        fits = all(line.problem in (None, CartProblem.PRICE_CHANGED) for line in self.lines)
        return bool(self.lines) and fits and self.total <= LARGEST_AMOUNT


_FIRST_PHOTO = select(Photo.name).where(Photo.product_id == Product.id).order_by(Photo.position, Photo.id).limit(1).scalar_subquery()
_LINES = Prepared(
    select(
        CartLine.quantity,
        CartLine.seen_price,
        CartLine.variant_id,
        Variant.code,
        Variant.name_id.label("variant_name_id"),
        Variant.name_en.label("variant_name_en"),
        Product.slug,
        Product.name_id,
        Product.name_en,
        _FIRST_PHOTO.label("photo"),
        CURRENT_PRICE.label("price"),
        IS_OFFERED.label("offered"),
    )
    .join(Variant, Variant.id == CartLine.variant_id)
    .join(Product, Product.id == Variant.product_id)
    .where(CartLine.cart_id == bindparam("cart_id"))
    .order_by(CartLine.id)
)
_carts = cast(Table, Cart.__table__)
_OF_USER = Prepared(select(_carts).where(_carts.c.user_id == bindparam("user_id")))
_BY_TOKEN = Prepared(select(_carts).where(_carts.c.token == bindparam("token"), _carts.c.user_id.is_(None)))
_WANTED = Prepared(
    select(CartLine.variant_id, CartLine.quantity)
    .where(CartLine.cart_id == bindparam("cart_id"))
    .order_by(CartLine.id)
    .with_for_update(of=CartLine)
)
_EMPTY = Prepared(delete(CartLine).where(CartLine.cart_id == bindparam("cart_id")))
_COUNT = Prepared(select(func.coalesce(func.sum(CartLine.quantity), 0)).where(CartLine.cart_id == bindparam("cart_id")))
_OFFERED_PRICE = Prepared(
    select(CURRENT_PRICE.label("price"))
    .select_from(Variant)
    .join(Product, Product.id == Variant.product_id)
    .where(Variant.id == bindparam("variant_id"), IS_OFFERED)
)
#: Statements that leave loaded objects alone.
_RAW = {"synchronize_session": False}


def find_cart(session: Session, *, token: str | None = None, user_id: int | None = None) -> Cart | None:
    """The person's cart, else the one with this token, unless that belongs to somebody: a loose copy that no session watches."""
    if user_id is None and not token:
        return None
    rows = _BY_TOKEN.run(session, {"token": token}) if user_id is None else _OF_USER.run(session, {"user_id": user_id})
    return known_object(Cart, rows[0]._asdict()) if rows else None


def _find_watched(session: Session, *, token: str | None = None, user_id: int | None = None) -> Cart | None:
    """The same cart, to be changed."""
    known = find_cart(session, token=token, user_id=user_id)
    return session.merge(known, load=False) if known else None


def get_or_create_cart(session: Session, *, token: str | None = None, user_id: int | None = None) -> Cart:
    """The cart to write to. A new one has a new token; put `cart.token` into the guest's cookie."""
    cart = _find_watched(session, token=token, user_id=user_id)
    if cart is not None:
        return cart
    moment = clock.now()
    fresh = {"token": make_token(), "user_id": user_id, "created_at": moment, "updated_at": moment}
    ids = insert_new(session, Cart, [fresh])
    if not ids:  # the person's other tab was faster
        return session.scalars(select(Cart).where(Cart.user_id == user_id)).one()
    return session.merge(known_object(Cart, fresh | {"id": ids[0]}), load=False)


def add_to_cart(session: Session, cart: Cart, variant_id: int, quantity: int = 1) -> None:
    """Put units into the cart on top of those that are in it already; never more than fit on a line."""
    price = _price_of_offered(session, variant_id)
    wanted = list_wanted(session, cart.id)
    known = wanted.get(variant_id, 0)
    if not known and len(wanted) >= MOST_LINES:
        raise InvalidInput(N_("A cart holds at most %(most)s different items."), field="quantity", most=MOST_LINES)
    _write(session, cart, variant_id, min(known + check_quantity(quantity), LARGEST_LINE_QUANTITY), price)


def set_quantity(session: Session, cart: Cart, variant_id: int, quantity: int) -> None:
    """Make the line hold exactly `quantity` units; 0 takes it out. NotFound when the item is not in the cart."""
    if quantity == 0:
        remove_from_cart(session, cart, variant_id)
        return
    check_quantity(quantity)
    if variant_id not in list_wanted(session, cart.id):
        raise NotFound
    price = session.scalar(select(CURRENT_PRICE).select_from(Variant).where(Variant.id == variant_id), {"today": clock.today()})
    _write(session, cart, variant_id, quantity, price)


def remove_from_cart(session: Session, cart: Cart, variant_id: int) -> None:
    """Take the item out; harmless when it is not in."""
    session.execute(delete(CartLine).where(CartLine.cart_id == cart.id, CartLine.variant_id == variant_id), execution_options=_RAW)
    cart.updated_at = clock.now()


def empty_cart(session: Session, cart_id: int) -> None:
    """Take everything out: it has been ordered."""
    _EMPTY.run(session, {"cart_id": cart_id})


def merge_carts(session: Session, token: str | None, user_id: int) -> Cart:
    """At login: what the guest had chosen joins the person's cart. Quantities of the same item: the larger one."""
    guest = _find_watched(session, token=token)
    mine = _find_watched(session, user_id=user_id)
    if guest is None:
        return mine or get_or_create_cart(session, user_id=user_id)
    if mine is None:
        guest.user_id = user_id
        session.flush()
        return guest
    kept = list_wanted(session, mine.id)
    for line in session.scalars(select(CartLine).where(CartLine.cart_id == guest.id).order_by(CartLine.id)).all():
        if line.variant_id in kept or len(kept) < MOST_LINES:
            kept[line.variant_id] = max(kept.get(line.variant_id, 0), line.quantity)
            _write(session, mine, line.variant_id, kept[line.variant_id], line.seen_price)
    empty_cart(session, guest.id)
    session.execute(delete(Cart).where(Cart.id == guest.id), execution_options=_RAW)
    session.expunge(guest)
    return mine


def count_items(session: Session, cart_id: int) -> int:
    """Units in the cart, for the number beside its icon."""
    return int(_COUNT.run(session, {"cart_id": cart_id})[0][0])


def list_wanted(session: Session, cart_id: int) -> dict[int, int]:
    """What the cart holds, as `place_order` wants it: quantity by variant id, in the order in which it was chosen.

    For those who go on to write. The lines are locked: of two tabs that order one cart at once, the second finds it empty.
    """
    return dict(_WANTED.run(session, {"cart_id": cart_id}))


def price_cart(session: Session, cart: Cart | None, language: str, outlet_id: int | None = None) -> CartView:
    """The cart with today's names, prices and stock (of one outlet, or of all); two statements."""
    if cart is None:
        return CartView()
    rows = _LINES.run(session, {"cart_id": cart.id, "today": clock.today()})
    free = stock.available(session, [row.variant_id for row in rows], outlet_id)
    lines = tuple(_view(row, free[row.variant_id], language) for row in rows)
    subtotal = sum(line.line_total for line in lines)
    return CartView(lines, subtotal, subtotal, sum(line.quantity for line in lines))


def take_off(cart: CartView, discount: int) -> CartView:
    """The cart with a voucher's discount; the order computes it anew."""
    return replace(cart, discount=discount, total=cart.subtotal - discount)


def keep_available(cart: CartView, leave: int = 0) -> CartView:
    """The cart with every line lowered to what is there, `leave` units of each left to others; what is gone is left out."""
    lines = []
    for line in cart.lines:
        quantity = min(line.quantity, line.available - leave)
        if line.unit_price is not None and quantity > 0:
            lines.append(replace(line, quantity=quantity, line_total=line_total(line.unit_price, quantity), problem=None))
    subtotal = sum(line.line_total for line in lines)
    return CartView(tuple(lines), subtotal, subtotal, sum(line.quantity for line in lines))


def _view(row: Any, free: int, language: str) -> CartLineView:
    price = row.price if row.offered else None
    return CartLineView(
        variant_id=row.variant_id,
        variant_code=row.code,
        slug=row.slug,
        name=pick(language, row.name_id, row.name_en),
        variant_name=pick(language, row.variant_name_id, row.variant_name_en),
        photo=row.photo,
        unit_price=price,
        seen_price=row.seen_price,
        quantity=row.quantity,
        available=free,
        line_total=line_total(price, row.quantity) if price else 0,
        problem=_problem(price, row.seen_price, row.quantity, free),
    )


def _problem(price: int | None, seen_price: int | None, quantity: int, free: int) -> CartProblem | None:
    if price is None:
        return CartProblem.WITHDRAWN
    if free < quantity:
        return CartProblem.TOO_MANY if free > 0 else CartProblem.SOLD_OUT
    return CartProblem.PRICE_CHANGED if seen_price not in (None, price) else None


def _price_of_offered(session: Session, variant_id: int) -> int:
    rows = _OFFERED_PRICE.run(session, {"variant_id": variant_id, "today": clock.today()})
    if not rows or rows[0].price is None:
        raise NotFound(N_("This item is not for sale at present."))
    return int(rows[0].price)


def _write(session: Session, cart: Cart, variant_id: int, quantity: int, price: int | None) -> None:
    """Set the line, whether it is there or not: two tabs that add the same item at once end with one line."""
    moment = clock.now()
    key = (CartLine.cart_id == cart.id, CartLine.variant_id == variant_id)
    line = {"cart_id": cart.id, "variant_id": variant_id, "quantity": quantity, "seen_price": price, "added_at": moment}
    if not insert_new(session, CartLine, [line]):
        session.execute(update(CartLine).where(*key).values(quantity=quantity, seen_price=price), execution_options=_RAW)
    cart.updated_at = moment
