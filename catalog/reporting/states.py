"""The life of a village's report as one pure table: which act leads from where to where, and who may do it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kernel.errors import N_, Conflict
from kernel.people import Permission


class ReportState(StrEnum):
    """Where a report stands on its way up."""

    DRAFT = "draft"
    SENT = "sent"
    RETURNED = "returned"
    CHECKED = "checked"
    RECEIVED = "received"
    #: Opened again after it was checked; what was sent before still counts.
    CORRECTING = "correcting"


class ReportAct(StrEnum):
    """What a person does with a report."""

    WRITE = "write"
    SEND = "send"
    #: By the regency, or by the province what the regency had checked.
    RETURN = "return"
    CHECK = "check"
    RECEIVE = "receive"
    CORRECT = "correct"


_S = ReportState


@dataclass(frozen=True, slots=True)
class Way:
    """One act: from a state, to a state, with a permission. `not_own`: whoever sent it cannot. `needs_remarks`: says why."""

    before: ReportState
    after: ReportState
    permission: Permission
    not_own: bool = False
    needs_remarks: bool = False


WAYS: dict[ReportAct, tuple[Way, ...]] = {
    ReportAct.WRITE: tuple(Way(state, state, Permission.SEND_REPORTS) for state in (_S.DRAFT, _S.RETURNED, _S.CORRECTING)),
    ReportAct.SEND: (
        Way(_S.DRAFT, _S.SENT, Permission.SEND_REPORTS),
        Way(_S.RETURNED, _S.SENT, Permission.SEND_REPORTS),
        Way(_S.CORRECTING, _S.SENT, Permission.SEND_REPORTS),
    ),
    ReportAct.RETURN: (
        Way(_S.SENT, _S.RETURNED, Permission.CHECK_REPORTS, needs_remarks=True),
        Way(_S.CHECKED, _S.RETURNED, Permission.RECEIVE_REPORTS, needs_remarks=True),
    ),
    ReportAct.CHECK: (Way(_S.SENT, _S.CHECKED, Permission.CHECK_REPORTS, not_own=True),),
    ReportAct.RECEIVE: (Way(_S.CHECKED, _S.RECEIVED, Permission.RECEIVE_REPORTS, not_own=True),),
    ReportAct.CORRECT: (
        Way(_S.CHECKED, _S.CORRECTING, Permission.SEND_REPORTS, needs_remarks=True),
        Way(_S.RECEIVED, _S.CORRECTING, Permission.SEND_REPORTS, needs_remarks=True),
    ),
}
#: Whoever writes reports may write in these.
EDITABLE = frozenset({_S.DRAFT, _S.RETURNED, _S.CORRECTING})
#: The figures of these count: the last version that was sent. What was returned counts again when it is sent again.
COUNTED = frozenset({_S.SENT, _S.CHECKED, _S.RECEIVED, _S.CORRECTING})


class WrongReportStep(Conflict):
    """The report has moved on."""

    message = N_("This is not possible for a report in this state. Please look again.")


def way_of(act: ReportAct, now: ReportState) -> Way:
    """How `act` goes on from `now`; WrongReportStep when it does not."""
    way = next((way for way in WAYS.get(act, ()) if way.before is now), None)
    if way is None:
        raise WrongReportStep
    return way


def list_ways(now: ReportState) -> list[tuple[ReportAct, Way]]:
    """What can be done in this state, in the table's order."""
    return [(act, way) for act, ways in WAYS.items() for way in ways if way.before is now]
