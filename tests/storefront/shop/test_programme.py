"""The programme page: the map's facts again in words and tables, and small numbers kept small."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from catalog.models.programme import ProgrammeStatus
from tests.conftest import StatementCounter
from tests.make import BETUNG, TALANG_BULANG, make_areas, make_maker, make_programme_record


def test_the_page_counts_and_lists_the_villages(client: FlaskClient, session: Session) -> None:
    make_programme_record(session, TALANG_BULANG, status=ProgrammeStatus.LAUNCHED, product_name_id="Olahan nanas")
    make_programme_record(session, BETUNG)
    html = client.get("/programme").text
    assert "2 / 3" in html
    assert "Olahan nanas" in html
    assert "Diluncurkan" in html
    assert "Belum dipetakan" in html
    assert html.count("<table") == 3  # by district, and the villages of two districts


def test_the_map_is_hidden_from_readers_who_have_the_table(client: FlaskClient, session: Session) -> None:
    make_areas(session)
    html = client.get("/programme").text
    drawing = html[html.index('class="area-map area-map-status"') :]
    drawing = drawing[: drawing.index("</svg>")]
    assert 'aria-hidden="true"' in drawing
    assert drawing.count("<a ") == drawing.count('tabindex="-1"') > 0


def test_fewer_than_three_makers_are_not_counted(client: FlaskClient, session: Session) -> None:
    make_maker(session)
    assert "sedikit" in client.get("/programme").text
    make_maker(session)
    make_maker(session)
    assert "Terlalu sedikit" not in client.get("/programme").text


def test_the_page_needs_few_statements(client: FlaskClient, session: Session, count_statements: StatementCounter) -> None:
    make_programme_record(session, TALANG_BULANG)
    with count_statements() as statements:
        assert client.get("/en/programme").status_code == 200
    assert len(statements) <= 7


def test_a_regency_without_areas_is_a_404(client: FlaskClient) -> None:
    assert client.get("/programme").status_code == 404
