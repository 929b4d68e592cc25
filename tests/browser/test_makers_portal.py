"""The makers' portal in a real browser: a phone 320 px wide, without a script, opened with the link from a message."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from catalog.models.maker import Maker
from kernel import clock
from kernel.people import SYSTEM
from orders.consignment import goods as consigned
from orders.consignment import statements
from orders.portal import links
from orders.stockroom import deliveries
from orders.stockroom.delivery_lines import add_line
from storefront.database import transaction
from tests.browser.page_checks import NARROW, overflowing, violations
from tests.live import LiveShop
from tests.make import make_batch
from tests.make_stockroom import fresh, make_agreement

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

PAGES = (
    "", "/sales", "/stock", "/products", "/statements", "/statements/{closed}", "/payouts", "/accounts", "/accounts/{agreement}",
    "/deliveries", "/deliveries/new", "/deliveries/{delivery}", "/pull-outs", "/pull-outs/new",
)  # fmt: skip


@pytest.fixture
def words(live_shop: LiveShop) -> dict[str, str]:
    """The maker of the running shop with an agreement, goods, a statement, a counted delivery and a link."""
    app, goods = live_shop.app, live_shop.goods
    with app.app_context(), transaction() as session:
        maker = session.get_one(Maker, goods.product.maker_id)
        agreement = make_agreement(session, maker, goods.outlet)
        batch = make_batch(session, goods.product, best_before_on=clock.today() + timedelta(days=10))
        consigned.receive_goods(session, SYSTEM, goods.outlet, goods.variant, batch, 20, "delivery:browser")
        closed = statements.close_statement(session, SYSTEM, agreement.id, clock.today() - timedelta(days=1))
        delivery = deliveries.open_delivery(session, SYSTEM, goods.outlet, maker)
        add_line(session, delivery, goods.variant, fresh(6))
        deliveries.confirm_count(session, SYSTEM, delivery.id)
        token = links.write_token(links.create_link(session, SYSTEM, maker), app.config["SECRET_KEY"])
        made = {"maker": maker.slug, "agreement": agreement.code, "closed": closed.code, "delivery": delivery.code}
        return made | {"token": token, "variant": goods.variant.code}


def test_a_maker_confirms_and_announces_on_a_small_phone_without_a_script(
    browser: Browser, live_shop: LiveShop, words: dict[str, str]
) -> None:
    context = browser.new_context(viewport=NARROW, locale="id-ID", java_script_enabled=False)
    phone = context.new_page()
    phone.goto(live_shop.url + "/makers-portal/link/{token}".format(**words))
    assert phone.url.endswith("/makers-portal/{maker}".format(**words))
    phone.get_by_role("link", name="Lihat hitungannya dan konfirmasi").click()
    phone.locator("[name=name]").fill("Ibu Contoh")
    phone.get_by_role("button", name="Hitungan benar").click()
    phone.get_by_text("Dikonfirmasi oleh Ibu Contoh").wait_for()
    phone.goto(live_shop.url + "/makers-portal/{maker}/deliveries/new".format(**words))
    phone.locator("[name=quantity-{variant}]".format(**words)).fill("12")
    phone.locator("[name=best_before_on-{variant}]".format(**words)).fill((clock.today() + timedelta(days=100)).isoformat())
    phone.locator("[name=expected_on]").fill((clock.today() + timedelta(days=1)).isoformat())
    phone.get_by_role("button", name="Beri tahu gerai").click()
    phone.get_by_text("Gerai sudah tahu apa yang akan datang").wait_for()
    context.close()


@pytest.mark.parametrize("prefix", ["", pytest.param("/en", marks=pytest.mark.long)], ids=["id", "en"])
def test_everyone_can_use_the_portal(browser: Browser, live_shop: LiveShop, words: dict[str, str], prefix: str) -> None:
    context = browser.new_context(viewport=NARROW, locale="id-ID")
    phone = context.new_page()
    phone.goto(live_shop.url + "/makers-portal/link/{token}".format(**words))
    problems = []
    for page in PAGES:
        address = (prefix + "/makers-portal/{maker}" + page).format(**words)
        answer = phone.goto(live_shop.url + address)
        assert answer is not None
        assert answer.status == 200, address
        assert phone.locator("script").count() == 0
        problems += [f"{address}: {each}" for each in violations(phone) + overflowing(phone)]
    context.close()
    assert problems == []
