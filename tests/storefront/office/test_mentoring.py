"""The office's mentoring pages: a visit from the phone sent twice, items done, events marked, organisations; in reach only."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.models.mentoring import (
    ActionItem,
    EventAttendee,
    MentorAssignment,
    ProgrammeEvent,
    Referral,
    SupportingOrganisation,
    Visit,
    VisitPhoto,
)
from kernel import clock
from tests.cast import CURATOR, MENTOR, OBSERVER, PROVINCE_OFFICER, World
from tests.make import KARANG_AGUNG, TALANG_BULANG, make_maker
from tests.storefront.office.conftest import SignIn

pytestmark = pytest.mark.one_database
TODAY = clock.today()
ROOM = "/office/mentoring"


def photo() -> tuple[BytesIO, str]:
    buffer = BytesIO()
    Image.new("RGB", (600, 600), "white").save(buffer, "JPEG")
    buffer.seek(0)
    return buffer, "kunjungan.jpg"


def form(unit: str, **changes: object) -> dict[str, object]:
    values = {"token": "t" * 32, "unit": unit, "visited_on": TODAY.isoformat(), "seen": "Dapur <b>bersih</b>.", "photos": photo()}
    return values | {"item_owner": "maker"} | changes


def count(session: Session, model: type) -> int:
    session.expire_all()
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_visit_that_a_phone_sends_twice_is_one_visit_with_one_item(sign_in: SignIn, session: Session, world: World) -> None:
    maker = make_maker(session, village_code=TALANG_BULANG)
    session.commit()
    browser = sign_in(MENTOR)
    before = count(session, Visit)
    sent = {"item": "Cetak label", "item_due_on": (TODAY + timedelta(days=9)).isoformat(), "next_on": TODAY.isoformat()}
    first = browser.post(f"{ROOM}/visits/new", data=form(f"maker:{maker.slug}", **sent))
    second = browser.post(f"{ROOM}/visits/new", data=form(f"maker:{maker.slug}", **sent))
    assert (first.status_code, second.status_code, first.location) == (303, 303, second.location)
    assert count(session, Visit) == before + 1
    assert session.scalars(select(ActionItem.text).where(ActionItem.maker_id == maker.id)).all() == ["Cetak label"]
    page = browser.get(first.location).text
    assert "Dapur &lt;b&gt;bersih&lt;/b&gt;." in page
    name = session.scalars(select(VisitPhoto.name).order_by(VisitPhoto.id.desc())).first()
    shown = browser.get(f"{first.location}/photos/{name}")
    assert (shown.status_code, shown.mimetype) == (200, "image/jpeg")
    assert "no-store" in shown.headers["Cache-Control"]
    assert browser.get(f"{first.location}/photos/../secret").status_code == 404


def test_what_was_typed_stays_when_a_visit_is_refused(sign_in: SignIn, world: World) -> None:
    browser = sign_in(MENTOR)
    answer = browser.post(f"{ROOM}/visits/new", data=form(f"village:{TALANG_BULANG}", visited_on="2099-01-01", latitude="abc"))
    assert answer.status_code == 422
    assert "Dapur &lt;b&gt;bersih" in answer.text
    assert "abc" in answer.text
    assert "t" * 32 in answer.text


def test_a_place_is_noted_only_with_consent(sign_in: SignIn, session: Session, world: World) -> None:
    browser = sign_in(MENTOR)
    here = {"latitude": "-3,38341", "longitude": "103.9472"}
    browser.post(f"{ROOM}/visits/new", data=form(f"village:{TALANG_BULANG}", **here))
    browser.post(f"{ROOM}/visits/new", data=form(f"village:{TALANG_BULANG}", token="u" * 32, photos=photo(), has_consent="y", **here))
    rows = session.scalars(select(Visit).where(Visit.village_code == TALANG_BULANG).order_by(Visit.id)).all()
    assert [row.latitude for row in rows] == [None, -3.38341]


def test_a_mentor_of_talang_ubi_sees_nothing_of_abab(sign_in: SignIn, world: World) -> None:
    """The world's maker is in Karang Agung, district Abab: its visit, items, referral and papers are not there for this mentor."""
    browser = sign_in(MENTOR)
    name = world.words["maker"]
    for address in (f"{ROOM}/", f"{ROOM}/visits", f"{ROOM}/items", f"{ROOM}/visits/new", "/office/certificates/"):
        page = browser.get(address)
        assert page.status_code == 200
        assert name not in page.text
        assert "Karang Agung" not in page.text
    for address in ("visits/{visit}", "makers/{maker}", "items/{item}"):
        assert browser.get(world.address(f"{ROOM}/{address}")).status_code == 404
    assert browser.post(f"{ROOM}/visits/new", data=form(f"village:{KARANG_AGUNG}")).status_code == 422


def test_the_province_sees_all_and_an_observer_writes_nothing(sign_in: SignIn, session: Session, world: World) -> None:
    for part in (PROVINCE_OFFICER, OBSERVER):
        browser = sign_in(part)
        page = browser.get(world.address(f"{ROOM}/makers/{{maker}}")).text
        assert "Label baru" in page
        assert "Note a visit" not in page
        assert "Catat kunjungan" not in page
        assert browser.get(world.address(f"{ROOM}/visits/{{visit}}")).status_code == 200
        numbers = [count(session, model) for model in (Visit, ActionItem, Referral, EventAttendee, MentorAssignment)]
        for address in ("visits/new", "items/{item}", "events/{event}/mark", "makers/{maker}/items", "makers/{maker}/refer", "assignments"):
            assert browser.post(world.address(f"{ROOM}/{address}"), data=form("maker:x")).status_code == 403
        assert [count(session, model) for model in (Visit, ActionItem, Referral, EventAttendee, MentorAssignment)] == numbers


