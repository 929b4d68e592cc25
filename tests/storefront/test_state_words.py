"""Every state and role can be said to people: a new member without words would break the page that shows it."""

from __future__ import annotations

from enum import StrEnum

import pytest

from catalog.models.product import ListingState, Unit
from catalog.models.stock import MovementKind
from kernel.people import Role
from orders.gateways import PaymentMethod
from orders.states import OrderState, PaymentState, ReviewReason
from storefront import state_words

TABLES: list[tuple[type[StrEnum], object]] = [
    (OrderState, state_words.ORDER),
    (ListingState, state_words.LISTING),
    (PaymentState, state_words.PAYMENT),
    (ReviewReason, state_words.REVIEW),
    (PaymentMethod, state_words.METHOD),
    (MovementKind, state_words.MOVEMENT),
    (Role, state_words.ROLE),
    (Unit, state_words.UNIT),
]


@pytest.mark.parametrize(("enum", "table"), TABLES, ids=lambda value: getattr(value, "__name__", ""))
def test_every_member_has_words(enum: type[StrEnum], table: dict[StrEnum, object]) -> None:
    assert set(enum) - set(table) == set()
