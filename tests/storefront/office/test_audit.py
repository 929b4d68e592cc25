"""The audit trail: in words, with filters, and only as far as a person reaches."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from kernel import accounts, audit, clock
from kernel.people import SYSTEM
from orders import trail
from tests.cast import ADMINISTRATOR, CURATOR, CURATOR_ELSEWHERE, OUTLET_MANAGER, PROVINCE_OFFICER, World
from tests.conftest import StatementCounter
from tests.storefront.office.conftest import SignIn

pytestmark = pytest.mark.one_database
TODAY = clock.today()


def subjects(session: Session, world: World, part: str, **changes: str) -> set[str]:
    wanted = trail.TrailFilter(TODAY - timedelta(days=9), TODAY, **changes)
    page = trail.list_acts(session, accounts.as_actor(world.people[part]), wanted, "WIB")
    return {entry.subject for entry in page.rows}


def test_acts_are_read_in_words_and_both_languages(sign_in: SignIn, session: Session, world: World) -> None:
    audit.record(session, SYSTEM, "product.withdrawn", f"product:{world.words['product']}", {"reason": "Kemasan <b>rusak</b>"})
    session.commit()
    browser = sign_in(CURATOR)
    page = browser.get("/office/audit/?action=product").text
    assert "Produk: ditarik" in page or "Produk: withdrawn" not in page
    assert "Kemasan &lt;b&gt;rusak&lt;/b&gt;" in page
    assert "Product: withdrawn" in browser.get("/en/office/audit/?action=product").text
    assert browser.get("/office/audit/?from=kemarin&page=1&action=nonsense&person=XXXX").status_code == 200


def test_everybody_reads_only_what_lies_in_their_reach(session: Session, world: World) -> None:
    things = {
        f"product:{world.words['product']}",
        f"maker:{world.words['maker']}",
        f"certificate:{world.words['certificate']}",
        f"area:{world.words['village']}",
    }
    order, person = f"order:{world.words['order']}", f"user:{world.words['person']}"
    for subject in (*things, order, person):
        audit.record(session, SYSTEM, "product.update", subject)
    session.commit()
    assert things | {order, person} <= subjects(session, world, ADMINISTRATOR)
    for part in (CURATOR, PROVINCE_OFFICER):
        seen = subjects(session, world, part)
        assert things <= seen
        assert not {order, person} & seen
    assert not (things | {order, person}) & subjects(session, world, CURATOR_ELSEWHERE)
    manager = subjects(session, world, OUTLET_MANAGER)
    assert order in manager
    assert not things & manager


def test_filters_narrow_by_record_person_act_and_days(session: Session, world: World) -> None:
    curator = accounts.as_actor(world.people[CURATOR])
    subject = f"product:{world.words['product']}"
    audit.record(session, curator, "product.update", subject)
    session.commit()
    code = world.people[CURATOR].code
    assert subject in subjects(session, world, ADMINISTRATOR, person=code)
    assert subjects(session, world, ADMINISTRATOR, person=world.people[OUTLET_MANAGER].code, action="product") == set()
    assert subjects(session, world, ADMINISTRATOR, subject=subject, action="product.update") == {subject}
    assert subjects(session, world, ADMINISTRATOR, subject=subject, action="order") == set()
    past = trail.TrailFilter(TODAY - timedelta(days=99), TODAY - timedelta(days=90))
    assert trail.list_acts(session, SYSTEM, past, "WIB").total == 0


def test_the_trail_takes_two_statements(session: Session, world: World, count_statements: StatementCounter) -> None:
    session.commit()
    with count_statements() as statements:
        subjects(session, world, CURATOR)
    assert len(statements) == 2
