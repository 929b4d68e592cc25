"""The page of one paper: whoever doubts a claim sees the number, who gave it and until when, and what was before it."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from catalog.papers.public import get_public_paper
from catalog.papers.queries import PaperState
from kernel import clock
from storefront.database import reading
from storefront.i18n import current_language
from storefront.i18n import gettext as _
from storefront.paper_words import PAPER
from storefront.schema_org import certification
from storefront.shop import structured
from storefront.templating import current_settings, local
from storefront.words import word


def certificate(code: str) -> ResponseReturnValue:
    """One paper of a maker who is or was in the shop."""
    settings = current_settings()
    page = get_public_paper(reading(), code, current_language(), clock.today(settings.zone))
    paper = page.paper
    is_valid = paper.state is PaperState.VALID
    trail = [(_("Home"), local("/")), (page.maker_name, local(f"/makers/{page.maker_slug}")), (word(paper.kind, short=True), None)]
    return render_template(
        "shop/certificate/certificate.html",
        page=page,
        paper=paper,
        paper_said=PAPER,
        counts=is_valid,
        trail=trail,
        data=structured.data_block(certification(paper, is_valid=is_valid), structured.breadcrumbs(trail)),
    )
