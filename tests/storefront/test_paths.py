"""A form never sends a visitor to another site (A6)."""

from __future__ import annotations

import pytest

from storefront.paths import safe_path

HOSTILE = [
    "",
    "https://evil.example",
    "http://evil.example/cart",
    "//evil.example",
    "///evil.example",
    "////evil.example/%2f..",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/%2fevil.example",
    "/%5cevil.example",
    "/%255cevil.example",
    "/%252f%252fevil.example",
    "/\tevil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/ /evil.example",
    "javascript:alert(1)",
    "JavaScript://%0aalert(1)",
    "data:text/html,x",
    "evil.example",
    "./evil",
    "../evil",
    "?next=//evil.example",
    "#//evil.example",
    "/%0d%0aSet-Cookie:x=1",
    "/\x00//evil.example",
    "/／evil.example",
    "/\u202e//evil.example",
    "/@evil.example//",
    "/" + "a" * 600,
]


@pytest.mark.parametrize("target", HOSTILE)
def test_a_hostile_target_is_refused(target: str) -> None:
    assert safe_path(target) is None


@pytest.mark.parametrize(
    "target",
    [
        "/",
        "/cart",
        "/en/cart",
        "/products/keripik-ubi?page=2",
        "/search?q=a%20b&x=https%3A%2F%2Fe.id%2F",
        "/office/orders?next=//x",
        "/en/a#b",
    ],
)
def test_a_path_of_this_site_is_kept(target: str) -> None:
    assert safe_path(target) == target


def test_nothing_stays_nothing() -> None:
    assert safe_path(None) is None
