"""Addresses are written as werkzeug writes them, and each is compiled by who asks for it first."""

from __future__ import annotations

import pytest
from werkzeug.routing import Map, Rule

from storefront.routing import LateRule


@pytest.mark.parametrize("values", [{"code": "a b"}, {"code": "a/b", "page": 2}, {"code": "ä", "q": ["x", "y"]}])
def test_an_address_is_the_same_as_an_early_ones(values: dict[str, object]) -> None:
    late, early = (Map([kind("/things/<code>/", endpoint="thing")]).bind("localhost") for kind in (LateRule, Rule))
    asked = [late.build("thing", values) for _ in range(2)]  # the second time it is compiled already
    assert asked == [early.build("thing", values)] * 2


def test_an_address_is_compiled_when_first_asked_for() -> None:
    rule = LateRule("/things/<code>", endpoint="thing")
    late = Map([rule]).bind("localhost")
    waiting = rule._build_unknown
    late.match("/things/7")
    assert rule._build_unknown is waiting
    late.build("thing", {"code": "7"})
    assert rule._build_unknown is not waiting
