"""Taking a category off the shop: its goods go elsewhere, and what cannot go is named."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from catalog.categories import create_category, get_category, list_categories
from catalog.category_removal import list_uses, remove_category
from catalog.channel_rules import RequirementFacts, add_requirement
from catalog.curation import content, proposals
from catalog.curation.states import CurationState
from catalog.models.certificate import CertificateKind
from catalog.models.channel import Channel, ChannelRequirement, GoodsGroup
from catalog.models.feed import Feed, FeedCategory
from catalog.models.product import Category, ListingState, Product
from catalog.models.search import SearchQueueEntry
from catalog.products import facts_of
from kernel import audit
from kernel.errors import Conflict, InvalidInput, NotAllowed
from kernel.people import GUEST, SYSTEM, Role
from tests.make import make_actor, make_product

TODAY = date(2026, 11, 21)


def _drinks(session: Session) -> Category:
    return create_category(session, SYSTEM, name_id="Minuman", name_en="Drinks", position=2)


def _left(session: Session) -> list[str]:
    return [category.slug for category in list_categories(session)]


def _rule(session: Session, starts_on: date) -> ChannelRequirement:
    papers = [CertificateKind.PIRT]
    facts = RequirementFacts(channel=Channel.WEB, goods=GoodsGroup.FOOD, kinds=papers, starts_on=starts_on, category="minuman")
    return add_requirement(session, SYSTEM, facts)


def test_an_empty_category_goes_with_what_receivers_call_it(session: Session) -> None:
    drinks = _drinks(session)
    create_category(session, SYSTEM, name_id="Kerajinan", name_en="Crafts")
    feed = session.scalars(select(Feed)).first()
    assert feed is not None
    session.add(FeedCategory(feed_id=feed.id, category_id=drinks.id, name="422"))
    session.flush()
    assert remove_category(session, make_actor(session, Role.CURATOR, area_prefix="16.12"), drinks) == 0
    assert _left(session) == ["kerajinan"]
    assert session.scalars(select(FeedCategory)).all() == []
    assert [entry.action for entry in audit.list_for(session, "category:minuman")] == ["category.remove", "category.create"]


def test_its_products_need_another_category_and_are_indexed_anew_there(session: Session) -> None:
    live, draft = make_product(session), make_product(session, state=ListingState.DRAFT)
    snacks, drinks = get_category(session, "makanan-ringan"), _drinks(session)
    for into in (None, snacks):
        with pytest.raises(InvalidInput):
            remove_category(session, SYSTEM, snacks, into=into)
    session.execute(delete(SearchQueueEntry))
    assert remove_category(session, SYSTEM, snacks, into=drinks) == 2
    assert _left(session) == ["minuman"]
    assert set(session.scalars(select(Product.category_id))) == {drinks.id}
    assert session.scalars(select(SearchQueueEntry.product_id)).all() == [live.id]
    assert audit.list_for(session, f"product:{draft.slug}")[0].details == {"changed": ["category_id"]}


def test_a_stranger_and_a_curator_beyond_whose_area_a_product_is_made_are_refused(session: Session) -> None:
    make_product(session)
    snacks, drinks = get_category(session, "makanan-ringan"), _drinks(session)
    with pytest.raises(NotAllowed):
        remove_category(session, GUEST, snacks, into=drinks)
    with pytest.raises(Conflict):
        remove_category(session, make_actor(session, Role.CURATOR, area_prefix="63.05"), snacks, into=drinks)


def test_what_is_being_written_goes_on_with_the_other_category(session: Session) -> None:
    product = make_product(session)
    submission = proposals.propose_edit(session, SYSTEM, product)
    snacks, drinks = get_category(session, "makanan-ringan"), _drinks(session)
    assert (list_uses(session, snacks, TODAY).texts, list_uses(session, drinks, TODAY).texts) == (1, 0)
    remove_category(session, SYSTEM, snacks, into=drinks)
    for text in (submission.content, submission.base):
        assert content.load(text).category_id == drinks.id
    with pytest.raises(InvalidInput, match="Nothing was changed"):
        proposals.submit(session, SYSTEM, submission)


def test_a_sent_proposal_stands_in_the_way_only_of_the_category_it_asks_for(session: Session) -> None:
    product = make_product(session)
    drinks = _drinks(session)
    wanted = replace(facts_of(session, product), category_id=drinks.id)
    submission = proposals.submit(session, SYSTEM, proposals.propose_edit(session, SYSTEM, product, wanted))
    assert [each.code for each in list_uses(session, drinks, TODAY).sent] == [submission.code]
    with pytest.raises(Conflict):
        remove_category(session, SYSTEM, drinks)
    crafts = create_category(session, SYSTEM, name_id="Kerajinan", name_en="Crafts")
    remove_category(session, SYSTEM, get_category(session, "makanan-ringan"), into=crafts)
    assert content.load(submission.content).category_id == drinks.id, "what was sent is not written in"


def test_work_that_was_turned_down_begins_again_where_the_product_stands_now(session: Session) -> None:
    product = make_product(session, state=ListingState.DRAFT)
    submission = proposals.propose_edit(session, SYSTEM, product)
    proposals.withdraw_submission(session, SYSTEM, submission)
    drinks = _drinks(session)
    remove_category(session, SYSTEM, get_category(session, "makanan-ringan"), into=drinks)
    again = proposals.propose_edit(session, SYSTEM, product)
    assert again.state is CurationState.DRAFT
    assert content.load(again.content).category_id == drinks.id


def test_a_rule_that_holds_is_ended_first_and_one_that_has_ended_moves_along(session: Session) -> None:
    crafts = create_category(session, SYSTEM, name_id="Kerajinan", name_en="Crafts")
    drinks = _drinks(session)
    rule = _rule(session, date(2026, 1, 1))
    assert list_uses(session, drinks, TODAY).rules == [rule]
    with pytest.raises(Conflict):
        remove_category(session, SYSTEM, drinks, into=crafts)
    rule.ends_on = date(2026, 2, 1)
    session.flush()
    with pytest.raises(InvalidInput):
        remove_category(session, SYSTEM, drinks)
    remove_category(session, SYSTEM, drinks, into=crafts)
    assert session.scalars(select(ChannelRequirement.category_id).where(ChannelRequirement.code == rule.code)).one() == crafts.id
