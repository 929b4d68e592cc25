"""Files that only signed-in people may see: scans and photos, taken in after looking at their content and kept in the private folder.

Pictures are drawn anew by the photo pipeline, so that nothing but pixels is left of them. A PDF is kept as it is and only ever given
out as a download that no browser opens in our name (A8 of docs/abuse.md).
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from flask import Response, abort
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from catalog.media import BadName, FolderStorage
from catalog.models.scan import Scan
from kernel.errors import N_, DomainError, InvalidInput
from storefront.database import afterwards
from storefront.fields import PageForm
from storefront.templating import current_settings

IMAGE, PDF = "image/jpeg", "application/pdf"
#: A scanned paper; photos have the pipeline's own limits.
LARGEST_PDF = 8 * 1024 * 1024
WIDTH = 1080
ACCEPT = "image/*,application/pdf"
_NAME = re.compile(r"[0-9a-f]{32}\.(?:jpg|pdf)", re.ASCII)


@dataclass(frozen=True, slots=True)
class PrivateFile:
    """A file that is ready to be kept under a name nobody can guess."""

    name: str
    media_type: str
    data: bytes

    @property
    def scan(self) -> Scan:
        """The file as the verbs take it."""
        return Scan(name=self.name, media_type=self.media_type, digest=hashlib.sha256(self.data).hexdigest(), size=len(self.data))


class PrivateStorage(FolderStorage):
    """A folder of private files with names of our making."""

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise BadName(name)
        return self.folder / name


def storage(room: str) -> PrivateStorage:
    """The private folder of one room: "certificates", "visits"."""
    return PrivateStorage(current_settings().private_folder / room)


def replace_file(session: Session, room: str, file: PrivateFile, before: str | None) -> None:
    """Keep a file that a row of this transaction names, in place of the one named `before`."""
    storage(room).save(file.name, file.data)
    forget_file(session, room, before)


def forget_file(session: Session, room: str, name: str | None) -> None:
    """Let go of a file that no row names once this transaction is committed: after a rollback a row still does."""
    if name:
        kept = storage(room)
        afterwards(session, lambda: kept.delete(name))


def prepared(form: PageForm, files: list[FileStorage]) -> PrivateFile | None:
    """The one file of the field `scan`, ready to be kept; None without one, or when it was refused, which the form then says.

    Call it before the transaction opens.
    """
    if len(files) > 1:
        form.refuse(InvalidInput(N_("One file for each paper, please."), field="scan"))
        return None
    try:
        return take_in(files[0], field="scan") if files else None
    except DomainError as refusal:
        form.refuse(refusal)
        return None


def take_in(file: FileStorage, *, field: str, takes_pdf: bool = True) -> PrivateFile:
    """What was sent, judged by its content and not by its name; InvalidInput says why it cannot be used.

    Takes up to half a second for a photo: call it before the transaction opens.
    """
    data = file.read()
    if takes_pdf and is_pdf(data, field=field):
        return PrivateFile(f"{secrets.token_hex(16)}.pdf", PDF, data)
    from catalog.media_pipeline import prepare_photo  # Pillow: only a worker with a picture to prepare needs it

    return PrivateFile(f"{secrets.token_hex(16)}.jpg", IMAGE, prepare_photo(data, field=field).files[WIDTH, "jpg"])


def is_pdf(data: bytes, *, field: str) -> bool:
    """Whether it is a PDF; InvalidInput for one that is too large."""
    if not data[:1024].lstrip().startswith(b"%PDF-"):
        return False
    if len(data) > LARGEST_PDF:
        raise InvalidInput(N_("This PDF is larger than 8 MB; please scan it smaller."), field=field)
    return True


def give_out(room: str, name: str, download_name: str) -> Response:
    """The kept file; 404 when it is not there. A PDF is a download, a picture is shown."""
    try:
        data = storage(room).open(name)
    except (FileNotFoundError, BadName):
        abort(404)
    return answer_with(data, f"{download_name}.{name.rsplit('.', 1)[1]}")


def answer_with(data: bytes, download_name: str) -> Response:
    """The same for whoever has the bytes; the name says what they are. No browser or cache keeps them."""
    is_picture = download_name.endswith(".jpg")
    answer = Response(data, mimetype=IMAGE if is_picture else PDF)
    kind = "inline" if is_picture else "attachment"
    answer.headers["Content-Disposition"] = f'{kind}; filename="{download_name}"'
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