def test_an_item_is_done_with_a_photo_and_opened_again(sign_in: SignIn, session: Session, world: World) -> None:
    browser = sign_in(CURATOR)
    address = world.address(f"{ROOM}/items/{{item}}")
    assert browser.post(address, data={"result": ""}).status_code == 422
    assert browser.post(address, data={"result": "Label dicetak", "photos": photo()}).status_code == 303
    page = browser.get(world.address(f"{ROOM}/makers/{{maker}}")).text
    assert "Label dicetak" in page
    assert browser.get(f"{address}/evidence").mimetype == "image/jpeg"
    assert browser.post(f"{address}/reopen").status_code == 303
    session.expire_all()
    assert session.scalars(select(ActionItem.done_at)).all() == [None]


def test_an_event_is_planned_registered_for_marked_and_printed(sign_in: SignIn, session: Session, world: World) -> None:
    browser = sign_in(CURATOR)
    data = {"kind": "training", "title": "Kemasan", "area": "16.12", "held_on": TODAY.isoformat(), "place": "Aula"}
    assert browser.post(f"{ROOM}/events/new", data=data | {"title": ""}).status_code == 422
    address = browser.post(f"{ROOM}/events/new", data=data | {"villages": [KARANG_AGUNG, TALANG_BULANG]}).location
    assert (
        browser.post(f"{address}/register", data={"village": KARANG_AGUNG, "name": "Ibu Ani", "phone": "0812 3456 7890"}).status_code == 303
    )
    assert browser.post(f"{address}/register", data={"village": KARANG_AGUNG, "name": "Ibu Ani"}).status_code == 422
    code = session.scalars(select(EventAttendee.code)).one()
    browser.post(f"{address}/mark", data={"present": [code]})
    for prefix in ("", "/en"):
        assert "Ibu Ani" in browser.get(f"{prefix}{address}").text
        assert "Ibu Ani" in browser.get(f"{prefix}{address}/sheet").text
    changed = browser.post(f"{address}/change", data=data | {"title": "Kemasan dan label", "villages": [KARANG_AGUNG]})
    assert changed.status_code == 303
    assert session.scalars(select(ProgrammeEvent.title).order_by(ProgrammeEvent.id.desc())).first() == "Kemasan dan label"
    assert "Kemasan dan label" in browser.get(f"{ROOM}/events").text
    browser.post(world.address(f"{ROOM}/events/{{event}}/cancel"))
    assert "dibatalkan" in browser.get(world.address(f"{ROOM}/events/{{event}}")).text


def test_an_organisation_helps_and_a_referral_is_answered(sign_in: SignIn, session: Session, world: World) -> None:
    browser = sign_in(CURATOR)
    data = {
        "kind": "university",
        "name": "Universitas Contoh",
        "area": "16.12",
        "is_active": "y",
        "contacts": "Ibu Sri; dosen; 081234567890\nPak Adi",
    }
    assert browser.post(f"{ROOM}/organisations/new", data=data | {"contacts": "Ibu; dosen; bukan nomor"}).status_code == 422
    address = browser.post(f"{ROOM}/organisations/new", data=data).location
    assert "+6281234567890" in browser.get(address).text
    assert browser.post(f"{address}/change", data=data | {"name": "Universitas Lain"}).status_code == 303
    code = session.scalars(select(SupportingOrganisation.code).where(SupportingOrganisation.name == "Universitas Lain")).one()
    assert (
        browser.post(world.address(f"{ROOM}/makers/{{maker}}/refer"), data={"organisation": code, "purpose": "Uji gizi"}).status_code == 303
    )
    for state, result in (("accepted", ""), ("completed", "Hasil uji keluar")):
        session.expire_all()
        referral = session.scalars(select(Referral).where(Referral.purpose == "Uji gizi")).one()
        browser.post(f"{ROOM}/referrals/{referral.code}/result", data={"state": state, "result": result})
    assert "Hasil uji keluar" in browser.get(world.address(f"{ROOM}/makers/{{maker}}")).text


def test_a_mentor_is_assigned_and_the_assignment_ended(sign_in: SignIn, session: Session, world: World) -> None:
    browser: FlaskClient = sign_in(CURATOR)
    data = {"mentor": world.people[MENTOR].code, "unit": f"village:{TALANG_BULANG}", "starts_on": TODAY.isoformat()}
    assert browser.post(f"{ROOM}/assignments", data=data | {"unit": "village:99.99.99.9999"}).status_code == 422
    assert browser.post(f"{ROOM}/assignments", data=data).status_code == 303
    assert "Talang Bulang" in sign_in(MENTOR).get(f"{ROOM}/").text
    browser.post(world.address(f"{ROOM}/assignments/{{assignment}}/end"), data={"last_day": (TODAY + timedelta(days=1)).isoformat()})
    session.expire_all()
    ends = session.scalars(select(MentorAssignment.ends_on).where(MentorAssignment.code == world.words["assignment"])).one()
    assert ends == TODAY + timedelta(days=1)
