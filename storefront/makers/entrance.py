"""Coming in and going out: whose pages, the link for makers without an account, and leaving."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from kernel.links import LinkEnded
from storefront import maker_door
from storefront.i18n import gettext as _
from storefront.templating import local


def portal() -> ResponseReturnValue:
    """The one maker's home, or a choice for somebody who speaks for several."""
    entries = maker_door.entries()
    if len(entries) == 1:
        return redirect(url_for("makers.home", maker=entries[0].maker.slug), 303)
    return render_template("makers/entrance/choose.html", entries=entries)


def open_link(token: str) -> ResponseReturnValue:
    """Come in with a link from the office. It lives in this browser only and opens one maker's pages, nothing else."""
    try:
        maker = maker_door.open_with(token)
    except LinkEnded:
        return render_template("makers/entrance/ended.html"), 410
    return redirect(url_for("makers.home", maker=maker.slug), 303)


def leave() -> ResponseReturnValue:
    """Forget the link in this browser."""
    if maker_door.close():
        flash(_("The makers' portal is closed on this phone. Your link opens it again while it is valid."), "success")
    return redirect(local("/"), 303)
