"""What a maker should be told about a submission: the one place from which letters will leave, by kind, with their payload.

A kind is queued only when it is in WRITTEN, that is when somebody has written the letter (storefront/mail): what nobody can
write would stay in the outbox for ever.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from catalog.models.curation import CurationDecision, Submission
from kernel import outbox

RETURNED = "mail.curation_returned"
DECIDED = "mail.curation_decided"
APPEAL_DECIDED = "mail.curation_appeal_decided"
RECURATION_DUE = "mail.curation_due"
KINDS = frozenset({RETURNED, DECIDED, APPEAL_DECIDED, RECURATION_DUE})
#: The kinds that have a writer.
WRITTEN: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter to the maker's side: who reads it, its words and its language are the writer's to find."""

    kind: str
    #: Makes queuing it twice harmless.
    key: str
    payload: dict[str, str | int | None]


def tell_maker(session: Session, kind: str, submission: Submission, *, about: str, decision: CurationDecision | None = None) -> Letter:
    """The letter about one step; `about` tells it from others of its kind for the same submission."""
    payload: dict[str, str | int | None] = {
        "submission": submission.code,
        "product": submission.product_id,
        "round": submission.round,
        "decision": decision.code if decision else None,
        "remarks": submission.remarks if kind == RETURNED else None,
    }
    letter = Letter(kind, f"{kind}:{submission.code}:{about}", payload)
    if kind in WRITTEN:
        outbox.enqueue(session, letter.kind, letter.key, letter.payload)
    return letter
