"""The picture a messenger shows for a shared product: photo, name, place and price on 1200 × 630, drawn once and kept on disk."""

from __future__ import annotations

import hashlib
import os
import tempfile
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from catalog.media import file_name
from catalog.photo_files import WIDTHS
from catalog.queries.cards import find_product_card
from catalog.queries.views import ProductCard, ProductPage
from catalog.slugs import is_slug
from kernel.errors import N_, NotFound
from storefront.templating import external, local

#: Raise it when the drawing changes, so that kept pictures are drawn anew.
EDITION = 1


def address_of(page: ProductPage) -> str:
    """Absolute address of a product's preview. The mark changes with what is drawn, because messengers keep pictures for weeks."""
    picture = page.pictures[0].name if page.pictures else ""
    lowest, highest = (page.prices[0], page.prices[-1]) if page.prices else (None, None)
    mark = _mark(page.name, picture, lowest, highest)
    return external(local(f"/products/{page.slug}/preview.jpg?v={mark}"))


def get_preview(session: Session, slug: str, language: str, today: date, *, folder: Path, shop_name: str) -> Path:
    """The file of a live product's preview, drawn if need be; NotFound for other products."""
    card = find_product_card(session, slug, language, today) if is_slug(slug) else None
    if card is None:
        raise NotFound(N_("This product is not here (any more)."))
    mark = _mark(card.name, card.picture.name if card.picture else "", card.price, card.highest_price)
    previews = folder / "previews" / f"{card.product_id % 256:02x}"
    path = previews / f"{card.product_id}-{language}-{mark}.jpg"
    if not path.exists():
        from storefront.shop.preview_drawing import draw_preview  # Pillow: only the process that draws one needs it

        _write(previews, path, draw_preview(card, _find_photo(folder / "media", card), shop_name))
        for old in previews.glob(f"{card.product_id}-{language}-*.jpg"):
            if old != path:
                old.unlink(missing_ok=True)
    return path


def _mark(name: str, picture: str, lowest: int | None, highest: int | None) -> str:
    return hashlib.sha256(repr((EDITION, name, picture, lowest, highest)).encode()).hexdigest()[:12]


def _find_photo(media: Path, card: ProductCard) -> Path | None:
    """The largest JPEG of the card's picture, where pictures are kept in a folder."""
    if card.picture is None:
        return None
    path = media / file_name(card.picture.name, WIDTHS[-1], "jpg")
    return path if path.is_file() else None


def _write(folder: Path, path: Path, data: bytes) -> None:
    """Write beside and rename: two requests at once never show half a picture."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".part", delete=False) as file:
        file.write(data)
    os.replace(file.name, path)
