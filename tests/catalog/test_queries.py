"""What pages read: right for today, in the page's language, without expired papers, in few statements."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from catalog.models.certificate import CertificateKind
from catalog.models.product import HalalState, ListingState, Price
from catalog.models.programme import ProgrammeStatus, Scheme
from catalog.queries import addresses
from catalog.queries.cards import list_product_cards
from catalog.queries.home import get_home_page, list_categories, list_outlets
from catalog.queries.labels import list_facet_labels
from catalog.queries.makers import get_maker_page
from catalog.queries.points import list_village_points
from catalog.queries.products import get_product_page
from catalog.queries.programme import get_programme_page
from catalog.queries.small_numbers import protect, protect_parts
from catalog.queries.villages import get_village_page, list_villages
from catalog.search.request import FacetValue
from kernel import clock
from kernel.errors import NotFound
from tests.conftest import StatementCounter
from tests.make import (
    BETUNG,
    KARANG_AGUNG,
    TALANG_BULANG,
    make_areas,
    make_category,
    make_maker,
    make_outlet,
    make_product,
    make_programme_record,
    make_variant,
)
from tests.make_catalogue import make_certificate, make_ingredient, make_photo, make_profile
from tests.make_stock import make_goods, stock_up

TODAY = clock.today()


# Cards


def test_cards_come_in_the_order_asked_for_and_only_live_ones(session: Session) -> None:
    first, second = make_product(session), make_product(session)
    draft = make_product(session, state=ListingState.DRAFT)
    cards = list_product_cards(session, [second.id, draft.id, 999_999, first.id], "id")
    assert [card.product_id for card in cards] == [second.id, first.id]


def test_no_products_need_no_statement(session: Session, count_statements: StatementCounter) -> None:
    with count_statements() as statements:
        assert list_product_cards(session, [], "id") == []
    assert statements == []


def test_any_number_of_cards_is_one_statement(session: Session, count_statements: StatementCounter) -> None:
    ids = [make_goods(session).product.id for _ in range(5)]
    with count_statements() as statements:
        assert len(list_product_cards(session, ids, "en")) == 5
    assert len(statements) == 1


def test_a_card_shows_the_lowest_price_of_today_and_its_unit_price(session: Session) -> None:
    product = make_product(session, price=25_000)
    make_variant(session, product, price=12_000, net_quantity=100)
    make_variant(session, product, price=5_000, is_active=False)
    (card,) = list_product_cards(session, [product.id], "id")
    assert (card.price, card.highest_price, card.is_from_price) == (12_000, 25_000, True)
    assert card.unit_price is None  # a pack of 100 g: the unit price would repeat the price


def test_prices_count_on_their_first_and_last_day_only(session: Session) -> None:
    product = make_product(session, price=None)
    session.add(Price(variant_id=product.variants[0].id, amount=9_000, starts_on=TODAY, ends_on=TODAY))
    session.flush()
    assert [list_product_cards(session, [product.id], "id", today=TODAY + timedelta(days=day))[0].price for day in (-1, 0, 1)] == [
        None,
        9_000,
        None,
    ]


def test_the_newest_of_two_valid_prices_counts(session: Session) -> None:
    product = make_product(session, price=25_000)
    session.add(Price(variant_id=product.variants[0].id, amount=20_000, starts_on=TODAY - timedelta(days=2)))
    session.flush()
    (card,) = list_product_cards(session, [product.id], "id")
    assert (card.price, card.highest_price) == (20_000, 20_000)


def test_available_is_what_nobody_holds_at_active_outlets_and_still_good(session: Session) -> None:
    goods = make_goods(session, 10)
    stock_up(session, goods.product, goods.outlet, 5, produced_on=TODAY - timedelta(days=90), best_before_on=TODAY - timedelta(days=1))
    closed = make_outlet(session)
    stock_up(session, goods.product, closed, 7)
    closed.is_active = False
    session.flush()
    (card,) = list_product_cards(session, [goods.product.id], "id")
    assert card.available == 10


def test_names_fall_back_to_the_other_language(session: Session) -> None:
    product = make_product(session, name_id="Tikar purun", name_en="")
    assert list_product_cards(session, [product.id], "en")[0].name == "Tikar purun"


def test_a_card_carries_its_first_picture_in_the_language(session: Session) -> None:
    product = make_product(session)
    make_photo(session, product_id=product.id, position=2)
    first = make_photo(session, product_id=product.id, position=1, alt_en="Chips")
    (card,) = list_product_cards(session, [product.id], "en")
    assert card.picture is not None
    assert (card.picture.name, card.picture.alt) == (first.name, "Chips")


@pytest.mark.parametrize(("begins", "ends", "claimed"), [(-9, 0, True), (0, 9, True), (-9, None, True), (-9, -1, False), (1, 9, False)])
def test_a_paper_is_a_claim_only_while_it_is_valid(session: Session, begins: int, ends: int | None, claimed: bool) -> None:
    product = make_product(session)
    until = None if ends is None else TODAY + timedelta(days=ends)
    make_certificate(session, product_id=product.id, valid_from_on=TODAY + timedelta(days=begins), valid_until_on=until)
    (card,) = list_product_cards(session, [product.id], "id")
    assert bool(card.claims) is claimed


def test_papers_of_the_maker_count_for_all_its_products(session: Session) -> None:
    product = make_product(session)
    make_certificate(session, maker_id=product.maker_id, kind=CertificateKind.HALAL)
    make_certificate(session, maker_id=make_maker(session).id)
    (card,) = list_product_cards(session, [product.id], "id")
    assert [(claim.kind, claim.of_maker) for claim in card.claims] == [(CertificateKind.HALAL, True)]


# Product


def _whole_product(session: Session) -> str:
    goods = make_goods(session, 12, description_id="Renyah.", halal_state=HalalState.CERTIFIED, allergens=["fish"])
    product = goods.product
    make_variant(session, product, price=12_000, net_quantity=100)
    make_photo(session, product_id=product.id)
    make_photo(session, product_id=product.id)
    make_certificate(session, product_id=product.id)
    make_ingredient(session, product, origin_code=BETUNG)
    make_ingredient(session, product, name_id="Garam", origin_code="16.12", share_bps=None)
    return product.slug


def test_the_product_page_is_two_statements_however_much_it_says(session: Session, count_statements: StatementCounter) -> None:
    slug = _whole_product(session)
    session.expunge_all()
    with count_statements() as statements:
        page = get_product_page(session, slug, "id", TODAY)
    assert len(statements) == 2
    assert len(page.pictures) == 2
    assert len(page.variants) == 2
    assert len(page.batches) == 1
    assert page.outlets
    assert page.available == 12


def test_ingredients_name_their_origin_at_every_level(session: Session) -> None:
    page = get_product_page(session, _whole_product(session), "id", TODAY)
    assert [(item.name, item.origin, item.origin_village_code) for item in page.ingredients] == [
        ("Singkong", "Desa Betung, Kec. Abab", BETUNG),
        ("Garam", "PALI", None),
    ]


def test_the_place_is_said_with_its_official_name(session: Session) -> None:
    page = get_product_page(session, _whole_product(session), "en", TODAY)
    assert page.place.address == "Desa Karang Agung, Kec. Abab, PALI"
    assert page.place.province_name == "Sumatera Selatan"


def test_halal_is_certified_only_with_a_certificate_of_today(session: Session) -> None:
    slug = _whole_product(session)
    assert get_product_page(session, slug, "id", TODAY).halal is HalalState.NOT_YET
    product = make_product(session, halal_state=HalalState.CERTIFIED)
    make_certificate(session, product_id=product.id, kind=CertificateKind.HALAL)
    assert get_product_page(session, product.slug, "id", TODAY).halal is HalalState.CERTIFIED


def test_batches_are_those_on_the_shelf_the_first_to_expire_in_front(session: Session) -> None:
    goods = make_goods(session, 3)
    stock_up(session, goods.product, goods.outlet, 2, lot_code="SOON", best_before_on=TODAY + timedelta(days=5))
    stock_up(session, goods.product, goods.outlet, 4, lot_code="PAST", produced_on=None, best_before_on=TODAY - timedelta(days=1))
    page = get_product_page(session, goods.product.slug, "id", TODAY)
    assert [(batch.lot_code, batch.available) for batch in page.batches] == [("SOON", 2), (goods.batch.lot_code, 3)]


def test_more_is_offered_from_the_maker_and_from_neighbours(session: Session) -> None:
    maker = make_maker(session)
    product, sister = make_product(session, maker=maker), make_product(session, maker=maker)
    neighbour = make_product(session)
    make_product(session, maker=make_maker(session, village_code=BETUNG))
    page = get_product_page(session, product.slug, "id", TODAY)
    assert [card.slug for card in page.more_from_maker] == [sister.slug]
    assert [card.slug for card in page.more_from_village] == [neighbour.slug]


@pytest.mark.parametrize("state", [ListingState.DRAFT, ListingState.WITHDRAWN])
def test_a_product_that_is_not_live_is_not_found(session: Session, state: ListingState) -> None:
    product = make_product(session, state=state)
    with pytest.raises(NotFound):
        get_product_page(session, product.slug, "id", TODAY)


def test_a_product_without_price_or_stock_still_has_a_page(session: Session) -> None:
    product = make_product(session, price=None)
    page = get_product_page(session, product.slug, "id", TODAY)
    assert page.prices == ()
    assert page.available == 0
    assert not page.variants[0].is_buyable


# Villages, makers, programme, home


def test_the_village_page_tells_what_is_made_there(session: Session, count_statements: StatementCounter) -> None:
    product = make_product(session)
    make_profile(session, KARANG_AGUNG)
    make_programme_record(session, KARANG_AGUNG, status=ProgrammeStatus.LAUNCHED, product_name_id="Keripik")
    make_photo(session, area_code=KARANG_AGUNG)
    session.expunge_all()
    with count_statements() as statements:
        page = get_village_page(session, KARANG_AGUNG, "en", TODAY, year=2026)
    assert len(statements) == 2
    assert page.place.title == "Desa Karang Agung"
    assert page.visit == "The gardens are open on Saturdays."
    assert (page.status, page.programme_product) == (ProgrammeStatus.LAUNCHED, "Keripik")
    assert [card.slug for card in page.products] == [product.slug]
    assert [maker.product_count for maker in page.makers] == [1]


def test_a_village_without_a_profile_has_a_page_and_a_district_has_none(session: Session) -> None:
    make_areas(session)
    assert get_village_page(session, BETUNG, "id", TODAY).intro == ""
    for code in ("16.12.04", "99.99.99.9999", ""):
        with pytest.raises(NotFound):
            get_village_page(session, code, "id", TODAY)


def test_villages_are_listed_by_district_and_name(session: Session, count_statements: StatementCounter) -> None:
    make_product(session)
    make_programme_record(session, TALANG_BULANG, status=ProgrammeStatus.SELECTED)
    with count_statements() as statements:
        cards = list_villages(session, "16.12", 2026, "id")
    assert len(statements) == 1
    assert [card.name for card in cards] == ["Talang Bulang", "Talang Ubi Timur", "Betung", "Karang Agung"]
    assert [card.product_count for card in cards] == [0, 0, 0, 1]
    assert [card.code for card in list_villages(session, "16.12", 2026, "id", statuses=(ProgrammeStatus.SELECTED,))] == [TALANG_BULANG]


@pytest.mark.parametrize(("prefix", "count"), [("16", 4), ("16.12", 4), ("16.12.04", 2), ("16.1", 0), ("63", 0)])
def test_points_lie_below_their_prefix(session: Session, prefix: str, count: int) -> None:
    make_areas(session)
    assert len(list_village_points(session, prefix, 2026, "id")) == count


def test_the_maker_page_lists_what_is_live(session: Session, count_statements: StatementCounter) -> None:
    maker = make_maker(session, phone="+62812", is_phone_public=False)
    live = make_product(session, maker=maker)
    make_product(session, maker=maker, state=ListingState.WITHDRAWN)
    session.expunge_all()
    with count_statements() as statements:
        page = get_maker_page(session, maker.slug, "id", TODAY)
    assert len(statements) == 2
    assert [card.slug for card in page.products] == [live.slug]
    assert page.maker.public_phone == ""
    with pytest.raises(NotFound):
        get_maker_page(session, "nobody", "id", TODAY)


def test_the_programme_counts_desa_and_what_lies_further(session: Session, count_statements: StatementCounter) -> None:
    make_product(session, scheme=Scheme.OSOP)
    make_programme_record(session, TALANG_BULANG, status=ProgrammeStatus.LAUNCHED)
    make_programme_record(session, BETUNG, status=ProgrammeStatus.SELECTED)
    make_programme_record(session, KARANG_AGUNG, status=ProgrammeStatus.LAUNCHED, year=2025)
    with count_statements() as statements:
        page = get_programme_page(session, "16.12", 2026, "id")
    assert len(statements) == 3
    assert (page.total, page.mapped, page.selected, page.launched) == (3, 2, 2, 1)
    assert page.products_by_scheme == ((Scheme.OSOP, 1),)
    assert [(district.name, district.mapped) for district in page.districts] == [("Talang Ubi", 1), ("Abab", 1)]


def test_too_few_makers_are_not_shown_alone(session: Session) -> None:
    make_maker(session)
    page = get_programme_page(session, "16.12", 2026, "id")
    assert page.makers is None
    assert [district.makers for district in page.districts] == [0, None]


def test_a_single_hidden_part_hides_another_so_that_the_total_does_not_tell() -> None:
    assert (protect(0), protect(2), protect(3)) == (0, None, 3)
    assert protect_parts({"a": 2, "b": 5, "c": 9}) == {"a": None, "b": None, "c": 9}
    assert protect_parts({"a": 2, "b": 1, "c": 9}) == {"a": None, "b": None, "c": 9}
    assert protect_parts({"a": 1, "b": 1, "c": 5, "d": 9}) == {"a": None, "b": None, "c": None, "d": 9}
    assert protect_parts({"a": 4, "b": 0, "c": 9}) == {"a": 4, "b": 0, "c": 9}


def test_the_home_page_features_what_can_be_bought(session: Session, count_statements: StatementCounter) -> None:
    goods = make_goods(session)
    make_product(session, popularity=99)  # popular, but nothing on the shelf
    make_programme_record(session, KARANG_AGUNG, status=ProgrammeStatus.CURATED)
    with count_statements() as statements:
        page = get_home_page(session, "16.12", 2026, "id", TODAY)
    assert len(statements) == 3
    assert [card.slug for card in page.featured] == [goods.product.slug]
    assert [card.code for card in page.villages] == [KARANG_AGUNG]
    assert (page.figures.villages, page.figures.selected, page.figures.districts, page.figures.products) == (3, 1, 2, 2)
    assert [category.product_count for category in page.categories] == [2]


def test_shelves_and_outlets_are_one_statement_each(session: Session, count_statements: StatementCounter) -> None:
    make_category(session, "kriya", name_id="Kriya", name_en="Crafts", position=0)
    make_category(session)
    outlet = make_outlet(session, opening_hours=[["08:00", "20:00"]] * 6 + [None])
    make_outlet(session, is_active=False)
    with count_statements() as statements:
        assert [category.name for category in list_categories(session, "en")] == ["Crafts", "Snacks"]
        (view,) = list_outlets(session)
    assert len(statements) == 2
    assert view.outlet_id == outlet.id
    assert view.opening_hours[0] == ("08:00", "20:00")
    assert view.opening_hours[6] is None


def test_facet_labels_are_one_statement_and_unknown_values_have_none(session: Session, count_statements: StatementCounter) -> None:
    make_product(session)
    facets = {
        "category": (FacetValue("makanan-ringan", 1), FacetValue("gone", 1)),
        "district": (FacetValue("16.12.04", 1),),
        "village": (FacetValue(KARANG_AGUNG, 1),),
        "scheme": (FacetValue("ovop", 1),),
    }
    with count_statements() as statements:
        labels = list_facet_labels(session, facets, "en")
    assert len(statements) == 1
    assert labels == {"category": {"makanan-ringan": "Snacks"}, "district": {"16.12.04": "Abab"}, "village": {KARANG_AGUNG: "Karang Agung"}}
    assert list_facet_labels(session, {}, "en") == {"category": {}, "district": {}, "village": {}}


def test_addresses_are_those_of_live_products_makers_and_home_villages(session: Session) -> None:
    product = make_product(session)
    make_product(session, state=ListingState.DRAFT)
    extent = addresses.get_extent(session)
    products = [address.path for part in range(extent.products) for address in addresses.list_product_addresses(session, part)]
    assert products == [f"/products/{product.slug}"]
    assert extent.pages == 3
    assert {address.path for address in addresses.list_village_addresses(session, "16.12")} >= {
        f"/villages/{TALANG_BULANG}",
        f"/villages/{BETUNG}",
    }
