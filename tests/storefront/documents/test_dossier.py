"""The financing dossier on paper: dated by the clock of its place, its table of sales with a heading on each of its pages."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask

from orders.dossiers.content import Content, Month
from orders.models.dossier import DossierVersion
from storefront.documents.dossier import draw_dossier
from storefront.dossier_words import AMOUNT
from tests.storefront.documents.reading import page_texts, text_of

pytestmark = pytest.mark.one_database


def drawn(app: Flask, *, paragraphs: int) -> bytes:
    content = Content(
        maker="Rumah Nanas Contoh",
        kind="cooperative",
        village="Talang Bulang",
        founded_year=2016,
        people_count=27,
        texts={"business": "\n".join(["Sirup dan selai dari kebun sendiri."] * paragraphs)},
        amounts=dict.fromkeys(AMOUNT, 1_000_000),
        checks=[],
        as_of="2026-12-01",
        sales=[Month(f"2026-{number:02d}", number, 10_000, 8_000) for number in range(1, 13)],
        stock=[],
        papers=[],
        is_sample=False,
    )
    version = DossierVersion(
        code="AAAAAAAA",
        number=1,
        digest="0" * 64,
        made_at=datetime(2026, 11, 30, 17, 0, tzinfo=UTC),
        approved_at=datetime(2026, 11, 30, 17, 37, tzinfo=UTC),
        approved_by="Ibu Contoh",
    )
    with app.test_request_context("/"):
        return draw_dossier(version, content)


def test_an_approval_half_past_midnight_in_pendopo_is_of_the_new_day(app: Flask) -> None:
    assert "1 Desember 2026 dan setuju" in text_of(drawn(app, paragraphs=1))


def test_the_sales_of_each_page_stand_under_their_heading(app: Flask) -> None:
    with_sales = [page for page in page_texts(drawn(app, paragraphs=8)) if "Rp10.000" in page]
    assert len(with_sales) == 2
    assert all("Harga jual" in page for page in with_sales)
