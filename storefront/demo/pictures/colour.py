"""The one palette of the drawn pictures, and the arithmetic that lightens, deepens and turns a colour within it."""

from __future__ import annotations

import colorsys

PAPER = "#fbf5e9"
MAROON = "#7b1e2b"
GOLD = "#b8923f"
GOLD_PALE = "#d9bd7a"
LEAF = "#4f7a3a"
LEAF_DEEP = "#2f5528"

_SHADE_TO = "#2b150c"
_LIGHT_TO = "#fffaf0"

# Cloth, label and lid colours that sit well beside each other; a seed picks one.
ACCENTS: tuple[str, ...] = (MAROON, "#35563a", "#a8752c", "#8a3b24", "#3d4f5c", "#6b3450")


def channels(colour: str) -> tuple[int, int, int]:
    """The red, green and blue of "#rrggbb", each 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def from_channels(red: float, green: float, blue: float) -> str:
    """ "#rrggbb" of three channels, each cut to 0 to 255."""
    return "#" + "".join(f"{max(0, min(255, round(c))):02x}" for c in (red, green, blue))


def mix(first: str, second: str, share: float) -> str:
    """`first` with `share` (0 to 1) of `second` in it."""
    pairs = zip(channels(first), channels(second), strict=True)
    red, green, blue = (a + (b - a) * share for a, b in pairs)
    return from_channels(red, green, blue)


def shade(colour: str, amount: float) -> str:
    """`colour` lit (above 0) towards warm white or deepened (below 0) towards warm dark; amount -1 to 1."""
    return mix(colour, _LIGHT_TO, amount) if amount >= 0 else mix(colour, _SHADE_TO, -amount)


def turn(colour: str, degrees: float = 0.0, saturation: float = 1.0, value: float = 1.0) -> str:
    """`colour` with its hue turned by `degrees` and its saturation and brightness multiplied."""
    red, green, blue = (c / 255 for c in channels(colour))
    hue, sat, val = colorsys.rgb_to_hsv(red, green, blue)
    hue = (hue + degrees / 360) % 1.0
    out = colorsys.hsv_to_rgb(hue, min(1.0, sat * saturation), min(1.0, val * value))
    return from_channels(*(c * 255 for c in out))
