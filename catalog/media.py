"""Photos and where their files live: the storage port, the folder behind it, and the verbs that add, describe and remove a photo."""

from __future__ import annotations

import os
import re
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from catalog.access import ensure_can
from catalog.models.area import Area
from catalog.models.maker import Maker
from catalog.models.photo import Photo
from catalog.models.product import ListingState, Product
from catalog.photo_files import FORMATS, WIDTHS, PreparedPhoto
from catalog.products import touch_product
from kernel import audit, clock
from kernel.errors import N_, Conflict, InvalidInput
from kernel.parsing import parse_text
from kernel.people import Actor, Permission

Owner = Product | Maker | Area
MOST_PHOTOS = 12
ALT_LENGTH = 200

_NAME = re.compile(r"[0-9a-z][0-9a-z-]{0,79}\.(?:avif|webp|jpg|pdf)", re.ASCII)


class BadName(ValueError):
    """A file name that is none of ours."""


class Storage(Protocol):
    """Where files live. Names are flat, made by file_name(); anything else is BadName, so nobody climbs out of the folder."""

    def save(self, name: str, data: bytes) -> None:
        """Keep `data`; readers see all of it or none."""
        ...

    def open(self, name: str) -> bytes:
        """The bytes; FileNotFoundError when there are none."""
        ...

    def delete(self, name: str) -> None:
        """Forget the file; harmless when it is gone."""
        ...

    def exists(self, name: str) -> bool:
        """Whether there is such a file."""
        ...


class FolderStorage:
    """Files in one folder of this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def save(self, name: str, data: bytes) -> None:
        path = self._path(name)
        self.folder.mkdir(parents=True, exist_ok=True)
        unfinished = self.folder / f".{name}.{secrets.token_hex(4)}"
        try:
            unfinished.write_bytes(data)
            os.replace(unfinished, path)
        finally:
            unfinished.unlink(missing_ok=True)

    def open(self, name: str) -> bytes:
        return self._path(name).read_bytes()

    def delete(self, name: str) -> None:
        self._path(name).unlink(missing_ok=True)

    def exists(self, name: str) -> bool:
        return self._path(name).is_file()

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise BadName(name)
        return self.folder / name


def file_name(photo_name: str, width: int, ending: str) -> str:
    """The name of one stored file: `<photo>-<width>.<ending>`."""
    return f"{photo_name}-{width}.{ending}"


def file_names(photo_name: str) -> list[str]:
    """All stored files of a photo."""
    return [file_name(photo_name, width, ending) for width in WIDTHS for ending in FORMATS]


def add_photo(
    session: Session,
    storage: Storage,
    data: bytes | PreparedPhoto,
    owner: Owner,
    *,
    actor: Actor,
    alt_id: str = "",
    alt_en: str = "",
    is_sample: bool = False,
) -> Photo:
    """Store a photo of a product, maker or village after the others it has. InvalidInput says why a file cannot be used.

    Pass what prepare_photo made when a transaction is open: the pipeline takes half a second, and other writers wait.
    """
    _ensure_editable(actor, owner)
    position = session.scalar(select(func.count()).select_from(Photo).where(_owned_by(owner))) or 0
    if position >= MOST_PHOTOS:
        raise InvalidInput(N_("There can be at most %(maximum)s photos; remove one first."), field="photo", maximum=MOST_PHOTOS)
    alt_id, alt_en = _checked_alt(alt_id, alt_en)
    prepared = data if isinstance(data, PreparedPhoto) else _prepared(data)
    name = secrets.token_hex(16)
    for (width, ending), content in prepared.files.items():
        storage.save(file_name(name, width, ending), content)
    photo = Photo(
        name=name,
        product_id=owner.id if isinstance(owner, Product) else None,
        maker_id=owner.id if isinstance(owner, Maker) else None,
        area_code=owner.code if isinstance(owner, Area) else None,
        position=position,
        width=prepared.width,
        height=prepared.height,
        alt_id=alt_id,
        alt_en=alt_en,
        is_sample=is_sample,
        created_at=clock.now(),
    )
    session.add(photo)
    session.flush()
    _owner_changed(session, owner)
    audit.record(session, actor, "photo.add", subject_of(owner), {"photo": name})
    return photo


def describe_photo(session: Session, actor: Actor, photo: Photo, *, alt_id: str, alt_en: str) -> Photo:
    """Say in words what a photo shows, for people who cannot see it."""
    owner = _owner_of(session, photo)
    _ensure_editable(actor, owner)
    photo.alt_id, photo.alt_en = _checked_alt(alt_id, alt_en)
    _owner_changed(session, owner)
    audit.record(session, actor, "photo.describe", subject_of(owner), {"photo": photo.name})
    return photo


def move_photo(session: Session, actor: Actor, photo: Photo, position: int) -> list[Photo]:
    """Put a photo at `position` (0 is the one lists show) among its owner's; returns them in their new order."""
    owner = _owner_of(session, photo)
    _ensure_editable(actor, owner)
    photos = [other for other in list_photos(session, owner) if other.id != photo.id]
    photos.insert(max(0, min(position, len(photos))), photo)
    for place, each in enumerate(photos):
        each.position = place
    session.flush()
    _owner_changed(session, owner)
    audit.record(session, actor, "photo.move", subject_of(owner), {"photo": photo.name, "position": photo.position})
    return photos


