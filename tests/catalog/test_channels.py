"""Channels and the papers they require: one rule, asked in three ways with the same answer."""

from datetime import date, timedelta
from itertools import product as combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from catalog import channels
from catalog.channel_rules import RequirementFacts, add_requirement, end_requirement
from catalog.channels import Goods, Paper, Requirement, lacking, may_be_on
from catalog.models.certificate import Certificate, CertificateKind
from catalog.models.channel import Channel, ChannelRequirement, GoodsGroup, RequiredPaper
from catalog.models.maker import Maker
from catalog.models.product import HalalState, Product, Variant
from catalog.models.search import SearchQueueEntry
from kernel import audit, clock
from kernel.errors import Conflict, InvalidInput, NotAllowed
from kernel.people import GUEST, SYSTEM, Role
from tests.conftest import StatementCounter
from tests.make import BETUNG, KARANG_AGUNG, make_actor, make_product
from tests.make_catalogue import make_certificate

DAY = date(2026, 11, 21)
FOOD = Goods(1, KARANG_AGUNG, HalalState.NOT_YET)


def permit(**changes: object) -> Requirement:
    values: dict[str, object] = {
        "code": "PERMIT",
        "channel": Channel.WHOLESALE,
        "goods": GoodsGroup.FOOD,
        "category_id": None,
        "area_prefix": "",
        "kinds": (CertificateKind.PIRT, CertificateKind.BPOM),
        "starts_on": date(2024, 1, 1),
        "ends_on": None,
    }
    return Requirement(**(values | changes))  # type: ignore[arg-type]


def test_any_one_of_the_papers_is_enough() -> None:
    assert lacking([permit()], FOOD, [], DAY) == [permit()]
    assert lacking([permit()], FOOD, [Paper(CertificateKind.BPOM, DAY, None)], DAY) == []
    assert lacking([permit()], FOOD, [Paper(CertificateKind.HALAL, DAY, None)], DAY) == [permit()]


def test_a_paper_counts_through_its_last_day_and_not_on_the_next() -> None:
    paper = Paper(CertificateKind.PIRT, DAY - timedelta(days=9), DAY)
    assert lacking([permit()], FOOD, [paper], DAY) == []
    assert lacking([permit()], FOOD, [paper], DAY + timedelta(days=1)) == [permit()]
    assert lacking([permit()], FOOD, [paper], DAY - timedelta(days=10)) == [permit()]


def test_a_requirement_counts_from_its_first_day_to_its_last() -> None:
    halal = permit(kinds=(CertificateKind.HALAL,), starts_on=DAY, ends_on=DAY)
    assert [bool(lacking([halal], FOOD, [], DAY + timedelta(days=shift))) for shift in (-1, 0, 1)] == [False, True, False]


def test_a_basket_needs_no_food_permit_and_declared_non_halal_food_no_halal_paper() -> None:
    assert lacking([permit()], Goods(1, KARANG_AGUNG, HalalState.NOT_APPLICABLE), [], DAY) == []
    halal = permit(kinds=(CertificateKind.HALAL,))
    assert lacking([halal], Goods(1, KARANG_AGUNG, HalalState.DECLARED_NON_HALAL), [], DAY) == []


def test_a_requirement_may_be_one_shelfs_or_one_areas() -> None:
    assert lacking([permit(category_id=2)], FOOD, [], DAY) == []
    assert lacking([permit(area_prefix="16.12.01")], FOOD, [], DAY) == []
    assert lacking([permit(area_prefix="16.12.04")], FOOD, [], DAY) != []


def test_every_office_starts_with_the_laws_own_requirements(session: Session) -> None:
    starts = {(row.channel.value, tuple(kind.value for kind in row.kinds)) for row in channels.list_requirements(session)}
    assert ("wholesale", ("pirt", "bpom")) in starts
    assert ("marketplaces", ("halal",)) in starts
    assert not channels.list_requirements(session, Channel.WEB)


kinds = st.sampled_from(list(CertificateKind))
days = st.integers(-3, 3).map(lambda shift: DAY + timedelta(days=shift))
lengths = st.one_of(st.none(), st.integers(0, 4))
papers = st.tuples(kinds, days, lengths, st.booleans())
rules = st.fixed_dictionaries(
    {
        "goods": st.sampled_from(list(GoodsGroup)),
        "area_prefix": st.sampled_from(["", "16", "16.12", "16.12.04", KARANG_AGUNG, BETUNG, "16.12.0"]),
        "starts_on": days,
        "length": lengths,
        "kinds": st.sets(kinds, min_size=1, max_size=2),
        "own_shelf": st.sampled_from([None, True, False]),
    }
)


