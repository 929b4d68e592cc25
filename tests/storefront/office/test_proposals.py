"""Proposing on the web: whose product, photos, what is typed and not sent, and who sees which proposal."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.curation.units import find_guardian
from catalog.models.curation import Submission
from catalog.models.maker import Maker, MakerKind
from catalog.models.photo import Photo
from catalog.models.product import Product, Unit
from catalog.models.programme import Scheme
from kernel import clock
from kernel.errors import InvalidInput
from kernel.unsent import UnsentForm
from storefront.office.proposal_forms import Contents, ContentsField, show_contents
from tests.cast import CURATOR, MAKER, MAKER_ELSEWHERE, VILLAGE_OFFICER, World
from tests.conftest import StatementCounter
from tests.make import make_category
from tests.make_curation import Panel, make_panel, make_submission
from tests.storefront.office.conftest import SignIn

pytestmark = pytest.mark.one_database


def begin(session: Session, browser: FlaskClient, **changes: str) -> tuple[int, str]:
    """Send the first page; the answer's status and text or address."""
    category = make_category(session)
    session.commit()
    form = {"name_id": "Teh daun kopi", "category_id": str(category.id), "maker": "+", "maker_name": "Dapur Contoh", "kind": "household"}
    answer = browser.post("/office/proposals/new", data=form | changes)
    return answer.status_code, answer.headers.get("Location", answer.text)


def code_of(address: str) -> str:
    return address.removesuffix("/edit").rpartition("/")[2]


def latest(session: Session) -> Submission:
    session.expire_all()
    return session.scalars(select(Submission).order_by(Submission.id.desc()).limit(1)).one()


@pytest.mark.parametrize(
    ("text", "quantity", "unit"),
    [
        ("250 g", 250, Unit.GRAM),
        ("250g", 250, Unit.GRAM),
        ("1,5 kg", 1_500, Unit.GRAM),
        ("0.5 Kg", 500, Unit.GRAM),
        ("2 ons", 200, Unit.GRAM),
        ("600 ml", 600, Unit.MILLILITRE),
        ("1 liter", 1_000, Unit.MILLILITRE),
        ("6 buah", 6, Unit.PIECE),
        ("1 helai", 1, Unit.PIECE),
        ("3", 3, Unit.PIECE),
    ],
)
def test_contents_are_read_as_they_stand_on_packs(text: str, quantity: int, unit: Unit) -> None:
    found = ContentsField.parse(ContentsField.__new__(ContentsField), text)
    assert (found.quantity, found.unit, found.words) == (quantity, unit, text)


@pytest.mark.parametrize(
    "text", ["", "banyak", "-1 g", "0 g", "1,5 buah", "0,0001 kg", "1e3 g", "٢٥٠ g", "99999999 g", "250 g x", "5 karung"]
)
def test_other_contents_are_refused_and_say_how_to_write_them(text: str) -> None:
    with pytest.raises(InvalidInput, match="250 g"):
        ContentsField.parse(ContentsField.__new__(ContentsField), text)


def test_what_is_shown_is_read_again() -> None:
    for quantity, unit in ((250, Unit.GRAM), (600, Unit.MILLILITRE), (2, Unit.PIECE)):
        found: Contents = ContentsField.parse(ContentsField.__new__(ContentsField), show_contents(quantity, unit))
        assert (found.quantity, found.unit) == (quantity, unit)


def test_a_unit_that_the_shop_does_not_know_is_registered_on_the_way(session: Session, sign_in: SignIn, world: World) -> None:
    status, address = begin(session, sign_in(VILLAGE_OFFICER))
    assert status == 303
    submission = latest(session)
    assert code_of(address) == submission.code
    product = session.get_one(Product, submission.product_id)
    maker = session.get_one(Maker, product.maker_id)
    assert (maker.name, maker.kind, maker.village_code) == ("Dapur Contoh", MakerKind.HOUSEHOLD, world.words["village"])


