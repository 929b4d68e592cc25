"""A maker's financing dossier in the office: the plan, the draft for the maker, links to organisations, and who opened them."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog.mentoring.organisations import list_organisations
from catalog.mentoring.reach import find_maker
from catalog.models.maker import Maker
from kernel.errors import N_, NotFound
from kernel.people import Permission
from orders.dossiers import content as contents
from orders.dossiers import sharing as verbs
from orders.dossiers.plan import AMOUNTS, CHECKS, TEXTS, list_gaps
from storefront.database import reading
from storefront.documents.answers import answer_pdf
from storefront.dossier_words import AMOUNT, TEXT
from storefront.fields import CheckField, ChoiceField, LongTextField, PageForm, RupiahField, WholeField
from storefront.i18n import gettext as _
from storefront.office.mentoring import today
from storefront.pages import save, status_of
from storefront.security import current_actor
from storefront.templating import external

WRITE = Permission.MENTOR_MAKERS


class PlanForm(PageForm):
    """The business plan and the checklist; everything may be finished later."""

    business = LongTextField(TEXT["business"], maximum=TEXTS["business"], rows=5, required=False)
    market = LongTextField(TEXT["market"], maximum=TEXTS["market"], rows=4, required=False)
    production = LongTextField(TEXT["production"], maximum=TEXTS["production"], rows=4, required=False)
    purpose = LongTextField(TEXT["purpose"], maximum=TEXTS["purpose"], rows=3, required=False)
    repayment = LongTextField(TEXT["repayment"], maximum=TEXTS["repayment"], rows=3, required=False)
    contact = LongTextField(TEXT["contact"], maximum=TEXTS["contact"], rows=2, required=False)
    needed = RupiahField(AMOUNT["needed"], required=False, hint=N_("Less than Rp100 million."))
    own_money = RupiahField(AMOUNT["own_money"], required=False)
    monthly_costs = RupiahField(AMOUNT["monthly_costs"], required=False)
    yearly_turnover = RupiahField(AMOUNT["yearly_turnover"], required=False)
    check_small = CheckField(CHECKS["small"])
    check_nib = CheckField(CHECKS["nib"])
    check_books = CheckField(CHECKS["books"])
    check_account = CheckField(CHECKS["account"])
    check_no_arrears = CheckField(CHECKS["no_arrears"])
    check_agrees = CheckField(CHECKS["agrees"])


class ShareForm(PageForm):
    """To whom the dossier is opened, and for how long."""

    organisation = ChoiceField(N_("To which organisation"))
    days = WholeField(N_("For how many days"), minimum=1, maximum=verbs.LONGEST_DAYS)


def dossier(slug: str) -> ResponseReturnValue:
    """Where a maker's dossier stands."""
    return _page(slug, _plan_form(slug), _share_form())


def dossier_plan(slug: str) -> ResponseReturnValue:
    """Keep the plan."""
    form = PlanForm()
    find_maker(reading(), current_actor(), slug, WRITE)

    def work(session: Session) -> None:
        values = form.values()
        checklist = {name: values[f"check_{name}"] for name in CHECKS}
        fields = {name: values[name] for name in (*TEXTS, *AMOUNTS)}
        verbs.write_plan(session, current_actor(), _maker(session, slug), fields, checklist)

    if form.validate_on_submit() and save(form, work):
        flash(_("The plan is saved."), "success")
        return redirect(url_for("office.dossier", slug=slug), 303)
    return _page(slug, form, _share_form())


def dossier_make(slug: str) -> ResponseReturnValue:
    """Put it together for the maker to look at."""
    form = ShareForm(formdata=None)
    if save(form, lambda session: verbs.make_version(session, current_actor(), _maker(session, slug), today())):
        flash(_("The dossier is put together. The maker finds it in the portal and can approve it."), "success")
    for problem in form.refusals:
        flash(problem, "error")
    return redirect(url_for("office.dossier", slug=slug), 303)


def dossier_share(slug: str) -> ResponseReturnValue:
    """A link for one organisation; it is shown once."""
    find_maker(reading(), current_actor(), slug, Permission.DECIDE_CURATION)
    form = _share_form(is_sent=True)
    tokens: list[str] = []

    def work(session: Session) -> None:
        maker = find_maker(session, current_actor(), slug, Permission.DECIDE_CURATION)
        _made, token = verbs.share(session, current_actor(), maker, form.organisation.value, form.days.value, today())
        tokens.append(token)

    if form.validate_on_submit() and save(form, work):
        link = external(url_for("dossiers.landing", token=tokens[0], _external=False))
        flash(_("Send this link to the organisation; it is shown only now: %(link)s", link=link), "success")
        return redirect(url_for("office.dossier", slug=slug, _anchor="shares"), 303)
    return _page(slug, _plan_form(slug), form)


def dossier_revoke(slug: str, code: str) -> ResponseReturnValue:
    """End a link at once."""
    form = ShareForm(formdata=None)

    def work(session: Session) -> None:
        maker = find_maker(session, current_actor(), slug, Permission.DECIDE_CURATION)
        verbs.revoke(session, current_actor(), maker, code)

    if save(form, work):
        flash(_("The link no longer works."), "success")
    return redirect(url_for("office.dossier", slug=slug, _anchor="shares"), 303)


def dossier_paper(slug: str) -> ResponseReturnValue:
    """The latest version as PDF, for the office."""
    from storefront.documents.dossier import draw_dossier  # the pages of PDFs are heavy

    maker = find_maker(reading(), current_actor(), slug, WRITE)
    version = verbs.find_latest(reading(), maker)
    if version is None:
        raise NotFound
    return answer_pdf(draw_dossier(version, verbs.read_content(version)), f"dossier-{version.code}")


def _page(slug: str, plan_form: PlanForm, share_form: ShareForm) -> ResponseReturnValue:
    actor, session = current_actor(), reading()
    maker = find_maker(session, actor, slug, WRITE)
    plan = verbs.find_plan(session, maker)
    fresh = contents.compose(session, maker, plan, today())
    version = verbs.find_latest(session, maker)
    page = render_template(
        "office/dossiers/dossier.html",
        maker=maker,
        version=version,
        content=fresh,
        gaps=list_gaps(plan, fresh.months_with_sales),
        has_changed=version is not None and verbs.has_changed(session, maker, version, today()),
        shares=verbs.list_shares(session, maker),
        plan_form=plan_form,
        share_form=share_form,
        may_share=actor.can(Permission.DECIDE_CURATION, area_code=maker.village_code),
    )
    return page, max(status_of(plan_form), status_of(share_form)) if request.method == "POST" else 200


def _plan_form(slug: str) -> PlanForm:
    maker = find_maker(reading(), current_actor(), slug, WRITE)
    plan = verbs.find_plan(reading(), maker)
    amounts = {name: f"{value:,}".replace(",", ".") if value else "" for name, value in plan.amounts.items()}
    data: dict[str, Any] = {**plan.texts, **amounts, **{f"check_{name}": name in plan.checks for name in CHECKS}}
    return PlanForm(formdata=None, data=data)


def _share_form(*, is_sent: bool = False) -> ShareForm:
    form = ShareForm() if is_sent else ShareForm(formdata=None, data={"days": "30"})
    form.organisation.choices = [(each.code, each.name) for each in list_organisations(reading(), current_actor(), only_active=True)]
    return form


def _maker(session: Session, slug: str) -> Maker:
    return find_maker(session, current_actor(), slug, WRITE)
