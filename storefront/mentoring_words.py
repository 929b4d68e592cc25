"""How mentoring's states and kinds are said, with the tone of a badge where there is one."""

from __future__ import annotations

from catalog.models.mentoring import EventKind, EventState, ItemOwner, OrganisationKind, ReferralState
from kernel.errors import N_

OWNER: dict[ItemOwner, str] = {
    ItemOwner.MAKER: N_("The maker"),
    ItemOwner.MENTOR: N_("The mentor"),
    ItemOwner.OFFICE: N_("The office"),
    ItemOwner.ORGANISATION: N_("A supporting organisation"),
}
EVENT_KIND: dict[EventKind, str] = {
    EventKind.TRAINING: N_("Training"),
    EventKind.MEETING: N_("Meeting"),
    EventKind.LAUNCH: N_("Launch"),
    EventKind.FAIR: N_("Fair"),
}
EVENT: dict[EventState, tuple[str, str]] = {
    EventState.PLANNED: (N_("planned"), "blue"),
    EventState.HELD: (N_("held"), "leaf"),
    EventState.CANCELLED: (N_("called off"), "red"),
}
ORGANISATION: dict[OrganisationKind, str] = {
    OrganisationKind.BANK: N_("Bank"),
    OrganisationKind.UNIVERSITY: N_("University"),
    OrganisationKind.BPOM: "BPOM",
    OrganisationKind.BPJS: "BPJS",
    OrganisationKind.BUMD: N_("Regional enterprise (BUMD)"),
    OrganisationKind.NGO: N_("Non-profit organisation"),
    OrganisationKind.OFFICE: N_("Government office"),
    OrganisationKind.OTHER: N_("Other"),
}
REFERRAL: dict[ReferralState, tuple[str, str]] = {
    ReferralState.SENT: (N_("sent, no answer yet"), "amber"),
    ReferralState.ACCEPTED: (N_("accepted, under way"), "blue"),
    ReferralState.DECLINED: (N_("declined"), "red"),
    ReferralState.COMPLETED: (N_("completed with a result"), "leaf"),
}
