"""How a blueprint says its URL map: one Route per address with who may use it, enforced before every request."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from typing import Any

from flask import Blueprint, Flask
from werkzeug.routing import Rule

from kernel.people import Permission

_REGISTRY = "etalase.access"
_STEP_UP = "etalase.step_up"
_KEPT = "etalase.kept_routes"


class Reach(StrEnum):
    """Who may use a route that no role guards."""

    PUBLIC = "public"
    #: Whoever holds the unguessable link in the URL.
    LINK = "link"
    #: Whoever speaks for a maker: by a role, or by the link that was opened in this browser (storefront.maker_door).
    MAKER = "maker"
    #: Whoever may propose a product: for an area by a permission, or for the maker they belong to.
    PROPOSER = "proposer"
    #: Any signed-in person.
    SIGNED_IN = "signed_in"
    #: A machine that signs its requests (no cookies, no form token).
    SIGNATURE = "signature"
    #: A paired till that shows its token (no cookies, no form token).
    TILL = "till"
    #: A machine that shows a partner's API key, whose scope the operation names (no cookies, no form token).
    KEY = "key"


Access = Reach | Permission


class LateRule(Rule):
    """An address whose two functions for url_for are compiled when first asked for: of six hundred a process writes a few dozen,
    and compiling all takes a fifth of a second of every start.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compile_now = super()._compile_builder
        name = "_build_unknown" if append_unknown else "_build"  # where Rule.compile puts what it gets from here

        def build(rule: LateRule, **values: Any) -> tuple[str, str]:
            built: Callable[..., tuple[str, str]] = compile_now(append_unknown).__get__(rule, None)
            setattr(rule, name, built)
            return built(**values)

        return build


@dataclass(frozen=True, slots=True)
class Route:
    """One address: `view` is named in url_for as `<blueprint>.<function name>`."""

    rule: str
    view: Callable[..., Any]
    access: Access
    methods: tuple[str, ...] = ("GET",)
    #: Whether a change made here asks for a code of the second factor again when the last one is long ago.
    step_up: bool = False
    #: Two slashes in a row are part of what was asked, not a slip to be corrected by a redirect.
    keeps_slashes: bool = False
    #: Whether guests' pages are kept in memory (storefront.kept_pages), and the parameters of the query that they depend on.
    kept: tuple[str, ...] | None = None


def later(place: str) -> Callable[..., Any]:
    """The view `module:function`, imported when it is first asked for: for what few visitors need and every worker would hold."""
    module, _, name = place.partition(":")

    def view(**parts: Any) -> Any:
        return getattr(import_module(module), name)(**parts)

    view.__name__ = name
    return view


_declared: list[Route] = []


def declared_routes() -> list[Route]:
    """Every route of every blueprint, in the order of the URL maps."""
    return list(_declared)


def add_routes(blueprint: Blueprint, routes: Sequence[Route]) -> Blueprint:
    """Put the routes on the blueprint and remember who may use each."""

    def remember(state: Any) -> None:
        registry = access_table(state.app)
        for route in routes:
            registry[f"{blueprint.name}.{route.view.__name__}"] = route.access
            if route.step_up:
                step_up_endpoints(state.app).add(f"{blueprint.name}.{route.view.__name__}")
            if route.kept is not None:
                kept_routes(state.app)[f"{blueprint.name}.{route.view.__name__}"] = route.kept

    _declared.extend(routes)
    for route in routes:
        options = {"merge_slashes": False} if route.keeps_slashes else {}
        blueprint.add_url_rule(route.rule, endpoint=route.view.__name__, view_func=route.view, methods=list(route.methods), **options)
    blueprint.record(remember)
    return blueprint


def access_table(app: Flask) -> dict[str, Access]:
    """Endpoint -> who may use it. An endpoint that is missing here is refused to everyone."""
    table: dict[str, Access] = app.extensions.setdefault(_REGISTRY, {})
    return table


def step_up_endpoints(app: Flask) -> set[str]:
    """Endpoints whose changes ask for a fresh code of the second factor."""
    endpoints: set[str] = app.extensions.setdefault(_STEP_UP, set())
    return endpoints


def kept_routes(app: Flask) -> dict[str, tuple[str, ...]]:
    """Endpoints whose pages are kept for guests -> the parameters that such a page depends on."""
    routes: dict[str, tuple[str, ...]] = app.extensions.setdefault(_KEPT, {})
    return routes
