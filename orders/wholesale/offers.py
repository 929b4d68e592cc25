"""Offers: a variant by the case, measured, priced and filled by one or several makers (docs/wholesale.md)."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from catalog import gtin
from catalog.areas import parse_area_code
from catalog.models.product import ListingState, Product, Variant
from catalog.models.stock import Outlet
from catalog.shelves import reach_of
from kernel import audit, clock
from kernel.errors import N_, Conflict, InvalidInput, NotFound
from kernel.ids import make_code
from kernel.inserts import insert_new
from kernel.money import LARGEST_AMOUNT
from kernel.paging import Page, escape_like, read_page
from kernel.parsing import check_range, parse_choice, parse_text
from kernel.people import Actor, Permission
from orders.models.offer import Offer, OfferMix, OfferSource, OfferState, ReturnPolicy, SellerTerms
from orders.wholesale.access import ensure_may_manage
from orders.wholesale.capacity import MOST_UNITS
from orders.wholesale.price_lists import MOST_CASES, map_tiers

PAGE_SIZE = 50
LONGEST_SIDE_MM = 5_000
HEAVIEST_CASE_G = 1_000_000
LONGEST_LIFE_DAYS = 3_650
LONGEST_LEAD_DAYS = 365
MOST_UNITS_IN_CASE = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferFacts:
    """What the seller promises about one variant. Millimetres, grams, days, whole rupiah."""

    units_per_case: int
    case_length_mm: int | None = None
    case_width_mm: int | None = None
    case_height_mm: int | None = None
    case_weight_g: int | None = None
    case_gtin: str | None = None
    cases_per_layer: int | None = None
    layers_per_pallet: int | None = None
    minimum_cases: int = 1
    lead_days: int
    shelf_life_days: int | None = None
    remaining_days: int | None = None
    delivery_prefixes: tuple[str, ...] = ()
    return_policy: ReturnPolicy = ReturnPolicy.DAMAGED
    suggested_price: int | None = None
    insured_until_on: date | None = None


_RANGES: dict[str, tuple[int, int]] = {
    "units_per_case": (1, MOST_UNITS_IN_CASE),
    "case_length_mm": (1, LONGEST_SIDE_MM),
    "case_width_mm": (1, LONGEST_SIDE_MM),
    "case_height_mm": (1, LONGEST_SIDE_MM),
    "case_weight_g": (1, HEAVIEST_CASE_G),
    "cases_per_layer": (1, 1_000),
    "layers_per_pallet": (1, 100),
    "minimum_cases": (1, MOST_CASES),
    "lead_days": (0, LONGEST_LEAD_DAYS),
    "shelf_life_days": (1, LONGEST_LIFE_DAYS),
    "remaining_days": (0, LONGEST_LIFE_DAYS),
    "suggested_price": (1, LARGEST_AMOUNT),
}


def create_offer(
    session: Session,
    actor: Actor,
    outlet: Outlet,
    variant: Variant,
    facts: OfferFacts,
    *,
    monthly_quantity: int,
    is_sample: bool = False,
) -> Offer:
    """A draft that the variant's own maker fills with `monthly_quantity` units. Raises NotAllowed and InvalidInput."""
    ensure_may_manage(session, actor, outlet.id)
    moment = clock.now()
    row = {
        **_columns(_checked(facts, variant)),
        "code": make_code(),
        "outlet_id": outlet.id,
        "variant_id": variant.id,
        "mix_id": None,
        "state": OfferState.DRAFT,
        "is_sample": is_sample,
        "created_at": moment,
        "updated_at": moment,
        "created_by_id": actor.user_id,
    }
    ids = insert_new(session, Offer, [row])
    if not ids:
        raise InvalidInput(N_("This variant is offered already, or its case number is in use."), field="variant")
    offer = session.get_one(Offer, ids[0])
    set_source(session, actor, offer, variant, monthly_quantity)
    audit.record(session, actor, "offer.created", subject_of(offer), {"variant": variant.code})
    return offer


