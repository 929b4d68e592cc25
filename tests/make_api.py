"""Partners with keys for tests of the API: a small wholesale world, and calls that show a key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from catalog.models.product import HalalState
from catalog.models.stock import Outlet
from kernel.people import SYSTEM, User
from orders.models.api_key import ApiKey, Scope
from orders.models.offer import Offer
from orders.models.partner import Partner, PartnerBuyer
from orders.wholesale import api_keys
from tests.make import make_outlet
from tests.make_stock import make_goods
from tests.make_wholesale import make_buyer, make_group, make_offer, make_partner

ALL_SCOPES = tuple(scope.value for scope in Scope)


@dataclass(frozen=True)
class Trade:
    """A seller with one offer, and a partner with a buyer and a key that may do everything."""

    outlet: Outlet
    offer: Offer
    partner: Partner
    person: User
    key: ApiKey
    secret: str


def make_trade(session: Session, **changes: Any) -> Trade:
    """Baskets, which need no papers, 100 in stock, offered by the case of 24."""
    outlet = make_outlet(session)
    goods = make_goods(session, 100, outlet=outlet, halal_state=HalalState.NOT_APPLICABLE)
    offer = make_offer(session, outlet, goods.variant, **changes)
    partner = make_partner(session, outlet, make_group(session, outlet))
    person = make_buyer(session, partner)
    key, secret = make_key(session, partner, person)
    session.commit()
    return Trade(outlet, offer, partner, person, key, secret)


def make_key(session: Session, partner: Partner, person: User, scopes: tuple[str, ...] = ALL_SCOPES) -> tuple[ApiKey, str]:
    """A key of the partner that acts for the person."""
    buyer = session.scalars(select(PartnerBuyer).where(PartnerBuyer.user_id == person.id)).one()
    return api_keys.issue_key(session, SYSTEM, partner, buyer, "Gudang", scopes)


def call(client: FlaskClient, secret: str, address: str, **more: Any) -> TestResponse:
    """A call that shows a key; a body makes it a POST with an idempotency key."""
    headers = {"Authorization": f"Bearer {secret}", **more.pop("headers", {})}
    if "json" in more:
        headers.setdefault("Idempotency-Key", f"tests-{abs(hash(str(more['json']) + address)) % 10**12:012d}")
        return client.post(f"/api/v1{address}", headers=headers, **more)
    return client.get(f"/api/v1{address}", headers=headers, **more)