@given(st.lists(papers, max_size=4), st.lists(rules, max_size=3), st.sampled_from(list(HalalState)), days)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_database_and_the_rule_give_the_same_answer(
    session: Session,
    held: list[tuple[CertificateKind, date, int | None, bool]],
    wanted: list[dict[str, object]],
    halal: HalalState,
    day: date,
) -> None:
    with session.begin_nested() as savepoint:
        product, other = make_product(session), make_product(session)
        product.halal_state = halal
        for kind, starts, length, is_makers in held:
            owner = {"maker_id": product.maker_id} if is_makers else {"product_id": product.id}
            ends = None if length is None else starts + timedelta(days=length)
            make_certificate(session, kind=kind, valid_from_on=starts, valid_until_on=ends, **owner)
        session.execute(delete(RequiredPaper))
        session.execute(delete(ChannelRequirement))
        for rule in wanted:
            shelf = {None: None, True: product.category_id, False: other.category_id}[rule["own_shelf"]]  # type: ignore[index]
            length = rule["length"]
            facts = RequirementFacts(
                channel=Channel.FEEDS,
                goods=rule["goods"],  # type: ignore[arg-type]
                kinds=rule["kinds"],  # type: ignore[arg-type]
                starts_on=rule["starts_on"],  # type: ignore[arg-type]
                area_prefix=str(rule["area_prefix"]),
            )
            row = add_requirement(session, SYSTEM, facts)
            row.category_id = shelf
            row.ends_on = None if length is None else row.starts_on + timedelta(days=length)  # type: ignore[operator]
        session.flush()
        session.expire_all()
        by_rule = not channels.list_lacking_of(session, [product], Channel.FEEDS, day)[product.id]
        by_database = session.scalar(select(Product.id).where(Product.id == product.id, may_be_on(Channel.FEEDS, day))) is not None
        assert by_rule == by_database
        savepoint.rollback()


def test_many_products_are_asked_about_in_three_statements(session: Session, count_statements: StatementCounter) -> None:
    goods = [make_product(session) for _ in range(4)]
    make_certificate(session, product_id=goods[0].id)
    make_certificate(session, maker_id=goods[1].maker_id, kind=CertificateKind.HALAL)
    with count_statements() as statements:
        lack = channels.list_lacking_of(session, goods, Channel.WHOLESALE, DAY)
    assert len(statements) == 3
    assert [len(lack[each.id]) for each in goods] == [1, 1, 2, 2]


def test_the_office_adds_and_ends_a_requirement_and_the_shop_is_indexed_again(session: Session) -> None:
    product = make_product(session)
    session.execute(delete(SearchQueueEntry))
    facts = RequirementFacts(channel=Channel.WEB, goods=GoodsGroup.FOOD, kinds=[CertificateKind.PIRT], starts_on=DAY, basis="Perbup 1/2026")
    row = add_requirement(session, SYSTEM, facts)
    assert product.id in set(session.scalars(select(SearchQueueEntry.product_id)))
    assert [each.code for each in channels.list_lacking_of(session, [product], Channel.WEB, DAY)[product.id]] == [row.code]
    end_requirement(session, SYSTEM, row.code, DAY)
    assert channels.list_lacking_of(session, [product], Channel.WEB, DAY + timedelta(days=1))[product.id] == []
    with pytest.raises(Conflict):
        end_requirement(session, SYSTEM, row.code, DAY)
    acts = [entry.action for entry in audit.list_for(session, f"channel_requirement:{row.code}")]
    assert sorted(acts) == ["channel_requirement.add", "channel_requirement.end"]


def test_what_has_not_begun_is_taken_back_whole(session: Session) -> None:
    facts = RequirementFacts(channel=Channel.WEB, goods=GoodsGroup.FOOD, kinds=[CertificateKind.PIRT], starts_on=DAY)
    row = add_requirement(session, SYSTEM, facts)
    end_requirement(session, SYSTEM, row.code, DAY - timedelta(days=1))
    assert channels.list_requirements(session, Channel.WEB) == []


def test_nobody_requires_anything_beyond_their_area_or_without_a_paper(session: Session) -> None:
    regency = make_actor(session, Role.CURATOR, area_prefix="16.12")
    facts = RequirementFacts(channel=Channel.WEB, goods=GoodsGroup.FOOD, kinds=[CertificateKind.PIRT], starts_on=DAY)
    for actor, prefix in combinations((GUEST, regency), ("", "16.01")):
        with pytest.raises(NotAllowed):
            add_requirement(session, actor, RequirementFacts(**{**_values(facts), "area_prefix": prefix}))
    assert add_requirement(session, regency, RequirementFacts(**{**_values(facts), "area_prefix": "16.12"})).code
    with pytest.raises(InvalidInput):
        add_requirement(session, SYSTEM, RequirementFacts(**{**_values(facts), "kinds": []}))


def _values(facts: RequirementFacts) -> dict[str, object]:
    return {name: getattr(facts, name) for name in RequirementFacts.__slots__}


def test_a_neighbours_paper_opens_nothing_also_where_the_product_stands_in_a_join(session: Session) -> None:
    """The condition asks about the product of the row, wherever the query keeps it."""
    today = clock.today()
    holder, without = (make_product(session, halal_state=HalalState.DECLARED_NON_HALAL) for _ in range(2))
    paper = {"kind": CertificateKind.PIRT, "number": "1", "issuer": "Dinas", "valid_from_on": today, "created_at": clock.now()}
    session.add(Certificate(product_id=holder.id, **paper))
    session.flush()
    allowed = may_be_on(Channel.WHOLESALE, today)
    both = Product.id.in_([holder.id, without.id])
    queries = (
        select(Product.id).where(both, allowed),
        select(Product.id).join(Maker, Maker.id == Product.maker_id).where(both, allowed),
        select(Product.id).select_from(Variant).join(Product, Product.id == Variant.product_id).where(both, allowed).distinct(),
    )
    assert [session.scalars(query).all() for query in queries] == [[holder.id]] * 3
