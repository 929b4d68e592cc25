"""How a village's standing may change in a programme year, as one pure table."""

from __future__ import annotations

from catalog.models.programme import ProgrammeStatus
from kernel.errors import N_, Conflict

_S = ProgrammeStatus
#: From each standing to those it may become, each with whether it needs a reason: a step back, or out.
MOVES: dict[ProgrammeStatus, dict[ProgrammeStatus, bool]] = {
    _S.NOT_MAPPED: {_S.MAPPED: False},
    _S.MAPPED: {_S.SELECTED: False, _S.NOT_MAPPED: True, _S.DROPPED: True},
    _S.SELECTED: {_S.CURATED: False, _S.MAPPED: True, _S.DROPPED: True},
    _S.CURATED: {_S.LAUNCHED: False, _S.SELECTED: True, _S.DROPPED: True},
    _S.LAUNCHED: {_S.GRADUATED: False, _S.CURATED: True, _S.DROPPED: True},
    _S.GRADUATED: {_S.LAUNCHED: True},
    _S.DROPPED: {_S.MAPPED: True},
}


class WrongMove(Conflict):
    """One step at a time; or somebody else moved the village in the meantime."""

    message = N_("A village moves one step at a time. Please look again how far it is.")


def needs_reason(before: ProgrammeStatus, after: ProgrammeStatus) -> bool:
    """Whether the move must be explained; WrongMove when there is no such move."""
    if after not in MOVES[before]:
        raise WrongMove
    return MOVES[before][after]