def update_offer(session: Session, actor: Actor, offer: Offer, facts: OfferFacts) -> Offer:
    """Correct what is promised from now on; quotes and orders keep what they were made with. Raises NotAllowed and InvalidInput."""
    ensure_may_manage(session, actor, offer.outlet_id)
    variant = session.get_one(Variant, offer.variant_id)
    wanted = _columns(_checked(facts, variant))
    if wanted["case_gtin"] and session.scalar(select(Offer.id).where(Offer.case_gtin == wanted["case_gtin"], Offer.id != offer.id)):
        raise InvalidInput(N_("Another offer has this case number."), field="case_gtin")
    changed = [name for name, value in wanted.items() if getattr(offer, name) != value]
    for name in changed:
        setattr(offer, name, wanted[name])
    if changed:
        _touched(session, actor, offer, "offer.updated", {"changed": changed})
    return offer


def open_offer(session: Session, actor: Actor, offer: Offer) -> Offer:
    """Partners see it from now on. It needs a price for everybody today and a maker. Raises NotAllowed and InvalidInput."""
    outlet = ensure_may_manage(session, actor, offer.outlet_id)
    if offer.state is OfferState.OPEN:
        return offer
    if not map_tiers(session, [offer.id], None, clock.today(outlet.zone)):
        raise InvalidInput(N_("Give the offer a price for every partner first."), field="prices")
    if session.scalar(select(OfferSource.id).where(OfferSource.offer_id == offer.id, OfferSource.is_active).limit(1)) is None:
        raise InvalidInput(N_("Say which maker fills the offer first."), field="sources")
    offer.state = OfferState.OPEN
    _touched(session, actor, offer, "offer.opened")
    return offer


def close_offer(session: Session, actor: Actor, offer: Offer) -> Offer:
    """Nobody can order it any more; papers that name it stay. Harmless twice."""
    ensure_may_manage(session, actor, offer.outlet_id)
    if offer.state is not OfferState.CLOSED:
        offer.state = OfferState.CLOSED
        _touched(session, actor, offer, "offer.closed")
    return offer


def set_source(
    session: Session, actor: Actor, offer: Offer, variant: Variant, monthly_quantity: int, *, is_active: bool = True
) -> OfferSource:
    """A maker's variant fills the offer with so many units in a usual month, or no longer does.

    It has the same net quantity and unit as the offer's own. Raises NotAllowed, InvalidInput and Conflict.
    """
    ensure_may_manage(session, actor, offer.outlet_id)
    check_range(monthly_quantity, 0, MOST_UNITS, "monthly_quantity")
    own = session.get_one(Variant, offer.variant_id)
    if (variant.net_quantity, variant.unit) != (own.net_quantity, own.unit):
        raise InvalidInput(N_("Only the same pack size can fill an offer."), field="variant")
    row = session.scalar(
        select(OfferSource).where(OfferSource.offer_id == offer.id, OfferSource.variant_id == variant.id).with_for_update()
    )
    if row is None:
        row = OfferSource(offer_id=offer.id, variant_id=variant.id)
        session.add(row)
    row.monthly_quantity, row.is_active = monthly_quantity, is_active
    session.flush()
    others = select(OfferSource.id).where(OfferSource.offer_id == offer.id, OfferSource.is_active)
    if offer.state is OfferState.OPEN and session.scalar(others.limit(1)) is None:
        raise Conflict(N_("An open offer needs a maker; close it instead."))
    session.expire(offer, ["sources"])
    _touched(session, actor, offer, "offer.source", {"variant": variant.code, "quantity": monthly_quantity, "active": is_active})
    return row


def create_mix(session: Session, actor: Actor, outlet: Outlet, *, name_id: str, name_en: str, minimum_cases: int) -> OfferMix:
    """Flavours whose cases count together towards one minimum."""
    ensure_may_manage(session, actor, outlet.id)
    mix = OfferMix(
        outlet_id=outlet.id,
        code=make_code(),
        name_id=parse_text(name_id, field="name_id", maximum=80, required=True),
        name_en=parse_text(name_en, field="name_en", maximum=80),
        minimum_cases=check_range(minimum_cases, 1, MOST_CASES, "minimum_cases"),
    )
    session.add(mix)
    session.flush()
    audit.record(session, actor, "mix.created", f"mix:{mix.code}", {"minimum": minimum_cases})
    return mix


