"""Variants: the pack sizes of a product, their barcode numbers and their prices by date."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from catalog import gtin, prices
from catalog.access import ensure_can
from catalog.models.product import ListingState, Price, Product, Unit, Variant
from catalog.products import has_price, touch_product
from kernel import audit, clock, ids
from kernel.errors import N_, Conflict, InvalidInput, NotFound
from kernel.parsing import check_range, parse_choice, parse_text
from kernel.people import Actor, Permission

LARGEST_NET_QUANTITY = 1_000_000
LARGEST_WEIGHT_G = 100_000
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantFacts:
    """What people say about one pack size. `gtin` as typed or scanned; without one the variant gets a number of our own."""

    name_id: str
    name_en: str = ""
    net_quantity: int
    unit: Unit
    shipping_weight_g: int
    gtin: str | None = None
    position: int = 0
    is_active: bool = True


def create_variant(
    session: Session,
    actor: Actor,
    product: Product,
    facts: VariantFacts,
    *,
    price: int | None = None,
    starts_on: date | None = None,
) -> Variant:
    """A new pack size of `product`, with its first price from `starts_on` (default today) when one is given."""
    ensure_can(actor, Permission.EDIT_PRODUCTS, product.village_code)
    facts = check_facts(session, facts)
    variant = Variant(**asdict(facts), product_id=product.id, code=ids.make_code())
    session.add(variant)
    session.flush()
    if variant.gtin is None:
        variant.internal_number = gtin.make_internal_number(variant.id)
    session.flush()
    session.expire(product, ["variants"])
    touch_product(session, product)
    audit.record(session, actor, "variant.create", f"product:{product.slug}", {"variant": variant.code})
    if price is not None:
        set_price(session, actor, variant, price, starts_on=starts_on)
    return variant


def update_variant(session: Session, actor: Actor, variant: Variant, facts: VariantFacts) -> Variant:
    """Correct a pack size. The last one with a price cannot be switched off while the product is live."""
    product = session.get_one(Product, variant.product_id)
    ensure_can(actor, Permission.EDIT_PRODUCTS, product.village_code)
    facts = check_facts(session, facts, own_id=variant.id)
    changed = [field.name for field in fields(VariantFacts) if getattr(variant, field.name) != getattr(facts, field.name)]
    if not changed:
        return variant
    leaves = "is_active" in changed and not facts.is_active
    if leaves and product.state is ListingState.LIVE and not has_price(session, product.id, clock.today(), besides=variant.id):
        raise Conflict(N_("This is the last variant buyers can choose; withdraw the product instead."))
    for name in changed:
        setattr(variant, name, getattr(facts, name))
    if variant.gtin is None and variant.internal_number is None:
        variant.internal_number = gtin.make_internal_number(variant.id)
    touch_product(session, product)
    session.flush()
    audit.record(session, actor, "variant.update", f"product:{product.slug}", {"variant": variant.code, "changed": changed})
    return variant


def facts_of(variant: Variant) -> VariantFacts:
    """What is known of a variant, to show in a form or to change with dataclasses.replace."""
    return VariantFacts(**{field.name: getattr(variant, field.name) for field in fields(VariantFacts)})


def get_variant(session: Session, code: str) -> Variant:
    """The variant with its prices; NotFound otherwise."""
    variant = session.scalar(select(Variant).where(Variant.code == code).options(selectinload(Variant.prices)))
    if variant is None:
        raise NotFound(N_("There is no variant with this code."))
    return variant


def find_variant_by_number(session: Session, number: str) -> Variant | None:
    """The variant behind a scanned barcode (GTIN or our own 2xx number) or typed code, or None."""
    typed = number.strip().upper()
    if gtin.is_internal_number(typed):
        return session.scalar(select(Variant).where(Variant.internal_number == typed))
    try:
        return session.scalar(select(Variant).where(Variant.gtin == gtin.parse_gtin(typed)))
    except InvalidInput:
        return session.scalar(select(Variant).where(Variant.code == typed))


def set_price(
    session: Session, actor: Actor, variant: Variant, amount: int, *, starts_on: date | None = None, ends_on: date | None = None
) -> Price:
    """Give `variant` the retail price `amount` (whole rupiah, tax included) from `starts_on` (default today) to `ends_on`.

    It takes the place of the running price for those days; prices never overlap (docs/unit-price.md).
    """
    product = session.get_one(Product, variant.product_id)
    ensure_can(actor, Permission.EDIT_PRODUCTS, product.village_code)
    prices.check_amount(amount)
    today = clock.today()
    starts_on = starts_on or today
    if ends_on is not None and ends_on < starts_on:
        raise InvalidInput(N_("The last day must not be before the first."), field="ends_on")
    # One price at a time: a second person waits here and then sees the first one's price.
    session.execute(select(Variant.id).where(Variant.id == variant.id).with_for_update())
    known = session.scalars(select(Price).where(Price.variant_id == variant.id).order_by(Price.starts_on)).all()
    overlapping = check_price_dates(known, starts_on, ends_on, today)
    price = _lay_over(session, variant, overlapping, amount, starts_on, ends_on)
    session.expire(variant, ["prices"])
    touch_product(session, product)
    details = {"variant": variant.code, "amount": amount, "starts_on": str(starts_on), "ends_on": str(ends_on) if ends_on else None}
    audit.record(session, actor, "price.set", f"product:{product.slug}", details)
    return price


def check_price_dates(known: Iterable[Price], starts_on: date, ends_on: date | None, today: date) -> list[Price]:
    """Those of the `known` prices of a variant that a new one would overlap; InvalidInput where it may not take their place."""
    overlapping = [price for price in known if prices.overlaps(price, starts_on, ends_on)]
    if overlapping and starts_on < today:
        raise InvalidInput(N_("A price that buyers have seen is not changed afterwards; begin today or later."), field="starts_on")
    if any((old.starts_on, old.ends_on) == (starts_on, ends_on) for old in overlapping):
        return overlapping
    for old in overlapping:
        if old.starts_on >= starts_on and not _outlasts(old, ends_on):
            planned = old.starts_on.isoformat()
            raise InvalidInput(N_("Another price is planned from %(day)s; please change that one first."), field="starts_on", day=planned)
    return overlapping


def _lay_over(session: Session, variant: Variant, overlapping: list[Price], amount: int, starts_on: date, ends_on: date | None) -> Price:
    """Make room among the `overlapping` prices, then add the new one."""
    for old in overlapping:
        if (old.starts_on, old.ends_on) == (starts_on, ends_on):
            old.amount = amount
            session.flush()
            return old
    rest: list[Price] = []
    for old in overlapping:
        after = ends_on + _DAY if ends_on is not None and _outlasts(old, ends_on) else None
        if old.starts_on < starts_on:
            if after is not None:
                rest.append(Price(variant_id=variant.id, amount=old.amount, starts_on=after, ends_on=old.ends_on))
            old.ends_on = starts_on - _DAY
        elif after is not None:
            old.starts_on = after
    session.flush()  # the old rows leave their days before the new one takes them
    price = Price(variant_id=variant.id, amount=amount, starts_on=starts_on, ends_on=ends_on)
    session.add_all([price, *rest])
    session.flush()
    return price


def _outlasts(price: Price, ends_on: date | None) -> bool:
    return ends_on is not None and (price.ends_on is None or price.ends_on > ends_on)


def check_facts(session: Session, facts: VariantFacts, own_id: int = 0) -> VariantFacts:
    """`facts` tidied; InvalidInput naming the field otherwise. Nothing is written."""
    unit = parse_choice(Unit, facts.unit, field="unit")
    check_range(facts.net_quantity, 1, LARGEST_NET_QUANTITY, "net_quantity")
    check_range(facts.shipping_weight_g, 1, LARGEST_WEIGHT_G, "shipping_weight_g")
    if unit is Unit.GRAM and facts.shipping_weight_g < facts.net_quantity:
        raise InvalidInput(N_("The parcel cannot weigh less than what is in it."), field="shipping_weight_g")
    number = gtin.parse_gtin(facts.gtin) if facts.gtin else None
    if number and session.scalar(select(Variant.id).where(Variant.gtin == number, Variant.id != own_id)) is not None:
        raise InvalidInput(N_("Another variant has this barcode number already."), field="gtin")
    return replace(
        facts,
        unit=unit,
        gtin=number,
        position=check_range(facts.position, 0, 1_000, "position"),
        name_id=parse_text(facts.name_id, field="name_id", maximum=80, required=True),
        name_en=parse_text(facts.name_en, field="name_en", maximum=80),
    )
