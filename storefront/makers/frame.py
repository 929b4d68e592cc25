"""What every page of the portal shares: whose page it is, page numbers, and doing something with a refusal shown beside its field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import render_template, request, url_for
from sqlalchemy.orm import Session

from kernel.errors import DomainError, NotAllowed, NotFound
from kernel.paging import parse_page
from storefront import state_words
from storefront.database import transaction
from storefront.fields import PageForm
from storefront.maker_door import Entry, entries, look


def show(template: str, entry: Entry, **values: Any) -> str:
    """A page of one maker."""
    return render_template(
        template, maker=entry.maker, speaker=entry.speaker, is_one_of_many=len(entries()) > 1, said=state_words, **values
    )


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
    """Do `work` in a transaction; a refusal lands on the form, what is not theirs stays a 404.

    A refusal rolls back: `enter` the maker again before the page is shown, and load again what it shows.
    """
    try:
        with transaction() as session:
            work(session)
    except (NotFound, NotAllowed):
        raise
    except DomainError as refusal:
        form.refuse(refusal)
        look()
        return False
    return True


def status_of(form: PageForm) -> int:
    """422 when the page shows a refused form again, else 200."""
    return 422 if form.is_submitted() else 200
