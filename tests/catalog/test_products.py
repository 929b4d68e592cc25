"""Products from draft to shop and out again: nothing goes live without a reason, a price, a photo and words."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.desk import list_decisions
from catalog.models.photo import Photo
from catalog.models.product import HalalState, ListingState, Product
from catalog.models.search import SearchQueueEntry
from catalog.products import (
    ALLERGENS,
    IngredientFacts,
    ProductFacts,
    create_product,
    facts_of,
    get_product,
    list_missing,
    publish_product,
    update_product,
    withdraw_product,
)
from kernel import audit, clock
from kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from kernel.people import GUEST, Actor, Role
from tests.make import BETUNG, KARANG_AGUNG, TALANG_BULANG, make_actor, make_category, make_maker, make_variant

DraftMaker = Callable[..., Product]


@pytest.fixture
def actor(session: Session) -> Actor:
    maker = make_maker(session)
    assert maker.village_code == KARANG_AGUNG
    return make_actor(session, Role.CURATOR, area_prefix="16.12")


@pytest.fixture
def draft(session: Session, actor: Actor) -> DraftMaker:
    def make(**changes: object) -> Product:
        facts = ProductFacts(
            category_id=make_category(session).id,
            name_id="Keripik Ubi Kencur",
            summary_id="Renyah.",
            ingredients=(
                IngredientFacts(name_id="Ubi", name_en="Cassava", origin_code=TALANG_BULANG, share_bps=9_000),
                IngredientFacts(name_id="Kencur"),
            ),
        )
        return create_product(session, actor, make_maker(session), replace(facts, **changes))  # type: ignore[arg-type]

    return make


def add_picture(session: Session, product: Product) -> None:
    session.add(Photo(name=f"foto{product.id}", product_id=product.id, width=1080, height=1350, created_at=clock.now()))
    session.flush()


def ready(session: Session, product: Product) -> Product:
    make_variant(session, product)
    add_picture(session, product)
    return product


def test_a_draft_takes_its_village_from_the_maker_and_its_address_from_the_name(session: Session, draft: DraftMaker) -> None:
    product, second = draft(), draft()
    assert (product.village_code, product.slug, second.slug) == (KARANG_AGUNG, "keripik-ubi-kencur", "keripik-ubi-kencur-2")
    assert product.state is ListingState.DRAFT
    loaded = get_product(session, product.slug)
    assert [item.name_id for item in loaded.ingredients] == ["Ubi", "Kencur"]
    assert product.id not in session.scalars(select(SearchQueueEntry.product_id)).all()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name_id": " ", "name_en": ""}, "name_id"),
        ({"name_id": "x" * 121}, "name_id"),
        ({"summary_en": "x" * 241}, "summary_en"),
        ({"category_id": 0}, "category_id"),
        ({"village_code": "16.12"}, "village_code"),
        ({"village_code": "Betung"}, "village_code"),
        ({"shelf_life_days": 0}, "shelf_life_days"),
        ({"shelf_life_days": 1_000_000_000}, "shelf_life_days"),
        ({"allergens": ("plutonium",)}, "allergens"),
        ({"scheme": "opop"}, "scheme"),
        ({"ingredients": (IngredientFacts(name_id=" "),)}, "ingredients"),
        ({"ingredients": (IngredientFacts(name_id="Ubi", origin_code="99"),)}, "ingredients"),
        (
            {"ingredients": (IngredientFacts(name_id="Ubi", share_bps=6_000), IngredientFacts(name_id="Air", share_bps=6_000))},
            "ingredients",
        ),
        ({"ingredients": (IngredientFacts(name_id="Ubi"),) * 41}, "ingredients"),
    ],
)
def test_a_wrong_value_is_refused_with_its_field(draft: DraftMaker, change: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        draft(**change)
    assert refusal.value.field == field


def test_a_product_with_an_english_name_only_is_accepted(draft: DraftMaker) -> None:
    assert draft(name_id="", name_en="Cassava chips").slug == "cassava-chips"


def test_a_change_is_traced_by_field_and_reaches_the_search(session: Session, actor: Actor, draft: DraftMaker) -> None:
    product = draft()
    product.state = ListingState.LIVE
    before, marks = product.updated_at, len(session.scalars(select(SearchQueueEntry.id)).all())
    facts = facts_of(session, product)
    update_product(session, actor, product, replace(facts, name_en="Chips", allergens=("soy", "gluten"), ingredients=facts.ingredients[:1]))
    assert product.updated_at > before
    assert product.allergens == ["gluten", "soy"]
    assert [item.name_id for item in get_product(session, product.slug).ingredients] == ["Ubi"]
    assert len(session.scalars(select(SearchQueueEntry.id)).all()) == marks + 1
    assert audit.list_for(session, f"product:{product.slug}")[0].details == {"changed": ["name_en", "allergens", "ingredients"]}


def test_saving_without_a_change_leaves_no_trace(session: Session, actor: Actor, draft: DraftMaker) -> None:
    product = draft()
    before = product.updated_at
    update_product(session, actor, product, facts_of(session, product))
    assert product.updated_at == before
    assert len(audit.list_for(session, f"product:{product.slug}")) == 1


def test_nothing_goes_live_before_it_is_complete(session: Session, actor: Actor, draft: DraftMaker) -> None:
    product = draft(summary_id="")
    assert len(list_missing(session, product)) == 3
    with pytest.raises(InvalidInput):
        publish_product(session, actor, product, "Lolos kurasi")
    ready(session, product)
    assert len(list_missing(session, product)) == 1
    update_product(session, actor, product, replace(facts_of(session, product), description_en="Crisp."))
    assert list_missing(session, product) == []


def test_a_price_that_begins_tomorrow_or_an_inactive_variant_does_not_make_it_ready(session: Session, draft: DraftMaker) -> None:
    product = draft()
    add_picture(session, product)
    make_variant(session, product, price=None)
    make_variant(session, product, is_active=False)
    assert len(list_missing(session, product)) == 1


def test_going_live_needs_a_reason_and_leaves_a_decision(session: Session, actor: Actor, draft: DraftMaker) -> None:
    product = ready(session, draft())
    with pytest.raises(InvalidInput) as refusal:
        publish_product(session, actor, product, "  ")
    assert refusal.value.field == "reason"
    publish_product(session, actor, product, "Lolos kurasi")
    assert product.state is ListingState.LIVE
    assert product.published_at is not None
    ((decision, _who),) = list_decisions(session, product)
    assert (decision.state, decision.reason) == (ListingState.LIVE, "Lolos kurasi")
    with pytest.raises(Conflict):
        publish_product(session, actor, product, "Lagi")


def test_a_withdrawn_product_can_come_back_as_old_as_it_is(session: Session, actor: Actor, draft: DraftMaker) -> None:
    product = ready(session, draft())
    with pytest.raises(Conflict):
        withdraw_product(session, actor, product, "Belum tayang")
    publish_product(session, actor, product, "Lolos kurasi")
    first = product.published_at
    withdraw_product(session, actor, product, "Izin habis")
    assert product.state.value == "withdrawn"
    publish_product(session, actor, product, "Izin diperpanjang")
    assert product.published_at == first
    assert len(list_decisions(session, product)) == 3


def test_another_regency_and_a_stranger_are_refused(session: Session, draft: DraftMaker) -> None:
    product = ready(session, draft())
    for other in (make_actor(session, Role.CURATOR, area_prefix="63.05"), make_actor(session, Role.CASHIER), GUEST):
        with pytest.raises(NotAllowed):
            publish_product(session, other, product, "Boleh?")
        with pytest.raises(NotAllowed):
            update_product(session, other, product, replace(facts_of(session, product), name_en="Mine"))
    assert product.state is ListingState.DRAFT


def test_a_product_cannot_be_moved_out_of_the_own_area(session: Session, draft: DraftMaker) -> None:
    product = draft()
    narrow = make_actor(session, Role.CURATOR, area_prefix="16.12.04")
    update_product(session, narrow, product, replace(facts_of(session, product), village_code=BETUNG))
    with pytest.raises(NotAllowed):
        update_product(session, narrow, product, replace(facts_of(session, product), village_code=TALANG_BULANG))


def test_unknown_products_are_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        get_product(session, "nothing")


def test_allergens_are_plain_words() -> None:
    assert all(word.isascii() and word.islower() for word in ALLERGENS)
    assert HalalState.NOT_YET.value == "not_yet"