def change_mix(session: Session, actor: Actor, mix: OfferMix, *, name_id: str, name_en: str, minimum_cases: int) -> OfferMix:
    """Other names or another minimum, for orders from now on."""
    ensure_may_manage(session, actor, mix.outlet_id)
    before = mix.minimum_cases
    mix.name_id = parse_text(name_id, field="name_id", maximum=80, required=True)
    mix.name_en = parse_text(name_en, field="name_en", maximum=80)
    mix.minimum_cases = check_range(minimum_cases, 1, MOST_CASES, "minimum_cases")
    session.flush()
    audit.record(session, actor, "mix.changed", f"mix:{mix.code}", {"from": before, "to": mix.minimum_cases})
    return mix


def count_in_mixes(session: Session, outlet_id: int) -> dict[int, int]:
    """How many offers count together in each mix of a seller; mixes without one are left out."""
    counted = select(Offer.mix_id, func.count()).where(Offer.outlet_id == outlet_id, Offer.mix_id.is_not(None)).group_by(Offer.mix_id)
    return {row[0]: row[1] for row in session.execute(counted) if row[0] is not None}


def set_mix(session: Session, actor: Actor, offer: Offer, mix: OfferMix | None) -> None:
    """Count the offer's cases with those of a mix, or alone."""
    ensure_may_manage(session, actor, offer.outlet_id)
    if mix is not None and mix.outlet_id != offer.outlet_id:
        raise InvalidInput(N_("Please choose one of the options."), field="mix")
    offer.mix_id = mix.id if mix else None
    session.expire(offer, ["mix"])
    _touched(session, actor, offer, "offer.mix", {"mix": mix.code if mix else ""})


def set_seller_terms(
    session: Session,
    actor: Actor,
    outlet: Outlet,
    *,
    first_order_minimum: int,
    reorder_minimum: int,
    payment_days: int,
    note_id: str = "",
    note_en: str = "",
) -> SellerTerms:
    """What holds for every wholesale order with the seller. Raises NotAllowed and InvalidInput."""
    ensure_may_manage(session, actor, outlet.id)
    check_range(first_order_minimum, 0, LARGEST_AMOUNT, "first_order_minimum")
    check_range(reorder_minimum, 0, LARGEST_AMOUNT, "reorder_minimum")
    check_range(payment_days, 0, 180, "payment_days")
    terms = find_seller_terms(session, outlet.id) or SellerTerms(outlet_id=outlet.id)
    terms.first_order_minimum, terms.reorder_minimum, terms.payment_days = first_order_minimum, reorder_minimum, payment_days
    terms.note_id = parse_text(note_id, field="note_id", maximum=240)
    terms.note_en = parse_text(note_en, field="note_en", maximum=240)
    session.add(terms)
    session.flush()
    details = {"first": first_order_minimum, "reorder": reorder_minimum, "days": payment_days}
    audit.record(session, actor, "seller.terms", f"outlet:{outlet.code}", details)
    return terms


def find_seller_terms(session: Session, outlet_id: int) -> SellerTerms | None:
    """What holds for every order with a seller; None where nothing was said yet."""
    return session.scalar(select(SellerTerms).where(SellerTerms.outlet_id == outlet_id))


# Reads for the office.

_LOADED = (
    joinedload(Offer.outlet),
    joinedload(Offer.mix),
    joinedload(Offer.variant).joinedload(Variant.product).joinedload(Product.maker),
    selectinload(Offer.sources).joinedload(OfferSource.variant).joinedload(Variant.product).joinedload(Product.maker),
)


def list_offers(session: Session, actor: Actor, *, state: OfferState | None = None, page: int = 1) -> Page[Offer]:
    """The offers of the sellers in reach, the latest change first."""
    statement = (
        select(Offer)
        .join(Outlet, Outlet.id == Offer.outlet_id)
        .where(*reach_of(actor, Permission.MANAGE_WHOLESALE))
        .order_by(Offer.updated_at.desc(), Offer.id.desc())
    )
    if state is not None:
        statement = statement.where(Offer.state == state)
    return read_page(session, statement, number=page, size=PAGE_SIZE, options=_LOADED)


