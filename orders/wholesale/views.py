"""Offers dressed for one partner: everything a list, a sheet or a file says about them, in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy.orm import Session

from catalog.models.maker import Maker
from catalog.models.photo import Photo
from catalog.models.product import HalalState, Product, Unit, Variant
from catalog.queries import parts
from catalog.queries.json_rows import Statement, read_rows
from catalog.queries.parts import District, Village
from catalog.queries.views import Claim, Picture
from catalog.readiness.checking import Dossier, Gap, Need, find_gaps
from catalog.readiness.profiles import Profile
from kernel.locales import pick
from orders.models.offer import Offer, OfferMix, ReturnPolicy
from orders.wholesale.buyers import Audience
from orders.wholesale.price_lists import read_tiers
from orders.wholesale.ready import facts, read_dossier
from orders.wholesale.tiers import Tier, margin_bps
from orders.wholesale.visible import is_visible, over_offers


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
    #: Units that are left of this month's capacity and the next one's.
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
    def monthly_quantity(self) -> int:
        """Units in a usual month."""
        return self.dossier.monthly_quantity

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
    """The offers in this order, for a partner; one it does not see (`visible.is_visible`) is left out. One statement however many."""
    if not offer_ids:
        return []
    found = {row.id: row for row in session.execute(_dressed(audience, day), {"offer_ids": list(offer_ids)})}
    return [_view(found[number], audience.group_id, language, day, profiles) for number in offer_ids if number in found]


@lru_cache(maxsize=64)
def _dressed(audience: Audience, day: date) -> Statement:
    """Composed once for each audience and day: putting it together takes as long as the database needs to answer it."""
    return (
        over_offers(
            *facts(audience.group_id, day),
            *_SHOWN,
            Variant.code.label("sku"),
            Variant.name_id.label("pack_id"),
            Variant.name_en.label("pack_en"),
            Product.id.label("product_id"),
            Maker.name.label("maker_name"),
            Maker.slug.label("maker_slug"),
            Village.name.label("village_name"),
            District.name.label("district_name"),
            OfferMix.code.label("mix_code"),
            OfferMix.name_id.label("mix_id"),
            OfferMix.name_en.label("mix_en"),
            OfferMix.minimum_cases.label("mix_minimum"),
            parts.first_picture_subquery(Photo.product_id == Product.id).label("pictures"),
        )
        .join(Maker, Maker.id == Product.maker_id)
        .join(Village, Village.code == Product.village_code)
        .outerjoin(District, District.code == Village.parent_code)
        .outerjoin(OfferMix, OfferMix.id == Offer.mix_id)
        .where(Offer.id.in_(bindparam("offer_ids", expanding=True)), *is_visible(audience, day))
    )


_SHOWN = (
    Offer.code,
    Offer.units_per_case,
    Offer.layers_per_pallet,
    Offer.minimum_cases,
    Offer.delivery_prefixes,
    Offer.is_sample,
    Variant.net_quantity,
    Variant.unit,
    Product.slug,
    Product.name_id,
    Product.name_en,
    Product.summary_id,
    Product.summary_en,
    Product.storage_en,
    Product.allergens,
)


def _view(row: Any, group_id: int, language: str, day: date, profiles: Sequence[Profile]) -> OfferView:
    name = pick(language, row.name_id, row.name_en)
    pictures, claims = parts.read_pictures(row.pictures, language, name), parts.read_claims(row.claims)
    tiers, sources = read_tiers(row.prices, group_id), read_rows(row.sources)
    dossier = read_dossier(row, tiers, frozenset(claim.kind for claim in claims), day)
    return OfferView(
        offer_id=row.id,
        code=row.code,
        sku=row.sku,
        product_id=row.product_id,
        product_slug=row.slug,
        name=name,
        pack=pick(language, row.pack_id, row.pack_en),
        net_quantity=row.net_quantity,
        unit=row.unit,
        summary=pick(language, row.summary_id, row.summary_en),
        ingredients=", ".join(pick(language, each["name_id"], each["name_en"]) for each in read_rows(row.ingredients, sort_by="position")),
        storage=pick(language, row.storage_id, row.storage_en),
        halal_state=row.halal_state,
        allergens=tuple(row.allergens),
        maker_name=row.maker_name,
        maker_slug=row.maker_slug,
        maker_count=len(sources),
        village_name=row.village_name,
        district_name=row.district_name or "",
        picture=pictures[0] if pictures else None,
        claims=claims,
        gtin=row.gtin,
        case_gtin=row.case_gtin,
        units_per_case=row.units_per_case,
        case_mm=_sides_mm(row),
        case_weight_g=row.case_weight_g,
        cases_per_layer=row.cases_per_layer,
        layers_per_pallet=row.layers_per_pallet,
        minimum_cases=row.minimum_cases,
        mix=Mix(row.mix_code, pick(language, row.mix_id, row.mix_en), row.mix_minimum) if row.mix_code else None,
        lead_days=row.lead_days,
        shelf_life_days=row.shelf_life_days,
        remaining_days=row.remaining_days,
        free_quantity=sum(max(0, source["free"]) for source in sources),
        free_next_quantity=sum(max(0, source["free_next"]) for source in sources),
        delivery_prefixes=tuple(row.delivery_prefixes),
        return_policy=row.return_policy,
        suggested_price=row.suggested_price,
        insured_until_on=row.insured_until_on,
        steps=tuple(_step(tier, row.units_per_case, row.suggested_price) for tier in tiers),
        dossier=dossier,
        ready_for=tuple(profile.key for profile in profiles if not find_gaps(profile.needs, dossier)),
        is_sample=row.is_sample,
    )


def _sides_mm(row: Any) -> tuple[int, int, int] | None:
    sides = (row.case_length_mm, row.case_width_mm, row.case_height_mm)
    return None if None in sides else sides


def _step(tier: Tier, units_per_case: int, suggested_price: int | None) -> Step:
    return Step(tier.from_cases, tier.unit_price, tier.unit_price * units_per_case, margin_bps(tier.unit_price, suggested_price))
