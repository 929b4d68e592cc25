"""Which cart belongs to this browser: the person's own, or the guest's by the token in the cookie; kept in step with the count."""

from __future__ import annotations

from flask import session as cookie
from flask_login import current_user
from sqlalchemy.orm import Session

from orders import carts
from orders.models.cart import Cart

TOKEN = "cart"  # noqa: S105 - the name of a cookie entry
COUNT = "cart_count"


def find(session: Session) -> Cart | None:
    """The cart to show; None when nothing was ever put into one."""
    return carts.find_cart(session, token=cookie.get(TOKEN), user_id=_user_id())


def get(session: Session) -> Cart:
    """The cart to write to; a new guest's token goes into the cookie, which then outlives the browser."""
    cart = carts.get_or_create_cart(session, token=cookie.get(TOKEN), user_id=_user_id())
    if cart.user_id is None:
        cookie[TOKEN] = cart.token
        cookie.permanent = True
    return cart


def remember_count(count: int) -> None:
    """The number beside the cart's icon, so that no page has to ask the database for it."""
    cookie[COUNT] = count


def _user_id() -> int | None:
    return current_user.user.id if current_user.is_authenticated else None
