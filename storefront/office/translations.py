"""Translations in the office: what lacks one, what changed since it was compared, and both languages side by side."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog import translating as verbs
from catalog.translating import LABELS, TextKind
from storefront.database import reading
from storefront.fields import LongTextField, PageForm
from storefront.i18n import gettext as _
from storefront.pages import asked, asked_page, page_addresses, save, status_of
from storefront.security import current_actor
from storefront.state_words import TEXT_KIND

#: Above so many letters a text has a large box.
_LONG = 300


def translations() -> ResponseReturnValue:
    """Records of one kind that lack a translation, or whose texts changed since they were compared."""
    actor, session = current_actor(), reading()
    kind = TextKind(asked("kind", 12)) if asked("kind", 12) in set(TextKind) else TextKind.PRODUCT
    show = "stale" if asked("show", 6) == "stale" else "missing"
    page = verbs.list_missing(session, actor, kind, asked_page()) if show == "missing" else None
    entries = verbs.entries_of(session, kind, page.rows) if page is not None else verbs.list_stale(session, actor, kind)
    missing = verbs.count_missing(session, actor)
    return render_template(
        "office/translations/translations.html",
        kind=kind,
        kinds=[(each, _(words), missing[each]) for each, words in TEXT_KIND.items()],
        show=show,
        page=page,
        entries=entries,
        page_url=page_addresses("office.translations", kind=kind.value),
        labels={name: _(label) for name, label in LABELS.items()},
        TextState=verbs.TextState,
    )


def translation(kind: str, key: str) -> ResponseReturnValue:
    """The texts of one record, Indonesian beside English."""
    if kind not in set(TextKind):
        abort(404)
    what, actor = TextKind(kind), current_actor()
    entry = verbs.get_entry(reading(), actor, what, key)
    typed = {f"{pair.name}_id": pair.indonesian for pair in entry.pairs} | {f"{pair.name}_en": pair.english for pair in entry.pairs}
    form = _form(what, typed)
    compared = [name for name in request.form.getlist("compared") if name in verbs.lengths_of(what)]

    def work(session: Session) -> None:
        verbs.save_texts(session, actor, what, key, form.values(), compared)

    if form.validate_on_submit() and save(form, work):
        flash(_("The texts are saved."), "success")
        return redirect(url_for("office.translation", kind=kind, key=key), 303)
    page = render_template(
        "office/translations/translation.html",
        entry=verbs.get_entry(reading(), actor, what, key),
        form=form,
        compared=compared if form.is_submitted() else [],
        labels={name: _(label) for name, label in LABELS.items()},
        TextState=verbs.TextState,
    )
    return page, status_of(form)


def _form(kind: TextKind, typed: dict[str, str]) -> PageForm:
    """A form with both languages of every text of this kind."""
    fields: dict[str, Any] = {}
    for name, length in verbs.lengths_of(kind).items():
        for language in ("id", "en"):
            rows = 6 if length > _LONG else 2
            fields[f"{name}_{language}"] = LongTextField(LABELS[name], maximum=length, required=False, rows=rows)
    form: PageForm = type("TextsForm", (PageForm,), fields)(data=typed)
    return form
