"""What every page of the portal shares: whose page it is, and saving in a maker's name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import render_template
from sqlalchemy.orm import Session

from storefront import pages, state_words
from storefront.fields import PageForm
from storefront.maker_door import Entry, entries, look


def show(template: str, entry: Entry, **values: Any) -> str:
    """A page of one maker."""
    return render_template(
        template, maker=entry.maker, speaker=entry.speaker, is_one_of_many=len(entries()) > 1, said=state_words, **values
    )


def save(form: PageForm, work: Callable[[Session], object]) -> bool:
    """As `storefront.pages.save`; a refusal rolled back: `enter` the maker again before the page is shown, and load again what it shows."""
    is_done = pages.save(form, work)
    if not is_done:
        look()
    return is_done
