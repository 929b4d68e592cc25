"""From a phone in the village to two stars in the shop, page by page, and on to the day a paper runs out (must show 1 of the office)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from catalog import labels
from catalog.curation.criteria import find_current_set
from catalog.models.certificate import CertificateKind
from catalog.models.curation import CurationDecision, Gate, Submission
from catalog.models.product import ListingState, Product, PublicationDecision, Variant
from catalog.models.stock import Outlet
from catalog.search.database_engine import DatabaseEngine
from catalog.search.request import SearchRequest
from kernel import audit, clock
from kernel.outbox import OutboxMessage
from kernel.people import Grant, Role
from orders.models.partner import Partner
from storefront.mail.sending import WRITERS
from tests.cast import ASSESSOR, CURATOR, RETAIL_BUYER, VILLAGE_OFFICER, World, browser_of
from tests.make import make_category, make_user
from tests.make_catalogue import make_certificate
from tests.make_curation import marks_worth
from tests.make_wholesale import make_offer

pytestmark = pytest.mark.one_database
PERMIT = "2061612010001-26"
WORDS = {"halal_state": "certified", "travel_limit": "none", "scheme": "ovop", "description_id": "Ubi dari kebun sendiri."}


@pytest.fixture
def world(world: World, session: Session) -> World:
    """The cast, with two more assessors."""
    for part in ("second assessor", "third assessor"):
        world.people[part] = make_user(session, Grant(Role.ASSESSOR, area_prefix="16.12"))
    world.people["second curator"] = make_user(session, Grant(Role.CURATOR, area_prefix="16.12"))
    session.commit()
    return world


@pytest.fixture
def of(app: Flask, session: Session, world: World) -> Callable[[str], FlaskClient]:
    """A browser with that person signed in."""
    return lambda part: browser_of(app, session, world, part)


def photo() -> tuple[BytesIO, str]:
    """What a phone's camera sends."""
    file = BytesIO()
    Image.new("RGB", (900, 1200), "#b8923f").save(file, "JPEG")
    return BytesIO(file.getvalue()), "IMG_0001.jpg"


def step(browser: FlaskClient, code: str, name: str, words: str = "") -> None:
    """One press of a button at the desk."""
    answer = browser.post(f"/office/curation/{code}/step", data={"step": name, "words": words})
    assert answer.status_code == 303, (name, answer.text)


def check_all(browser: FlaskClient, code: str) -> None:
    """Six gates passed."""
    answer = browser.post(f"/office/curation/{code}/gates", data={f"result-{gate.value}": "passed" for gate in Gate})
    assert answer.status_code == 303


def score(session: Session, browser: FlaskClient, code: str, points: int) -> None:
    """A finished scorecard worth `points`."""
    criteria_set = find_current_set(session)
    assert criteria_set is not None
    form = {f"level-{key}": str(mark.level) for key, mark in marks_worth(criteria_set, points).items()}
    assert browser.post(f"/office/curation/{code}/score", data=form | {"finish": "1"}).status_code == 303


def propose(session: Session, village: FlaskClient) -> str:
    """The code of a proposal that is on its way to the office."""
    category = make_category(session).id
    session.commit()
    begun = village.post(
        "/office/proposals/new",
        data={"name_id": "Opak singkong wijen", "category_id": category, "maker": "+", "maker_name": "Dapur Contoh", "kind": "household"},
    )
    assert begun.status_code == 303, begun.text
    address = begun.headers["Location"].removesuffix("/edit")
    code = address.rpartition("/")[2]
    sent_early = village.post(f"{address}/edit", data=_form(category) | {"send": "1"})
    assert sent_early.status_code == 422
    assert "Tambahkan foto" in sent_early.text
    village.post(f"{address}/edit", data=_form(category))
    wrong = village.post(f"{address}/photos", data={"photos": (BytesIO(b"words"), "surat.pdf")}, content_type="multipart/form-data")
    assert wrong.status_code == 422
    assert 'value="Opak singkong wijen"' in wrong.text, "a wrong file leaves the texts as they were"
    added = village.post(f"{address}/photos", data={"photos": photo()}, content_type="multipart/form-data")
    assert added.status_code == 303
    assert village.post(f"{address}/edit", data=_form(category) | {"send": "1"}).status_code == 303
    return code


