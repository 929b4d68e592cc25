"""QR codes as inline SVG, or as a picture to keep: black on a white ground of their own, also on a dark page."""

from __future__ import annotations

from io import BytesIO

from markupsafe import Markup

#: Modules of white around the symbol; scanners need four (ISO/IEC 18004).
QUIET_ZONE = 4
#: Pixels of a module in a picture that is kept: some 700 across for a payment code.
_MODULE = 10


def draw_qr(text: str, css_class: str) -> Markup:
    """The symbol for `text`, as large as the place it is put in."""
    import segno  # 4 MB that only a worker drawing a code needs

    symbol = segno.make_qr(text, error="m", boost_error=False)
    drawing = symbol.svg_inline(border=QUIET_ZONE, dark="#000", light="#fff", omitsize=True, svgclass=css_class, lineclass=None)
    return Markup(drawing)  # noqa: S704 - drawn by segno: paths and numbers, no text of anybody


def qr_png(text: str) -> bytes:
    """The same symbol as PNG, for a phone that cannot scan its own screen."""
    import segno

    file = BytesIO()
    segno.make_qr(text, error="m", boost_error=False).save(file, kind="png", scale=_MODULE, border=QUIET_ZONE)
    return file.getvalue()
