"""Official areas: look them up by code, climb and descend the tree, and say where a village lies."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from catalog.models.area import Area, AreaLevel, VillageKind
from kernel.errors import N_, InvalidInput, NotFound

_CODE = re.compile(r"[0-9]{2}(\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?)?", re.ASCII)
_FOLDED_AWAY = re.compile(r"[^a-z0-9]")
_LEVELS = (AreaLevel.PROVINCE, AreaLevel.REGENCY, AreaLevel.DISTRICT, AreaLevel.VILLAGE)
_CODE_LENGTHS = {AreaLevel.PROVINCE: 2, AreaLevel.REGENCY: 5, AreaLevel.DISTRICT: 8, AreaLevel.VILLAGE: 13}
#: Sorts after every folded name that begins with the text before it, whatever the database's collation.
_LAST = "z" * 100


def fold_name(name: str) -> str:
    """`name` as lower-case letters and digits only: Oe'Ekam, `Nunle"u` and Suka Raja meet the ways people type them."""
    return _FOLDED_AWAY.sub("", unicodedata.normalize("NFKD", name).casefold())


def is_area_code(text: str) -> bool:
    """Whether `text` has the shape of a code: 16, 16.12, 16.12.01 or 16.12.01.2001."""
    return _CODE.fullmatch(text) is not None


def parse_area_code(text: str, *, level: AreaLevel | None = None, field: str = "village_code") -> str:
    """A typed code of the given level; InvalidInput when it has not the shape of one. Says nothing about existence."""
    code = text.strip()
    if not is_area_code(code) or (level is not None and level_of(code) is not level):
        raise InvalidInput(N_("This is not an official area code; please choose the place from the list."), field=field)
    return code


def level_of(code: str) -> AreaLevel:
    """The level of a code, by its number of parts."""
    return _LEVELS[code.count(".")]


def parent_of(code: str) -> str | None:
    """The code one level up, or None for a province."""
    return code.rpartition(".")[0] or None


def ancestors_of(code: str) -> tuple[str, ...]:
    """The codes above `code`, the province first: 16, 16.12, 16.12.01 for 16.12.01.2001."""
    parts = code.split(".")
    return tuple(".".join(parts[:count]) for count in range(1, len(parts)))


def kind_of(code: str) -> VillageKind | None:
    """Desa or kelurahan by the first digit of the fourth part (2 or 1; 3 is the desa adat of Papua); None above villages."""
    if level_of(code) is not AreaLevel.VILLAGE:
        return None
    return VillageKind.KELURAHAN if code.split(".")[3][0] == "1" else VillageKind.DESA


# Look-ups. The name is never a key.


def get_area(session: Session, code: str) -> Area:
    """The area with this code; NotFound when there is none."""
    area = find_area(session, code)
    if area is None:
        raise NotFound(N_("There is no area with this code."))
    return area


def find_area(session: Session, code: str) -> Area | None:
    """The area with this code, or None."""
    return session.get(Area, code) if is_area_code(code) else None


def get_village(session: Session, code: str) -> Area:
    """The village with this code; InvalidInput when it is another level or not in the list."""
    area = find_area(session, code)
    if area is None or area.level is not AreaLevel.VILLAGE:
        raise InvalidInput(N_("Please choose a village from the list."), field="village_code")
    return area


def list_children(session: Session, code: str | None) -> list[Area]:
    """The areas directly below `code`, by name; the provinces when it is None."""
    return list(session.scalars(select(Area).where(Area.parent_code == code).order_by(Area.name, Area.code)))


def list_breadcrumb(session: Session, code: str) -> list[Area]:
    """The area and everything above it, the province first, in one statement; NotFound when it does not exist."""
    found = session.scalars(select(Area).where(Area.code.in_([*ancestors_of(code), code]))).all()
    line = sorted(found, key=lambda area: len(area.code))
    if not line or line[-1].code != code:
        raise NotFound(N_("There is no area with this code."))
    return line


def map_areas(session: Session, codes: Iterable[str]) -> dict[str, Area]:
    """The areas with these codes and all areas above them, by code, in one statement."""
    wanted = {code for each in codes for code in (*ancestors_of(each), each)}
    return {area.code: area for area in session.scalars(select(Area).where(Area.code.in_(wanted)))}


