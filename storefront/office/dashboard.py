"""The first page of the office: what needs doing, for the roles and the reach of whoever looks."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog import desk, shelves
from catalog.models.stock import Outlet
from kernel import alarms, clock
from kernel.people import Actor, Permission
from orders import approvals, first_steps, refund_queries
from orders import desk as order_desk
from orders.consignment import desk as consignment_desk
from orders.counter import incident_queries, silent
from orders.counter import queries as counter_queries
from orders.first_steps import FirstStep
from orders.stockroom import queries
from orders.wholesale import desk as wholesale_desk
from storefront.database import reading
from storefront.i18n import gettext as _
from storefront.office.curation_tiles import curation_tiles
from storefront.office.programme_tiles import programme_tiles, reports_today, visits_today
from storefront.security import current_actor
from storefront.templating import current_settings, day, rupiah


def dashboard() -> ResponseReturnValue:
    """Figures and lists to begin the day with; each leads to the page where the work is done."""
    actor, session = current_actor(), reading()
    today = clock.today(current_settings().zone)
    acts, vouchers = approvals.count_undecided(session, actor) if actor.can(Permission.APPROVE_ACTS) else (0, 0)
    outlets = shelves.list_outlets(session, actor, Permission.VIEW_STOCK) if actor.can(Permission.VIEW_STOCK) else []
    orders = order_desk.count_by_state(session, actor) if actor.can(Permission.VIEW_ORDERS) else {}
    standing = alarms.list_standing(session) if orders else []
    return render_template(
        "office/dashboard/dashboard.html",
        first_steps=_first_steps(session, actor, outlets),
        alarms=standing,
        books=[_books_line(line) for alarm in standing if alarm.name == "books" for line in alarm.lines],
        silent=silent.list_silent(session) if any(alarm.name == "tills" for alarm in standing) else [],
        orders=orders,
        undecided=[
            (acts, _("Approvals"), url_for("office.approvals")),
            (vouchers, _("Vouchers"), url_for("office.vouchers", show="waiting")),
        ],
        consignment=_consignment(session, actor, outlets),
        tills=_tills(session, actor),
        stockroom=_stockroom(session, actor, outlets),
        curation=curation_tiles(session, actor),
        reported=reports_today(session, actor),
        programme=programme_tiles(session, actor, today),
        planned=visits_today(session, actor, today),
        today=today,
        wholesale=_wholesale(session, actor),
        to_confirm=order_desk.count_to_confirm(session, actor) if orders else 0,
        in_review=order_desk.count_in_review(session, actor) if orders else 0,
        refunds=refund_queries.count_queues(session, actor) if actor.can(Permission.REFUND_ORDERS) else {},
        figures=desk.get_figures(session, actor) if actor.can(Permission.EDIT_PRODUCTS) else None,
        outlets=[
            {
                "outlet": outlet,
                "scarce": shelves.count_shelf(session, outlet, "scarce", today),
                "expired": shelves.count_shelf(session, outlet, "expired", today),
            }
            for outlet in outlets
        ],
    )


def _books_line(line: dict[str, Any]) -> dict[str, str]:
    """One line of the alarm about the books in the reader's language: its `text`, and the `order` that it is about."""
    message, params = line["message"], line["params"]
    return {"text": _(message, **{name: _figure(name, params[name]) for name in params}), "order": params.get("order", "")}


def _figure(name: str, value: Any) -> str:
    if name in ("ours", "theirs"):
        return rupiah(value)
    return day(date.fromisoformat(value)) if name == "day" else str(value)