@pytest.mark.parametrize(("kind", "scheme"), [("school", Scheme.OSOP), ("class", Scheme.ONE_CLASS), ("community", Scheme.OCOP)])
def test_a_school_or_class_names_a_grown_up_and_its_own_programme(
    session: Session, sign_in: SignIn, world: World, kind: str, scheme: Scheme
) -> None:
    browser = sign_in(VILLAGE_OFFICER)
    grown_up = {"guardian_name": "Ibu Guru Contoh", "guardian_phone": "0812 3456 7890"}
    if kind != "community":
        status, page = begin(session, browser, kind=kind)
        assert status == 422
        assert "orang dewasa" in page
        assert "Teh daun kopi" in page, "what was typed stays"
    assert begin(session, browser, kind=kind, **(grown_up if kind != "community" else {}))[0] == 303
    submission = latest(session)
    assert submission.content.find(f'"scheme":"{scheme.value}"') > 0
    guardian = find_guardian(session, session.get_one(Product, submission.product_id).maker_id)
    assert (guardian.phone if guardian else None) == (None if kind == "community" else "+6281234567890")


def test_a_maker_proposes_for_itself_and_sees_its_own_alone(session: Session, sign_in: SignIn, world: World) -> None:
    browser = sign_in(MAKER)
    page = browser.get("/office/proposals/new").text
    assert f'value="{world.words["maker"]}"' in page
    assert 'value="+"' not in page, "whoever proposes for one maker registers none"
    assert begin(session, browser, maker=world.words["maker"])[0] == 303
    assert begin(session, browser, maker="+")[0] == 422
    listed = browser.get("/office/proposals").text
    assert "Teh daun kopi" in listed
    assert world.words["proposal"] not in listed
    assert sign_in(MAKER_ELSEWHERE).get(f"/office/proposals/{latest(session).code}").status_code == 404
    assert browser.get("/office/curation").status_code == 403


def test_another_village_is_out_of_reach(session: Session, sign_in: SignIn, world: World) -> None:
    other = session.scalars(select(Maker).where(Maker.village_code != world.words["village"])).first()
    assert other is not None
    assert begin(session, sign_in(VILLAGE_OFFICER), maker=other.slug)[0] == 422, "it is not on the list"
    village = {"village_code": "16.01.07.2001"}
    assert begin(session, sign_in(CURATOR), **village)[0] == 403


def test_what_is_typed_is_kept_for_this_person_and_put_back(session: Session, sign_in: SignIn, world: World) -> None:
    browser, code = sign_in(VILLAGE_OFFICER), world.words["proposal"]
    typed = {"summary_id": "Belum selesai", "contents": "seratus", "price": "abc", "allergens": ["fish", "milk"]}
    answer = browser.post(f"/office/unsent/proposal:{code}", data=typed)
    assert "saved_at" in answer.get_json()
    page = browser.get(f"/office/proposals/{code}/edit").text
    for words in ("Belum selesai", 'value="seratus"', 'value="abc"', 'value="fish" checked', 'value="milk" checked'):
        assert words in page
    assert "Belum selesai" not in sign_in(CURATOR).get(f"/office/proposals/{code}/edit").text
    dropped = browser.post(f"/office/unsent/proposal:{code}/forget", data={"back": f"/office/proposals/{code}/edit"})
    assert dropped.headers["Location"].endswith(f"/office/proposals/{code}/edit")
    assert "Belum selesai" not in browser.get(f"/office/proposals/{code}/edit").text


def test_what_was_kept_before_somebody_else_wrote_is_not_put_over_their_words(session: Session, sign_in: SignIn, world: World) -> None:
    browser, code = sign_in(VILLAGE_OFFICER), world.words["proposal"]
    browser.post(f"/office/unsent/proposal:{code}", data={"summary_id": "Kata lama"})
    with time_machine.travel(clock.now() + timedelta(minutes=5)):
        submission = session.scalars(select(Submission).where(Submission.code == code)).one()
        submission.changed_at = clock.now()
        session.commit()
        assert "Kata lama" not in browser.get(f"/office/proposals/{code}/edit").text


