"""Mapping in the office: the area at a glance, its villages as a list and as files, and products that several villages name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from catalog import programme
from catalog.mapping import files, villages
from catalog.mapping.focus import VILLAGE, Focus
from catalog.mapping.villages import AreaProgress, VillageFilter, VillageRow
from catalog.models.programme import ProgrammeStatus, Scheme
from kernel import clock
from kernel.errors import NotFound
from kernel.people import Permission
from storefront.database import reading, transaction
from storefront.i18n import current_language, ngettext, speaking
from storefront.i18n import gettext as _
from storefront.office.programme_area import asked_year, looked_at, way_around
from storefront.office.programme_maps import draw_programme
from storefront.pages import asked, asked_page, page_addresses
from storefront.security import current_actor
from storefront.spreadsheets import Cell, csv_rows
from storefront.templating import current_settings
from storefront.words import word
from storefront.workbooks import MIMETYPE, workbook_parts

FILES = ("csv", "xlsx")


def mapping() -> ResponseReturnValue:
    """Map, figures and progress of one area; of a village its file. Six statements beside those of the frame."""
    focus, year, language = looked_at(), asked_year(), current_language()
    if focus.level == VILLAGE:
        return redirect(url_for("office.mapping_village", village=focus.code, year=_kept(year) or None), 302)
    parts = villages.measure_progress(reading(), focus, year, language)
    whole = villages.add_up(focus.code, focus.name, parts)
    missing = villages.list_villages(reading(), focus, year, VillageFilter(missing_evidence=True), language).total
    return render_template(
        "office/mapping/overview.html",
        whole=whole,
        parts_of_area=parts,
        missing=missing,
        drawing=draw_programme(reading(), focus, year, language),
        legend=_legend(whole),
        year=year,
        years=_years(),
        tabs=tabs("mapping", focus, year),
        may_open=whole.mapped == 0 and current_actor().can(Permission.DECIDE_PROGRAMME, area_code=focus.code),
        **way_around(focus, "office.mapping", year=_kept(year)),
    )


def mapping_villages() -> ResponseReturnValue:
    """The villages of an area, narrowed and paged."""
    focus, year, wanted = looked_at(), asked_year(), asked_filter()
    page = villages.list_villages(reading(), focus, year, wanted, current_language(), page=asked_page())
    kept = _address(wanted, year)
    return render_template(
        "office/mapping/villages.html",
        page=page,
        wanted=wanted,
        is_narrowed=wanted != VillageFilter(),
        statuses=[(status.value, word(status)) for status in ProgrammeStatus],
        schemes=[(scheme.value, word(scheme)) for scheme in Scheme],
        year=year,
        years=_years(),
        tabs=tabs("villages", focus, year),
        files=[(kind.upper(), url_for("office.mapping_file", kind=kind, area=focus.code, **kept)) for kind in FILES],
        page_url=page_addresses("office.mapping_villages", area=focus.code, **kept),
        **way_around(focus, "office.mapping_villages", **kept),
    )


def mapping_file(kind: str) -> ResponseReturnValue:
    """The villages of an area as `csv` or `xlsx`, with the same filters, sent while it is made."""
    if kind not in FILES:
        raise NotFound
    focus, year, wanted, language = looked_at(), asked_year(), asked_filter(), current_language()

    def rows() -> Iterator[Sequence[Cell]]:
        with speaking(language):
            yield _headings()
            yield from map(_cells, villages.stream_villages(reading(), focus, year, wanted, language))

    if kind == "xlsx":
        body, mimetype = b"".join(workbook_parts([(_("Mapping"), rows())])), MIMETYPE
    else:
        body, mimetype = "".join(csv_rows(rows())).encode(), "text/csv"
    answer = Response(body, mimetype=mimetype)
    answer.headers["Content-Disposition"] = f'attachment; filename="mapping-{focus.code}-{year}.{kind}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def mapping_twins() -> ResponseReturnValue:
    """Products that several villages name, side by side."""
    focus, year = looked_at(), asked_year()
    page = files.list_twins(reading(), focus, page=asked_page())
    return render_template(
        "office/mapping/twins.html",
        page=page,
        year=year,
        tabs=tabs("twins", focus, year),
        page_url=page_addresses("office.mapping_twins", area=focus.code, year=_kept(year)),
        **way_around(focus, "office.mapping_twins", year=_kept(year)),
    )


def mapping_open() -> ResponseReturnValue:
    """Put every desa of an area on the list of a new programme year."""
    focus, year = looked_at(), asked_year()
    with transaction() as session:
        added = programme.open_year(session, current_actor(), year, focus.code)
    flash(
        ngettext("%(num)s village is on the list of %(year)s.", "%(num)s villages are on the list of %(year)s.", added, year=year),
        "success",
    )
    return redirect(url_for("office.mapping", area=focus.code, year=year), 303)


def tabs(here: str, focus: Focus, year: int) -> list[tuple[str, str, bool]]:
    """The rooms of mapping."""
    kept: dict[str, Any] = {"area": focus.code, "year": _kept(year) or None}
    pages = (("mapping", _("Map")), ("mapping_villages", _("Villages")), ("mapping_twins", _("Same product")))
    return [(name, url_for(f"office.{endpoint}", **kept), endpoint.removeprefix("mapping_") == here) for endpoint, name in pages]


def asked_filter() -> VillageFilter:
    """What the address narrows to; nonsense narrows nothing."""
    status, scheme = asked("status", 12), asked("scheme", 12)
    return VillageFilter(
        status=next((each for each in ProgrammeStatus if each.value == status), None),
        scheme=next((each for each in Scheme if each.value == scheme), None),
        missing_evidence=request.args.get("missing") == "evidence",
        text=asked("q", 60),
    )


def _address(wanted: VillageFilter, year: int) -> dict[str, Any]:
    values = {
        "status": wanted.status.value if wanted.status else "",
        "scheme": wanted.scheme.value if wanted.scheme else "",
        "missing": "evidence" if wanted.missing_evidence else "",
        "q": wanted.text,
        "year": _kept(year),
    }
    return {name: value for name, value in values.items() if value}


def _kept(year: int) -> str:
    """The year for an address: the usual one goes without saying."""
    return "" if year == current_settings().programme_year else str(year)


def _years() -> list[tuple[str, str]]:
    usual = current_settings().programme_year
    return [(str(year), str(year)) for year in (usual + 1, usual, usual - 1, usual - 2)]


def _legend(whole: AreaProgress) -> list[tuple[ProgrammeStatus, str]]:
    return [(status, f"{word(status)} ({count})") for status, count in whole.counts.items() if count]


def _headings() -> list[str]:
    return [
        *(_("Code"), _("Village"), _("Kind"), _("District"), _("Regency"), _("Standing"), _("Product it puts forward")),
        *(_("Potential products"), _("Pieces of evidence"), _("Changed")),
    ]


def _cells(row: VillageRow) -> list[Cell]:
    kind = row.kind.value.capitalize() if row.kind else ""
    changed = clock.local(row.updated_at, clock.home()).date().isoformat() if row.updated_at else ""
    return [row.code, row.name, kind, row.district, row.regency, word(row.status), row.product, row.potentials, row.evidence, changed]
