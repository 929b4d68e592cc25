"""URL map of the tills' pages in the office; storefront.office.blueprint puts it beside its own."""

from __future__ import annotations

from kernel.people import Permission
from storefront.office import till_incidents, till_papers, till_rescue, till_restock, till_shifts, till_staff, tills
from storefront.routing import Route

FORM, POST = ("GET", "POST"), ("POST",)
MANAGE = Permission.MANAGE_TILLS

ROUTES: list[Route] = [
    Route("/tills", tills.tills, MANAGE),
    Route("/tills/pin", till_staff.own_pin, Permission.SELL_AT_TILLS, FORM),
    Route("/tills/incidents", till_incidents.till_incidents, MANAGE),
    Route("/tills/incidents/<incident>", till_incidents.till_incident, MANAGE),
    Route("/tills/incidents/<incident>/resolve", till_incidents.till_incident_resolve, MANAGE, POST),
    Route("/tills/incidents/<incident>/orders/<order>/move", till_incidents.till_order_move, MANAGE, POST),
    Route("/tills/incidents/<incident>/decide", till_incidents.till_entry_decide, MANAGE, POST),
    Route("/tills/<outlet>", tills.till_board, MANAGE),
    Route("/tills/<outlet>/new", tills.till_new, MANAGE, FORM),
    Route("/tills/<outlet>/staff", till_staff.till_staff, MANAGE),
    Route("/tills/<outlet>/staff/<person>", till_staff.till_pin, MANAGE, FORM),
    Route("/tills/<outlet>/shifts", till_shifts.till_shifts, MANAGE),
    Route("/tills/<outlet>/shifts/<shift>", till_shifts.till_shift, MANAGE),
    Route("/tills/<outlet>/shifts/<shift>/report.pdf", till_papers.till_shift_report, MANAGE),
    Route("/tills/<outlet>/shifts/<shift>/close", till_shifts.till_shift_close, MANAGE, FORM),
    Route("/tills/<outlet>/restock", till_restock.till_restock, MANAGE),
    Route("/tills/<outlet>/rescue", till_rescue.till_rescue, MANAGE, FORM),
    Route("/tills/<outlet>/devices/<device>/revoke", tills.till_device_revoke, MANAGE, FORM),
    Route("/tills/<outlet>/devices/<device>/entries", till_incidents.till_device_entries, MANAGE, POST),
    Route("/tills/<outlet>/<int:number>", tills.till, MANAGE, FORM),
    Route("/tills/<outlet>/<int:number>/pair", tills.till_pair, MANAGE, POST),
]
