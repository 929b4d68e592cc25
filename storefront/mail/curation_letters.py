"""Letters about curation: what was returned or decided and why, in the words of whoever decided, and what soon runs out."""

from __future__ import annotations

from collections.abc import Sequence

from flask import g
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from catalog.models.curation import Appeal, AppealState, CurationDecision, ImprovementItem, Submission
from catalog.programme_offices import find_office_for
from kernel.locales import pick
from storefront.curation_words import CURATION, stars_words
from storefront.database import reading
from storefront.i18n import gettext as _
from storefront.mail.letters import Letter, Payload, public_url, write
from storefront.templating import current_settings, day


def returned(payload: Payload) -> Letter:
    """What has to change before the office can go on."""
    submission = _submission(payload)
    subject = _("Please look at %(name)s again", name=submission.title)
    lines = [_("the office has read your proposal %(name)s and returns it with these words:", name=submission.title)]
    return _write(payload, submission, subject, lines, quote=payload["remarks"], button=_("Change the proposal"))


def decided(payload: Payload) -> Letter:
    """The decision with its reason, its stars and what should be improved."""
    submission, decision = _submission(payload), _decision(payload)
    outcome = _(CURATION[decision.outcome][0])
    lines = [_("the office has decided about %(name)s: %(outcome)s.", name=submission.title, outcome=outcome)]
    if decision.stars:
        lines.append(stars_words(decision, decision.stars_scale))
    items = select(ImprovementItem.text).where(ImprovementItem.decision_id == decision.id).order_by(ImprovementItem.position)
    last = _("If you do not agree, you can ask for another look within 30 days, on the same page.")
    reason = pick(g.language, decision.reason_id, decision.reason_en)
    return _write(
        payload,
        submission,
        _("%(name)s: %(outcome)s", name=submission.title, outcome=outcome),
        lines,
        quote=reason,
        items=reading().scalars(items).all(),
        last=last,
        button=_("Look at the decision"),
    )


def appeal_decided(payload: Payload) -> Letter:
    """What came of the appeal."""
    submission, decision = _submission(payload), _decision(payload)
    appeal = reading().scalars(select(Appeal).where(Appeal.decision_id == decision.id)).one()
    upheld = _("your appeal was upheld. The product is looked at once more, and the outcome will not be worse than before.")
    line = upheld if appeal.state is AppealState.UPHELD else _("your appeal was dismissed. The decision stands.")
    subject = _("Your appeal about %(name)s", name=submission.title)
    return _write(payload, submission, subject, [line], quote=appeal.answer, button=_("Look at the answer"))


def due(payload: Payload) -> Letter | None:
    """The approval soon ends: time to propose another look. None when its day has been put off meanwhile."""
    submission, decision = _submission(payload), _decision(payload)
    if decision.valid_until_on is None:
        return None
    words = {"name": submission.title, "day": day(decision.valid_until_on)}
    lines = [_("the decision about %(name)s counts until %(day)s. From the next day on its stars are no longer shown.", **words)]
    last = _("Propose the product for another look now, so that nothing is lost.")
    subject = _("%(name)s: the decision counts until %(day)s", **words)
    return _write(payload, submission, subject, lines, last=last, button=_("Look at the product"))


def _submission(payload: Payload) -> Submission:
    found = select(Submission).where(Submission.code == payload["submission"]).options(joinedload(Submission.product))
    return reading().scalars(found).one()


def _decision(payload: Payload) -> CurationDecision:
    return reading().scalars(select(CurationDecision).where(CurationDecision.code == payload["decision"])).one()


def _write(
    payload: Payload,
    submission: Submission,
    subject: str,
    lines: Sequence[str],
    *,
    button: str,
    quote: str = "",
    items: Sequence[str] = (),
    last: str = "",
) -> Letter:
    office = find_office_for(reading(), submission.village_code)
    sender = pick(g.language, office.name_id, office.name_en) if office else current_settings().shop_name
    return write(
        "curation",
        subject,
        payload["email"],
        name=payload["name"],
        lines=list(lines),
        quote=(quote or "").strip(),
        items=list(items),
        last=last,
        button=button,
        sender=sender,
        phone=office.phone if office else "",
        link=public_url("office.proposal" if payload["proposes"] else "office.curation_file", code=submission.code),
    )