def _form(category: int, **changes: str) -> dict[str, object]:
    base = {"name_id": "Opak singkong wijen", "summary_id": "Tipis, gurih, bertabur wijen.", "contents": "150 g", "price": "15.000"}
    return {**base, **WORDS, "category_id": category, **changes}


def test_from_a_phone_to_two_stars_and_to_the_last_day_of_a_paper(
    session: Session, of: Callable[[str], FlaskClient], client: FlaskClient
) -> None:
    village, curator = of(VILLAGE_OFFICER), of(CURATOR)
    code = propose(session, village)
    submission = session.scalars(select(Submission).where(Submission.code == code)).one()
    product = session.get_one(Product, submission.product_id)
    page = f"/products/{product.slug}"
    assert client.get(page).status_code == 404

    assert "Opak singkong wijen" in curator.get("/office/curation").text
    step(curator, code, "take_up")
    step(curator, code, "return", "Tulis dari mana ubinya.")
    shown = village.get(f"/office/proposals/{code}").text
    assert "Tulis dari mana ubinya." in shown
    again = _form(product.category_id, description_id="Ubi dari kebun Karang Agung.", send="1")
    assert village.post(f"/office/proposals/{code}/edit", data=again).status_code == 303

    came_back = curator.get(f"/office/curation/{code}").text
    assert "Yang diubah sejak dikembalikan" in came_back
    assert re.search(r"<ins>[^<]*Karang", came_back)
    step(curator, code, "take_up")
    check_all(curator, code)
    step(curator, code, "open_assessment")
    for part, points in ((ASSESSOR, 70), ("second assessor", 90), ("third assessor", 80)):
        score(session, of(part), code, points)
    file = curator.get(f"/office/curation/{code}").text
    assert "80,00" in file, "the mean"
    decided = curator.post(f"/office/curation/{code}/decision", data={"ready": "good", "summary_id": "Opak renyah dari Karang Agung."})
    assert decided.status_code == 303

    session.expire_all()
    decision = session.scalars(select(CurationDecision)).one()
    assert (decision.stars, decision.stars_scale, decision.assessor_count) == (2, 3, 3)
    assert session.get_one(PublicationDecision, decision.publication_decision_id).product_id == product.id
    live = client.get(page).text
    assert "Ubi dari kebun Karang Agung." in live
    assert re.search(r"Kurasi kabupaten \d{4}: 2 dari 3 bintang", live)
    assert "Regency curation" in client.get(f"/en{page}").text
    told = session.scalars(
        select(OutboxMessage.kind).where(OutboxMessage.kind.startswith("mail.curation")).order_by(OutboxMessage.id)
    ).all()
    assert told == ["mail.curation_returned", "mail.curation_decided"]

    begun = village.post(f"/office/proposals/begin/{product.slug}")
    edit = begun.headers["Location"].rpartition("/edit")[0].rpartition("/")[2]
    better = _form(product.category_id, description_id="Ubi dan wijen dari kebun sendiri.", send="1")
    assert village.post(f"/office/proposals/{edit}/edit", data=better).status_code == 303
    assert "Ubi dari kebun Karang Agung." in client.get(page).text, "buyers see the approved text while the edit is reviewed"
    step(curator, edit, "take_up")
    review = curator.get(f"/office/curation/{edit}").text
    assert "<ins>" in review
    assert "<del>" in review
    check_all(curator, edit)
    assert curator.post(f"/office/curation/{edit}/decision", data={"ready": "good"}).status_code == 303
    after = client.get(page).text
    assert "Ubi dan wijen dari kebun sendiri." in after
    assert "2 dari 3 bintang" in after, "an edit keeps the stars"
    _paper_runs_out(session, client, of, product.id, page)


