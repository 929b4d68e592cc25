"""Offers dressed for one partner: everything a list, a sheet or a file says about them, in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from catalog.models.area import Area
from catalog.models.photo import Photo
from catalog.models.product import HalalState, Product, Unit, Variant
from catalog.queries.cards import certificates_of_product
from catalog.queries.parts import claims_subquery, first_picture_subquery, read_claims, read_pictures
from catalog.queries.views import Claim, Picture
from catalog.readiness.checking import Dossier, Gap, Need, find_gaps
from catalog.readiness.profiles import Profile
from kernel.locales import pick
from orders.models.offer import Offer, OfferMix, OfferSource, ReturnPolicy
from orders.wholesale.buyers import Audience
from orders.wholesale.capacity import first_of_month, map_capacity
from orders.wholesale.price_lists import map_tiers
from orders.wholesale.ready import dossiers
from orders.wholesale.tiers import Tier, margin_bps


@dataclass(frozen=True, slots=True)
class Step:
    """One price step with what follows from it. Whole rupiah, basis points."""

    from_cases: int
    unit_price: int
    case_price: int
    margin_bps: int | None


@dataclass(frozen=True, slots=True)
class Mix:
    """Offers whose cases count together."""

    code: str
    name: str
    minimum_cases: int


@dataclass(frozen=True, slots=True)
class OfferView:
    """An offer as one partner sees it on a day, in the page's language."""

    offer_id: int
    code: str
    sku: str
    product_id: int
    product_slug: str
    name: str
    pack: str
    net_quantity: int
    unit: Unit
    summary: str
    ingredients: str
    storage: str
    halal_state: HalalState
    allergens: tuple[str, ...]
    maker_name: str
    maker_slug: str
    #: Makers that fill it together with the first one.
    maker_count: int
    village_name: str
    district_name: str
    picture: Picture | None
    claims: tuple[Claim, ...]
    #: A number issued by GS1; our own 2xx numbers never stand here.
    gtin: str | None
    case_gtin: str | None
    units_per_case: int
    case_mm: tuple[int, int, int] | None
    case_weight_g: int | None
    cases_per_layer: int | None
    layers_per_pallet: int | None
    minimum_cases: int
    mix: Mix | None
    lead_days: int
    shelf_life_days: int | None
    remaining_days: int | None
    #: Units in a usual month, and what is left of this month and the next.
    monthly_quantity: int
    free_quantity: int
    free_next_quantity: int
    delivery_prefixes: tuple[str, ...]
    return_policy: ReturnPolicy
    suggested_price: int | None
    insured_until_on: date | None
    steps: tuple[Step, ...]
    dossier: Dossier
    #: Keys of the profiles it is ready for.
    ready_for: tuple[str, ...]
    is_sample: bool

    @property
    def first_step(self) -> Step:
        """The smallest quantity it is sold in."""
        return self.steps[0]

    @property
    def best_step(self) -> Step:
        """The lowest price there is."""
        return self.steps[-1]

    @property
    def cases_per_pallet(self) -> int | None:
        """How many cases stand on a pallet."""
        return self.cases_per_layer * self.layers_per_pallet if self.cases_per_layer and self.layers_per_pallet else None

    @property
    def minimum_value(self) -> int:
        """What the smallest order of it alone comes to."""
        cases = max(self.minimum_cases, self.first_step.from_cases)
        return cases * self.first_step.case_price

    def gaps(self, needs: Iterable[Need]) -> tuple[Gap, ...]:
        """What it lacks of these."""
        return find_gaps(needs, self.dossier)


def list_views(
    session: Session, audience: Audience, offer_ids: Sequence[int], language: str, day: date, profiles: Sequence[Profile]
) -> list[OfferView]:
    """The offers in this order, for a partner; one without a price for it is left out. Nine statements however many."""
    if not offer_ids:
        return []
    statement = (
        select(Offer)
        .where(Offer.id.in_(offer_ids))
        .options(
            joinedload(Offer.mix),
            joinedload(Offer.variant).joinedload(Variant.product).joinedload(Product.maker),
            joinedload(Offer.variant).joinedload(Variant.product).joinedload(Product.village).joinedload(Area.parent),
            joinedload(Offer.variant).joinedload(Variant.product).selectinload(Product.ingredients),
            selectinload(Offer.sources),
        )
    )
    offers = {offer.id: offer for offer in session.scalars(statement)}
    tiers = map_tiers(session, offer_ids, audience.group_id, day)
    known = dossiers(session, list(offers.values()), day, tiers)
    dress = _dress(session, {offer.variant.product_id for offer in offers.values()}, language, day)
    free = _free(session, offers.values(), day)
    return [
        _view(offers[number], tiers[number], known[number], dress, free, language, profiles)
        for number in offer_ids
        if number in offers and tiers.get(number)
    ]


