"""The office's pages of papers: list, calendar, one paper with scan and renewal, and what channels require."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models.certificate import Certificate, CertificateScan
from catalog.models.channel import ChannelRequirement
from kernel import clock
from storefront.mail import sending
from tests.cast import ADMINISTRATOR, CURATOR, MENTOR, OBSERVER, World
from tests.storefront.office.conftest import SignIn

pytestmark = pytest.mark.one_database


def paper_of(session: Session, world: World) -> Certificate:
    session.expire_all()
    return session.scalars(select(Certificate).where(Certificate.code == world.words["certificate"])).one()


def picture(size: tuple[int, int] = (900, 1200)) -> bytes:
    buffer = BytesIO()
    Image.new("RGB", size, "white").save(buffer, "JPEG", comment=b"secret place")
    return buffer.getvalue()


def test_the_list_filters_and_speaks_both_languages(sign_in: SignIn, session: Session, world: World) -> None:
    paper = paper_of(session, world)
    paper.valid_until_on = clock.today() + timedelta(days=6)
    session.commit()
    browser = sign_in(OBSERVER)
    for prefix, words in (("", "6 hari lagi"), ("/en", "6 days left")):
        page = browser.get(f"{prefix}/office/certificates/?state=expiring&within=7").text
        assert paper.number in page
        assert words in page
        assert paper.number in browser.get(f"{prefix}/office/certificates/calendar?month={paper.valid_until_on:%Y-%m}").text
    assert paper.number not in browser.get("/office/certificates/?state=expired").text
    assert paper.number not in sign_in(MENTOR).get("/office/certificates/").text
    assert browser.get("/office/certificates/calendar?month=<b>").status_code == 200
    assert browser.get("/office/certificates/?kind=nonsense&within=x&state=y").status_code == 200


def test_an_observer_reads_a_paper_and_changes_nothing(sign_in: SignIn, session: Session, world: World) -> None:
    browser = sign_in(OBSERVER)
    page = browser.get(f"/office/certificates/{world.words['certificate']}").text
    assert "Akhiri izin" not in page
    assert "Riwayat" in page
    assert browser.post(f"/office/certificates/{world.words['certificate']}/end", data={"last_day": "2026-01-01"}).status_code == 403


def test_a_scan_is_drawn_anew_and_shown_to_the_office_alone(sign_in: SignIn, session: Session, world: World) -> None:
    address = f"/office/certificates/{world.words['certificate']}"
    browser = sign_in(CURATOR)
    answer = browser.post(f"{address}/scan/new", data={"scan": (BytesIO(picture()), "../../etc/passwd.svg")})
    assert answer.status_code == 303
    scan = session.scalars(select(CertificateScan)).one()
    shown = browser.get(f"{address}/scan")
    assert (shown.status_code, shown.mimetype) == (200, "image/jpeg")
    assert b"secret place" not in shown.data
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert "passwd" not in scan.name
    assert sign_in(OBSERVER).get(f"{address}/scan").status_code == 403


@pytest.mark.parametrize(
    ("data", "name"),
    [(b"<svg onload=alert(1)>", "a.svg"), (b"MZ\x90", "a.jpg"), (b"<html>%PDF", "a.pdf"), (b"", "a.png"), (picture((10, 10)), "a.jpg")],
)
def test_what_is_no_picture_and_no_pdf_is_refused(sign_in: SignIn, session: Session, world: World, data: bytes, name: str) -> None:
    answer = sign_in(CURATOR).post(f"/office/certificates/{world.words['certificate']}/scan/new", data={"scan": (BytesIO(data), name)})
    assert answer.status_code == 422
    assert session.scalars(select(CertificateScan)).all() == []


def test_a_pdf_is_a_download_that_no_browser_opens_for_us(sign_in: SignIn, session: Session, world: World) -> None:
    address = f"/office/certificates/{world.words['certificate']}"
    browser = sign_in(CURATOR)
    browser.post(f"{address}/scan/new", data={"scan": (BytesIO(b"%PDF-1.7\n<script>"), "paper.html")})
    shown = browser.get(f"{address}/scan")
    assert shown.mimetype == "application/pdf"
    assert shown.headers["Content-Disposition"].startswith("attachment")
    assert shown.headers["X-Content-Type-Options"] == "nosniff"


def test_a_paper_is_renewed_with_its_scan_and_the_old_one_stays(sign_in: SignIn, session: Session, world: World) -> None:
    old = paper_of(session, world)
    old.valid_until_on = clock.today() + timedelta(days=20)
    session.commit()
    ends = clock.today() + timedelta(days=1_400)
    number = "ID16110000000000002"
    form = {
        "number": number,
        "issuer": "BPJPH Jakarta",
        "valid_from_on": clock.today().isoformat(),
        "valid_until_on": ends.isoformat(),
        "scan": (BytesIO(picture()), "scan.jpg"),
    }
    browser = sign_in(CURATOR)
    refused = browser.post(f"/office/certificates/{old.code}/renew", data=form | {"number": "123", "scan": (BytesIO(picture()), "s.jpg")})
    assert refused.status_code == 422
    assert "BPJPH Jakarta" in refused.text
    answer = browser.post(f"/office/certificates/{old.code}/renew", data=form)
    assert answer.status_code == 303
    page = browser.get(answer.location).text
    assert number in page
    assert old.number in page
    assert "Simpan pindaian baru" in page


def test_a_withdrawn_paper_ends_on_the_day_typed(sign_in: SignIn, session: Session, world: World) -> None:
    browser = sign_in(CURATOR)
    day = clock.today() + timedelta(days=1)
    assert browser.post(f"/office/certificates/{world.words['certificate']}/end", data={"last_day": day.isoformat()}).status_code == 303
    assert paper_of(session, world).valid_until_on == day
    refused = browser.post(f"/office/certificates/{world.words['certificate']}/end", data={"last_day": "31/02/2026"})
    assert refused.status_code == 422


def test_channels_require_what_the_office_says(sign_in: SignIn, session: Session, world: World) -> None:
    browser = sign_in(CURATOR)
    form = {"channel": "web", "goods": "food", "area": "16.12", "kinds": ["pirt", "bpom"], "starts_on": "2026-01-01", "basis": "Perbup 7"}
    assert "Perbup 7" not in browser.get("/office/certificates/channels").text
    assert browser.post("/office/certificates/channels", data=form | {"kinds": []}).status_code == 422
    assert browser.post("/office/certificates/channels", data=form | {"area": "everywhere"}).status_code == 422
    assert browser.post("/office/certificates/channels", data=form).status_code == 303
    row = session.scalars(select(ChannelRequirement).where(ChannelRequirement.basis == "Perbup 7")).one()
    for prefix in ("", "/en"):
        assert "Perbup 7" in browser.get(f"{prefix}/office/certificates/channels").text
    browser.post(f"/office/certificates/channels/{row.code}/end", data={"last_day": "2026-12-31"})
    session.expire_all()
    assert str(session.get_one(ChannelRequirement, row.id).ends_on) == "2026-12-31"
    assert "everywhere" in sign_in(ADMINISTRATOR).get("/office/certificates/channels").text


def test_the_letter_names_the_papers_in_the_readers_language(sign_in: SignIn, session: Session, world: World, app: object) -> None:
    paper = paper_of(session, world)
    paper.valid_until_on = clock.today() + timedelta(days=30)
    session.commit()
    payload = {"email": "a@example.com", "name": "Ibu Ani", "language": "en", "papers": [paper.code], "to": "maker"}
    with app.test_request_context():  # type: ignore[attr-defined]
        sending.speak(payload)
        letter = sending.WRITERS["mail.papers_expiring"](payload)
    assert letter is not None
    assert "1 paper will run out" in letter.subject
    assert paper.number in letter.text
    assert "bring the new paper" in letter.html
