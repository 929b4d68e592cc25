"""What a till says about itself, in every tab and at every width: its clock, its network, and figures that fit onto their keys."""

from __future__ import annotations

import pytest

from tests.browser.cashier import Cashier, busy_till, cashier, counter_shop, number_of
from tests.browser.till import TABLET

__all__ = ["busy_till", "cashier", "counter_shop"]  # fixtures of this module

pytestmark = [pytest.mark.browser, pytest.mark.one_database]


def test_a_clock_that_is_off_is_told_until_it_is_set(cashier: Cashier) -> None:
    page = cashier.page
    clock = page.locator("[data-part=clock]")
    assert clock.is_hidden()
    with cashier.shop.weather.turns("dead"):
        page.evaluate("async () => { await hand.store.noteContact({ ahead: 5 * 60_000 }) }")
        cashier.sell(cashier.shop.goods[0][0])
        page.wait_for_function("() => document.querySelector('#alarm').textContent.includes('5 menit terlalu cepat')")
        assert clock.is_visible()
    cashier.shop.sync(page)  # the server's answer says how far it really is
    page.wait_for_function("() => document.querySelector('[data-part=clock]').hidden")


def test_a_second_tab_knows_at_once_how_the_first_one_stands(cashier: Cashier) -> None:
    cashier.shop.sync(cashier.page)
    other = cashier.page.context.new_page()
    other.goto(cashier.page.url)
    other.wait_for_selector("[data-part=network][data-kind=good]", timeout=5_000)
    other.close()


def test_what_stands_on_a_key_fits_onto_it(cashier: Cashier) -> None:
    """At the width of a laptop, a tablet and a phone, with three notes of hundred thousands."""
    page, (code, _price) = cashier.page, cashier.shop.goods[1]
    cashier.scan(number_of(cashier.shop, code))
    cashier.press("F3")
    page.wait_for_selector("#ask-number")
    cashier.type("34")
    cashier.press("Enter")
    cashier.press("F9")
    page.wait_for_selector(".notes .key")
    assert page.locator(".notes .key").count() == 3
    for width, height in ((1366, 900), (1024, 768), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        too_wide = """() => [...document.querySelectorAll(".pay .key")].filter((key) => {
          const inner = [...key.children].map((part) => part.getBoundingClientRect()).filter(({ width }) => width > 1)
          const { left, right } = key.getBoundingClientRect()
          return inner.some((part) => part.left < left - 0.5 || part.right > right + 0.5)
        }).map((key) => key.textContent)"""
        assert page.evaluate(too_wide) == [], width
    page.set_viewport_size(TABLET)