def _view(
    offer: Offer,
    tiers: Sequence[Tier],
    dossier: Dossier,
    dress: Mapping[int, tuple[Picture | None, tuple[Claim, ...]]],
    free: Mapping[int, tuple[int, int]],
    language: str,
    profiles: Sequence[Profile],
) -> OfferView:
    variant, product = offer.variant, offer.variant.product
    picture, claims = dress.get(product.id, (None, ()))
    sides = (offer.case_length_mm, offer.case_width_mm, offer.case_height_mm)
    return OfferView(
        offer_id=offer.id,
        code=offer.code,
        sku=variant.code,
        product_id=product.id,
        product_slug=product.slug,
        name=pick(language, product.name_id, product.name_en),
        pack=pick(language, variant.name_id, variant.name_en),
        net_quantity=variant.net_quantity,
        unit=variant.unit,
        summary=pick(language, product.summary_id, product.summary_en),
        ingredients=", ".join(pick(language, each.name_id, each.name_en) for each in product.ingredients),
        storage=pick(language, product.storage_id, product.storage_en),
        halal_state=product.halal_state,
        allergens=tuple(product.allergens),
        maker_name=product.maker.name,
        maker_slug=product.maker.slug,
        maker_count=sum(1 for source in offer.sources if source.is_active),
        village_name=product.village.name,
        district_name=product.village.parent.name if product.village.parent else "",
        picture=picture,
        claims=claims,
        gtin=variant.gtin,
        case_gtin=offer.case_gtin,
        units_per_case=offer.units_per_case,
        case_mm=sides if None not in sides else None,  # type: ignore[arg-type]
        case_weight_g=offer.case_weight_g,
        cases_per_layer=offer.cases_per_layer,
        layers_per_pallet=offer.layers_per_pallet,
        minimum_cases=offer.minimum_cases,
        mix=_mix(offer.mix, language),
        lead_days=offer.lead_days,
        shelf_life_days=offer.shelf_life_days,
        remaining_days=offer.remaining_days,
        monthly_quantity=dossier.monthly_quantity,
        free_quantity=free[offer.id][0],
        free_next_quantity=free[offer.id][1],
        delivery_prefixes=tuple(offer.delivery_prefixes),
        return_policy=offer.return_policy,
        suggested_price=offer.suggested_price,
        insured_until_on=offer.insured_until_on,
        steps=tuple(
            Step(
                tier.from_cases,
                tier.unit_price,
                tier.unit_price * offer.units_per_case,
                margin_bps(tier.unit_price, offer.suggested_price),
            )
            for tier in tiers
        ),
        dossier=dossier,
        ready_for=tuple(profile.key for profile in profiles if not find_gaps(profile.needs, dossier)),
        is_sample=offer.is_sample,
    )


def _mix(mix: OfferMix | None, language: str) -> Mix | None:
    return Mix(mix.code, pick(language, mix.name_id, mix.name_en), mix.minimum_cases) if mix else None


def _dress(session: Session, product_ids: set[int], language: str, day: date) -> dict[int, tuple[Picture | None, tuple[Claim, ...]]]:
    """Picture and claims of products by id; one statement."""
    statement = select(
        Product.id,
        Product.name_id,
        Product.name_en,
        first_picture_subquery(Photo.product_id == Product.id).label("pictures"),
        claims_subquery(certificates_of_product(), day).label("claims"),
    ).where(Product.id.in_(product_ids))
    found: dict[int, tuple[Picture | None, tuple[Claim, ...]]] = {}
    for row in session.execute(statement):
        pictures = read_pictures(row.pictures, language, pick(language, row.name_id, row.name_en))
        found[row.id] = (pictures[0] if pictures else None, read_claims(row.claims))
    return found


def _free(session: Session, offers: Iterable[Offer], day: date) -> dict[int, tuple[int, int]]:
    """Units that can still be promised this month and next, by offer; two statements."""
    this = first_of_month(day)
    following = first_of_month(date(this.year + this.month // 12, this.month % 12 + 1, 1))
    by_offer = {offer.id: [source for source in offer.sources if source.is_active] for offer in offers}
    capacity = map_capacity(session, [source.id for sources in by_offer.values() for source in sources], (this, following))

    def left(sources: Sequence[OfferSource], month: date) -> int:
        return sum(max(0, capacity[source.id, month].free) for source in sources)

    return {number: (left(sources, this), left(sources, following)) for number, sources in by_offer.items()}
