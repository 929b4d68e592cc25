"""Operations for everybody: products, makers and villages, as the shop's pages show them."""

from __future__ import annotations

from typing import Any

from catalog.media import file_name
from catalog.models.certificate import CertificateKind
from catalog.models.product import HalalState
from catalog.photo_files import WIDTHS
from catalog.queries import parts, published
from catalog.queries.json_rows import read_rows
from catalog.queries.points import list_village_points
from catalog.queries.views import Claim, Place
from kernel import clock
from storefront.api.operations import Call
from storefront.api.shapes import ground, public
from storefront.api.shapes.ground import text
from storefront.api.walking import close_page, step_of
from storefront.templating import current_settings, external


def list_products(call: Call) -> public.ProductPage:
    """Live products in the order of their last change."""
    step = step_of(call.asked)
    rows = published.walk_products(call.session, step, _today())
    page, cursor, has_more = close_page(step, [(row.Product.updated_at, row.Product.id, row) for row in rows])
    return public.ProductPage(
        items=[_product(row) for row in page if row.is_live],
        removed=[row.Product.slug for row in page if not row.is_live],
        cursor=cursor,
        has_more=has_more,
    )


def get_product(call: Call) -> public.Product:
    """One live product."""
    return _product(published.get_published_product(call.session, call.places["slug"], _today()))


def list_makers(call: Call) -> public.MakerPage:
    """Makers in the order of their last change."""
    step = step_of(call.asked)
    rows = published.walk_makers(call.session, step, _today())
    page, cursor, has_more = close_page(step, [(row.Maker.updated_at, row.Maker.id, row) for row in rows])
    return public.MakerPage(items=[_maker(row) for row in page], cursor=cursor, has_more=has_more)


def get_maker(call: Call) -> public.Maker:
    """One maker."""
    return _maker(published.get_published_maker(call.session, call.places["slug"], _today()))


def list_villages(call: Call) -> public.Villages:
    """The home area's villages with their standing in a programme year."""
    settings = current_settings()
    year = int(call.asked.year or settings.programme_year)
    indonesian = list_village_points(call.session, settings.area_prefix, year, "id")
    english = list_village_points(call.session, settings.area_prefix, year, "en")
    return public.Villages(
        area=settings.area_prefix,
        year=year,
        items=[
            public.Village(
                code=point.code,
                url=external(f"/villages/{point.code}"),
                name=point.name,
                kind=point.kind.value if point.kind else None,
                district=point.district_name,
                latitude=point.latitude,
                longitude=point.longitude,
                status=point.status,
                product=text(point.programme_product, other.programme_product) if point.programme_product else None,
                product_count=point.product_count,
                maker_count=point.maker_count,
            )
            for point, other in zip(indonesian, english, strict=True)
        ],
    )


def _today() -> Any:
    return clock.today(current_settings().zone)


def _product(row: Any) -> public.Product:
    product = row.Product
    claims = parts.read_claims(row.claims)
    return public.Product(
        slug=product.slug,
        url=external(f"/products/{product.slug}"),
        name=text(product.name_id, product.name_en),
        summary=text(product.summary_id, product.summary_en),
        description=text(product.description_id, product.description_en),
        scheme=product.scheme,
        category=public.CategoryName(slug=row.category_slug, name=text(row.category_id, row.category_en)),
        maker=public.MakerName(slug=row.maker_slug, name=row.maker_name, kind=row.maker_kind),
        village=village_name(parts.read_place(row)),
        halal=halal_state(product.halal_state, claims),
        allergens=list(product.allergens),
        shelf_life_days=product.shelf_life_days,
        travel_limit=product.travel_limit,
        variants=_variants(row.variants),
        papers=[paper(claim) for claim in claims],
        pictures=pictures(row.pictures, product.name_id, product.name_en),
        is_sample=product.is_sample,
        updated_at=product.updated_at,
    )


def _maker(row: Any) -> public.Maker:
    maker = row.Maker
    return public.Maker(
        slug=maker.slug,
        url=external(f"/makers/{maker.slug}"),
        name=maker.name,
        kind=maker.kind,
        village=village_name(parts.read_place(row)),
        story=text(maker.story_id, maker.story_en),
        founded_year=maker.founded_year,
        people_count=maker.people_count,
        phone=maker.phone if maker.is_phone_public and maker.phone else None,
        product_count=row.product_count,
        papers=[paper(claim) for claim in parts.read_claims(row.claims)],
        pictures=pictures(row.pictures, maker.name, maker.name),
        is_sample=maker.is_sample,
        updated_at=maker.updated_at,
    )


def _variants(value: object) -> list[public.Variant]:
    english = {variant.code: variant.name for variant in parts.read_variants(value, "en")}
    return [
        public.Variant(
            code=variant.code,
            name=ground.Text(id=variant.name, en=english[variant.code]),
            net_quantity=variant.net_quantity,
            unit=variant.unit,
            price=variant.price,
            in_stock=variant.is_buyable,
            gtin=variant.gtin,
        )
        for variant in parts.read_variants(value, "id")
    ]


def halal_state(state: HalalState, claims: tuple[Claim, ...]) -> HalalState:
    """`certified` only while a halal certificate is valid, whatever was ticked."""
    if any(claim.kind is CertificateKind.HALAL for claim in claims):
        return HalalState.CERTIFIED
    return HalalState.NOT_YET if state is HalalState.CERTIFIED else state


def pictures(value: object, name_id: str, name_en: str) -> list[ground.Picture]:
    """Photos in their order, each as its largest JPEG."""
    return [
        ground.Picture(
            url=external(f"/media/{file_name(row['name'], WIDTHS[-1], 'jpg')}"),
            width=row["width"],
            height=row["height"],
            alt=text(row["alt_id"] or name_id, row["alt_en"] or name_en),
        )
        for row in read_rows(value, sort_by="position")
    ]


def paper(claim: Claim) -> ground.Paper:
    """A valid certificate."""
    award = None
    if claim.award_year is not None and claim.stars is not None and claim.stars_scale is not None:
        award = ground.Award(scheme=claim.award_scheme, year=claim.award_year, stars=claim.stars, stars_scale=claim.stars_scale)
    return ground.Paper(
        kind=claim.kind,
        number=claim.number,
        issuer=claim.issuer,
        valid_from=claim.valid_from_on.isoformat(),
        valid_until=claim.valid_until_on.isoformat() if claim.valid_until_on else None,
        of_maker=claim.of_maker,
        award=award,
        is_sample=claim.is_sample,
    )


def village_name(place: Place) -> ground.VillageName:
    """A village with what lies above it."""
    return ground.VillageName(
        code=place.code,
        name=place.name,
        kind=place.kind.value if place.kind else None,
        district=place.district_name,
        regency=place.regency_name,
        province=place.province_name,
    )
