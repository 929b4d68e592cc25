"""Mapping in the office: everybody's own area, filters and files, a village's page, evidence, and a fixed number of statements."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.mapping.potentials import PotentialFacts, add_potential
from catalog.models.area import Area, AreaLevel, VillageKind
from catalog.models.mapping import Evidence, EvidenceKind, PotentialProduct
from catalog.models.programme import ProgrammeStatus
from catalog.programme import find_record
from kernel import clock
from kernel.people import SYSTEM
from tests.cast import ADMINISTRATOR, CURATOR, MENTOR, OBSERVER, PROVINCE_OFFICER, VILLAGE_OFFICER, World
from tests.conftest import StatementCounter
from tests.make import BETUNG, KARANG_AGUNG, TALANG_BULANG, make_programme_record
from tests.storefront.office.conftest import SignIn

pytestmark = pytest.mark.one_database

S = ProgrammeStatus


@pytest.fixture(autouse=True)
def villages(session: Session, world: World) -> None:
    make_programme_record(session, KARANG_AGUNG, status=S.LAUNCHED, product_name_id="Keripik ubi kencur", product_name_en="Cassava chips")
    make_programme_record(session, BETUNG, status=S.MAPPED, product_name_id="=Tepung mocaf")
    session.commit()


def test_the_overview_shows_figures_and_the_map_in_both_languages(sign_in: SignIn) -> None:
    browser = sign_in(CURATOR)
    for prefix, word in (("", "Diluncurkan"), ("/en", "Launched")):
        page = browser.get(f"{prefix}/office/mapping/").text
        assert word in page
        assert 'class="area-map area-map-status"' in page
        assert f"/office/mapping/villages/{KARANG_AGUNG}" in page


def test_a_mentor_of_talang_ubi_sees_nothing_of_abab_and_a_province_all_its_regencies(sign_in: SignIn) -> None:
    mentor, province = sign_in(MENTOR), sign_in(PROVINCE_OFFICER)
    own = mentor.get("/office/mapping/villages").text
    assert "Talang Bulang" in own
    assert "Betung" not in own
    for path in (f"villages/{BETUNG}", "?area=16.12.04", "villages?area=16.12", "villages.csv?area=16.12.04", "same?area=16"):
        assert mentor.get(f"/office/mapping/{path}").status_code == 404
    assert "Contoh Jauh" in province.get("/office/mapping/villages?area=16.01").text
    both = province.get("/office/mapping/?area=16").text
    assert "PALI" in both
    assert "Ogan Komering Ulu" in both


def test_an_observer_reads_only(sign_in: SignIn, world: World) -> None:
    browser = sign_in(OBSERVER)
    page = browser.get(f"/office/mapping/villages/{KARANG_AGUNG}").text
    assert "Keripik ubi kencur" in page
    assert '<form method="post" action="/office/mapping' not in page
    assert browser.post(f"/office/mapping/villages/{KARANG_AGUNG}/move", data={"after": "graduated"}).status_code == 403


@pytest.mark.parametrize(
    ("query", "seen", "unseen"),
    [
        ("status=launched", {"Karang Agung"}, {"Betung", "Talang Bulang"}),
        ("status=not_mapped", {"Talang Bulang"}, {"Betung", "Karang Agung"}),
        ("missing=evidence", {"Betung"}, {"Karang Agung", "Talang Bulang"}),
        ("q=mocaf", {"Betung"}, {"Karang Agung"}),
        ("q=karangagung", {"Karang Agung"}, {"Betung"}),
        ("scheme=ovop", {"Karang Agung"}, {"Betung"}),
        ("area=16.12.01", {"Talang Bulang"}, {"Betung"}),
        ("status=nonsense", {"Betung", "Karang Agung", "Talang Bulang"}, set()),
    ],
)
def test_the_list_is_narrowed(sign_in: SignIn, query: str, seen: set[str], unseen: set[str]) -> None:
    table = sign_in(ADMINISTRATOR).get(f"/office/mapping/villages?{query}").text.partition("<tbody>")[2].partition("</tbody>")[0]
    assert {name for name in seen | unseen if f">{name}</a>" in table} == seen


def test_a_file_has_every_village_and_no_formula(sign_in: SignIn) -> None:
    browser = sign_in(CURATOR)
    text = browser.get("/office/mapping/villages.csv?area=16.12.04").data.decode("utf-8-sig")
    assert [line.split(",")[0] for line in text.splitlines()[1:]] == [BETUNG, KARANG_AGUNG]
    assert "'=Tepung mocaf" in text
    sheet = load_workbook(BytesIO(browser.get("/office/mapping/villages.xlsx").data)).active
    assert sheet is not None
    assert len(list(sheet.rows)) == 1 + 4
    assert browser.get("/office/mapping/villages.pdf").status_code == 404


def test_two_villages_with_the_same_product_stand_side_by_side(sign_in: SignIn, session: Session) -> None:
    add_potential(session, SYSTEM, BETUNG, PotentialFacts("Kencur, keripik ubi", note="Tiga rumah."))
    add_potential(session, SYSTEM, TALANG_BULANG, PotentialFacts("Dodol nanas"))
    session.commit()
    page = sign_in(CURATOR).get("/office/mapping/same").text
    assert "Tiga rumah." in page
    assert page.count('class="twin"') == 2
    assert "Dodol nanas" not in page
    assert page.count("juga disebut desa lain") == 0
    assert "juga disebut desa lain" in sign_in(CURATOR).get(f"/office/mapping/villages/{BETUNG}").text


def test_a_curator_maps_a_village_and_a_stale_page_is_told_so(sign_in: SignIn, session: Session) -> None:
    browser = sign_in(CURATOR)
    answer = browser.post(f"/office/mapping/villages/{TALANG_BULANG}/new", data={"name_id": "Dodol nanas", "scheme": "ovop"})
    assert answer.location == f"/office/mapping/villages/{TALANG_BULANG}"
    potential = session.scalars(select(PotentialProduct).where(PotentialProduct.village_code == TALANG_BULANG)).one()
    move = {"after": "mapped", "seen": "not_mapped", "potential": potential.code, "reason": ""}
    assert browser.post(f"/office/mapping/villages/{TALANG_BULANG}/move", data=move).status_code == 303
    assert browser.post(f"/office/mapping/villages/{TALANG_BULANG}/move", data=move).status_code == 422
    session.expire_all()
    record = find_record(session, TALANG_BULANG, 2026)
    assert record is not None
    assert (record.status, record.product_name_id) == (S.MAPPED, "Dodol nanas")
    page = browser.get(f"/en/office/mapping/villages/{TALANG_BULANG}").text
    assert "Not yet mapped → Mapped · 2026" in page


def test_a_step_out_without_a_reason_keeps_what_was_chosen(sign_in: SignIn) -> None:
    answer = sign_in(CURATOR).post(f"/office/mapping/villages/{KARANG_AGUNG}/move", data={"after": "dropped", "seen": "launched"})
    assert answer.status_code == 422
    assert '<option value="dropped" selected>' in answer.text
    assert "error-summary" in answer.text


def picture() -> bytes:
    data = BytesIO()
    Image.new("RGB", (1200, 1500), "olive").save(data, "JPEG")
    return data.getvalue()


def test_a_village_shows_a_photo_from_its_camera_and_takes_it_away_again(sign_in: SignIn, session: Session, world: World) -> None:
    browser, potential = sign_in(VILLAGE_OFFICER), world.words["potential"]
    form = {"source": "Sekretaris desa", "seen_on": clock.today().isoformat(), "photos": (BytesIO(picture()), "../../x.php")}
    assert browser.post(f"/office/mapping/potentials/{potential}/evidence", data=form).status_code == 303
    evidence = session.scalars(select(Evidence).where(Evidence.kind == EvidenceKind.PHOTO)).one()
    answer = browser.get(f"/office/mapping/evidence/{evidence.code}?size=small")
    assert (answer.status_code, answer.mimetype, answer.headers["X-Content-Type-Options"]) == (200, "image/jpeg", "nosniff")
    assert browser.get(f"/office/mapping/evidence/{evidence.code}").status_code == 200
    assert sign_in(MENTOR).get(f"/office/mapping/evidence/{evidence.code}").status_code == 404
    assert browser.post(f"/office/mapping/evidence/{evidence.code}/remove").status_code == 303
    assert browser.get(f"/office/mapping/evidence/{evidence.code}").status_code == 404


@pytest.mark.parametrize(("data", "kept"), [(b"%PDF-1.4\n%%EOF", True), (b"<svg onload=alert(1)>", False), (b"MZ\x90", False)])
def test_a_paper_is_a_download_and_nothing_else_is_taken(sign_in: SignIn, session: Session, world: World, data: bytes, kept: bool) -> None:
    browser = sign_in(CURATOR)
    form = {"source": "Camat", "seen_on": "2026-01-02", "note": "Surat", "photos": (BytesIO(data), "surat.pdf")}
    answer = browser.post(f"/office/mapping/potentials/{world.words['potential']}/evidence", data=form)
    papers = session.scalars(select(Evidence).where(Evidence.kind == EvidenceKind.FILE)).all()
    assert (answer.status_code, len(papers)) == ((303, 1) if kept else (422, 0))
    if kept:
        assert browser.get(f"/office/mapping/evidence/{papers[0].code}").headers["Content-Disposition"].startswith("attachment")
    else:
        assert "Camat" in answer.text


def test_evidence_of_tomorrow_is_refused_and_what_was_typed_stays(sign_in: SignIn, world: World) -> None:
    form = {"source": "Kepala desa", "seen_on": (clock.today() + timedelta(days=2)).isoformat(), "note": "Ada"}
    answer = sign_in(CURATOR).post(f"/office/mapping/potentials/{world.words['potential']}/evidence", data=form)
    assert answer.status_code == 422
    assert "Kepala desa" in answer.text


def test_what_is_taken_off_the_list_can_be_put_back(sign_in: SignIn, world: World) -> None:
    browser, address = sign_in(VILLAGE_OFFICER), f"/office/mapping/potentials/{world.words['potential']}/remove"
    for words in ("Kembalikan", "Keluarkan dari daftar"):
        assert browser.post(address).status_code == 303
        assert words in browser.get(f"/office/mapping/villages/{KARANG_AGUNG}").text


def test_a_new_year_is_opened_with_every_desa(sign_in: SignIn, session: Session) -> None:
    browser = sign_in(CURATOR)
    assert "Buka tahun 2025" in browser.get("/office/mapping/?year=2025").text
    assert browser.post("/office/mapping/open?year=2025").location == "/office/mapping/?area=16.12&year=2025"
    assert find_record(session, TALANG_BULANG, 2025) is not None
    assert browser.get("/office/mapping/?year=1999").status_code == 404


@pytest.mark.parametrize("path", ["", "villages", "same"])
def test_a_larger_area_takes_no_more_statements(sign_in: SignIn, session: Session, count_statements: StatementCounter, path: str) -> None:
    browser = sign_in(ADMINISTRATOR)
    add_potential(session, SYSTEM, BETUNG, PotentialFacts("Keripik ubi kencur"))
    session.commit()
    browser.get(f"/office/mapping/{path}")
    with count_statements() as few:
        browser.get(f"/office/mapping/{path}")
    for number in range(60):
        code = f"16.12.04.2{number + 100:03d}"
        named = {
            "name": f"Desa {number}",
            "folded_name": f"desa{number}",
            "zone": "WIB",
            "latitude": -3.1 - number / 500,
            "longitude": 104.1,
        }
        session.add(Area(code=code, parent_code="16.12.04", level=AreaLevel.VILLAGE, kind=VillageKind.DESA, **named))
        session.flush()
        add_potential(session, SYSTEM, code, PotentialFacts("Keripik pisang"))
    session.commit()
    with count_statements() as many:
        assert browser.get(f"/office/mapping/{path}").status_code == 200
    assert len(many) == len(few) <= 12