def _first_steps(session: Session, actor: Actor, outlets: list[Outlet]) -> list[tuple[bool, bool, str, str]]:
    """(done, can wait, what, where) of each step of a new shop; empty once it can sell."""
    done = first_steps.list_first_steps(session, actor)
    if not done:
        return []
    code = outlets[0].code if outlets else None
    of_outlet = {
        FirstStep.PAYMENT: (_("Say how buyers pay there: QRIS, bank account"), "office.outlet"),
        FirstStep.STOCK: (_("Receive the first goods"), "office.receive_choose"),
        FirstStep.TILL: (_("Make a till and pair its tablet"), "office.till_board"),
    }
    others = {
        FirstStep.OFFICE: (_("Name the office in charge, its programmes and who signs"), "office.programme_offices"),
        FirstStep.OUTLET: (_("Open the outlet: its place, who runs it, its hours"), "office.outlet_new"),
        FirstStep.CATEGORIES: (_("Make the categories of the shop"), "office.categories"),
        FirstStep.PEOPLE: (_("Invite colleagues and give them their roles"), "office.person_new"),
        FirstStep.YEAR: (_("Open the programme year for its villages"), "office.mapping"),
        FirstStep.MAKER: (_("Register the first maker"), "office.maker_new"),
        FirstStep.PRODUCT: (_("Bring the first product through curation"), "office.proposals"),
    }
    steps = {step: (words, url_for(endpoint)) for step, (words, endpoint) in others.items()}
    steps |= {step: (words, url_for(endpoint, outlet=code) if code else "") for step, (words, endpoint) in of_outlet.items()}
    return [(done[step], step in first_steps.CAN_WAIT, *steps[step]) for step in FirstStep]


def _stockroom(session: Session, actor: Actor, outlets: list[Outlet]) -> list[tuple[int, str, str, str]]:
    """(how many, what, where, tone) of what waits in the stock room."""
    if not outlets:
        return []
    waiting = queries.count_waiting(session, actor)
    due = url_for("office.pull_outs_due", outlet=outlets[0].code) if len(outlets) == 1 else url_for("office.stock")
    return [
        (waiting.stopped, _("stopped lots on the shelf"), url_for("office.batches"), "red"),
        (waiting.deliveries, _("deliveries to finish"), url_for("office.deliveries"), "amber"),
        (waiting.arriving, _("transfers on their way here"), url_for("office.transfers"), "blue"),
        (waiting.due, _("lots within 30 days of their date"), due, "amber"),
    ]


def _tills(session: Session, actor: Actor) -> list[tuple[int, str, str, str]]:
    """(how many, what, where, tone) of what waits at the tills."""
    if not actor.can(Permission.MANAGE_TILLS):
        return []
    incidents = sum(incident_queries.count_open(session, actor).values())
    return [
        (incidents, _("incidents at the tills"), url_for("office.till_incidents"), "red"),
        (counter_queries.count_unsynced(session, actor), _("tills with sales not synced"), url_for("office.tills"), "amber"),
    ]


def _wholesale(session: Session, actor: Actor) -> list[tuple[int, str, str, str]]:
    """(how many, what, where, tone) of what waits for partners."""
    if not actor.can(Permission.MANAGE_WHOLESALE):
        return []
    waiting = wholesale_desk.count_waiting(session, actor)
    return [
        (waiting.applications, _("applications to decide"), url_for("office.partner_list", state="applied"), "amber"),
        (waiting.papers, _("partners' papers to compare"), url_for("office.partner_list", state="approved"), "amber"),
        (waiting.quotes, _("quotes to answer"), url_for("office.trade_quotes"), "amber"),
        (waiting.samples, _("samples to send"), url_for("office.sample_list", state="requested"), "amber"),
        (waiting.to_divide, _("orders to divide"), url_for("office.trade_orders", show="divide"), "amber"),
        (waiting.to_send, _("orders to send"), url_for("office.trade_orders", show="send"), "blue"),
        (waiting.claims, _("claims to answer"), url_for("office.trade_orders", show="settle"), "red"),
        (waiting.to_invoice, _("orders to invoice"), url_for("office.trade_orders", show="invoice"), "blue"),
    ]


def _consignment(session: Session, actor: Actor, outlets: list[Outlet]) -> list[tuple[int, str, str, str]]:
    """(how many, what, where, tone) of what waits about makers' goods."""
    wanted = Permission.MANAGE_AGREEMENTS
    outlets = [outlet for outlet in outlets if actor.can(wanted, area_code=outlet.area_code, outlet_id=outlet.id)]
    if not outlets:
        return []
    waiting = consignment_desk.count_waiting(session, actor, outlets)
    return [
        (waiting.statements, _("statements to be closed"), url_for("office.statements"), "amber"),
        (waiting.batches, _("payouts to be approved"), url_for("office.maker_payouts"), "red"),
        (waiting.accounts, _("makers' bank accounts to be checked"), url_for("office.agreements"), "red"),
    ]
