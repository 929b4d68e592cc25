"""The maker page."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from catalog.models.maker import MakerKind
from catalog.models.product import ListingState
from tests.conftest import StatementCounter
from tests.make import make_maker, make_product
from tests.make_catalogue import make_certificate


def test_the_page_says_who_they_are_and_what_they_make(client: FlaskClient, session: Session) -> None:
    maker = make_maker(session, kind=MakerKind.BUMDES, founded_year=2014, people_count=6, story_en="It began with one wok.")
    product = make_product(session, maker=maker)
    draft = make_product(session, maker=maker, state=ListingState.DRAFT)
    make_certificate(session, maker_id=maker.id, number="2061612010001-29")
    html = client.get(f"/en/makers/{maker.slug}").text
    assert maker.name in html
    assert "Village-owned enterprise" in html
    assert "6 people" in html
    assert "since 2014" in html
    assert "It began with one wok." in html
    assert "2061612010001-29" in html
    assert f'href="/en/products/{product.slug}"' in html
    assert draft.slug not in html


def test_a_phone_number_is_shown_only_with_consent(client: FlaskClient, session: Session) -> None:
    private = make_maker(session, phone="+6281311112222")
    public = make_maker(session, phone="+6281333334444", is_phone_public=True)
    assert "6281311112222" not in client.get(f"/makers/{private.slug}").text
    assert "https://wa.me/6281333334444" in client.get(f"/makers/{public.slug}").text


def test_an_unknown_maker_is_a_404(client: FlaskClient, session: Session) -> None:
    response = client.get("/makers/tidak-ada")
    assert response.status_code == 404
    assert "Pembuat ini tidak kami temukan" in response.text


def test_the_page_needs_few_statements(client: FlaskClient, session: Session, count_statements: StatementCounter) -> None:
    maker = make_maker(session)
    for _ in range(4):
        make_product(session, maker=maker)
    with count_statements() as statements:
        assert client.get(f"/makers/{maker.slug}").status_code == 200
    assert len(statements) <= 4