def get_offer(session: Session, actor: Actor, code: str) -> Offer:
    """An offer of a seller in reach, with product, makers and prices; NotFound elsewhere."""
    statement = (
        select(Offer)
        .join(Outlet, Outlet.id == Offer.outlet_id)
        .where(Offer.code == code.strip().upper(), *reach_of(actor, Permission.MANAGE_WHOLESALE))
        .options(*_LOADED, selectinload(Offer.prices))
    )
    offer = session.scalar(statement)
    if offer is None:
        raise NotFound
    return offer


def list_all_offers(session: Session, outlet_id: int) -> list[Offer]:
    """The open offers of a seller by name, to choose an assortment from."""
    statement = (
        select(Offer)
        .join(Variant, Variant.id == Offer.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .where(Offer.outlet_id == outlet_id, Offer.state == OfferState.OPEN)
        .options(joinedload(Offer.variant).joinedload(Variant.product))
        .order_by(Product.name_id, Variant.position, Offer.id)
    )
    return list(session.scalars(statement))


def list_unoffered(session: Session, text: str, limit: int = 60) -> list[Variant]:
    """Pack sizes of live products that nobody offers by the case yet, by name; `text` looks in names and codes."""
    statement = (
        select(Variant)
        .join(Product, Product.id == Variant.product_id)
        .where(Variant.is_active, Product.state == ListingState.LIVE, Variant.id.not_in(select(Offer.variant_id)))
        .options(joinedload(Variant.product).joinedload(Product.maker))
        .order_by(Product.name_id, Variant.position, Variant.id)
    )
    if text:
        wanted = f"%{escape_like(text)}%"
        statement = statement.where(
            or_(*(column.ilike(wanted, escape="\\") for column in (Product.name_id, Product.name_en, Variant.code)))
        )
    return list(session.scalars(statement.limit(limit)))


def list_mixes(session: Session, outlet_id: int) -> list[OfferMix]:
    """The mixes of a seller."""
    return list(session.scalars(select(OfferMix).where(OfferMix.outlet_id == outlet_id).order_by(OfferMix.name_id, OfferMix.id)))


def subject_of(offer: Offer) -> str:
    """How the audit names an offer."""
    return f"offer:{offer.code}"


def _touched(session: Session, actor: Actor, offer: Offer, action: str, details: dict[str, object] | None = None) -> None:
    offer.updated_at = clock.now()
    session.flush()
    audit.record(session, actor, action, subject_of(offer), details)


def _columns(facts: OfferFacts) -> dict[str, object]:
    return asdict(facts) | {"delivery_prefixes": list(facts.delivery_prefixes)}


def _checked(facts: OfferFacts, variant: Variant) -> OfferFacts:
    for name, (least, most) in _RANGES.items():
        value = getattr(facts, name)
        if value is not None:
            check_range(value, least, most, name)
    if facts.remaining_days is not None and facts.remaining_days > (facts.shelf_life_days or 0):
        raise InvalidInput(N_("What is left on receipt cannot be more than the whole shelf life."), field="remaining_days")
    if (facts.cases_per_layer is None) != (facts.layers_per_pallet is None):
        raise InvalidInput(N_("A pallet needs both figures: cases in a layer, and layers."), field="layers_per_pallet")
    return replace(
        facts,
        case_gtin=_case_gtin(facts.case_gtin, variant),
        delivery_prefixes=tuple(sorted({parse_area_code(code, field="delivery_prefixes") for code in facts.delivery_prefixes})),
        return_policy=parse_choice(ReturnPolicy, facts.return_policy, field="return_policy"),
    )


def _case_gtin(text: str | None, variant: Variant) -> str | None:
    """A registered number for the case: 14 digits, only where the unit has a registered number too, and not the unit's own."""
    if not text:
        return None
    number = gtin.parse_gtin(text, field="case_gtin").zfill(14)
    if variant.gtin is None:
        raise InvalidInput(N_("A case has a registered number only when its units have one."), field="case_gtin")
    if number == variant.gtin.zfill(14):
        raise InvalidInput(N_("This is the number of one unit; the case needs its own."), field="case_gtin")
    return number
