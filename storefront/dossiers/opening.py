"""A shared dossier: whose it is and for whom, and the PDF once its opening was noted."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kernel.links import LinkEnded
from orders.dossiers import sharing as verbs
from storefront.database import reading, transaction
from storefront.documents.answers import answer_pdf


def landing(token: str) -> ResponseReturnValue:
    """Looking notes nothing; the button that opens the PDF does."""
    try:
        if request.method == "POST":
            with transaction() as session:
                opening = verbs.open_share(session, token, request.user_agent.string)
            return redirect(url_for("dossiers.paper", token=token, code=opening.code), 303)
        return render_template("dossiers/landing.html", share=verbs.read_share(reading(), token))
    except LinkEnded:
        return render_template("dossiers/ended.html"), 410


def paper(token: str, code: str) -> ResponseReturnValue:
    """The PDF, for a short while after it was opened."""
    from storefront.documents.dossier import draw_dossier  # the pages of PDFs are heavy

    try:
        share = verbs.read_opened(reading(), token, code)
    except LinkEnded:
        return render_template("dossiers/ended.html"), 410
    answer = answer_pdf(draw_dossier(share.version, verbs.read_content(share.version)), f"dossier-{share.version.code}")
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
