"""An earlier receipt as a till of the same outlet asks for it, with what of it can still come back."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session


def read_receipt(session: Session, outlet_id: int, number: str) -> dict[str, Any]:
    """The receipt `number` of this outlet as JSON values; NotFound when there is none of that number here.

    `{"number", "order", "sold_at", "business_date", "total", "tenders": [{"method", "amount"}],
    "lines": [{"variant", "name_id", "name_en", "lot", "quantity", "unit_price", "paid", "returned"}]}`: one line per lot,
    `paid` whole rupiah for all its units, `returned` units of it that came back before.
    """
    raise NotImplementedError
