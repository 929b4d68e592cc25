"""Addresses of a partner's feed that are signed for one key: for programs that can fetch an address, but not show a key with it."""

from __future__ import annotations

from itsdangerous import BadData, URLSafeSerializer

from storefront.templating import current_settings, external

_PURPOSE = "partner feed"
_LONGEST = 120


def feed_token(key_code: str) -> str:
    """What makes an address a key's own: it works as long as the key does, and shows nothing of it."""
    return str(_signer().dumps(key_code))


def read_feed_token(token: str) -> str | None:
    """The key's code; None for what we have not signed."""
    try:
        return str(_signer().loads(token)) if len(token) <= _LONGEST else None
    except BadData:
        return None


def feed_address(key_code: str, ending: str) -> str:
    """The public address of the feed as `csv` or `json`."""
    return external(f"/api/v1/feeds/{feed_token(key_code)}/offers.{ending}")


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_settings().secret_key, salt=_PURPOSE)
