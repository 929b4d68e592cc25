"""Turns a drawn SVG into PNG bytes."""

from __future__ import annotations

import resvg_py


def render(svg: str, width: int) -> bytes:
    """PNG bytes of `svg`, `width` pixels wide, the height following the picture's own shape."""
    # The pictures hold no text: leaving the machine's fonts unread saves time and keeps the bytes the same everywhere.
    return resvg_py.svg_to_bytes(svg_string=svg, width=width, skip_system_fonts=True)
