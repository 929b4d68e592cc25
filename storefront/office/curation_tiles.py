"""What waits for this person in proposals and curation, as tiles of the office's first page."""

from __future__ import annotations

from flask import url_for
from sqlalchemy.orm import Session

from catalog.curation import queries
from catalog.curation.states import CurationState
from kernel.people import Actor, Permission
from storefront.i18n import gettext as _

#: How many, what, where, tone.
Tile = tuple[int, str, str, str]
_S = CurationState


def curation_tiles(session: Session, actor: Actor) -> list[Tile]:
    """By what the person does: proposing, scoring, deciding. Three statements at most."""
    tiles = _to_propose(session, actor) if actor.can(Permission.PROPOSE_PRODUCTS) and not actor.can(Permission.DECIDE_CURATION) else []
    if actor.can(Permission.ASSESS_PRODUCTS):
        waiting = queries.count_assessor_queue(session, actor)
        tiles.append((waiting, _("scorecards wait for you"), url_for("office.scoring_queue"), "amber"))
    if actor.can(Permission.DECIDE_CURATION):
        tiles += _to_decide(session, actor)
    return tiles


def _to_propose(session: Session, actor: Actor) -> list[Tile]:
    counts = queries.count_proposals(session, actor)
    mine = counts[_S.DRAFT] + counts[_S.RETURNED]
    with_office = sum(counts[state] for state in (_S.SUBMITTED, _S.DESK_CHECK, _S.ASSESSMENT, _S.APPEALED))
    return [
        (mine, _("proposals: your turn"), url_for("office.proposals", show="todo"), "amber"),
        (with_office, _("proposals with the office"), url_for("office.proposals", show="office"), "blue"),
        (counts[_S.APPROVED], _("approved proposals"), url_for("office.proposals", show="decided"), "leaf"),
    ]


def _to_decide(session: Session, actor: Actor) -> list[Tile]:
    counts = queries.count_by_state(session, actor)
    due = queries.count_due_for_recuration(session, actor)
    return [
        (counts[_S.SUBMITTED] + counts[_S.DESK_CHECK], _("proposals to check"), url_for("office.curation_queue"), "amber"),
        (counts[_S.ASSESSMENT], _("products being scored"), url_for("office.curation_queue", show="assess"), "blue"),
        (counts[_S.APPEALED], _("appeals to answer"), url_for("office.curation_queue", show="appeals"), "red"),
        (due, _("approvals running out"), url_for("office.curation_due"), "amber"),
    ]
