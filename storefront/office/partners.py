"""Partners in the office: applications, terms, papers, people, and groups with their assortment."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog import shelves
from catalog.readiness.profiles import list_profiles
from kernel.errors import InvalidInput
from kernel.parsing import parse_choice
from kernel.people import Permission
from orders.models.offer import Offer
from orders.models.partner import Partner, PartnerGroup, PartnerState
from orders.wholesale import buyers, company_papers, groups, offers, partners
from storefront import wholesale_words
from storefront.company_forms import ROOM, CompanyForm, typed_facts
from storefront.database import reading
from storefront.fields import PageForm
from storefront.i18n import current_language
from storefront.i18n import gettext as _
from storefront.office.partner_forms import GroupForm, NoteForm, PaperDayForm, PaperForm, PartnerBuyerForm, PartnerTermsForm
from storefront.office.record_history import history_of
from storefront.pages import asked, asked_page, page_addresses, save, status_of
from storefront.private_files import forget_file, give_out, prepared, replace_file
from storefront.security import current_actor
from storefront.templating import current_settings, text_of

MANAGE = Permission.MANAGE_WHOLESALE


def partner_list() -> ResponseReturnValue:
    """All partners of the sellers in reach, or those in one state."""
    text, state = asked("q", 60), asked("state", 12)
    wanted = parse_choice(PartnerState, state, field="state") if state else None
    page = partners.list_partners(reading(), current_actor(), state=wanted, text=text, page=asked_page())
    return render_template(
        "office/partners/partners.html",
        page=page,
        says=wholesale_words,
        states=[(each, _(wholesale_words.PARTNER[each][0])) for each in PartnerState],
        state=state,
        q=text,
        page_url=page_addresses("office.partner_list", state=state, q=text),
    )


def partner_page(code: str) -> ResponseReturnValue:
    """One company: what it says of itself, what was agreed, and what can be done."""
    return _page(code)


def partner_terms(code: str) -> ResponseReturnValue:
    """Group, profile, credit, term, trading terms."""
    partner = partners.get_partner(reading(), current_actor(), code)
    form, number = _terms_form(partner), partner.id
    if form.validate_on_submit() and save(form, lambda session: partners.set_terms(session, current_actor(), number, form.terms())):
        flash(_("The terms are saved."), "success")
        return redirect(url_for("office.partner_page", code=code), 303)
    return _page(code, terms=form)


def partner_decide(code: str) -> ResponseReturnValue:
    """Approve, refuse, suspend or close."""
    number = partners.get_partner(reading(), current_actor(), code).id
    form = NoteForm()

    def work(session: Session) -> None:
        state = parse_choice(PartnerState, request.form.get("state", ""), field="note")
        if state is PartnerState.APPLIED:
            raise InvalidInput(field="note")
        partners.decide(session, current_actor(), number, state, form.note.value or "")

    if form.validate_on_submit() and save(form, work):
        flash(_("The decision is noted, and the company gets a letter."), "success")
        return redirect(url_for("office.partner_page", code=code), 303)
    return _page(code, note=form)


def partner_company(code: str) -> ResponseReturnValue:
    """Correct what a company says about itself."""
    partner = partners.get_partner(reading(), current_actor(), code)
    number, message, form = partner.id, partner.message, CompanyForm(data=typed_facts(partner))

    def work(session: Session) -> None:
        partners.correct_company(session, current_actor(), number, form.facts(message=message))

    if form.validate_on_submit() and save(form, work):
        flash(_("The company is corrected. Issued invoices stay as they are."), "success")
        return redirect(url_for("office.partner_page", code=code), 303)
    partner = partners.get_partner(reading(), current_actor(), code)
    return render_template("office/partners/company.html", partner=partner, form=form), status_of(form)


def partner_paper(code: str) -> ResponseReturnValue:
    """A paper that was compared with the original, with its scan or without."""
    number = partners.get_partner(reading(), current_actor(), code).id
    form = PaperForm()
    file = prepared(form, form.scan.value) if form.validate_on_submit() else None

    def work(session: Session) -> None:
        kind, until = form.chosen(), form.valid_until_on.value
        company_papers.add_paper(session, current_actor(), number, kind, form.number.value, until, file.scan if file else None)
        if file:
            replace_file(session, ROOM, file, None)

    if form.is_submitted() and not form.errors and save(form, work):
        flash(_("The paper is on the list."), "success")
        return redirect(url_for("office.partner_page", code=code), 303)
    return _page(code, paper=form)


def partner_paper_act(code: str, paper: str, act: str) -> ResponseReturnValue:
    """A paper that was handed in: compared with the original, or taken out because it is wrong."""
    number = partners.get_partner(reading(), current_actor(), code).id
    form = PaperDayForm()

    def check(session: Session) -> None:
        company_papers.check_paper(session, current_actor(), number, paper, form.last_day.value)

    def remove(session: Session) -> None:
        forget_file(session, ROOM, company_papers.remove_paper(session, current_actor(), number, paper))

    works, said = {"check": check, "remove": remove}, {"check": _("The paper is on the list."), "remove": _("The paper is taken out.")}
    if act not in works:
        abort(404)
    if form.validate_on_submit() and save(form, works[act]):
        flash(said[act], "success")
        return redirect(url_for("office.partner_page", code=code), 303)
    return _page(code, paper_day=form)


def partner_scan(code: str, paper: str) -> ResponseReturnValue:
    """The file of a partner's paper."""
    number = partners.get_partner(reading(), current_actor(), code).id
    found = company_papers.get_paper(reading(), number, paper)
    if found.scan is None:
        abort(404)
    return give_out(ROOM, found.scan.name, f"{found.kind.value}-{found.code}")


