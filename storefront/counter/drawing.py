"""The till's icons: the lozenge of the shop's sign, drawn by our own code in the sizes that home screens ask for."""

from __future__ import annotations

import hashlib
from functools import lru_cache

GROUND, FIELD, MARK = "#fbf7ef", "#7d1a2d", "#e9c877"
#: Name -> pixels on a side and what a browser may do with it. A maskable one survives being cut into a circle.
ICONS = {"192": (192, "any"), "512": (512, "any"), "192-maskable": (192, "maskable"), "512-maskable": (512, "maskable")}
#: The lozenge in a field of 40 x 40, as in static/base/favicon.svg, and a drawer with its coin below.
_LOZENGE = "M20 5 35 20 20 35 5 20ZM20 9 9 20 20 31 31 20ZM20 13 27 20 20 27 13 20Z"


def svg(name: str) -> str:
    """The icon as a drawing; a maskable one keeps its mark within the middle 60 %."""
    size, purpose = ICONS[name]
    if purpose == "maskable":
        ground, scale = f'<rect width="40" height="40" fill="{FIELD}"/>', 0.62
    else:
        ground, scale = f'<path fill="{FIELD}" d="M20 0 40 20 20 40 0 20Z"/>', 1.0
    shift = 20 * (1 - scale)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" viewBox="0 0 40 40">{ground}'
        f'<path transform="translate({shift:g} {shift:g}) scale({scale:g})" fill="{MARK}" fill-rule="evenodd" d="{_LOZENGE}"/></svg>'
    )


@lru_cache(maxsize=len(ICONS))
def draw(name: str) -> bytes:
    """The icon as PNG."""
    from resvg_py import svg_to_bytes

    return bytes(svg_to_bytes(svg_string=svg(name)))


def fingerprint() -> str:
    """Changes when any icon is drawn differently."""
    return hashlib.sha256("".join(map(svg, ICONS)).encode()).hexdigest()[:12]
