"""A financing dossier: approved exactly as it is, shared only so, opened on record, and over when it is taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from catalog.mentoring import organisations
from catalog.mentoring.organisations import OrganisationFacts
from catalog.models.maker import Maker
from catalog.models.mentoring import OrganisationKind
from kernel import audit, clock
from kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from kernel.links import LinkEnded
from kernel.people import SYSTEM, Role
from orders.dossiers import content, sharing
from orders.dossiers.content import Content, Goods, Month, Paper
from orders.dossiers.plan import CHECKS, LIMIT, list_gaps, read_plan
from orders.models.dossier import DossierVersion
from tests.make import make_actor, make_maker
from tests.make_catalogue import make_certificate
from tests.make_consignment import make_agreement, make_consigned, sell

TODAY = clock.today()
FIELDS = {name: f"Isi {name}" for name in ("business", "market", "production", "purpose", "repayment", "contact")} | {"needed": 25_000_000}
CHECKLIST = dict.fromkeys(CHECKS, True)
SALES = [Month(f"2026-{month:02d}", month, month * 10_000, month * 8_500) for month in range(1, 13)]


@pytest.fixture
def maker(session: Session) -> Maker:
    return make_maker(session)


_FROM_THE_BOOKS = content._sales


@pytest.fixture(autouse=True)
def _sales(monkeypatch: pytest.MonkeyPatch) -> None:
    """A year of sales; that they come from the books has a test of its own."""
    monkeypatch.setattr(content, "_sales", lambda *_asked: list(SALES))


def test_sales_and_goods_come_from_the_books_by_month(session: Session) -> None:
    agreement = make_agreement(session)
    goods = make_consigned(session, agreement, 10, price=25_000)
    maker = session.get_one(Maker, agreement.maker_id)
    sell(session, goods, quantity=3)
    months = _FROM_THE_BOOKS(session, maker, TODAY + timedelta(days=1), "WIB")
    assert [(each.month, each.units, each.gross) for each in months if each.units] == [(f"{TODAY:%Y-%m}", 3, 75_000)]
    assert 0 < months[-1].share < 75_000
    assert len(months) == 12
    assert not any(each.units for each in _FROM_THE_BOOKS(session, maker, TODAY, "WIB"))  # today is not over yet
    assert [each.units for each in content.compose(session, maker, read_plan({}, {}), TODAY).stock] == [7]


@pytest.fixture
def version(session: Session, maker: Maker) -> DossierVersion:
    sharing.write_plan(session, SYSTEM, maker, FIELDS, CHECKLIST)
    return sharing.make_version(session, SYSTEM, maker, TODAY)


@pytest.fixture
def bank(session: Session, maker: Maker) -> str:
    facts = OrganisationFacts(kind=OrganisationKind.BANK, name="Bank Contoh", area_code="16.12")
    return organisations.save_organisation(session, SYSTEM, facts).code


def approve(session: Session, maker: Maker, version: DossierVersion) -> None:
    sharing.answer(session, SYSTEM, maker, version.code, digest=version.digest, agrees=True, name="Ibu Ani")


def test_every_gap_is_named_and_an_amount_above_the_limit_refused() -> None:
    assert len(list_gaps(read_plan({}, {}), 0)) == 4
    assert list_gaps(read_plan(FIELDS, CHECKLIST), 1) == []
    assert len(list_gaps(read_plan(FIELDS, CHECKLIST), 0)) == 1
    for needed in (LIMIT, LIMIT + 1, -1):
        with pytest.raises(InvalidInput):
            read_plan(FIELDS | {"needed": needed}, CHECKLIST)


def test_an_unfinished_plan_makes_no_dossier(session: Session, maker: Maker) -> None:
    sharing.write_plan(session, SYSTEM, maker, FIELDS | {"market": ""}, CHECKLIST)
    with pytest.raises(InvalidInput):
        sharing.make_version(session, SYSTEM, maker, TODAY)


def test_the_same_content_is_the_same_version(session: Session, maker: Maker, version: DossierVersion) -> None:
    assert sharing.make_version(session, SYSTEM, maker, TODAY).id == version.id
    sharing.write_plan(session, SYSTEM, maker, FIELDS | {"needed": 30_000_000}, CHECKLIST)
    assert sharing.make_version(session, SYSTEM, maker, TODAY).number == 2


def test_the_maker_approves_exactly_what_was_shown(session: Session, maker: Maker, version: DossierVersion) -> None:
    with pytest.raises(Conflict):
        sharing.answer(session, SYSTEM, maker, version.code, digest="0" * 64, agrees=True, name="Ibu Ani")
    with pytest.raises(InvalidInput):
        sharing.answer(session, SYSTEM, maker, version.code, digest=version.digest, agrees=True, name=" ")
    approve(session, maker, version)
    with pytest.raises(Conflict):
        approve(session, maker, version)
    with pytest.raises(NotFound):
        approve(session, make_maker(session), version)


def test_nothing_is_shared_before_the_maker_approved_or_after_figures_changed(
    session: Session, maker: Maker, version: DossierVersion, bank: str
) -> None:
    with pytest.raises(Conflict, match="not approved"):
        sharing.share(session, SYSTEM, maker, bank, 30, TODAY)
    approve(session, maker, version)
    assert sharing.share(session, SYSTEM, maker, bank, 30, TODAY)[1]
    make_certificate(session, maker_id=maker.id)
    with pytest.raises(Conflict, match="changed"):
        sharing.share(session, SYSTEM, maker, bank, 30, TODAY)
    again = sharing.make_version(session, SYSTEM, maker, TODAY)
    with pytest.raises(Conflict, match="anew"):
        approve(session, maker, version)
    approve(session, maker, again)
    assert sharing.share(session, SYSTEM, maker, bank, 30, TODAY)[1]


def test_old_figures_are_asked_for_anew(session: Session, maker: Maker, version: DossierVersion, bank: str) -> None:
    approve(session, maker, version)
    assert sharing.share(session, SYSTEM, maker, bank, 30, TODAY + timedelta(days=30))[1]
    with pytest.raises(Conflict, match="changed"):
        sharing.share(session, SYSTEM, maker, bank, 30, TODAY + timedelta(days=31))


def test_a_refusal_needs_words_and_keeps_it_from_being_shared(session: Session, maker: Maker, version: DossierVersion, bank: str) -> None:
    with pytest.raises(InvalidInput):
        sharing.answer(session, SYSTEM, maker, version.code, digest=version.digest, agrees=False, name="Ibu Ani")
    sharing.answer(session, SYSTEM, maker, version.code, digest=version.digest, agrees=False, name="Ibu Ani", remarks="Jumlahnya salah")
    with pytest.raises(Conflict):
        sharing.share(session, SYSTEM, maker, bank, 30, TODAY)
    assert sharing.make_version(session, SYSTEM, maker, TODAY).number == 2


def test_a_link_is_opened_on_record_and_ends(session: Session, maker: Maker, version: DossierVersion, bank: str) -> None:
    approve(session, maker, version)
    share, token = sharing.share(session, SYSTEM, maker, bank, 30, TODAY)
    assert token not in (share.token_digest, share.code)
    opening = sharing.open_share(session, token, "Firefox\x00")
    assert sharing.read_opened(session, token, opening.code).id == share.id
    assert [(times, last is not None) for _share, times, last in sharing.list_shares(session, maker)] == [(1, True)]
    with time_machine.travel(clock.now() + timedelta(minutes=16), tick=False), pytest.raises(LinkEnded):
        sharing.read_opened(session, token, opening.code)
    with time_machine.travel(clock.now() + timedelta(days=31), tick=False), pytest.raises(LinkEnded):
        sharing.read_share(session, token)
    sharing.revoke(session, SYSTEM, maker, share.code)
    for act in (
        lambda: sharing.read_share(session, token),
        lambda: sharing.open_share(session, token, ""),
        lambda: sharing.read_share(session, "x"),
    ):
        with pytest.raises(LinkEnded):
            act()
    assert {"dossier.share", "dossier.revoke", "dossier.approved"} <= {
        each.action for each in audit.list_for(session, f"maker:{maker.slug}")
    }


def test_an_opening_is_never_taken_back(session: Session, maker: Maker, version: DossierVersion, bank: str) -> None:
    approve(session, maker, version)
    _share, token = sharing.share(session, SYSTEM, maker, bank, 30, TODAY)
    sharing.open_share(session, token, "x")
    for statement in ("UPDATE dossier_openings SET browser = ''", "DELETE FROM dossier_openings"):
        with pytest.raises(DatabaseError), session.begin_nested():
            session.execute(text(statement))


def test_who_may_do_what(session: Session, maker: Maker, version: DossierVersion, bank: str) -> None:
    approve(session, maker, version)
    mentor = make_actor(session, Role.MENTOR, area_prefix="16.12.04")
    sharing.write_plan(session, mentor, maker, FIELDS, CHECKLIST)
    with pytest.raises(NotAllowed):
        sharing.share(session, mentor, maker, bank, 30, TODAY)
    with pytest.raises(NotFound):
        sharing.write_plan(session, make_actor(session, Role.MENTOR, area_prefix="16.12.01"), maker, FIELDS, CHECKLIST)
    with pytest.raises(NotAllowed):
        sharing.make_version(session, make_actor(session, Role.OBSERVER, area_prefix="16.12"), maker, TODAY)


names = st.text(max_size=30)
contents = st.builds(
    Content,
    maker=names,
    kind=st.just("household"),
    village=names,
    founded_year=st.one_of(st.none(), st.integers(1900, 2026)),
    people_count=st.none(),
    as_of=st.dates().map(str),
    texts=st.dictionaries(st.sampled_from(["business", "market"]), names),
    amounts=st.dictionaries(st.sampled_from(["needed", "own_money"]), st.integers(0, 10**9)),
    checks=st.lists(st.sampled_from(sorted(CHECKS)), unique=True),
    sales=st.lists(st.builds(Month, names, st.integers(), st.integers(), st.integers()), max_size=3),
    stock=st.lists(st.builds(Goods, names, names, names, names, st.integers()), max_size=3),
    papers=st.lists(st.builds(Paper, names, names, names, names), max_size=3),
    is_sample=st.booleans(),
)


@given(contents)
def test_what_is_written_is_read_and_one_digest_is_one_content(made: Content) -> None:
    written = content.write(made)
    assert content.read(written) == made
    assert content.write(content.read(written)) == written
    assert content.digest_of(content.write(replace(made, maker=made.maker + "."))) != content.digest_of(written)