@pytest.mark.parametrize("key", ["x", "../etc/passwd", "proposal:../x", "PROPOSAL:ABC", "a" * 60, "proposal:" + "a" * 60])
def test_no_other_key_keeps_anything(session: Session, sign_in: SignIn, key: str) -> None:
    answer = sign_in(VILLAGE_OFFICER).post(f"/office/unsent/{key}", data={"a": "b"})
    assert answer.status_code in {400, 404, 422}
    assert session.scalars(select(UnsentForm)).all() == []


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "/account/sign-out", ""])
def test_forgetting_leads_back_to_the_office_and_nowhere_else(sign_in: SignIn, back: str) -> None:
    answer = sign_in(VILLAGE_OFFICER).post("/office/unsent/proposal-new/forget", data={"back": back})
    assert answer.headers["Location"] == "/office/"


def test_of_several_photos_a_bad_one_keeps_no_other_out(session: Session, sign_in: SignIn, world: World) -> None:
    browser, code = sign_in(VILLAGE_OFFICER), world.words["proposal"]
    good = BytesIO()
    Image.new("RGB", (400, 500), "#b8923f").save(good, "JPEG", exif=_exif())
    svg = BytesIO(b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')
    polyglot = BytesIO(b"\xff\xd8\xff\xe0<script>alert(1)</script>")
    before = len(session.scalars(select(Photo.id)).all())
    files = [(BytesIO(good.getvalue()), "../../a.jpg"), (svg, "b.svg"), (polyglot, "c.jpg")]
    answer = browser.post(f"/office/proposals/{code}/photos", data={"photos": files}, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "b.svg" in answer.text
    assert "c.jpg" in answer.text
    names = session.scalars(select(Photo.name).order_by(Photo.id)).all()
    assert len(names) == before + 1
    assert all(len(name) == 32 and name.isalnum() for name in names), "no name that a phone sent becomes a file's (A17)"


def _exif() -> Image.Exif:
    exif = Image.Exif()
    exif[0x8825] = {1: "S", 2: (3.0, 15.0, 0.0)}
    return exif


@pytest.mark.parametrize("name", ["..", "..%2f..%2fetc%2fpasswd", "a.jpg", "0" * 32, "%00"])
def test_a_photo_of_no_name_is_not_found(sign_in: SignIn, world: World, name: str) -> None:
    answer = sign_in(VILLAGE_OFFICER).post(f"/office/proposals/{world.words['proposal']}/photos/{name}/remove")
    assert answer.status_code in {404, 405, 308}


def test_the_text_of_what_is_with_the_office_cannot_be_changed(sign_in: SignIn, world: World) -> None:
    browser = sign_in(VILLAGE_OFFICER)
    answer = browser.post(f"/office/proposals/{world.words['submission']}/edit", data={"summary_id": "Lain"})
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith(world.words["submission"])


def test_taking_back_and_proposing_again_keeps_the_words(session: Session, sign_in: SignIn, world: World) -> None:
    browser, code = sign_in(VILLAGE_OFFICER), world.words["submission"]
    assert browser.post(f"/office/proposals/{code}/step", data={"step": "withdraw"}).status_code == 303
    page = browser.get(f"/office/proposals/{code}").text
    assert "Ditarik kembali" in page
    submission = session.scalars(select(Submission).where(Submission.code == code)).one()
    slug = session.get_one(Product, submission.product_id).slug
    again = browser.post(f"/office/proposals/begin/{slug}")
    assert again.status_code == 303
    assert submission.title in browser.get(again.headers["Location"]).text


def test_the_list_takes_the_same_statements_whatever_it_holds(
    session: Session, sign_in: SignIn, world: World, count_statements: StatementCounter
) -> None:
    browser, panel = sign_in(VILLAGE_OFFICER), make_panel(session)
    counts = []
    for _round in range(2):
        _more(session, panel)
        with count_statements() as statements:
            assert browser.get("/office/proposals").status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 7


def _more(session: Session, panel: Panel) -> None:
    for _each in range(3):
        make_submission(session, panel)
    session.commit()
