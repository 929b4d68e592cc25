"""Where a visitor may be sent after a form: paths of this site only, whatever the address bar asked for."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

_LONGEST = 500


def safe_path(target: str | None) -> str | None:
    """`target` when it is a path of this site such as `/en/cart?x=1`, else None.

    Browsers drop tabs and newlines and read a backslash as a slash, so `/\\evil.example` leaves the site: anything but
    plain visible ASCII is refused, and so is a second slash, also where it is percent-encoded.
    """
    if not target or len(target) > _LONGEST or not target.isascii() or not target.isprintable():
        return None
    if not target.startswith("/") or any(sign in target for sign in " \\"):
        return None
    path = target.split("?", 1)[0].split("#", 1)[0]
    decoded = unquote(unquote(path))
    if "//" in decoded or "\\" in decoded or not decoded.isprintable():
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc else target
