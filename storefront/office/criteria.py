"""The criteria in their versions: looked at, copied, their weights and words changed while nobody scores by them, and opened."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog.curation import criteria, defaults, scorecard
from catalog.curation.criteria import DEFAULT, SetData
from catalog.curation.defaults import CriterionData
from catalog.curation.scorecard import Block, Rules
from catalog.models.curation import CriteriaSet
from kernel.errors import N_, InvalidInput, NotFound
from kernel.parsing import parse_choice
from kernel.people import Permission
from storefront import curation_words
from storefront.database import reading
from storefront.i18n import gettext as _
from storefront.office.curation_forms import DeskForm, RowsForm, posted
from storefront.office.forms import ShareField, show_share
from storefront.office.record_history import history_of
from storefront.pages import save, status_of
from storefront.security import current_actor

_PARTS = ("name", "evidence")
#: What the boxes of one more criterion are named after.
ADDED = "new"


def criteria_sets() -> ResponseReturnValue:
    """Every version, the latest first, and which one is in force."""
    sets = criteria.list_sets(reading())
    now = criteria.find_current_set(reading())
    return render_template("office/curation/criteria_sets.html", sets=sets, now=now, may_change=_may_change(), default=DEFAULT)


def criteria_set(year: int, version: int) -> ResponseReturnValue:
    """One version: every criterion with its levels in words and what each brings."""
    return _page(year, version, DeskForm(formdata=None)), 200


def criteria_edit(year: int, version: int) -> ResponseReturnValue:
    """Weights, words and rules of a version that is not in force yet, and one more criterion at a time."""
    found = criteria.find_set(reading(), year, version)
    if found.opened_at is not None or not _may_change():
        return redirect(url_for("office.criteria_set", year=year, version=version), 303)
    form = RowsForm()

    def work(session: Session) -> None:
        fresh = criteria.find_set(session, year, version)
        criteria.change_set(session, current_actor(), fresh, _typed(criteria.data_of(fresh)))

    if form.validate_on_submit() and save(form, work):
        flash(_("The criteria are saved. Nobody scores by them before you open them."), "success")
        return redirect(url_for("office.criteria_set", year=year, version=version), 303)
    found = criteria.find_set(reading(), year, version)
    values = request.form if form.is_submitted() else known_values(found)
    page = render_template(
        "office/curation/criteria_edit.html",
        found=found,
        form=form,
        value=lambda name: values.get(name, ""),
        blocks=[(block, _(curation_words.BLOCK[block])) for block in Block],
        blocks_to_choose=[(block.value, _(curation_words.BLOCK[block])) for block in Block],
    )
    return page, status_of(form)


def criteria_step(year: int, version: int) -> ResponseReturnValue:
    """Copy a version, or open it for new assessments. The first copy of all is of the defaults."""
    form, step = DeskForm(), request.form.get("step", "")
    if step not in {"copy", "open"}:
        raise NotFound
    made: list[CriteriaSet] = []

    def work(session: Session) -> None:
        actor = current_actor()
        if step == "open":
            made.append(criteria.open_set(session, actor, criteria.find_set(session, year, version)))
        elif (year, version) == (defaults.YEAR, 0):
            made.append(criteria.create_set(session, actor, defaults.YEAR, DEFAULT))
        else:
            made.append(criteria.copy_set(session, actor, criteria.find_set(session, year, version)))

    if form.validate_on_submit() and save(form, work):
        is_open = step == "open"
        flash(_("New assessments use these criteria from now on.") if is_open else _("Here is a copy. Change it, then open it."), "success")
        return redirect(url_for("office.criteria_set", year=made[0].year, version=made[0].version), 303)
    return _page(year, version, form), 422


def _page(year: int, version: int, form: DeskForm) -> str:
    found = criteria.find_set(reading(), year, version)
    now = criteria.find_current_set(reading())
    return render_template(
        "office/curation/criteria_set.html",
        found=found,
        form=form,
        is_now=now is not None and now.id == found.id,
        may_change=_may_change(),
        points=", ".join(show_share(each) for each in found.star_thresholds),
        blocks=[(block, scorecard.weight_of(found.card, block)) for block in Block],
        words=curation_words,
        history=history_of([criteria.subject_of(found)]),
    )


def _may_change() -> bool:
    """Criteria count for everybody: whoever decides in one area alone reads them."""
    return "" in current_actor().area_prefixes(Permission.DECIDE_CURATION)


def known_values(found: CriteriaSet) -> dict[str, Any]:
    """A version as the form shows it."""
    values: dict[str, Any] = {
        "name_id": found.name_id,
        "name_en": found.name_en,
        "stars": "; ".join(show_share(each) for each in found.star_thresholds),
        "fewest": str(found.fewest_assessors),
        "spread": show_share(found.widest_spread),
        "months": str(found.valid_months),
    }
    for row in found.criteria:
        values[f"weight-{row.key}"] = show_share(row.weight_bps)
        for language in ("id", "en"):
            values |= {f"{part}-{row.key}-{language}": getattr(row, f"{part}_{language}") for part in _PARTS}
            values |= {f"level{level.position}-{row.key}-{language}": getattr(level, f"words_{language}") for level in row.levels}
    return values


def _typed(before: SetData) -> SetData:
    """What was typed over what there is. A criterion whose weight is left empty goes."""
    kept = [_criterion(each) for each in before.criteria if posted(f"weight-{each.key}") not in ("", "0")]
    if posted(f"weight-{ADDED}") not in ("", "0"):
        kept.append(_added(before))
    rules = Rules(
        thresholds=tuple(_hundredths(part, "stars") for part in posted("stars").split(";") if part.strip()),
        fewest_assessors=_whole("fewest", 1, 9),
        widest_spread=_hundredths(posted("spread"), "spread"),
    )
    names = {each.key for each in kept}
    shares = {key: share for key, share in (before.shares_bps or {}).items() if key in names}
    return replace(
        before,
        name=(posted("name_id"), posted("name_en")),
        rules=rules,
        valid_months=_whole("months", 1, 60),
        criteria=kept,
        shares_bps=shares,
    )


def _criterion(before: CriterionData) -> CriterionData:
    key = before.key
    return replace(
        before,
        weight_bps=_hundredths(posted(f"weight-{key}"), key),
        name=_both(f"name-{key}", key),
        evidence=_both(f"evidence-{key}", key),
        levels=tuple(_both(f"level{number}-{key}", key) for number in range(1, len(before.levels) + 1)),
    )


def _added(before: SetData) -> CriterionData:
    """One more criterion; its fourth level may be left empty. Its key is its own as long as the set is copied on."""
    known = {each.key for each in before.criteria}
    last = "" if not (posted(f"level4-{ADDED}-id") or posted(f"level4-{ADDED}-en")) else "4"
    return CriterionData(
        key=next(key for key in (f"own_{number}" for number in count(1)) if key not in known),
        block=parse_choice(Block, posted(f"block-{ADDED}"), field=ADDED),
        weight_bps=_hundredths(posted(f"weight-{ADDED}"), ADDED),
        name=_both(f"name-{ADDED}", ADDED),
        evidence=_both(f"evidence-{ADDED}", ADDED),
        levels=tuple(_both(f"level{number}-{ADDED}", ADDED) for number in f"123{last}"),
    )


def _both(name: str, field: str) -> tuple[str, str]:
    words = posted(f"{name}-id"), posted(f"{name}-en")
    if not all(words):
        raise InvalidInput(N_("Please fill this in, in both languages."), field=field)
    return words


def _hundredths(text: str, field: str) -> int:
    """`7,5` as 750: per cent in basis points, points in hundredths."""
    try:
        return ShareField.parse_share(text)
    except InvalidInput as refusal:
        raise InvalidInput(refusal.message, field=field) from None


def _whole(field: str, least: int, most: int) -> int:
    text = posted(field)
    if not (text.isascii() and text.isdigit() and len(text) < 4 and least <= int(text) <= most):
        raise InvalidInput(N_("Type a whole number from %(least)s to %(most)s."), field=field, least=least, most=most)
    return int(text)
