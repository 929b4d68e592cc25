"""The life of a submission as one pure table: which act leads from where to where, who may do it, and who is barred from it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kernel.errors import N_, Conflict, NotAllowed
from kernel.people import Permission


class CurationState(StrEnum):
    """Where one version of a product stands in curation."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    DESK_CHECK = "desk_check"
    RETURNED = "returned"
    ASSESSMENT = "assessment"
    APPROVED = "approved"
    IMPROVE = "improve"
    REJECTED = "rejected"
    APPEALED = "appealed"
    #: The decision ran out: the product asks for a new look.
    EXPIRED = "expired"
    #: A later version of the same product was approved.
    SUPERSEDED = "superseded"
    #: Taken back by whoever proposed it.
    WITHDRAWN = "withdrawn"


class Act(StrEnum):
    """What a person, or the system, does with a submission."""

    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    TAKE_UP = "take_up"
    RETURN = "return"
    OPEN_ASSESSMENT = "open_assessment"
    SCORE = "score"
    APPROVE = "approve"
    #: Approve an edit of what is live after the desk check, without new scores.
    APPROVE_EDIT = "approve_edit"
    ASK_IMPROVEMENT = "ask_improvement"
    REJECT = "reject"
    APPEAL = "appeal"
    UPHOLD_APPEAL = "uphold_appeal"
    DISMISS_APPEAL = "dismiss_appeal"
    EXPIRE = "expire"
    SUPERSEDE = "supersede"


class Bar(StrEnum):
    """Why somebody who has the permission may still not act."""

    AUTHOR = "author"  # proposed it, or wrote in it
    CONFLICT = "conflict"  # belongs to the maker, or declared a conflict of interest
    DECIDER = "decider"  # took the decision that is appealed against


@dataclass(frozen=True, slots=True)
class Step:
    """One act: from which states, to which, with which permission, and who is kept from it. Without a permission: the system alone."""

    froms: frozenset[CurationState]
    tos: frozenset[CurationState]
    permission: Permission | None
    bars: frozenset[Bar] = frozenset()


_S = CurationState
_OFFICE = frozenset({Bar.AUTHOR, Bar.CONFLICT})
#: The three answers to a proposal.
OUTCOMES = frozenset({_S.APPROVED, _S.IMPROVE, _S.REJECTED})
#: At most one submission of a product is in these states.
OPEN = frozenset({_S.DRAFT, _S.SUBMITTED, _S.DESK_CHECK, _S.RETURNED, _S.ASSESSMENT, _S.APPEALED})
#: Whoever proposes may write in these.
EDITABLE = frozenset({_S.DRAFT, _S.RETURNED})
#: Only those who propose or decide see these.
UNSENT = frozenset({_S.DRAFT, _S.WITHDRAWN})


def _step(froms: set[CurationState], tos: set[CurationState], permission: Permission | None, bars: frozenset[Bar] = frozenset()) -> Step:
    return Step(frozenset(froms), frozenset(tos), permission, bars)


STEPS: dict[Act, Step] = {
    Act.SUBMIT: _step({_S.DRAFT, _S.RETURNED}, {_S.SUBMITTED}, Permission.PROPOSE_PRODUCTS),
    Act.WITHDRAW: _step({_S.DRAFT, _S.SUBMITTED, _S.DESK_CHECK, _S.RETURNED}, {_S.WITHDRAWN}, Permission.PROPOSE_PRODUCTS),
    Act.TAKE_UP: _step({_S.SUBMITTED}, {_S.DESK_CHECK}, Permission.DECIDE_CURATION, _OFFICE),
    Act.RETURN: _step({_S.SUBMITTED, _S.DESK_CHECK}, {_S.RETURNED}, Permission.DECIDE_CURATION, _OFFICE),
    Act.OPEN_ASSESSMENT: _step({_S.DESK_CHECK}, {_S.ASSESSMENT}, Permission.DECIDE_CURATION, _OFFICE),
    Act.SCORE: _step({_S.ASSESSMENT}, {_S.ASSESSMENT}, Permission.ASSESS_PRODUCTS, _OFFICE),
    Act.APPROVE: _step({_S.ASSESSMENT}, {_S.APPROVED}, Permission.DECIDE_CURATION, _OFFICE),
    Act.APPROVE_EDIT: _step({_S.DESK_CHECK}, {_S.APPROVED}, Permission.DECIDE_CURATION, _OFFICE),
    Act.ASK_IMPROVEMENT: _step({_S.DESK_CHECK, _S.ASSESSMENT}, {_S.IMPROVE}, Permission.DECIDE_CURATION, _OFFICE),
    Act.REJECT: _step({_S.DESK_CHECK, _S.ASSESSMENT}, {_S.REJECTED}, Permission.DECIDE_CURATION, _OFFICE),
    Act.APPEAL: _step(set(OUTCOMES), {_S.APPEALED}, Permission.PROPOSE_PRODUCTS),
    Act.UPHOLD_APPEAL: _step({_S.APPEALED}, {_S.DESK_CHECK, _S.ASSESSMENT}, Permission.DECIDE_CURATION, _OFFICE | {Bar.DECIDER}),
    Act.DISMISS_APPEAL: _step({_S.APPEALED}, set(OUTCOMES), Permission.DECIDE_CURATION, _OFFICE | {Bar.DECIDER}),
    Act.EXPIRE: _step({_S.APPROVED}, {_S.EXPIRED}, None),
    Act.SUPERSEDE: _step({_S.APPROVED, _S.EXPIRED}, {_S.SUPERSEDED}, None),
}


class WrongStep(Conflict):
    """The submission has moved on, or was never there."""

    message = N_("This is not possible for a submission in this state. Please look again.")


class Barred(NotAllowed):
    """The permission is there, and still somebody else has to do it."""

    def __init__(self, bar: Bar) -> None:
        self.bar = bar
        super().__init__(_WHY[bar])


_WHY = {
    Bar.AUTHOR: N_("You took part in this proposal, so somebody else has to do this."),
    Bar.CONFLICT: N_("You have a conflict of interest with this maker, so somebody else has to do this."),
    Bar.DECIDER: N_("You took the decision that is appealed against, so somebody else has to do this."),
}


def acts_between(now: CurationState, then: CurationState) -> frozenset[Act]:
    """The acts that lead from `now` to `then`; none at all for most pairs."""
    return frozenset(act for act, step in STEPS.items() if now in step.froms and then in step.tos)


def check_step(act: Act, now: CurationState, then: CurationState) -> None:
    """WrongStep unless `act` leads from `now` to `then`."""
    if act not in acts_between(now, then):
        raise WrongStep


def list_acts(now: CurationState) -> list[Act]:
    """What can be done by persons in this state, in the table's order."""
    return [act for act, step in STEPS.items() if now in step.froms and step.permission is not None]
