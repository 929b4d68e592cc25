"""Which browser on which system, in words, from what it says about itself."""

from __future__ import annotations

from storefront.i18n import gettext as _

#: Sign in the user agent -> name; the first match wins, because every browser also claims to be older ones.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("UCBrowser", "UC Browser"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def describe(user_agent: str) -> str:
    """`Chrome, Android`; a plain word for what we do not know."""
    found = [name for table in (BROWSERS, SYSTEMS) for name in [_first(table, user_agent)] if name]
    return ", ".join(found) or _("Another device")


def _first(table: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for sign, name in table if sign in user_agent), "")
