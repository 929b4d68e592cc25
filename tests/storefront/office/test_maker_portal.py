"""The office makes, shows and ends the link with which a maker without an account comes in."""

from __future__ import annotations

import re
from urllib.parse import unquote

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.cast import CURATOR, World
from tests.storefront.office.conftest import SignIn


def test_the_office_makes_a_link_sends_it_and_ends_it(session: Session, world: World, sign_in: SignIn, client: FlaskClient) -> None:
    curator, page = sign_in(CURATOR), world.address("/office/makers/{maker}/portal")
    assert "Buat tautan" in curator.get(page).text
    assert curator.post(page, data={"step": "create"}).status_code == 303
    shown = curator.get(page).text
    address = re.search(r'value="http://localhost(/makers-portal/link/[^"]+)"', shown)
    assert address is not None
    assert address[1] in unquote(shown)
    assert client.get(address[1]).location == world.address("/makers-portal/{maker}")
    assert client.get(world.address("/makers-portal/{maker}/payouts")).status_code == 200
    assert curator.post(page, data={"step": "end"}).status_code == 303
    assert "/makers-portal/link/" not in curator.get(page).text
    assert client.get(world.address("/makers-portal/{maker}/payouts")).status_code == 410


def test_the_link_is_in_indonesian_also_on_an_english_page(world: World, sign_in: SignIn) -> None:
    curator, page = sign_in(CURATOR), world.address("/en/office/makers/{maker}/portal")
    curator.post(page, data={"step": "create"})
    shown = curator.get(page).text
    assert 'value="http://localhost/makers-portal/link/' in shown
    assert "Mohon tidak diteruskan" in unquote(shown)


def test_nonsense_is_refused(world: World, sign_in: SignIn) -> None:
    assert sign_in(CURATOR).post(world.address("/office/makers/{maker}/portal"), data={"step": "other"}).status_code == 400
