"""Scans of papers: what is known of a file that the private store keeps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """A file that the caller keeps under `name`; `size` in bytes."""

    name: str
    media_type: str
    digest: str
    size: int


class ScanColumns:
    """The picture or PDF of a paper, for every table of scans; the latest one counts."""

    #: Name in the private store.
    name: Mapped[str] = mapped_column(String(80))
    #: "image/jpeg" or "application/pdf".
    media_type: Mapped[str] = mapped_column(String(40))
    #: SHA-256 of the stored bytes.
    digest: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    #: Nobody known when it came through a link.
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    added_at: Mapped[datetime]

    def take(self, scan: Scan, added_by_id: int | None, added_at: datetime) -> None:
        """Note this file in place of the one before."""
        self.name, self.media_type, self.digest, self.size = scan.name, scan.media_type, scan.digest, scan.size
        self.added_by_id, self.added_at = added_by_id, added_at
