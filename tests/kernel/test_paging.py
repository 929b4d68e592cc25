"""Lists in pages: numbers that are none are refused, and LIKE's own signs are taken literally."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.errors import InvalidInput
from kernel.paging import escape_like, parse_page, read_page
from kernel.people import User
from tests.make import make_user


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "1e9", "NaN", "９", "abc", " 1", "10001", "9" * 400])
def test_what_is_no_page_number_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        parse_page(text)


def test_without_a_number_the_first_page_is_meant() -> None:
    assert (parse_page(""), parse_page("7")) == (1, 7)


def test_a_list_is_cut_into_pages_and_knows_how_many(session: Session) -> None:
    for _ in range(5):
        make_user(session)
    pages = [read_page(session, select(User).order_by(User.id), number=number, size=2) for number in (1, 3, 4)]
    assert [len(page.rows) for page in pages] == [2, 1, 0]
    assert (pages[0].total, pages[0].count) == (5, 3)


def test_an_empty_list_has_one_page(session: Session) -> None:
    assert read_page(session, select(User).where(User.id < 0), number=1, size=10).count == 1


def test_percent_and_underscore_are_letters_like_any_other() -> None:
    assert escape_like("50%_a\\") == "50\\%\\_a\\\\"
