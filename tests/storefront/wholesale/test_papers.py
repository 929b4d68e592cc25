"""Papers of a company as files: judged by their content, kept privately, and opened by that company's approver and its office alone."""

from __future__ import annotations

from io import BytesIO

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel import throttle
from orders.models.partner import Partner, PartnerPaper, PartnerPaperScan
from orders.wholesale.buyers import list_buyers
from storefront.company_forms import ROOM
from storefront.private_files import PrivateStorage
from tests.cast import APPLICANT, CURATOR, GUEST, OUTLET_MANAGER, RETAIL_BUYER, RIVAL_BUYER, SHOPPER, World
from tests.storefront.office.conftest import SignIn

pytestmark = pytest.mark.one_database

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n"


@pytest.fixture
def kept(app: Flask) -> PrivateStorage:
    """Where the files lie."""
    return PrivateStorage(app.extensions["etalase.settings"].private_folder / ROOM)


def picture() -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (900, 1200), "white").save(buffer, "JPEG", comment=b"secret place")
    return buffer.getvalue()


def sent(data: bytes, name: str = "../../nib.html", **typed: str) -> dict[str, object]:
    return {"kind": "nib", "number": "", "scan": (BytesIO(data), name), **typed}


def only_paper(session: Session) -> tuple[PartnerPaper, PartnerPaperScan]:
    session.expire_all()
    paper, scan = session.execute(select(PartnerPaper, PartnerPaperScan).join(PartnerPaperScan)).one()
    return paper, scan


def test_an_applicant_hands_in_a_photo_and_the_office_compares_it(
    sign_in: SignIn, session: Session, world: World, kept: PrivateStorage
) -> None:
    guest, office = sign_in(GUEST), sign_in(CURATOR)
    link, page = f"/wholesale/applications/{world.words['application']}", f"/office/partners/{world.words['applied']}"
    assert guest.post(f"{link}/papers", data=sent(picture())).status_code == 303
    assert "Diserahkan" in guest.get(link).text
    paper, scan = only_paper(session)
    assert scan.name.endswith(".jpg")
    assert "Perlu dicocokkan" in office.get(page).text
    shown = office.get(f"{page}/papers/{paper.code}")
    assert (shown.mimetype, shown.headers["Cache-Control"]) == ("image/jpeg", "private, no-store")
    assert b"secret place" not in shown.data
    assert office.post(f"{page}/papers/{paper.code}/check", data={"last_day": "besok"}).status_code == 422
    assert office.post(f"{page}/papers/{paper.code}/check", data={"last_day": "2030-01-31"}).status_code == 303
    assert "Perlu dicocokkan" not in office.get(page).text
    assert office.post(f"{page}/papers/{paper.code}/burn").status_code == 404
    assert office.post(f"{page}/papers/{paper.code}/remove").status_code == 303
    assert office.get(f"{page}/papers/{paper.code}").status_code == 404
    with pytest.raises(FileNotFoundError):
        kept.open(scan.name)


@pytest.mark.parametrize(
    ("data", "name"), [(b"<svg onload=alert(1)>", "a.jpg"), (b"MZ\x90\x00", "nib.pdf"), (b"", "kosong.pdf"), (b"<html>%PDF-", "a.pdf")]
)
def test_a8_what_is_no_paper_is_refused_and_nothing_is_kept(
    sign_in: SignIn, session: Session, world: World, kept: PrivateStorage, data: bytes, name: str
) -> None:
    before = set(kept.folder.glob("*"))
    answer = sign_in(GUEST).post(f"/wholesale/applications/{world.words['application']}/papers", data=sent(data, name))
    assert answer.status_code == 422
    assert session.scalar(select(PartnerPaper.id)) is None
    assert set(kept.folder.glob("*")) == before


def test_a8_a_new_file_takes_the_old_ones_place_and_a_pdf_is_a_download(
    sign_in: SignIn, session: Session, world: World, kept: PrivateStorage
) -> None:
    guest, link = sign_in(GUEST), f"/wholesale/applications/{world.words['application']}"
    guest.post(f"{link}/papers", data=sent(picture()))
    first = only_paper(session)[1].name
    guest.post(f"{link}/papers", data=sent(PDF))
    paper, scan = only_paper(session)
    with pytest.raises(FileNotFoundError):
        kept.open(first)
    answer = sign_in(CURATOR).get(f"/office/partners/{world.words['applied']}/papers/{paper.code}")
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert (answer.headers["X-Content-Type-Options"], scan.size) == ("nosniff", len(PDF))


