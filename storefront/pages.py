"""What pages of every audience do alike: read the address, lead to other pages of a list, and save with a refusal beside its field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import request, url_for
from sqlalchemy.orm import Session

from kernel.errors import DomainError, NotAllowed, NotFound
from kernel.paging import parse_page
from storefront.database import transaction
from storefront.fields import PageForm


def asked_page() -> int:
    """The page number in the address; InvalidInput, and so a 400, for nonsense."""
    return parse_page(request.args.get("page", ""))


def asked(name: str, longest: int = 100) -> str:
    """A short text in the address's query, without control characters."""
    return "".join(sign for sign in request.args.get(name, "") if sign.isprintable()).strip()[:longest]


def page_addresses(endpoint: str, **values: Any) -> Callable[[int], str]:
    """Page number -> address of the same list with the same filters."""
    kept = {name: value for name, value in values.items() if value not in ("", None)}
    return lambda number: url_for(endpoint, page=number, **kept)


def save(form: PageForm, work: Callable[[Session], object]) -> bool:
    """Do `work` in a transaction. A refusal lands on the form; what is not there or not theirs stays a 404 or 403.

    A refusal rolls back and so forgets what was loaded: load again before the page is rendered.
    """
    try:
        with transaction() as session:
            work(session)
    except (NotFound, NotAllowed):
        raise
    except DomainError as refusal:
        form.refuse(refusal)
        return False
    return True


def status_of(form: PageForm) -> int:
    """422 when the page shows a refused form again, else 200."""
    return 422 if form.is_submitted() else 200
