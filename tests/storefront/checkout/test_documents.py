"""The buyer's papers: behind the link only, the receipt only once it is paid, kept by no cache."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.make_orders import pay, place
from tests.make_stock import make_goods
from tests.storefront.documents.reading import page_sizes, text_of


def test_the_receipt_is_there_once_it_is_paid(client: FlaskClient, session: Session) -> None:
    order = place(session, make_goods(session))
    session.commit()
    address = f"/orders/{order.token}/receipt.pdf"
    assert client.get(address).status_code == 404
    assert address not in client.get(f"/orders/{order.token}").text
    pay(session, order)
    session.commit()
    assert address in client.get(f"/orders/{order.token}").text
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Content-Disposition"] == f'inline; filename="Kuitansi-{order.code}.pdf"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Rp25.000" in text_of(answer.data)
    assert page_sizes(client.get(f"{address}?paper=80mm").data)[0][0] == 80.0


@pytest.mark.parametrize(("language", "name"), [("id", "Konfirmasi-pesanan"), ("en", "Order-confirmation")])
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_confirmation_speaks_the_language_of_the_order(
    client: FlaskClient, session: Session, language: str, name: str, prefix: str
) -> None:
    order = place(session, make_goods(session), language=language)
    session.commit()
    answer = client.get(f"{prefix}/orders/{order.token}/confirmation.pdf")
    assert answer.headers["Content-Disposition"] == f'inline; filename="{name}-{order.code}.pdf"'
    assert order.code in text_of(answer.data)
    assert f"{'/en' if language == 'en' else ''}/orders/{order.token})".encode() in answer.data, "the link under the symbol"


@pytest.mark.parametrize("page", ["confirmation.pdf", "receipt.pdf"])
def test_a_wrong_link_finds_no_paper(client: FlaskClient, session: Session, page: str) -> None:
    place(session, make_goods(session))
    session.commit()
    assert client.get(f"/orders/not-a-token/{page}").status_code == 404