def remove_photo(session: Session, actor: Actor, photo: Photo) -> list[str]:
    """Take a photo away. Returns its file names, for delete_files once the transaction is committed: a rollback needs them.

    The last photo of a live product cannot go.
    """
    owner = _owner_of(session, photo)
    _ensure_editable(actor, owner)
    others = [other for other in list_photos(session, owner) if other.id != photo.id]
    if not others and isinstance(owner, Product) and owner.state is ListingState.LIVE:
        raise Conflict(N_("A product in the shop needs at least one photo; add another one first."))
    session.delete(photo)
    for place, other in enumerate(others):
        other.position = place
    session.flush()
    _owner_changed(session, owner)
    audit.record(session, actor, "photo.remove", subject_of(owner), {"photo": photo.name})
    return file_names(photo.name)


def delete_files(storage: Storage, names: list[str]) -> None:
    """Forget files that no photo names any more; what cannot be deleted now stays behind harmlessly."""
    for name in names:
        with suppress(OSError):
            storage.delete(name)


def list_photos(session: Session, owner: Owner) -> list[Photo]:
    """The owner's photos in their order."""
    return list(session.scalars(select(Photo).where(_owned_by(owner)).order_by(Photo.position, Photo.id)))


def subject_of(owner: Owner) -> str:
    """What the audit calls the owner."""
    if isinstance(owner, Area):
        return f"area:{owner.code}"
    return f"{'product' if isinstance(owner, Product) else 'maker'}:{owner.slug}"


def _owned_by(owner: Owner) -> ColumnElement[bool]:
    if isinstance(owner, Product):
        return Photo.product_id == owner.id
    return Photo.maker_id == owner.id if isinstance(owner, Maker) else Photo.area_code == owner.code


def _owner_of(session: Session, photo: Photo) -> Owner:
    if photo.product_id is not None:
        return session.get_one(Product, photo.product_id)
    if photo.maker_id is not None:
        return session.get_one(Maker, photo.maker_id)
    return session.get_one(Area, photo.area_code)


def _ensure_editable(actor: Actor, owner: Owner) -> None:
    if isinstance(owner, Product):
        ensure_can(actor, Permission.EDIT_PRODUCTS, owner.village_code)
    else:
        ensure_can(actor, Permission.EDIT_MAKERS, owner.village_code if isinstance(owner, Maker) else owner.code)


def _owner_changed(session: Session, owner: Owner) -> None:
    if isinstance(owner, Product):
        session.expire(owner, ["photos"])
        touch_product(session, owner)
    elif isinstance(owner, Maker):
        session.expire(owner, ["photos"])
        owner.updated_at = clock.now()


def _checked_alt(alt_id: str, alt_en: str) -> tuple[str, str]:
    return parse_text(alt_id, field="alt_id", maximum=ALT_LENGTH), parse_text(alt_en, field="alt_en", maximum=ALT_LENGTH)


def _prepared(data: bytes) -> PreparedPhoto:
    from catalog.media_pipeline import prepare_photo  # Pillow: 9 MB that only a process with a photo to prepare needs

    return prepare_photo(data)