def _paper_runs_out(session: Session, client: FlaskClient, of: Callable[[str], FlaskClient], product_id: int, page: str) -> None:
    """On the day after its last, the permit is gone from page, facet, label and the wholesale listing, though nothing ran."""
    last = clock.today() + timedelta(days=30)
    make_certificate(session, product_id=product_id, number=PERMIT, valid_until_on=last)
    make_certificate(session, product_id=product_id, kind=CertificateKind.HALAL, number="ID16110000000099999")
    outlet = session.scalars(select(Outlet).join(Partner, Partner.outlet_id == Outlet.id)).first()
    assert outlet is not None
    offer = make_offer(session, outlet, session.scalars(select(Variant).where(Variant.product_id == product_id)).one())
    session.commit()
    for later, is_valid in ((30, True), (31, False)):
        with time_machine.travel(clock.now() + timedelta(days=later), tick=False):
            session.expire_all()
            product = session.scalars(select(Product).where(Product.id == product_id).options(selectinload(Product.variants))).one()
            assert product.state is ListingState.LIVE
            assert (PERMIT in client.get(page).text) is is_valid
            assert DatabaseEngine(session).search(SearchRequest(certificate="pirt")).total == is_valid, "the facet"
            (label,) = labels.read_labels(session, [labels.Wanted(product.variants[0].id, "", None, 1)], clock.today())
            assert (label.permit == f"P-IRT {PERMIT}") is is_valid
            buyer = of(RETAIL_BUYER)  # a session ends after two weeks
            assert (offer.code in buyer.get("/wholesale/offers?q=opak").text) is is_valid
            assert buyer.get(f"/wholesale/offers/{offer.code}").status_code == (200 if is_valid else 404)


def test_every_step_on_the_pages_leaves_its_record(session: Session, of: Callable[[str], FlaskClient]) -> None:
    village, curator = of(VILLAGE_OFFICER), of(CURATOR)
    code = propose(session, village)
    step(curator, code, "take_up")
    step(curator, code, "return", "Perjelas.")
    category = make_category(session).id
    session.commit()
    assert village.post(f"/office/proposals/{code}/edit", data=_form(category, description_id="Lebih jelas.", send="1")).status_code == 303
    step(curator, code, "take_up")
    check_all(curator, code)
    step(curator, code, "open_assessment")
    third = of("third assessor")
    assert third.post(f"/office/curation/{code}/conflict", data={"words": "Sepupu saya."}).status_code == 303
    for part, points in ((ASSESSOR, 50), ("second assessor", 52)):
        score(session, of(part), code, points)
    key = next(iter(marks_worth(find_current_set(session), 50)))  # type: ignore[arg-type]
    items = {"item": f"criterion:{key}", f"item-criterion:{key}": "Ganti plastiknya."}
    assert curator.post(f"/office/curation/{code}/decision", data={"ready": "quality"} | items).status_code == 303
    village.post(f"/office/proposals/{code}/step", data={"step": "appeal", "reason": "Kami sudah menggantinya."})
    acts = [entry.action for entry in reversed(audit.list_for(session, f"submission:{code}"))]
    assert acts == [
        "submission.propose", "submission.submit", "submission.take_up", "submission.return", "submission.submit",
        "submission.take_up", *["submission.gate"] * 6, "submission.open_assessment", "submission.conflict",
        "submission.score", "submission.score", "submission.ask_improvement", "submission.appeal",
    ]  # fmt: skip
    second = of("second curator")
    step(second, code, "dismiss", "Kami sudah melihatnya lagi.")
    assert audit.list_for(session, f"submission:{code}")[0].action == "submission.dismiss_appeal"


def test_every_letter_of_curation_can_be_written() -> None:
    assert {"mail.curation_returned", "mail.curation_decided", "mail.curation_appeal_decided", "mail.curation_due"} <= set(WRITERS)
