"""Every record of the office tells on its own page what was done to it, by whom, in words of both languages."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel import audit
from kernel.people import GUEST, SYSTEM, Actor
from orders.models.voucher import Voucher
from storefront.audit_words import act_words
from storefront.i18n import speaking
from storefront.office.record_history import SHOWN
from tests.cast import ADMINISTRATOR, OUTLET_MANAGER, World
from tests.conftest import StatementCounter
from tests.house.permission_table import TABLE
from tests.storefront.office.conftest import SignIn

pytestmark = pytest.mark.one_database

WRITER = "Penulis Jejak"
STRANGER = "Orang Lain"
#: Which page shows the acts on which subject: the subject, an act, and what the acts of a wider subject name.
PAGES: dict[str, tuple[str, str, dict[str, str]]] = {
    "office.agreement": ("agreement:{agreement}", "agreement.terms", {}),
    "office.approval": ("variant:{variant}", "approval.asked", {"approval": "{approval}"}),
    "office.batch": ("batch:{product}/{lot}", "batch.blocked", {}),
    "office.bulk_edit": ("bulk:{bulk}", "products.change_many", {}),
    "office.category": ("category:{category}", "category.change", {}),
    "office.collection": ("collection:{collection}", "collection.update", {}),
    "office.count": ("count:{count}", "count.started", {}),
    "office.criteria_set": ("criteria:regency_curation-2026-1", "criteria.change", {}),
    "office.curation_file": ("submission:{submission}", "submission.remind", {}),
    "office.delivery": ("delivery:{delivery}", "delivery.counted", {}),
    "office.event": ("event:{event}", "event.update", {}),
    "office.feed_settings": ("feed:shopee", "feed.changed", {}),
    "office.group_page": ("partner-group:{group}", "group.assortment", {}),
    "office.import_run": ("import:{import}", "import.stop", {}),
    "office.maker": ("maker:{maker}", "maker.update", {}),
    "office.maker_payout": ("payout:{batch}", "payout.approved", {}),
    "office.mapping_village": ("area:{village}", "village.describe", {}),
    "office.mentored_maker": ("maker:{maker}", "maker.update", {}),
    "office.offer_page": ("offer:{offer}", "offer.prices", {}),
    "office.order": ("order:{order}", "order.ready", {}),
    "office.organisation": ("organisation:{organisation}", "organisation.update", {}),
    "office.outlet": ("outlet:{outlet}", "outlet.rules", {}),
    "office.paper": ("certificate:{certificate}", "certificate.renew", {}),
    "office.partner_page": ("partner:{partner}", "partner.terms", {}),
    "office.person": ("user:{person}", "second_factor.reset", {}),
    "office.product_publication": ("product:{product}", "product.update", {}),
    "office.programme_office": ("programme_office:16.12", "programme_office.save", {}),
    "office.pull_out": ("pull_out:{pull_out}", "pull_out.done", {}),
    "office.readiness_profile": ("readiness:minimarket", "readiness.changed", {}),
    "office.sample_page": ("sample:{sample}", "sample.sent", {}),
    "office.settlement": ("outlet:{outlet}", "settlement.posted", {"file": "mutasi.csv"}),
    "office.statement": ("agreement:{agreement}", "statement.closed", {"statement": "{closed}"}),
    "office.till": ("till:{outlet}-{till}", "till.changed", {}),
    "office.till_incident": ("incident:{incident}", "incident.resolved", {}),
    "office.till_shift": ("till:{outlet}-{till}", "shift.closed", {"shift": "1"}),
    "office.trade_invoice": ("purchase:{purchase}", "invoice.issued", {}),
    "office.trade_order": ("purchase:{purchase}", "purchase.rejected", {}),
    "office.trade_quote": ("quote:{quote}", "quote.offered", {}),
    "office.transfer": ("transfer:{transfer}", "transfer.sent", {}),
    "office.voucher": ("voucher:{voucher_number}", "voucher.approved", {}),
}
#: Pages of one record that need no such panel, and why.
ELSEWHERE: dict[str, str] = {
    "office.action_done": "a form; its acts stand on the maker's page",
    "office.agreement_new": "makes a record",
    "office.evidence_file": "a file; its acts stand on the village's page",
    "office.feed_product": "a row of the feed",
    "office.maker_payout_new": "makes a record",
    "office.offer_mixes": "a list and a form; each mix has a page with the panel",
    "office.offer_new": "makes a record",
    "office.period": "shows its own steps, each with who and when",
    "office.potential_edit": "a form; its acts stand on the village's page",
    "office.product": "the tab beside it, publication, has the panel",
    "office.proposal": "the curation file has the panel, for those who decide",
    "office.proposal_begin": "makes a record",
    "office.report_begin": "makes a record",
    "office.seller_terms": "a form; its acts stand on the outlet's page",
    "office.shelf": "a list; the outlet's page has the panel",
    "office.till_board": "a list; each till has the panel",
    "office.trace": "a list; the lot's page has the panel",
    "office.trace_file": "a file",
    "office.translation": "a form; its acts stand with the product",
    "office.village_report": "shows its own steps and versions, each with who and when",
    "office.visit": "its acts stand on the maker's page",
    "office.zone": "a form; its acts stand on the outlet's page",
    "office.zone_list": "a list; the outlet's page has the panel",
}
#: Rooms that say the acts in words of their own.
OWN_WORDS = {"office.mapping_village", "office.trade_order"}
#: Addresses that end in a record: `/office/partners/{partner}`.
OF_A_RECORD = re.compile(r"/office/[a-z/-]*(\{\w+\}/)?\{\w+\}(-R1)?")


def words_of(session: Session, world: World) -> dict[str, str]:
    """The world's words; a voucher is named by its number, as its code is as good as money."""
    number = session.scalars(select(Voucher.id).where(Voucher.code == world.words["voucher"])).one()
    return world.words | {"voucher_number": str(number)}


