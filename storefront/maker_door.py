"""Who may enter the makers' portal, and for which makers: by role, or by the link that was opened in this browser."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, Response, abort, current_app, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from catalog.models.maker import Maker
from kernel.errors import NotFound
from kernel.links import LinkEnded
from kernel.people import Actor, Role
from orders.models.maker_link import MakerLink
from orders.portal import links, records
from orders.portal.acts import Speaker
from storefront.database import reading
from storefront.routing import Reach, access_table
from storefront.second_step import must_have_second_factor
from storefront.security import ask_to_sign_in, current_actor, current_person
from storefront.templating import current_settings

#: Where the browser keeps the link; it opens nothing else, and nothing at all once the link has ended.
COOKIE = "maker_link"


@dataclass(frozen=True, slots=True)
class Entry:
    """One maker whose pages are open to this browser."""

    maker: Maker
    speaker: Speaker


def init_maker_door(app: Flask) -> None:
    """Stand behind the access check, at every route with Reach.MAKER."""
    app.before_request(_check_door)
    app.after_request(_keep_private)


def entries() -> list[Entry]:
    """The makers this browser speaks for, by name."""
    found: list[Entry] = g.maker_entries
    return found


def enter(slug: str) -> Entry:
    """The maker of the address; NotFound for one this browser does not speak for."""
    for entry in entries():
        if entry.maker.slug == slug:
            return entry
    raise NotFound


def open_with(token: str) -> Maker:
    """Keep a link in this browser; LinkEnded when it is over, was replaced or is not ours."""
    link = links.read_token(reading(), token, current_settings().secret_key)
    session[COOKIE] = token
    return link.maker


def look() -> bool:
    """See who this browser speaks for; again after a refusal, which rolled back and so forgot what was loaded. False: its link ended."""
    g.maker_entries = _by_role(reading())
    try:
        g.maker_entries += _by_link(reading(), {entry.maker.id for entry in g.maker_entries})
    except LinkEnded:
        return not close()
    return True


def close() -> bool:
    """Forget the link of this browser; whether there was one."""
    return session.pop(COOKIE, None) is not None


def _check_door() -> ResponseReturnValue | None:
    if access_table(current_app).get(request.endpoint or "") is not Reach.MAKER:
        return None
    is_over = not look()
    if not g.maker_entries:
        if is_over:
            return render_template("makers/entrance/ended.html"), 410
        return abort(403) if current_user.is_authenticated else ask_to_sign_in()
    if current_user.is_authenticated and current_person().second_factor_at is None and must_have_second_factor():
        return redirect(url_for("account.second_factor"), 303)
    return None


def _by_role(database: Session) -> list[Entry]:
    actor = current_actor()
    ids = {grant.maker_id for grant in actor.grants if grant.role is Role.MAKER and grant.maker_id is not None}
    return [Entry(maker, Speaker(maker.id, actor)) for maker in records.list_makers(database, ids)] if ids else []


def _by_link(database: Session, known: set[int]) -> list[Entry]:
    token = session.get(COOKIE)
    if not token:
        return []
    link = links.read_token(database, str(token), current_settings().secret_key)
    return [] if link.maker_id in known else [Entry(link.maker, _speaker(link))]


def _speaker(link: MakerLink) -> Speaker:
    """Nobody's account: the audit names the maker, and whoever made the link cannot agree to what is asked through it."""
    return Speaker(link.maker_id, Actor(user_id=None, name=link.maker.name), let_in_by_id=link.created_by_id, is_by_link=True)


def _keep_private(response: Response) -> Response:
    """A maker's figures stay in no cache, also where a link and no account opened them."""
    if "maker_entries" in g:
        response.headers["Cache-Control"] = "no-store"
    return response
