"""The village box: suggestions that anybody may keep, and a field that asks back without a script."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from catalog.models.area import Area, AreaLevel, VillageKind
from tests.make import BETUNG, KARANG_AGUNG, make_areas
from tests.make_shipping import make_zone
from tests.make_stock import Goods
from tests.storefront.checkout.conftest import Buyer


def make_twin(session: Session) -> None:
    """A second village called Betung, in Talang Ubi."""
    twin = {"level": AreaLevel.VILLAGE, "kind": VillageKind.DESA, "name": "Betung", "short_name": "", "folded_name": "betung"}
    session.add(Area(code="16.12.01.2999", parent_code="16.12.01", postal_code="31219", zone="WIB", **twin))
    session.commit()


def test_suggestions_say_where_a_village_lies_and_may_be_kept_by_everybody(client: FlaskClient, session: Session) -> None:
    make_areas(session)
    session.commit()
    answer = client.get("/checkout/villages?q=karang ag")
    assert answer.json == [{"code": KARANG_AGUNG, "text": "Karang Agung, Abab, PALI, Sumatera Selatan", "postcode": "31214"}]
    assert answer.headers["Cache-Control"] == "public, max-age=86400"
    assert "Set-Cookie" not in answer.headers


def test_suggestions_for_nonsense_are_empty(client: FlaskClient) -> None:
    for text in ("", "x", "%", "'" * 500, "\x00"):
        answer = client.get("/checkout/villages", query_string={"q": text})
        assert (answer.status_code, answer.json) == (200, [])


def test_one_village_with_the_name_needs_no_second_look(buyer: Buyer, goods: Goods, session: Session) -> None:
    make_zone(session, goods.outlet)
    session.commit()
    buyer.put(goods)
    answer = buyer.send_to("karang agung")
    assert (answer.status_code, answer.location) == (303, "/cart#receiving")
    page = buyer.client.get("/cart").text
    assert "Karang Agung, Abab, PALI, Sumatera Selatan" in page


def test_several_villages_are_offered_below_what_was_typed(buyer: Buyer, goods: Goods, session: Session) -> None:
    make_zone(session, goods.outlet)
    make_twin(session)
    buyer.put(goods)
    answer = buyer.send_to("Betung")
    assert answer.status_code == 422
    assert 'value="Betung"' in answer.text
    assert "error-summary" in answer.text
    for code in (BETUNG, "16.12.01.2999"):
        assert f'<input type="radio" name="village_code" value="{code}">' in answer.text
    assert buyer.send_to("Betung", village_code=BETUNG).status_code == 303
    assert "Betung, Abab, PALI" in buyer.client.get("/cart").text


def test_a_choice_from_the_list_counts_only_for_what_is_typed(buyer: Buyer, goods: Goods, session: Session) -> None:
    make_zone(session, goods.outlet)
    session.commit()
    buyer.put(goods)
    buyer.send_to("Karang Agung", village_code=BETUNG)
    assert "Karang Agung, Abab" in buyer.client.get("/cart").text


def test_an_unknown_village_is_said_and_what_was_typed_stays(buyer: Buyer, goods: Goods, session: Session) -> None:
    make_zone(session, goods.outlet)
    session.commit()
    buyer.put(goods)
    for typed, village_code in (("Atlantis", ""), ("Atlantis", "99.99.99.9999"), ("", ""), ("Atlantis", "<script>")):
        answer = buyer.send_to(typed, village_code=village_code)
        assert answer.status_code == 422
        assert f'value="{typed}"' in answer.text
        assert "<script>" not in answer.text.split('id="receiving"')[1]
