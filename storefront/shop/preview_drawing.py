"""Draws the picture a messenger shows for a shared product: photo, name, place and price with Pillow."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, ImageOps
from PIL.ImageFont import FreeTypeFont

from catalog.queries.views import ProductCard
from storefront.i18n import gettext as _
from storefront.templating import rupiah

SIZE = (1200, 630)
PHOTO_WIDTH = 560
QUALITY = 82

IVORY, INK, SOFT, MAROON, GOLD, GOLD_TEXT = "#fbf7ef", "#211a16", "#5e5147", "#7d1a2d", "#b8923f", "#75560f"
_LEFT = PHOTO_WIDTH + 56
_ROOM = SIZE[0] - _LEFT - 56


def draw_preview(card: ProductCard, photo: Path | None, shop_name: str) -> bytes:
    """A JPEG of `card` with its photo, or without one."""
    image = Image.new("RGB", SIZE, IVORY)
    draw = ImageDraw.Draw(image)
    if photo is not None:
        with Image.open(photo) as source:
            image.paste(ImageOps.fit(source.convert("RGB"), (PHOTO_WIDTH, SIZE[1]), centering=(0.5, 0.5)), (0, 0))
    else:
        draw.rectangle((0, 0, PHOTO_WIDTH, SIZE[1]), fill="#f3ecdf")
    _weave(draw)
    draw.text((_LEFT, 62), shop_name, font=_font(30), fill=GOLD_TEXT)
    lines, font = _fit(draw, card.name)
    top = 128.0
    for line in lines:
        draw.text((_LEFT, top), line, font=font, fill=INK)
        top += font.size * 1.18
    for line in _wrap(draw, f"{card.village_name}, Kec. {card.district_name}", _font(31))[:2]:
        draw.text((_LEFT, top + 18), line, font=_font(31), fill=SOFT)
        top += 40
    if card.price is not None:
        words = _("from %(price)s", price=rupiah(card.price)) if card.is_from_price else rupiah(card.price)
        draw.text((_LEFT, SIZE[1] - 150), words, font=_font(64), fill=MAROON)
    file = BytesIO()
    image.save(file, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return file.getvalue()


def _weave(draw: ImageDraw.ImageDraw) -> None:
    """A band of songket lozenges between photo and text."""
    x, half = PHOTO_WIDTH, 15
    draw.rectangle((x - half - 3, 0, x + half + 3, SIZE[1]), fill=MAROON)
    for step in range(-1, SIZE[1] // (2 * half) + 2):
        y = step * 2 * half + half
        draw.polygon(((x, y - half + 2), (x + half - 2, y), (x, y + half - 2), (x - half + 2, y)), outline=GOLD, width=2)
        draw.polygon(((x, y - 5), (x + 5, y), (x, y + 5), (x - 5, y)), fill=GOLD)


def _fit(draw: ImageDraw.ImageDraw, text: str) -> tuple[list[str], FreeTypeFont]:
    """The name as large as it fits in three lines; beyond the smallest size it is cut with an ellipsis."""
    for size in (70, 62, 54, 46, 40):
        font = _font(size)
        lines = _wrap(draw, text, font)
        if len(lines) <= 3 and all(draw.textlength(line, font=font) <= _ROOM for line in lines):
            return lines, font
    return [*lines[:2], lines[2] + " …"] if len(lines) > 3 else lines, font


def _wrap(draw: ImageDraw.ImageDraw, text: str, font: FreeTypeFont) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and draw.textlength(longer, font=font) <= _ROOM:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _font(size: float) -> FreeTypeFont:
    font = ImageFont.load_default(size)
    if not isinstance(font, FreeTypeFont):  # Pillow without FreeType has only a bitmap font
        raise TypeError("Pillow was built without FreeType")
    return font
