"""`./run screens`: photographs the running demo's pages for the README, on a phone and a desktop, in both languages."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tests.browsing import ARGUMENTS, DESKTOP, PHONE
from tests.chromium import bring_chromium

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screens"
PAGES = {
    "home": "/",
    "products": "/products",
    "product": "/products/keripik-ubi-kencur",
    "village": "/villages/16.12.01.2001",
    "programme": "/programme",
    "search": "/search?q=nenas",
}
WIDTHS = {"phone": PHONE, "desktop": DESKTOP}


def main(address: str) -> int:
    """Write docs/screens/<page>-<language>-<width>.jpg; the demo must be running at `address`."""
    from playwright.sync_api import sync_playwright

    executable = bring_chromium()
    arguments = ARGUMENTS + (["--no-sandbox"] if os.geteuid() == 0 else [])
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=arguments)
        for width, viewport in WIDTHS.items():
            page = browser.new_context(viewport=viewport, locale="id-ID").new_page()
            for language, prefix in (("id", ""), ("en", "/en")):
                for name, path in PAGES.items():
                    page.goto(f"{address}{prefix}{path}", wait_until="networkidle")
                    page.screenshot(path=FOLDER / f"{name}-{language}-{width}.jpg", type="jpeg", quality=72)
        browser.close()
    print(f"{len(PAGES) * 2 * len(WIDTHS)} pictures in {FOLDER.name}/")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"))
