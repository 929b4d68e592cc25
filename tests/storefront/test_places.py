"""What a typed place means: the whole name, unless places at home begin with it."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from catalog.models.area import Area, AreaLevel, VillageKind
from storefront.fields import PageForm
from storefront.places import PlaceField
from tests.make import make_areas

pytestmark = pytest.mark.one_database
ELSEWHERE = (
    ("61", None, AreaLevel.PROVINCE, None, "Kalimantan Barat"),
    ("61.07", "61", AreaLevel.REGENCY, None, "Kabupaten Bengkayang"),
    ("61.07.08", "61.07", AreaLevel.DISTRICT, None, "Monterado"),
    ("61.07.08.2009", "61.07.08", AreaLevel.VILLAGE, VillageKind.DESA, "Talang"),
    ("61.07.08.2010", "61.07.08", AreaLevel.VILLAGE, VillageKind.DESA, "Betung"),
    ("61.07.08.2011", "61.07.08", AreaLevel.VILLAGE, VillageKind.DESA, "Rantau"),
)


class Form(PageForm):
    """A village, and any area."""

    village = PlaceField("Village", required=False)
    area = PlaceField("Area", level=None, required=False)


@pytest.fixture
def typed(app: Flask, session: Session) -> Flask:
    make_areas(session)
    for code, parent, level, kind, name in ELSEWHERE:
        folded = "".join(sign for sign in name.lower() if sign.isalnum())
        session.add(Area(code=code, parent_code=parent, level=level, kind=kind, name=name, folded_name=folded, zone="WIB"))
        session.flush()
    session.commit()
    return app


def read(app: Flask, **values: str) -> tuple[str | None, list[str]]:
    """What the box means, or the codes that are offered."""
    with app.test_request_context("/", method="POST", data=values):
        form = Form(meta={"csrf": False})
        field = form[next(iter(values))]
        return (field.value, []) if form.validate() else (None, [code for code, _name in field.candidates])


def test_a_whole_name_decides(typed: Flask) -> None:
    assert read(typed, village="Karang Agung") == ("16.12.04.2003", [])
    assert read(typed, village="rantau") == ("61.07.08.2011", []), "nothing at home begins with it"


def test_a_regency_is_meant_by_what_people_call_it_and_not_its_districts(typed: Flask) -> None:
    assert read(typed, area="PALI") == ("16.12", [])
    assert read(typed, area="Bengkayang") == ("61.07", [])


def test_a_name_from_elsewhere_asks_when_places_at_home_begin_with_it(typed: Flask) -> None:
    assert read(typed, village="Talang") == (None, ["16.12.01.2001", "16.12.01.1003", "61.07.08.2009"])


def test_of_places_with_one_name_those_at_home_come_first_and_what_is_above_narrows(typed: Flask) -> None:
    assert read(typed, village="Betung") == (None, ["16.12.04.2001", "61.07.08.2010"])
    assert read(typed, village="Betung, Bengkayang") == ("61.07.08.2010", [])
    assert read(typed, village="Betung, Abab") == ("16.12.04.2001", [])