def partner_buyer(code: str) -> ResponseReturnValue:
    """Somebody who buys for the company, as its approver."""
    number = partners.get_partner(reading(), current_actor(), code).id
    form = PartnerBuyerForm()

    def work(session: Session) -> None:
        partner = session.get_one(Partner, number)
        secret = current_settings().secret_key
        buyers.add_buyer(session, current_actor(), partner, email=form.email.value, name=form.name.value, secret=secret, is_approver=True)

    if form.validate_on_submit() and save(form, work):
        flash(_("The buyer was added. A new person gets a letter with a link to choose a password."), "success")
        return redirect(url_for("office.partner_page", code=code), 303)
    return _page(code, buyer=form)


def group_list() -> ResponseReturnValue:
    """Groups with how many partners each has."""
    return render_template("office/partners/groups.html", rows=groups.list_groups(reading(), current_actor()), says=wholesale_words)


def group_new() -> ResponseReturnValue:
    """Another group of a seller's partners."""
    actor = current_actor()
    form = GroupForm(data={"sees_everything": True})
    _fill_outlets(form)
    del form.offers
    made: list[PartnerGroup] = []

    def work(session: Session) -> None:
        outlet = shelves.get_outlet(session, actor, MANAGE, form.outlet.value)
        everything = form.sees_everything.value
        made.append(groups.create_group(session, actor, outlet, form.name.value, sees_everything=everything))

    if form.validate_on_submit() and save(form, work):
        return redirect(url_for("office.group_page", code=made[0].code), 303)
    _fill_outlets(form)
    return render_template("office/partners/group.html", form=form, group=None, says=wholesale_words), status_of(form)


def group_page(code: str) -> ResponseReturnValue:
    """What a group sees."""
    actor = current_actor()
    group = groups.get_group(reading(), actor, code)
    chosen = groups.list_assortment(reading(), group.id)
    all_offers = offers.list_all_offers(reading(), group.outlet_id)
    data = {"name": group.name, "sees_everything": group.sees_everything, "offers": [o.code for o in all_offers if o.id in chosen]}
    form = GroupForm(data=data)
    del form.outlet
    form.offers.choices = [(each.code, _offer_name(each)) for each in all_offers]

    def work(session: Session) -> None:
        groups.set_assortment(
            session,
            current_actor(),
            groups.get_group(session, current_actor(), code),
            name=form.name.value,
            sees_everything=form.sees_everything.value,
            offer_codes=form.offers.value,
        )

    if form.validate_on_submit() and save(form, work):
        flash(_("The group is saved."), "success")
        return redirect(url_for("office.group_list"), 303)
    group = groups.get_group(reading(), actor, code)
    history = history_of([groups.subject_of(group)])
    return render_template("office/partners/group.html", form=form, group=group, says=wholesale_words, history=history), status_of(form)


def _offer_name(offer: Offer) -> str:
    return f"{text_of(offer.variant.product, 'name')} {text_of(offer.variant, 'name')}"


def _fill_outlets(form: PageForm) -> None:
    outlets = shelves.list_outlets(reading(), current_actor(), MANAGE)
    form.outlet.choices = [(outlet.code, outlet.name) for outlet in outlets]


def _terms_form(partner: Partner, *, is_asked: bool = True) -> PartnerTermsForm:
    data = {
        "group": partner.group.code if partner.group else "",
        "profile": partner.profile_key,
        "credit_limit": partner.credit_limit,
        "payment_days": partner.payment_days,
        "trading_terms": partner.trading_terms_bps // 100,
    }
    form = PartnerTermsForm(data=data) if is_asked else PartnerTermsForm(formdata=None, data=data)
    own = [
        (group.code, group.name) for group, _count in groups.list_groups(reading(), current_actor()) if group.outlet_id == partner.outlet_id
    ]
    form.group.choices = own
    form.profile.choices = [(profile.key, profile.name(current_language())) for profile in list_profiles(reading())]
    return form


def _page(
    code: str,
    *,
    terms: PageForm | None = None,
    note: PageForm | None = None,
    paper: PageForm | None = None,
    buyer: PageForm | None = None,
    paper_day: PageForm | None = None,
) -> ResponseReturnValue:
    session = reading()
    partner = partners.get_partner(session, current_actor(), code)
    refused = terms or note or paper or buyer or paper_day
    steps = [state for state, before in partners.DECISIONS.items() if partner.state in before]
    page = render_template(
        "office/partners/partner.html",
        partner=partner,
        says=wholesale_words,
        steps=steps,
        refused=refused or PageForm(formdata=None),
        terms=terms or _terms_form(partner, is_asked=False),
        note=note or NoteForm(formdata=None),
        paper=paper or PaperForm(formdata=None),
        paper_day=PaperDayForm(formdata=None),
        buyer=buyer or PartnerBuyerForm(formdata=None, data={"name": partner.contact_name, "email": partner.contact_email}),
        history=history_of([partners.subject_of(partner)]),
    )
    return page, 422 if refused else 200
