"""Texts side by side: what is missing, what went stale, and saving through the records' own verbs."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from catalog import translating as verbs
from catalog.models.maker import Maker
from catalog.models.product import Product
from catalog.translating import TextKind, TextState
from kernel import accounts, audit
from kernel.errors import InvalidInput, NotAllowed, NotFound
from kernel.people import Actor, Grant, Role
from tests.make import KARANG_AGUNG, make_maker, make_product, make_user
from tests.make_catalogue import make_profile
from tests.make_window import make_collection


@pytest.fixture
def curator(session: Session) -> Actor:
    make_maker(session, story_id="Ada", story_en="There")
    return accounts.as_actor(make_user(session, Grant(Role.CURATOR, area_prefix="16.12")))


def texts(session: Session, actor: Actor, kind: TextKind, key: str, **changes: str) -> dict[str, str]:
    entry = verbs.get_entry(session, actor, kind, key)
    now = {f"{pair.name}_id": pair.indonesian for pair in entry.pairs} | {f"{pair.name}_en": pair.english for pair in entry.pairs}
    return now | changes


def test_a_record_is_missing_until_both_languages_are_there(session: Session, curator: Actor) -> None:
    maker = make_maker(session, story_id="Sejak 1990.", story_en="")
    assert [row.id for row in verbs.list_missing(session, curator, TextKind.MAKER).rows] == [maker.id]
    entry = verbs.save_texts(
        session, curator, TextKind.MAKER, maker.slug, texts(session, curator, TextKind.MAKER, maker.slug, story_en="Since 1990."), []
    )
    assert entry.pairs[0].state is TextState.UNCOMPARED
    assert verbs.count_missing(session, curator)[TextKind.MAKER] == 0
    assert audit.list_for(session, f"maker:{maker.slug}")[0].details == {"changed": ["story_en"]}


def test_a_compared_text_goes_stale_when_either_side_changes(session: Session, curator: Actor) -> None:
    product = make_product(session, summary_id="Renyah.", summary_en="Crisp.")
    said = texts(session, curator, TextKind.PRODUCT, product.slug)
    entry = verbs.save_texts(session, curator, TextKind.PRODUCT, product.slug, said, ["summary", "design"])
    states = {pair.name: pair.state for pair in entry.pairs}
    assert (states["summary"], states["design"]) == (TextState.COMPARED, TextState.EMPTY)
    assert verbs.list_stale(session, curator, TextKind.PRODUCT) == []
    session.get_one(Product, product.id).summary_id = "Renyah dan tipis."
    session.flush()
    stale = verbs.list_stale(session, curator, TextKind.PRODUCT)
    assert [(entry.key, entry.count(TextState.STALE)) for entry in stale] == [(product.slug, 1)]
    again = texts(session, curator, TextKind.PRODUCT, product.slug, summary_en="Crisp and thin.")
    verbs.save_texts(session, curator, TextKind.PRODUCT, product.slug, again, ["summary"])
    assert verbs.list_stale(session, curator, TextKind.PRODUCT) == []


def test_collections_and_villages_have_texts_too(session: Session, curator: Actor) -> None:
    collection = make_collection(session, story_en="")
    make_profile(session, KARANG_AGUNG, visit_en="", contact_phone="+6281234567890")
    assert verbs.count_missing(session, curator)[TextKind.COLLECTION] == 1
    said = texts(session, curator, TextKind.VILLAGE, KARANG_AGUNG, visit_en="Open on Saturdays.")
    entry = verbs.save_texts(session, curator, TextKind.VILLAGE, KARANG_AGUNG, said, ["visit"])
    assert (entry.title, entry.count(TextState.COMPARED)) == ("Karang Agung", 1)
    said = texts(session, curator, TextKind.COLLECTION, collection.slug, story_en="To take home.")
    assert verbs.save_texts(session, curator, TextKind.COLLECTION, collection.slug, said, []).count(TextState.MISSING) == 0


def test_the_verbs_rules_hold_and_the_reach_too(session: Session, curator: Actor) -> None:
    product = make_product(session)
    too_long = texts(session, curator, TextKind.PRODUCT, product.slug, summary_en="x" * 300)
    with pytest.raises(InvalidInput):
        verbs.save_texts(session, curator, TextKind.PRODUCT, product.slug, too_long, [])
    elsewhere = accounts.as_actor(make_user(session, Grant(Role.CURATOR, area_prefix="16.12.01")))
    with pytest.raises(NotFound):
        verbs.get_entry(session, elsewhere, TextKind.PRODUCT, product.slug)
    with pytest.raises(NotAllowed):
        verbs.get_entry(session, accounts.as_actor(make_user(session)), TextKind.PRODUCT, product.slug)
    assert session.get_one(Maker, product.maker_id).village_code == KARANG_AGUNG
