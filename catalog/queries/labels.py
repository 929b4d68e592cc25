"""Names for the slugs and codes that facets carry, in one statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import CompoundSelect, bindparam, literal, select, union_all
from sqlalchemy.orm import Session

from catalog.models.area import Area
from catalog.models.product import Category
from catalog.queries.prepared import prepared
from catalog.search.request import FacetValue
from kernel.locales import pick

#: dimension -> value -> name. Only category, district and village need the database; other values are words of the code.
FacetLabels = dict[str, dict[str, str]]


def list_facet_labels(session: Session, facets: Mapping[str, Sequence[FacetValue]], language: str) -> FacetLabels:
    """Names of the categories, districts and villages in `facets`. One statement; none when there are none."""
    slugs = [value.value for value in facets.get("category", ())]
    districts = [value.value for value in facets.get("district", ())]
    villages = [value.value for value in facets.get("village", ())]
    labels: FacetLabels = {"category": {}, "district": {}, "village": {}}
    if not (slugs or districts or villages):
        return labels
    rows = session.execute(_statement(), {"slugs": slugs, "codes": [*districts, *villages]})
    for table, key, indonesian, english in rows:
        dimension = "category" if table == "category" else ("village" if key.count(".") == 3 else "district")
        labels[dimension][key] = pick(language, indonesian, english)
    return labels


@prepared
def _statement() -> CompoundSelect[str, str, str, str]:
    categories = select(literal("category"), Category.slug, Category.name_id, Category.name_en)
    areas = select(literal("area"), Area.code, Area.name, Area.name)
    return union_all(
        categories.where(Category.slug.in_(bindparam("slugs", expanding=True))),
        areas.where(Area.code.in_(bindparam("codes", expanding=True))),
    )
