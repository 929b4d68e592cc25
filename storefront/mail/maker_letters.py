"""Letters to makers who sign in: a statement of theirs was closed."""

from __future__ import annotations

from sqlalchemy import select

from catalog.models.maker import Maker
from orders.consignment import statement_content
from orders.models.agreement import Agreement
from orders.models.consignment import MakerStatement
from storefront.database import reading
from storefront.documents import statement_words
from storefront.i18n import gettext as _
from storefront.mail.letters import Letter, Payload, public_url, write


def statement_closed(payload: Payload) -> Letter:
    """What sold, what is left and what is owed, as on the statement itself."""
    code = payload["statement"]
    found, slug = (
        reading()
        .execute(
            select(MakerStatement, Maker.slug)
            .join(Agreement, Agreement.id == MakerStatement.agreement_id)
            .join(Maker, Maker.id == Agreement.maker_id)
            .where(MakerStatement.code == code)
        )
        .one()
    )
    content = statement_content.read(found.content)
    return write(
        "statement_closed",
        _("Your statement %(code)s from %(outlet)s", code=code, outlet=content.outlet_name),
        payload["email"],
        name=payload["name"],
        lines=statement_words.message_text(content).replace("*", "").splitlines(),
        link=public_url("makers.statement", maker=slug, code=code),
    )
