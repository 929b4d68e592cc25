"""The link with which a maker without an account sees the makers' portal: made, sent and ended by the office."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from catalog import desk
from kernel.errors import InvalidInput
from orders.portal import links
from storefront.database import reading, transaction
from storefront.i18n import gettext as _
from storefront.maker_links import address_of, message_of
from storefront.security import current_actor


def maker_portal(slug: str) -> ResponseReturnValue:
    """The link that works now, or none; a new one ends the one before."""
    actor = current_actor()
    if request.method == "POST":
        step = request.form.get("step", "")
        with transaction() as session:
            maker = desk.get_maker(session, actor, slug)
            if step == "create":
                links.create_link(session, actor, maker)
            elif step == "end":
                links.end_link(session, actor, maker)
            else:
                raise InvalidInput
        flash(_("The link is ready to be sent.") if step == "create" else _("The link is ended."), "success")
        return redirect(url_for("office.maker_portal", slug=slug), 303)
    maker = desk.get_maker(reading(), actor, slug)
    link = links.find_live(reading(), maker.id)
    return render_template(
        "office/makers/portal.html",
        maker=maker,
        link=link,
        address=address_of(link) if link else "",
        message=message_of(link) if link else "",
    )
