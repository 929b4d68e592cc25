"""Addresses made from names: readable, ASCII and unique."""

import pytest
from sqlalchemy.orm import Session

from catalog.models.product import Category
from catalog.slugs import make_slug, slugify
from tests.make import make_category


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Keripik Ubi Kencur", "keripik-ubi-kencur"),
        ("  Kopi  “Robusta” & Gula ", "kopi-robusta-gula"),
        ("Bu Ro'ah Café", "bu-roah-cafe"),
        ("Tenun 100% Sutra", "tenun-100-sutra"),
        ("../../etc/passwd", "etc-passwd"),
        ("凉果", ""),
        ("a" * 200, "a" * 80),
    ],
)
def test_a_name_becomes_ascii_words(name: str, slug: str) -> None:
    assert slugify(name) == slug


def test_the_second_of_a_name_gets_a_number(session: Session) -> None:
    make_category(session, "kopi")
    assert make_slug(session, Category.slug, "Kopi", "category") == "kopi-2"
    make_category(session, "kopi-2")
    assert make_slug(session, Category.slug, "Kopi", "category") == "kopi-3"


def test_a_name_without_latin_letters_gets_the_fallback(session: Session) -> None:
    assert make_slug(session, Category.slug, "凉果", "category") == "category"
