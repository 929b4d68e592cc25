"""A mentor notes a visit where there is no signal: it is kept with its photo, and there once when the signal is back."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from catalog.models.mentoring import Visit
from kernel.people import Grant, Role
from storefront.database import db, transaction
from tests.browser.page_checks import overflowing, violations
from tests.browsing import PHONE
from tests.live import LiveShop
from tests.make import PASSWORD, make_user

if TYPE_CHECKING:
    from playwright.sync_api import Browser, FilePayload, Page

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

SEEN = "Dapur rapi, tidak ada sinyal."


@pytest.fixture
def phone(browser: Browser, live_shop: LiveShop) -> Page:
    """A mentor's phone, signed in."""
    with live_shop.app.app_context(), transaction() as session:
        mentor = make_user(session, Grant(Role.MENTOR, area_prefix="16.12")).email
    page = browser.new_context(viewport=PHONE, locale="id-ID", base_url=live_shop.url).new_page()
    page.goto("/account/sign-in")
    page.locator("[name=email]").fill(mentor)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/office/**")
    return page


def photo() -> FilePayload:
    """As a phone's camera makes it."""
    file = BytesIO()
    Image.new("RGB", (900, 1200), "#b8923f").save(file, "JPEG")
    return {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


def note_a_visit(page: Page, todo: str = "") -> None:
    """The form, opened with a signal and sent without one."""
    page.goto("/office/mentoring/visits/new")
    page.locator("[name=unit]").select_option(index=1)
    page.locator("[name=seen]").fill(SEEN)
    page.locator("[name=photos]").set_input_files([photo()])
    page.locator("[name=item]").fill(todo)
    page.context.set_offline(True)
    page.locator("form[data-visit] button[type=submit]").click()
    page.locator("[data-kept]").wait_for()


def noted(live_shop: LiveShop) -> list[int]:
    """How many photos each visit has."""
    with live_shop.app.app_context():
        found = db.session.scalars(select(Visit).where(Visit.seen == SEEN).options(selectinload(Visit.photos))).all()
        return [len(visit.photos) for visit in found]


def test_a_visit_without_a_signal_waits_on_the_phone_and_is_sent_once(phone: Page, live_shop: LiveShop) -> None:
    """From the form that is still open as soon as the signal is back; or, when it was closed meanwhile, from the office's first page."""
    note_a_visit(phone)
    assert phone.locator("form[data-visit]").is_hidden()
    assert phone.locator("[data-visits-count]").inner_text() == "1"
    assert noted(live_shop) == []
    phone.context.set_offline(False)
    phone.locator("[data-sent]").wait_for()
    assert phone.locator("[data-kept]").is_hidden()
    assert phone.locator("[data-visits-waiting]").is_hidden()
    assert noted(live_shop) == [1]
    assert violations(phone) == []
    assert overflowing(phone) == []
    phone.locator("[data-sent] a").click()
    phone.locator("main", has_text=SEEN).wait_for()

    note_a_visit(phone)
    later = phone.context.new_page()
    phone.close()
    later.context.set_offline(False)
    later.goto("/office/")
    later.locator("[data-sent]").wait_for()
    assert noted(live_shop) == [1, 1]
    later.reload()
    later.wait_for_load_state("networkidle")
    assert later.locator("[data-sent]").is_hidden()
    assert noted(live_shop) == [1, 1]

    note_a_visit(later, todo="Cetak label")  # and nobody can say until when
    later.context.set_offline(False)
    later.locator("[data-visits-refused] a").click()
    assert later.locator("[data-kept]").is_hidden()
    later.locator("form[data-visit]").wait_for()
    assert (later.locator("[name=seen]").input_value(), later.locator("[name=item]").input_value()) == (SEEN, "Cetak label")
    later.locator("[name=item_due_on]").fill("2030-01-31")
    later.locator("form[data-visit] button[type=submit]").click()
    later.locator("main", has_text="Cetak label").wait_for()
    assert noted(live_shop) == [1, 1, 1]
    later.goto("/office/mentoring/")
    later.locator("[data-sent]").wait_for()  # the server says that it has it: only now the phone forgets it
    assert later.locator("[data-visits-refused]").is_hidden()
    assert noted(live_shop) == [1, 1, 1]
