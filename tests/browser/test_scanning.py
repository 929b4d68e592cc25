"""A printed label held before the phone's camera opens the page of its lot; nothing but the page reads the picture."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PIL import Image

from storefront.documents.label_stock import PackKind
from storefront.documents.pack_labels import draw_packs
from tests.browsing import ARGUMENTS, PHONE
from tests.chromium import find_chromium
from tests.live import LiveShop
from tests.storefront.documents.test_pack_labels import dots, pack

pytestmark = [pytest.mark.browser, pytest.mark.one_database, pytest.mark.long]


def write_video(picture: Image.Image, path: Path) -> None:
    """One still picture as uncompressed video (YUV4MPEG2), which Chromium shows as its camera."""
    frame = Image.new("L", (640, 480), 255)
    grown = picture.resize((picture.width * 440 // picture.height, 440), Image.Resampling.LANCZOS)
    frame.paste(grown, ((640 - grown.width) // 2, 20))
    grey = bytes([128]) * (320 * 240)
    path.write_bytes(b"YUV4MPEG2 W640 H480 F10:1 Ip A1:1 C420jpeg\n" + (b"FRAME\n" + frame.tobytes() + grey + grey) * 5)


def test_the_camera_reads_a_printed_label_and_opens_its_lot(live_shop: LiveShop, tmp_path: Path) -> None:
    from playwright.sync_api import sync_playwright

    goods = live_shop.goods
    label = pack(code=goods.variant.code, gtin=None, lot=goods.batch.lot_code)
    with live_shop.app.test_request_context():
        printed = bytes(draw_packs([label], "58x60", PackKind.PACK, live_shop.url).output())
    write_video(dots(printed, 203)[0], tmp_path / "label.y4m")
    camera = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    arguments = [*ARGUMENTS, *camera, f"--use-file-for-fake-video-capture={tmp_path / 'label.y4m'}"]
    arguments += ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=arguments)
        for prefix, words, locale in (("", "Buka kamera", "id-ID"), ("/en", "Open the camera", "en-GB")):
            page = browser.new_context(viewport=PHONE, locale=locale).new_page()
            page.goto(f"{live_shop.url}{prefix}/scan")
            page.get_by_role("button", name=words).click()
            page.wait_for_url(f"**{prefix}/products/**/batches/**", timeout=30_000)
            assert goods.batch.lot_code in page.inner_text("main")
        browser.close()
