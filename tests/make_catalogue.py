"""Papers, pictures, ingredients and profiles for the tests of pages: `make_…(session, …, **changes)`."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from catalog.models.area import VillageProfile
from catalog.models.certificate import Certificate, CertificateKind
from catalog.models.photo import Photo
from catalog.models.product import Ingredient, Product
from kernel import clock

_numbers = count(1)


def make_certificate(session: Session, **changes: Any) -> Certificate:
    """A P-IRT permit that is valid for years; say whose with product_id or maker_id."""
    today = clock.today()
    values = {
        "kind": CertificateKind.PIRT,
        "number": "2061612010001-29",
        "issuer": "Dinas Kesehatan PALI",
        "valid_from_on": today - timedelta(days=100),
        "valid_until_on": today + timedelta(days=900),
        "created_at": clock.now(),
    } | changes
    certificate = Certificate(**values)
    session.add(certificate)
    session.flush()
    return certificate


def make_photo(session: Session, **changes: Any) -> Photo:
    """A photo's row without its files; say whose with product_id, maker_id or area_code."""
    number = next(_numbers)
    values = {
        "name": f"{number:032x}",
        "position": number,
        "width": 1080,
        "height": 1350,
        "alt_id": f"Gambar {number}",
        "alt_en": f"Picture {number}",
        "created_at": clock.now(),
    } | changes
    photo = Photo(**values)
    session.add(photo)
    session.flush()
    return photo


def make_ingredient(session: Session, product: Product, **changes: Any) -> Ingredient:
    """Cassava, most of the whole, from nowhere in particular."""
    values = {
        "product_id": product.id,
        "position": next(_numbers),
        "name_id": "Singkong",
        "name_en": "Cassava",
        "origin_code": None,
        "share_bps": 8_200,
    } | changes
    ingredient = Ingredient(**values)
    session.add(ingredient)
    session.flush()
    return ingredient


def make_profile(session: Session, area_code: str, **changes: Any) -> VillageProfile:
    """What a village says to visitors."""
    values = {
        "area_code": area_code,
        "intro_id": "Desa nanas.",
        "intro_en": "A village of pineapples.",
        "visit_id": "Kebun buka Sabtu.",
        "visit_en": "The gardens are open on Saturdays.",
        "season_id": "Juni–Agustus",
        "season_en": "June–August",
        "updated_at": clock.now(),
    } | changes
    profile = VillageProfile(**values)
    session.add(profile)
    session.flush()
    return profile
