"""Reporting in the office: a village writes, the regency returns and checks, the province receives; periods, files, statements."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models.area import Area, AreaLevel, VillageKind
from catalog.models.reporting import PeriodState, ReportPeriod, ReportVersion, VillageReport
from catalog.reporting import content, periods, writing
from catalog.reporting.states import ReportState
from kernel.people import SYSTEM
from tests.cast import ADMINISTRATOR, CURATOR, MENTOR, OBSERVER, PROVINCE_OFFICER, VILLAGE_OFFICER, World
from tests.conftest import StatementCounter
from tests.make import BETUNG, KARANG_AGUNG
from tests.make_reporting import CONTENT, make_period, make_report
from tests.storefront.office.conftest import SignIn

pytestmark = pytest.mark.one_database

FORM = {
    "name_0": "Keripik ubi kencur",
    "unit_0": "bungkus",
    "made_0": "400",
    "sold_0": "350",
    "sales_0": "5.250.000",
    "name_1": "=HYPERLINK(1)",
    "made_1": "10",
    "makers": "3",
    "workers": "8",
    "markets": "Pasar Pendopo",
    "needs": ["packaging", "permits"],
    "note": "Ramai menjelang Lebaran.",
}


@pytest.fixture
def period(session: Session, world: World) -> ReportPeriod:
    made = make_period(session, first_on=date(2026, 7, 1), last_on=date(2026, 9, 30), due_on=date(2026, 10, 15), name="Triwulan III 2026")
    session.commit()
    return made


def begin(browser: FlaskClient, period: ReportPeriod, **unit: str) -> str:
    """The address of a new report."""
    answer = browser.post(f"/office/reporting/periods/{period.code}/{KARANG_AGUNG}", data={"unit_kind": "village"} | unit)
    assert answer.status_code == 303
    return answer.location.removesuffix("/write")


def newest(session: Session) -> VillageReport:
    session.expire_all()
    return session.scalars(select(VillageReport).order_by(VillageReport.id.desc()).limit(1)).one()


def test_a_report_goes_up_by_way_of_a_return_and_every_page_says_so(sign_in: SignIn, session: Session, period: ReportPeriod) -> None:
    village, regency, province = sign_in(VILLAGE_OFFICER), sign_in(CURATOR), sign_in(PROVINCE_OFFICER)
    address = begin(village, period)
    assert village.post(f"{address}/write", data=FORM).status_code == 303
    assert newest(session).state is ReportState.DRAFT
    assert province.get(address).status_code == 404
    assert village.post(f"{address}/write", data=FORM | {"send": "1"}).location == address
    assert "Rp5.250.000" in province.get(f"/en{address}").text
    assert regency.post(f"{address}/return", data={"remarks": ""}).status_code == 422
    assert regency.post(f"{address}/return", data={"remarks": "Satuannya apa?"}).status_code == 303
    assert "Satuannya apa?" in village.get(f"{address}/write").text
    village.post(f"{address}/write", data=FORM | {"send": "1", "unit_1": "ikat"})
    assert village.post(f"{address}/check").status_code == 403
    assert regency.post(f"{address}/check").status_code == 303
    assert province.post(f"{address}/receive").status_code == 303
    report = newest(session)
    assert (report.state, report.version) == (ReportState.RECEIVED, 2)
    for who in (village, regency, province, sign_in(OBSERVER)):
        page = who.get(address)
        assert page.status_code == 200
        assert "Versi 2" in page.text


def test_a_correction_stands_beside_what_was_sent(sign_in: SignIn, session: Session, period: ReportPeriod) -> None:
    village, regency = sign_in(VILLAGE_OFFICER), sign_in(CURATOR)
    address = begin(village, period)
    village.post(f"{address}/write", data=FORM | {"send": "1"})
    regency.post(f"{address}/check")
    village.post(f"{address}/correct", data={"remarks": "Salah ketik."})
    village.post(f"{address}/write", data=FORM | {"send": "1", "sales_0": "4.250.000"})
    page = regency.get(address).text
    assert "<del>400 / 350 bungkus, Rp5.250.000</del>" in page
    assert "<ins>400 / 350 bungkus, Rp4.250.000</ins>" in page
    assert [version.sales for version in session.scalars(select(ReportVersion).order_by(ReportVersion.id.desc()).limit(2))] == [
        4_250_000,
        5_250_000,
    ]


@pytest.mark.parametrize(
    ("changes", "kept"),
    [
        ({"made_0": "banyak"}, 'value="banyak"'),
        ({"sales_0": "25,000"}, 'value="25,000"'),
        ({"name_0": ""}, 'value="350"'),
        ({"makers": ""}, "Pasar Pendopo"),
        ({"workers": "1"}, "Ramai menjelang Lebaran."),
    ],
)
def test_what_cannot_be_sent_stays_in_the_form(
    sign_in: SignIn, session: Session, period: ReportPeriod, changes: dict[str, str], kept: str
) -> None:
    village = sign_in(VILLAGE_OFFICER)
    address = begin(village, period)
    answer = village.post(f"{address}/write", data=FORM | {"send": "1"} | changes)
    assert answer.status_code == 422
    assert kept in answer.text
    assert "error-summary" in answer.text
    assert newest(session).version == 0


def test_more_products_are_added_without_losing_any(sign_in: SignIn, session: Session, period: ReportPeriod) -> None:
    village = sign_in(VILLAGE_OFFICER)
    address = begin(village, period)
    answer = village.post(f"{address}/write", data=FORM | {"more": "1"})
    page = village.get(answer.location).text
    assert 'name="name_4"' in page
    assert content.load(newest(session).content).lines[0].sold == 350
    assert "=HYPERLINK(1)" in page


def test_what_is_typed_on_a_phone_is_kept_before_it_is_sent(sign_in: SignIn, period: ReportPeriod) -> None:
    village = sign_in(VILLAGE_OFFICER)
    address = begin(village, period)
    code = address.rsplit("/", 1)[1]
    assert f'data-unsent="/office/unsent/report:{code}"' in village.get(f"{address}/write").text
    village.post(f"/office/unsent/report:{code}", data={"name_0": "Belum selesai", "needs": "tools"})
    assert 'value="Belum selesai"' in village.get(f"{address}/write").text
    village.post(f"{address}/write", data=FORM)
    assert "Belum selesai" not in village.get(f"{address}/write").text


def test_a_village_that_has_begun_is_asked_only_who_else_reports(sign_in: SignIn, period: ReportPeriod) -> None:
    village = sign_in(VILLAGE_OFFICER)
    address = f"/office/reporting/periods/{period.code}/{KARANG_AGUNG}"
    assert 'value="village" selected' in village.get(address).text
    first = begin(village, period)
    page = village.get(address).text
    assert 'value="village"' not in page
    assert 'value="community" selected' in page
    assert begin(village, period) == first  # pressed twice


def test_a_school_reports_for_itself_with_somebody_to_ask(sign_in: SignIn, session: Session, period: ReportPeriod) -> None:
    village = sign_in(VILLAGE_OFFICER)
    answer = village.post(
        f"/office/reporting/periods/{period.code}/{KARANG_AGUNG}", data={"unit_kind": "school", "unit_name": "SLB Contoh"}
    )
    assert answer.status_code == 422
    assert 'value="SLB Contoh"' in answer.text
    address = begin(village, period, unit_kind="school", unit_name="SLB Contoh", contact_name="Ibu Sari")
    assert begin(village, period) != address
    assert (newest(session).unit_name, village.get(f"{address}/write").status_code) == ("", 200)


def test_a_mentor_of_talang_ubi_cannot_see_abab_and_a_province_sees_every_regency(
    sign_in: SignIn, session: Session, period: ReportPeriod
) -> None:
    report = make_report(session, period=period, village=BETUNG)
    session.commit()
    mentor = sign_in(MENTOR)
    for path in (f"reports/{report.code}", f"reports/{report.code}/letter.pdf", "?area=16.12.04", "list?area=16.12", "roll-up.csv?area=16"):
        assert mentor.get(f"/office/reporting/{path}").status_code == 404
    assert "Betung" not in mentor.get(f"/office/reporting/list?period={period.code}").text
    assert "Betung" in sign_in(PROVINCE_OFFICER).get(f"/office/reporting/list?area=16.12&period={period.code}").text


def test_a_locked_period_says_so_and_only_an_administrator_opens_it(sign_in: SignIn, session: Session, period: ReportPeriod) -> None:
    village, regency, top = sign_in(VILLAGE_OFFICER), sign_in(CURATOR), sign_in(ADMINISTRATOR)
    address = begin(village, period)
    assert regency.post(f"/office/reporting/periods/{period.code}/lock").status_code == 303
    assert village.get(f"{address}/write").status_code == 303
    assert village.post(f"{address}/write", data=FORM | {"send": "1"}).status_code == 303
    assert newest(session).version == 0
    assert regency.post(f"/office/reporting/periods/{period.code}/reopen", data={"reason": "Perlu"}).status_code == 403
    assert top.post(f"/office/reporting/periods/{period.code}/reopen", data={"reason": ""}).status_code == 422
    assert top.post(f"/office/reporting/periods/{period.code}/reopen", data={"reason": "Banjir."}).status_code == 303
    session.expire_all()
    assert session.get_one(ReportPeriod, period.id).state is PeriodState.OPEN
    assert "Banjir." in sign_in(OBSERVER).get(f"/en/office/reporting/periods/{period.code}").text


def test_a_period_is_opened_and_a_refused_one_keeps_what_was_typed(sign_in: SignIn, period: ReportPeriod) -> None:
    browser = sign_in(CURATOR)
    form = {"name": "Triwulan IV 2026", "first_on": "2026-09-30", "last_on": "2026-12-31", "due_on": "2027-01-15"}
    answer = browser.post("/office/reporting/periods/new", data=form)
    assert answer.status_code == 422
    assert "Triwulan IV 2026" in answer.text
    assert browser.post("/office/reporting/periods/new", data=form | {"first_on": "2026-10-01"}).status_code == 303


def test_a_province_receives_all_that_is_checked(sign_in: SignIn, session: Session, period: ReportPeriod) -> None:
    report = make_report(session, period=period, village=BETUNG)
    writing.check_report(session, SYSTEM, report.id)
    session.commit()
    answer = sign_in(PROVINCE_OFFICER).post(f"/office/reporting/periods/{period.code}/receive?area=16.12")
    assert answer.status_code == 303
    assert newest(session).state is ReportState.RECEIVED


def test_the_roll_up_adds_up_and_holds_no_formula(sign_in: SignIn, session: Session, period: ReportPeriod) -> None:
    village = sign_in(VILLAGE_OFFICER)
    village.post(f"{begin(village, period)}/write", data=FORM | {"send": "1"})
    make_report(session, period=period, village=BETUNG)
    session.commit()
    browser = sign_in(CURATOR)
    page = browser.get(f"/office/reporting/?period={period.code}").text
    assert "Rp12.000.000" in page
    book = load_workbook(BytesIO(browser.get(f"/office/reporting/roll-up.xlsx?period={period.code}").data))
    figures, reports, products, needs = (list(book[name].values) for name in book.sheetnames)
    assert figures[-1][-1] == 5_250_000 + CONTENT.sales
    assert len(reports) == 1 + 3
    assert "'=HYPERLINK(1)" in [row[3] for row in products]
    assert len(needs) == 1 + 2
    text = browser.get(f"/office/reporting/roll-up.csv?period={period.code}").data.decode("utf-8-sig")
    assert "12000000" in text
    for prefix in ("", "/en"):
        assert browser.get(f"{prefix}/office/reporting/roll-up.pdf?period={period.code}").data.startswith(b"%PDF-")


def test_a_letter_is_the_same_file_every_time(sign_in: SignIn, session: Session, period: ReportPeriod) -> None:
    report = make_report(session, period=period)
    session.commit()
    browser = sign_in(VILLAGE_OFFICER)
    first, second = (browser.get(f"/office/reporting/reports/{report.code}/letter.pdf").data for _ in range(2))
    assert first == second
    assert len(first) > 2_000


@pytest.mark.parametrize("path", ["", "list", "roll-up.csv"])
def test_more_villages_take_no_more_statements(
    sign_in: SignIn, session: Session, count_statements: StatementCounter, period: ReportPeriod, path: str
) -> None:
    browser, address = sign_in(ADMINISTRATOR), f"/office/reporting/{path}?period={period.code}"
    make_report(session, period=period)
    session.commit()
    browser.get(address)
    with count_statements() as few:
        browser.get(address)
    for number in range(60):
        code = f"16.12.04.2{number + 100:03d}"
        names = {"name": f"Desa {number}", "folded_name": f"desa{number}", "zone": "WIB"}
        session.add(Area(code=code, parent_code="16.12.04", level=AreaLevel.VILLAGE, kind=VillageKind.DESA, **names))
        session.flush()
        report = writing.begin_report(session, SYSTEM, period, code)
        writing.send_report(session, SYSTEM, report.id, CONTENT)
    session.commit()
    with count_statements() as many:
        assert browser.get(address).status_code == 200
    assert len(many) == len(few) <= 12


def test_an_area_without_a_period_says_what_will_come(sign_in: SignIn, session: Session) -> None:
    assert periods.list_periods(session, "16.01") == []
    browser = sign_in(ADMINISTRATOR)
    assert "Belum ada periode" in browser.get("/office/reporting/?area=16.01").text
    assert browser.get("/office/reporting/list?area=16.01").status_code == 302
    assert browser.get("/office/reporting/roll-up.pdf?area=16.01").status_code == 404


def test_the_way_back_from_a_report_is_open_to_whoever_wrote_it(sign_in: SignIn, session: Session, period: ReportPeriod) -> None:
    browser = sign_in(VILLAGE_OFFICER)
    page = begin(browser, period)
    (back,) = re.findall(r'class="office-back"><a href="([^"]+)"', browser.get(page).text)
    assert f"area={KARANG_AGUNG}" in back
    assert browser.get(back.replace("&amp;", "&")).status_code == 200
