"""`./run screens`: photographs the twelve most important pages of the running demo, on a phone and a desktop, in both languages."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from storefront.demo.cast import DOMAIN, PASSWORD
from tests.browsing import ARGUMENTS, DESKTOP, PHONE
from tests.chromium import bring_chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screens"
PRODUCT = "/products/keripik-ubi-kencur"
#: Who looks ("" is a guest), the page's name and its address; after `->` the link on that page which is followed.
PAGES = {
    "": {
        "home": "/",
        "products": "/products",
        "product": PRODUCT,
        "village": "/villages/16.12.01.2001",
        "programme": "/programme",
        "search": "/search?q=nenas",
        "cart": "/cart",
        "checkout": "/checkout",
    },
    "manajer": {"office": "/office/"},
    "kurator": {"curation": "/office/curation -> main .office-table a, main .office-list a"},
    "ritel": {"wholesale": "/wholesale/offers"},
    "pembuat": {"makers": "/makers-portal/"},
}
WIDTHS = {"phone": PHONE, "desktop": DESKTOP}
QUALITY = 68


def main(address: str) -> int:
    """Write docs/screens/<page>-<language>-<width>.webp; the demo must be running at `address`."""
    from playwright.sync_api import sync_playwright

    executable = bring_chromium()
    arguments = ARGUMENTS + (["--no-sandbox"] if os.geteuid() == 0 else [])
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=arguments)
        taken = [name for person in PAGES for name in photograph(browser, address, person)]
        browser.close()
    print(f"{len(taken)} pictures in docs/{FOLDER.name}/")
    return 0


def photograph(browser: Browser, address: str, person: str) -> Iterator[str]:
    """The pages of one person; the names of the files."""
    page = browser.new_context(viewport=PHONE, locale="id-ID").new_page()
    if person:
        sign_in(page, address, person)
    else:
        page.goto(address + PRODUCT)
        page.locator(".buy-button:visible, .buy-bar button:visible").first.click()
        page.wait_for_url("**/cart")
    for language, prefix in (("id", ""), ("en", "/en")):
        for name, where in PAGES[person].items():
            path, _, link = where.partition(" -> ")
            page.goto(address + prefix + path, wait_until="networkidle")
            if link:
                page.goto(address + str(page.locator(link).first.get_attribute("href")), wait_until="networkidle")
            for width, viewport in WIDTHS.items():
                page.set_viewport_size(viewport)
                page.wait_for_timeout(300)  # another width may ask for another picture
                page.wait_for_function("[...document.images].every(image => image.complete || image.loading === 'lazy')")
                file = FOLDER / f"{name}-{language}-{width}.webp"
                Image.open(BytesIO(page.screenshot())).save(file, "WEBP", quality=QUALITY, method=6)
                yield file.name


def sign_in(page: Page, address: str, person: str) -> None:
    page.goto(f"{address}/account/sign-in")
    page.fill("[name=email]", f"{person}@{DOMAIN}")
    page.fill("[name=password]", PASSWORD)
    page.locator("main [type=submit]").last.click()
    page.wait_for_load_state("networkidle")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"))