def search_areas(
    session: Session, text: str, *, within: str = "", level: AreaLevel | None = AreaLevel.VILLAGE, limit: int = 20
) -> list[Area]:
    """Areas whose folded name begins with `text`, whole names first; for pickers, which must show more than the name.

    A regency is found by what people call it, too: Tapin for Kabupaten Tapin, PALI by its short name. `within` keeps to one branch
    of the tree. A typed code finds its area too.
    """
    if is_area_code(text.strip()):
        area = find_area(session, text.strip())
        return [area] if area and (level is None or area.level is level) and area.code.startswith(within) else []
    folded = fold_name(text)
    if not folded:
        return []
    statement = select(Area).where(Area.folded_name.between(folded, folded + _LAST), Area.folded_name.startswith(folded))
    if level is not None:
        # By the code's length: with the column, SQLite would rather walk all villages than use the index on names.
        statement = statement.where(func.length(Area.code) == _CODE_LENGTHS[level])
    if within:
        statement = statement.where(Area.code.startswith(f"{within}."))
    ordered = statement.order_by(func.length(Area.folded_name) > len(folded), Area.folded_name, Area.code).limit(limit)
    called = _search_regencies(session, folded, within) if level in (None, AreaLevel.REGENCY) else []
    return list(dict.fromkeys([*called, *session.scalars(ordered)]))[:limit]


def _search_regencies(session: Session, folded: str, within: str) -> list[Area]:
    """Regencies and cities by their name without Kabupaten or Kota, or by their short name; 514 rows are looked at."""
    names = [Area.folded_name.startswith(f"{kind}{folded}") for kind in ("kabupaten", "kota")]
    statement = select(Area).where(Area.level == AreaLevel.REGENCY, or_(*names, func.lower(Area.short_name).startswith(folded)))
    if within:
        statement = statement.where(Area.code.startswith(f"{within}."))
    return list(session.scalars(statement.order_by(func.length(Area.folded_name), Area.code)))


def count_areas(session: Session, within: str = "") -> dict[AreaLevel, int]:
    """How many areas there are on each level, in all or below `within`."""
    statement = select(Area.level, func.count()).group_by(Area.level)
    if within:
        statement = statement.where(Area.code.startswith(f"{within}."))
    counts = {row[0]: row[1] for row in session.execute(statement)}
    return {level: counts.get(level, 0) for level in _LEVELS}


# Saying where something is.


def display_name(area: Area, language: str = "id") -> str:
    """The name people use: PALI, Kab. Kupang or Kupang regency, Kota Palembang or Palembang city."""
    if area.short_name:
        return area.short_name
    if area.level is not AreaLevel.REGENCY:
        return area.name
    kind, _, name = area.name.partition(" ")
    if kind == "Kabupaten":
        return f"{name} regency" if language == "en" else f"Kab. {name}"
    if kind == "Kota" and language == "en":
        return f"{name.removeprefix('Administrasi ')} city"
    return area.name


def village_title(village: Area, language: str = "id") -> str:
    """`Desa Talang Bulang`, `Kelurahan Talang Ubi Timur`; in English `Talang Bulang village`."""
    return title_of_village(village.name, village.kind, language)


def title_of_village(name: str, kind: VillageKind | None, language: str = "id") -> str:
    """The same for somebody who has no `Area` at hand."""
    if language == "en":
        return f"{name} {'urban village' if kind is VillageKind.KELURAHAN else 'village'}"
    if kind is VillageKind.KELURAHAN:
        return f"Kelurahan {name}"
    return name if name.startswith("Desa ") else f"Desa {name}"


def describe_village(village: Area, district: Area, regency: Area, language: str = "id") -> str:
    """`Desa Talang Bulang, Kec. Talang Ubi, PALI`; in English `Talang Bulang village, Talang Ubi district, PALI`."""
    below = f"{district.name} district" if language == "en" else f"Kec. {district.name}"
    return f"{village_title(village, language)}, {below}, {display_name(regency, language)}"


def describe_areas(session: Session, areas: Sequence[Area], language: str = "id") -> dict[str, str]:
    """Where each area lies, by its code, in one statement: what a picker shows beside the 13 villages called Betung."""
    known = map_areas(session, [area.code for area in areas])
    return {area.code: _describe(area, known, language) for area in areas}


def _describe(area: Area, known: dict[str, Area], language: str) -> str:
    above = [known[code] for code in reversed(ancestors_of(area.code)) if code in known]
    if area.level is AreaLevel.VILLAGE and len(above) == 3:
        return f"{describe_village(area, above[0], above[1], language)}, {display_name(above[2], language)}"
    own = area.name if area.level is not AreaLevel.DISTRICT else (f"{area.name} district" if language == "en" else f"Kec. {area.name}")
    return ", ".join(
        [own if area.level is not AreaLevel.REGENCY else display_name(area, language), *(display_name(a, language) for a in above)]
    )
