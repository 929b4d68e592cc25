"""URL map of the demo's mailbox."""

from __future__ import annotations

from flask import Blueprint

from storefront.mailbox import letters
from storefront.routing import Reach, Route, add_routes

blueprint = add_routes(
    Blueprint("mailbox", __name__),
    [
        Route("/mailbox", letters.mailbox, Reach.PUBLIC),
        Route("/mailbox/<name>", letters.letter, Reach.PUBLIC),
    ],
)
