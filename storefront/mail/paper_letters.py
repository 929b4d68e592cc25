"""Letters about papers that will run out, to the office and to makers."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select

from catalog.models.certificate import Certificate
from catalog.models.maker import Maker
from catalog.models.product import Product
from kernel.locales import pick
from storefront.database import reading
from storefront.i18n import gettext as _
from storefront.i18n import ngettext
from storefront.mail.letters import Letter, Payload, public_url, write
from storefront.templating import day
from storefront.words import word


def papers_expiring(payload: Payload) -> Letter | None:
    """Which papers end, and when; None when all of them were taken out meanwhile."""
    statement = (
        select(Certificate, Product, Maker)
        .outerjoin(Product, Product.id == Certificate.product_id)
        .join(Maker, Maker.id == func.coalesce(Certificate.maker_id, Product.maker_id))
        .where(Certificate.code.in_(payload["papers"]), Certificate.valid_until_on.is_not(None))
        .order_by(Certificate.valid_until_on, Certificate.id)
    )
    lines = []
    for certificate, product, maker in reading().execute(statement):
        name = pick(payload["language"], product.name_id, product.name_en) if product else _("All products of %(maker)s", maker=maker.name)
        paper = f"{word(certificate.kind, short=True)} {certificate.number}".strip()
        lines.append((day(certificate.valid_until_on or date.max), paper, f"{name} ({maker.name})" if product else name))
    if not lines:
        return None
    return write(
        "papers_expiring",
        ngettext("%(num)s paper will run out", "%(num)s papers will run out", len(lines)),
        payload["email"],
        name=payload["name"],
        lines=lines,
        link=public_url("office.papers", state="expiring") if payload.get("to") != "maker" else "",
    )
