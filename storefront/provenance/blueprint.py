"""URL map of what a code opens: GS1 Digital Links, our own short addresses, and the description of the resolver."""

from __future__ import annotations

from flask import Blueprint
from flask.blueprints import BlueprintSetupState
from werkzeug.routing import BaseConverter

from storefront.provenance import resolver, scanning
from storefront.routing import Reach, Route, add_routes


class Anything(BaseConverter):
    """The rest of a path whatever it is, empty and beginning with a slash too: what is malformed is to be answered with 400, not 404."""

    regex = r"[\s\S]*"
    part_isolating = False


ROUTES: list[Route] = [
    Route("/.well-known/gs1resolver", resolver.description, Reach.PUBLIC),
    Route("/01/<anything:rest>", resolver.resolve, Reach.PUBLIC, keeps_slashes=True),
    Route("/scan", scanning.scan, Reach.PUBLIC),
    Route("/p/<code>", resolver.pack, Reach.PUBLIC),
    Route("/p/<code>/<path:lot>", resolver.pack_lot, Reach.PUBLIC, keeps_slashes=True),
]


def _know_anything(state: BlueprintSetupState) -> None:
    state.app.url_map.converters["anything"] = Anything


blueprint = Blueprint("provenance", __name__)
blueprint.record_once(_know_anything)
add_routes(blueprint, ROUTES)
blueprint.after_request(resolver.open_to_everybody)
