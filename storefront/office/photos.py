"""Photos of products, makers and villages: add several, say what they show, put them in order, take one away."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog import desk, media
from catalog.media import Owner
from catalog.models.photo import Photo
from kernel.errors import DomainError, NotFound
from kernel.people import Permission
from storefront.database import reading
from storefront.i18n import gettext as _
from storefront.i18n import ngettext
from storefront.office.forms import PhotosForm, PhotoTextForm
from storefront.office.mapping_village import reached
from storefront.pages import save, status_of
from storefront.security import current_actor
from storefront.templating import current_settings


def product_photos(slug: str) -> ResponseReturnValue:
    """A product's photos."""
    return _page("products", slug, PhotosForm(formdata=None)), 200


def maker_photos(slug: str) -> ResponseReturnValue:
    """A maker's photos."""
    return _page("makers", slug, PhotosForm(formdata=None)), 200


def village_photos(village: str) -> ResponseReturnValue:
    """A village's photos."""
    return _page("villages", village, PhotosForm(formdata=None)), 200


def product_photos_add(slug: str) -> ResponseReturnValue:
    """New photos of a product."""
    return _add("products", slug)


def maker_photos_add(slug: str) -> ResponseReturnValue:
    """New photos of a maker."""
    return _add("makers", slug)


def village_photos_add(village: str) -> ResponseReturnValue:
    """New photos of a village."""
    return _add("villages", village)


def photo(kind: str, slug: str, name: str) -> ResponseReturnValue:
    """What one photo shows, in both languages."""
    owner, found = _load(reading(), kind, slug, name)
    form = PhotoTextForm(data={"alt_id": found.alt_id, "alt_en": found.alt_en})

    def work(session: Session) -> None:
        media.describe_photo(session, current_actor(), _load(session, kind, slug, name)[1], **form.values())

    if form.validate_on_submit() and save(form, work):
        flash(_("The description is saved."), "success")
        return redirect(_address(kind, slug), 303)
    owner, found = _load(reading(), kind, slug, name)
    return render_template(
        "office/photos/photo.html", kind=kind, owner=owner, photo=found, form=form, back=_address(kind, slug)
    ), status_of(form)


def photo_move(kind: str, slug: str, name: str) -> ResponseReturnValue:
    """One place earlier or later; the first photo is the one lists show."""
    step = {"earlier": -1, "later": 1, "first": -media.MOST_PHOTOS}.get(request.form.get("to", ""), 0)
    form = PhotoTextForm(formdata=None)

    def work(session: Session) -> None:
        found = _load(session, kind, slug, name)[1]
        media.move_photo(session, current_actor(), found, max(0, found.position + step))

    save(form, work)
    return redirect(_address(kind, slug), 303)


def photo_remove(kind: str, slug: str, name: str) -> ResponseReturnValue:
    """Ask, then take the photo away."""
    owner, found = _load(reading(), kind, slug, name)
    form = PhotoTextForm()
    gone: list[str] = []

    def work(session: Session) -> None:
        gone.extend(media.remove_photo(session, current_actor(), _load(session, kind, slug, name)[1]))

    if form.is_submitted() and save(form, work):
        media.delete_files(_storage(), gone)
        flash(_("The photo is removed."), "success")
        return redirect(_address(kind, slug), 303)
    owner, found = _load(reading(), kind, slug, name)
    page = render_template("office/photos/remove.html", kind=kind, owner=owner, photo=found, form=form, back=_address(kind, slug))
    return page, status_of(form)


def _add(kind: str, slug: str) -> ResponseReturnValue:
    _owner(reading(), kind, slug)
    form = PhotosForm()
    if form.validate_on_submit():
        added = sum(_add_one(form, kind, slug, file.filename or "", file.read()) for file in form.photos.value)
        if added:
            flash(ngettext("%(num)s photo is added.", "%(num)s photos are added.", added), "success")
        if not form.problems():
            return redirect(_address(kind, slug), 303)
    return _page(kind, slug, form), 422


def _add_one(form: PhotosForm, kind: str, slug: str, filename: str, data: bytes) -> int:
    """1 when the file became a photo; a refusal names the file, and the others go on. The pipeline runs before the transaction."""
    from catalog.media_pipeline import prepare_photo  # Pillow: 9 MB that only a worker with a photo to prepare needs

    try:
        prepared = prepare_photo(data, field="photos")
    except DomainError as refusal:
        form.refusals.append(f"{filename[:60]}: {_(refusal.message, **refusal.params)}")
        return 0

    def work(session: Session) -> None:
        media.add_photo(session, _storage(), prepared, _owner(session, kind, slug), actor=current_actor())

    return int(save(form, work))


def _page(kind: str, slug: str, form: PhotosForm) -> str:
    owner = _owner(reading(), kind, slug)
    photos = media.list_photos(reading(), owner)
    return render_template(
        "office/photos/photos.html",
        kind=kind,
        key=slug,
        owner=owner,
        photos=photos,
        form=form,
        back=_address(kind, slug),
        most=media.MOST_PHOTOS,
    )


def _load(session: Session, kind: str, slug: str, name: str) -> tuple[Owner, Photo]:
    owner = _owner(session, kind, slug)
    found = next((each for each in media.list_photos(session, owner) if each.name == name), None)
    if found is None:
        raise NotFound
    return owner, found


def _owner(session: Session, kind: str, slug: str) -> Owner:
    if kind == "products":
        return desk.get_product(session, current_actor(), slug)
    if kind == "makers":
        return desk.get_maker(session, current_actor(), slug)
    if kind == "villages":
        return reached(slug, Permission.EDIT_MAKERS, session)
    raise NotFound


def _address(kind: str, slug: str) -> str:
    if kind == "villages":
        return url_for("office.village_photos", village=slug)
    return url_for("office.product_photos" if kind == "products" else "office.maker_photos", slug=slug)


def _storage() -> media.FolderStorage:
    return media.FolderStorage(current_settings().media_folder)
