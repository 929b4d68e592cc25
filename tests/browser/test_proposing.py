"""A village head proposes on a phone: camera, words kept every few seconds, sent; the desk decides with the keyboard in three actions."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from sqlalchemy import select

from catalog.curation import assessing, checking, proposals
from catalog.curation.criteria import find_current_set
from catalog.models.curation import Gate, GateResult, Submission
from kernel import accounts
from kernel.people import Grant, Role, User
from storefront.database import transaction
from tests.browser.page_checks import overflowing, violations
from tests.live import LiveShop
from tests.make import KARANG_AGUNG, PASSWORD, make_category, make_user
from tests.make_curation import marks_worth

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

PHONE = {"width": 390, "height": 844}
#: U39: what a village must fill in before it can send.
MOST_REQUIRED = 8


@pytest.fixture
def people(live_shop: LiveShop) -> dict[str, str]:
    """A village officer, three assessors and a curator who can sign in; e-mails by part."""
    with live_shop.app.app_context(), transaction() as session:
        category = make_category(session)
        category.name_id, category.name_en = "Makanan ringan contoh", "Sample snacks"
        parts = {"village": Role.VILLAGE_OFFICER, "curator": Role.CURATOR} | {f"assessor {n}": Role.ASSESSOR for n in (1, 2, 3)}
        area = {Role.VILLAGE_OFFICER: KARANG_AGUNG}
        made = {part: make_user(session, Grant(role, area_prefix=area.get(role, "16.12"))) for part, role in parts.items()}
        return {part: person.email for part, person in made.items()}


def sign_in(page: Page, live_shop: LiveShop, email: str) -> None:
    page.goto(live_shop.url + "/account/sign-in")
    page.locator("[name=email]").fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/office/**")


def camera(folder: Path) -> str:
    """A file as a phone's camera makes it."""
    file = BytesIO()
    Image.new("RGB", (1200, 1600), "#b8923f").save(file, "JPEG")
    path = folder / "IMG_0001.jpg"
    path.write_bytes(file.getvalue())
    return str(path)


def _letter(folder: Path) -> str:
    """What somebody takes for a photo."""
    path = folder / "surat.pdf"
    path.write_bytes(b"%PDF-1.7 surat")
    return str(path)


def test_a_village_head_proposes_on_a_phone(browser: Browser, live_shop: LiveShop, people: dict[str, str], tmp_path: Path) -> None:
    context = browser.new_context(viewport=PHONE, locale="id-ID", has_touch=True)
    phone = context.new_page()
    sign_in(phone, live_shop, people["village"])
    phone.goto(live_shop.url + "/office/proposals/new")
    asked = _empty_and_required(phone) + 1  # and the new maker's name
    problems = [*violations(phone), *overflowing(phone)]
    phone.locator("[name=name_id]").fill("Opak singkong wijen")
    phone.locator("[name=category_id]").select_option(label="Makanan ringan contoh")
    phone.locator("[name=maker]").select_option("+")
    phone.locator("[name=maker_name]").fill("Dapur Contoh")
    phone.get_by_role("button", name="Lanjut ke foto dan cerita").click()
    phone.wait_for_url("**/edit")
    asked += _empty_and_required(phone)
    assert asked <= MOST_REQUIRED
    phone.locator("[name=summary_id]").fill("Tipis, gurih.")
    phone.locator("input[type=file]").set_input_files(_letter(tmp_path))  # goes up by itself, after the words beside it
    phone.locator(".error-summary").wait_for()
    assert phone.locator("[name=summary_id]").input_value() == "Tipis, gurih."
    phone.locator("input[type=file]").set_input_files(camera(tmp_path))
    phone.get_by_text("1 foto ditambahkan").wait_for()
    phone.locator("[name=summary_id]").fill("Tipis, gurih, bertabur wijen.")
    phone.get_by_text("Tersimpan").wait_for(timeout=5_000)  # U39: kept within five seconds
    phone.goto(live_shop.url + "/office/proposals")
    phone.get_by_role("link", name="Opak singkong wijen").click()
    phone.get_by_role("link", name="Ubah").click()
    assert phone.locator("[name=summary_id]").input_value() == "Tipis, gurih, bertabur wijen."
    phone.get_by_text("Ini yang Anda ketik").wait_for()
    problems += [*violations(phone), *overflowing(phone)]
    phone.locator("[name=contents]").fill("seratus gram")
    phone.locator("[name=price]").fill("15.000")
    phone.get_by_role("button", name="Kirim ke dinas").click()
    phone.locator(".error-summary").wait_for()
    assert phone.locator("[name=contents]").input_value() == "seratus gram"
    phone.locator("[name=contents]").fill("100 g")
    phone.get_by_role("button", name="Kirim ke dinas").click()
    phone.get_by_text("Usulan sudah sampai di dinas").wait_for()
    problems += [*violations(phone), *overflowing(phone)]
    context.close()
    assert problems == []
    _decide_with_the_keyboard(browser, live_shop, people)


def _empty_and_required(page: Page) -> int:
    """What has to be filled in before the form can be sent."""
    counted: int = page.evaluate(
        """() => [...document.querySelectorAll("main form :is(input, select, textarea)[required]")]
        .filter(field => !field.value && field.checkVisibility()).length"""
    )
    return counted


def _decide_with_the_keyboard(browser: Browser, live_shop: LiveShop, people: dict[str, str]) -> None:
    """From the queue: Enter, the reason, Enter (U40)."""
    with live_shop.app.app_context(), transaction() as session:
        submission = session.scalars(select(Submission).where(Submission.title == "Opak singkong wijen")).one()
        code = submission.code
        persons = {part: session.scalars(select(User).where(User.email == email)).one() for part, email in people.items()}
        for person in persons.values():
            session.refresh(person, ["grants"])
        curator = accounts.as_actor(persons["curator"])
        checking.take_up(session, curator, submission)
        for gate in Gate:
            checking.record_gate(session, curator, submission, gate, GateResult.PASSED)
        checking.open_assessment(session, curator, submission)
        used = find_current_set(session)
        assert used is not None
        for part, points in (("assessor 1", 70), ("assessor 2", 90), ("assessor 3", 80)):
            assessing.score(session, accounts.as_actor(persons[part]), submission, marks_worth(used, points), finish=True)
        assert proposals.list_gaps(session, submission) == []
    context = browser.new_context(viewport={"width": 1366, "height": 900}, locale="id-ID")
    desk = context.new_page()
    sign_in(desk, live_shop, people["curator"])
    desk.goto(live_shop.url + "/office/curation?show=assess")
    desk.keyboard.press("j")
    assert desk.evaluate("document.activeElement.textContent") == "Opak singkong wijen"
    desk.keyboard.press("Enter")  # first action
    desk.wait_for_url(f"**/{code}")
    problems = violations(desk)
    desk.locator("[name=ready][value=good]").check()  # second
    desk.get_by_role("button", name="Putuskan dan beri tahu pembuat").press("Enter")  # third
    desk.get_by_text("Keputusan tercatat").wait_for()
    desk.get_by_text("2 dari 3 bintang").first.wait_for()
    desk.goto(live_shop.url + "/office/curation?show=decided")
    desk.get_by_role("button", name="Matikan tombol ini").click()
    desk.locator("main").focus()
    desk.keyboard.press("j")
    assert desk.evaluate("document.activeElement.hasAttribute('data-queue-link')") is False, "single keys can be turned off"
    problems += violations(desk)
    context.close()
    assert problems == []
