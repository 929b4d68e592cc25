"""What the demo's tests stand on: PALI's areas, a storage in memory, and one small picture for all."""

from __future__ import annotations

from sqlalchemy.orm import Session

from catalog.area_import import SHIPPED_LIST, import_areas, load_names, read_list
from catalog.photo_files import FORMATS, WIDTHS, PreparedPhoto
from storefront.demo.album import Shot
from storefront.demo.seeding import seed
from storefront.demo.stories import load_stories

YEAR = 2026
TINY = PreparedPhoto(files={(width, ending): b"tiny" for width in WIDTHS for ending in FORMATS}, width=1080, height=1350)


class MemoryStorage:
    """Files in a dictionary."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def save(self, name: str, data: bytes) -> None:
        self.files[name] = data

    def open(self, name: str) -> bytes:
        return self.files[name]

    def delete(self, name: str) -> None:
        self.files.pop(name, None)

    def exists(self, name: str) -> bool:
        return name in self.files


def tiny_photo(_shot: Shot) -> PreparedPhoto:
    """The same picture, whatever was asked for."""
    return TINY


def import_pali(session: Session) -> None:
    """The official areas of the regency, and the two cities in which the demo's partners are."""
    rows, _bad = read_list(SHIPPED_LIST, load_names())
    import_areas(session, [row for row in rows if row.code in ("16", "16.71", "16.74") or row.code.startswith("16.12")])


def make_demo(session: Session) -> MemoryStorage:
    """The whole demo with tiny pictures; its storage."""
    import_pali(session)
    storage = MemoryStorage()
    seed(session, storage, load_stories(), tiny_photo, year=YEAR)
    return storage
