"""What a till needs to sell without a network: the snapshot that a paired device keeps, in 64 buckets (docs/tills.md)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from orders.models.till import TillDevice

BUCKETS = 64


def read_catalogue(session: Session, device: TillDevice, known: Mapping[str, str], words: str = "") -> dict[str, Any]:
    """The snapshot for the device (till and outlet loaded) as JSON values; of the buckets only those whose digest it has not.

    `known` holds the digests of the device's buckets, `words` the fingerprint of its synonyms.
    """
    raise NotImplementedError