def note(session: Session, endpoint: str, words: dict[str, str]) -> str:
    """An act on the page's record, and one by a stranger on another record; answers the act."""
    subject, act, named = PAGES[endpoint]
    details = {key: value.format(**words) for key, value in named.items()}
    audit.record(session, Actor(None, f"{WRITER} {endpoint}"), act, subject.format(**words), details)
    audit.record(
        session,
        Actor(None, f"{STRANGER} {endpoint}"),
        act,
        subject.format(**words) if named else "nothing:here",
        dict.fromkeys(named, "another"),
    )
    session.commit()
    return act


def panel_of(page: str) -> str:
    """The part of a page that is its history."""
    found = re.search(r'<section class="panel history".*?</section>', page, re.DOTALL)
    return unescape(found.group()) if found else ""


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_record_shows_what_was_done_to_it(app: Flask, sign_in: SignIn, session: Session, world: World, language: str) -> None:
    words, browser, lacking = words_of(session, world), sign_in(ADMINISTRATOR), {}
    for endpoint in PAGES:
        act = note(session, endpoint, words)
        answer = browser.get(f"/{language}".removesuffix("/id") + world.address(TABLE[endpoint].address))
        shown = answer.text if endpoint in OWN_WORDS else panel_of(answer.text)
        with app.test_request_context(), speaking(language):
            said = "" if endpoint in OWN_WORDS else act_words(act)
        faults = [text for text in (f"{WRITER} {endpoint}", said) if text not in shown]
        faults += [text for text in (f"{STRANGER} {endpoint}", act) if text in shown]
        if answer.status_code != 200 or faults:
            lacking[endpoint] = (answer.status_code, faults)
    assert lacking == {}


def test_every_page_of_a_record_is_in_the_table() -> None:
    pages = {endpoint for endpoint, row in TABLE.items() if endpoint.startswith("office.") and OF_A_RECORD.fullmatch(row.address)}
    assert pages - set(PAGES) - set(ELSEWHERE) - {"office.refund"} == set()
    assert set(ELSEWHERE) <= pages


def test_a_history_is_one_statement_however_long(
    sign_in: SignIn, session: Session, world: World, count_statements: StatementCounter
) -> None:
    browser, address = sign_in(OUTLET_MANAGER), world.address("/office/agreements/{agreement}")
    browser.get(address)

    def statements() -> list[str]:
        with count_statements() as seen:
            assert browser.get(address).status_code == 200
        return list(seen)

    few = statements()
    for _number in range(30):
        note(session, "office.agreement", words_of(session, world))
    many = statements()
    assert len(many) == len(few)
    assert sum("FROM audit_entries" in each for each in many) == 1


def test_acts_without_an_account_say_whose_they_are(sign_in: SignIn, session: Session, world: World) -> None:
    subject = f"order:{world.words['order']}"
    for actor in (GUEST, SYSTEM):
        audit.record(session, actor, "order.placed", subject)
    session.commit()
    panel = panel_of(sign_in(ADMINISTRATOR).get(f"/office/orders/{world.words['order']}").text)
    assert "Pembeli tanpa akun" in panel
    assert "Sistem" in panel
    assert "guest" not in panel


def test_older_acts_are_shown_to_whoever_asks_and_amounts_as_money(sign_in: SignIn, session: Session, world: World) -> None:
    order = world.words["order"]
    for number in range(SHOWN + 5):
        audit.record(session, Actor(None, f"{WRITER} {number}"), "order.paid", f"order:{order}", {"amount": 25_000 + number})
    session.commit()
    browser = sign_in(ADMINISTRATOR)
    first = panel_of(browser.get(f"/en/office/orders/{order}").text)
    assert "Rp25.024" in first
    assert "Rp25.002" not in first
    assert 'href="?history=all#history"' in first
    whole = panel_of(browser.get(f"/en/office/orders/{order}?history=all").text)
    assert all(f"Rp25.{number:03}" in whole for number in range(SHOWN + 5))
    assert "history=all" not in whole
