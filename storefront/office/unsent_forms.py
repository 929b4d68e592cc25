"""What was typed and not sent: taken from the page's script every few seconds, and put back when the person returns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import jsonify, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from kernel import unsent
from kernel.people import Actor
from storefront.database import reading, transaction
from storefront.security import current_actor
from storefront.templating import local, moment


@dataclass(frozen=True, slots=True)
class Left:
    """A form as it was left."""

    values: MultiDict[str, str]
    saved_at: datetime


def unsent_keep(key: str) -> ResponseReturnValue:
    """Keep what is typed so far; answers when."""
    content = {name: values for name, values in request.form.lists() if name != "csrf_token"}
    with transaction() as session:
        at = unsent.keep(session, current_actor(), key, content)
    return jsonify(saved_at=moment(at))


def unsent_drop(key: str) -> ResponseReturnValue:
    """Forget it and show the form as the record has it."""
    with transaction() as session:
        unsent.forget(session, current_actor(), key)
    back = request.form.get("back", "")
    return redirect(back if back.startswith(("/office/", "/en/office/")) else local("/office/"), 303)


def restored(actor: Actor, key: str, since: datetime | None = None) -> Left | None:
    """What this person left in the form, for a page that is looked at; nothing while it is being sent."""
    if request.method != "GET":
        return None
    found = unsent.find(reading(), actor, key, since=since)
    if found is None:
        return None
    return Left(MultiDict([(name, value) for name, values in found.content.items() for value in values]), found.saved_at)
