"""What each kind of retailer asks for, edited as versions; and what our offers lack of it, with what to do next."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog.models.readiness import RequirementKind
from catalog.readiness import profiles
from orders.wholesale import gaps
from storefront import wholesale_words
from storefront.database import reading
from storefront.i18n import gettext as _
from storefront.office.partner_forms import ProfileForm
from storefront.office.record_history import history_of
from storefront.pages import asked, save, status_of
from storefront.security import current_actor


def readiness() -> ResponseReturnValue:
    """Offers by what they lack of one profile: those nearest to ready first."""
    known = profiles.list_profiles(reading())
    key = asked("profile", 40) or known[0].key
    profile = profiles.get_profile(reading(), key)
    return render_template(
        "office/readiness/readiness.html",
        known=known,
        profile=profile,
        rows=gaps.list_in_reach(reading(), current_actor(), profile),
        says=wholesale_words,
    )


def readiness_profile(key: str) -> ResponseReturnValue:
    """Change what a kind of retailer asks for; the version before stays readable."""
    profile = profiles.get_profile(reading(), key)
    amounts = {
        f"amount_{need.kind.value}": need.amount // (100 if need.kind is RequirementKind.MARGIN else 1)
        for need in profile.needs
        if need.amount
    }
    data = {
        "name_id": profile.name_id,
        "name_en": profile.name_en,
        "kinds": [need.kind.value for need in profile.needs],
        "papers": [kind.value for need in profile.needs for kind in need.papers],
        **amounts,
    }
    form = ProfileForm([(kind.value, _(label)) for kind, label in wholesale_words.REQUIREMENT.items()], data=data)
    version = _asked_version() if form.is_submitted() else profile.version

    def work(session: Session) -> None:
        profiles.change_profile(
            session,
            current_actor(),
            key,
            version=version,
            name_id=form.name_id.value,
            name_en=form.name_en.value,
            needs=form.needs(),
            note=form.note.value,
        )

    if form.validate_on_submit() and save(form, work):
        flash(_("The profile is saved. It counts from now on."), "success")
        return redirect(url_for("office.readiness", profile=key), 303)
    return render_template(
        "office/readiness/profile.html",
        form=form,
        profile=profile,
        version=profile.version,
        versions=profiles.list_versions(reading(), key),
        need_of=profiles.need_of,
        says=wholesale_words,
        history=history_of([f"readiness:{key}"]),
    ), status_of(form)


def _asked_version() -> int:
    """Which version the form was filled in over; 0 for what no office has changed yet."""
    text = request.form.get("version", "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