def test_a4_a_file_opens_for_its_own_approver_and_office_alone(
    sign_in: SignIn, session: Session, world: World, kept: PrivateStorage
) -> None:
    own = sign_in(RETAIL_BUYER)
    assert own.post("/wholesale/company/papers/new", data=sent(picture(), kind="deed", number="12/2020")).status_code == 303
    paper, scan = only_paper(session)
    assert own.get(f"/wholesale/company/papers/{paper.code}").data == kept.open(scan.name)
    assert "12/2020" in own.get("/wholesale/company").text
    assert sign_in(RIVAL_BUYER).get(f"/wholesale/company/papers/{paper.code}").status_code == 404
    for who in (GUEST, SHOPPER, APPLICANT):
        assert sign_in(who).get(f"/wholesale/company/papers/{paper.code}").status_code in (303, 403), who
        assert sign_in(who).get(f"/office/partners/{world.words['partner']}/papers/{paper.code}").status_code in (303, 403), who
    for address in (f"/media/{scan.name}", f"/office/certificates/{paper.code}/scan"):
        assert sign_in(OUTLET_MANAGER).get(address).status_code in (403, 404), address
    # Its office opens it, but not as another company's.
    office = sign_in(CURATOR)
    assert office.get(f"/office/partners/{world.words['partner']}/papers/{paper.code}").status_code == 200
    assert office.get(f"/office/partners/{world.words['applied']}/papers/{paper.code}").status_code == 404


def test_a_colleague_without_the_right_neither_hands_in_nor_opens(sign_in: SignIn, session: Session, world: World) -> None:
    own = sign_in(RETAIL_BUYER)
    own.post("/wholesale/company/papers/new", data=sent(PDF))
    paper, _scan = only_paper(session)
    partner = session.scalars(select(Partner).where(Partner.code == world.words["partner"])).one()
    row = next(each for each in list_buyers(session, partner.id) if each.user_id == world.people[RETAIL_BUYER].id)
    row.is_approver = False
    session.commit()
    assert own.get(f"/wholesale/company/papers/{paper.code}").status_code == 403
    assert own.post("/wholesale/company/papers/new", data=sent(PDF)).status_code == 403


def test_a12_so_many_files_an_hour_come_from_one_address(
    sign_in: SignIn, session: Session, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "FILES_PER_ADDRESS", 2)
    guest, link = sign_in(GUEST), f"/wholesale/applications/{world.words['application']}"
    answers = [guest.post(f"{link}/papers", data=sent(PDF)).status_code for _each in range(3)]
    assert answers == [303, 303, 422]


def test_the_office_corrects_the_company_and_keeps_what_was_typed(sign_in: SignIn, session: Session, world: World) -> None:
    office, page = sign_in(CURATOR), f"/office/partners/{world.words['applied']}"
    typed = {
        "kind": "hotel",
        "name": "Hotel Benar",
        "legal_name": "PT Hotel Benar",
        "npwp": "12",
        "address": "Jalan Benar 3",
        "area_code": "16.12.04.2001",
        "contact_name": "Bu Benar",
        "contact_email": "benar@contoh.example.com",
        "contact_phone": "0812 0000 2222",
    }
    wrong = office.post(f"{page}/company", data=typed)
    assert (wrong.status_code, "Jalan Benar 3" in wrong.text) == (422, True)
    assert office.post(f"{page}/company", data=typed | {"npwp": ""}).status_code == 303
    shown = office.get(page).text
    assert "PT Warung Contoh Nusantara → PT Hotel Benar" in shown
    assert "benar@contoh.example.com" in shown
    noted = office.post(f"{page}/papers", data={"kind": "pkp", "number": "S-1", "scan": (BytesIO(PDF), "pkp.pdf")})
    assert noted.status_code == 303
    assert "Buka berkas" in office.get(page).text
