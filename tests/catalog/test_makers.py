"""Makers: registered in a village one may edit, corrected with a trace, refused with the field's name."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.makers import MakerFacts, create_maker, facts_of, update_maker
from catalog.models.maker import MakerKind
from catalog.models.search import SearchQueueEntry
from kernel import audit
from kernel.errors import InvalidInput, NotAllowed
from kernel.people import GUEST, Role
from tests.make import BETUNG, KARANG_AGUNG, make_actor, make_areas, make_product

FACTS = MakerFacts(name="Dapur Kencur", kind=MakerKind.HOUSEHOLD, village_code=KARANG_AGUNG, phone="0812 3456 7890", is_phone_public=True)


def test_a_maker_gets_an_address_from_its_name(session: Session) -> None:
    make_areas(session)
    actor = make_actor(session, Role.CURATOR, area_prefix="16.12")
    first, second = create_maker(session, actor, FACTS), create_maker(session, actor, FACTS)
    assert (first.slug, second.slug) == ("dapur-kencur", "dapur-kencur-2")
    assert first.phone == "+6281234567890"
    assert [entry.action for entry in audit.list_for(session, "maker:dapur-kencur")] == ["maker.create"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"village_code": "16.12.01"}, "village_code"),
        ({"village_code": "99.99.99.9999"}, "village_code"),
        ({"phone": "12"}, "phone"),
        ({"phone": ""}, "phone"),
        ({"founded_year": 1800}, "founded_year"),
        ({"founded_year": 3000}, "founded_year"),
        ({"people_count": 0}, "people_count"),
        ({"kind": "empire"}, "kind"),
        ({"story_id": "x" * 4_001}, "story_id"),
    ],
)
def test_a_wrong_value_is_refused_with_its_field(session: Session, change: dict[str, object], field: str) -> None:
    make_areas(session)
    with pytest.raises(InvalidInput) as refusal:
        create_maker(session, make_actor(session), replace(FACTS, **change))  # type: ignore[arg-type]
    assert refusal.value.field == field


def test_a_curator_of_another_regency_and_a_stranger_are_refused(session: Session) -> None:
    make_areas(session)
    for actor in (make_actor(session, Role.CURATOR, area_prefix="63.05"), make_actor(session, Role.CASHIER), GUEST):
        with pytest.raises(NotAllowed):
            create_maker(session, actor, FACTS)


def test_renaming_a_maker_keeps_its_address_and_indexes_its_products_again(session: Session) -> None:
    make_areas(session)
    actor = make_actor(session)
    maker = create_maker(session, actor, FACTS)
    product = make_product(session, maker=maker)
    update_maker(session, actor, maker, replace(facts_of(maker), name="Dapur Bu Kencur", village_code=BETUNG))
    assert (maker.name, maker.slug) == ("Dapur Bu Kencur", "dapur-kencur")
    assert product.id in session.scalars(select(SearchQueueEntry.product_id)).all()
    assert audit.list_for(session, "maker:dapur-kencur")[0].details == {"changed": ["name", "village_code"]}


def test_saving_without_a_change_leaves_no_trace(session: Session) -> None:
    make_areas(session)
    actor = make_actor(session)
    maker = create_maker(session, actor, FACTS)
    before = maker.updated_at
    update_maker(session, actor, maker, facts_of(maker))
    assert maker.updated_at == before
    assert len(audit.list_for(session, f"maker:{maker.slug}")) == 1
