"""Form fields keep what was typed, say what is wrong beside the field and on top, and take nothing that was not asked for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from kernel.errors import InvalidInput
from storefront.fields import CheckField, ChoiceField, ChoicesField, DayField, PageForm, RupiahField, TextField, WholeField
from storefront.i18n import ENVIRON_KEY

COLOURS = [("red", "Red"), ("blue", "Blue")]


class Form(PageForm):
    name = TextField("Name", maximum=10)
    price = RupiahField("Price", minimum=100, required=False)
    count = WholeField("Count", minimum=1, maximum=9, required=False)
    day = DayField("Day", required=False)
    colour = ChoiceField("Colour", choices=COLOURS, required=False)
    colours = ChoicesField("Colours", choices=COLOURS)
    agreed = CheckField("Agreed")


@pytest.fixture(autouse=True)
def english(app: Flask) -> Iterator[None]:
    with app.test_request_context("/", environ_overrides={ENVIRON_KEY: "en"}):
        yield


def _form(**values: object) -> Form:
    return Form(formdata=MultiDict(values))


def test_values_are_what_was_meant_and_data_what_was_typed() -> None:
    form = _form(name="  Ibu   Sari ", price="Rp 25.000", count="3", day="21/11/2026", colour="red", agreed="y")
    assert form.validate()
    values = form.values()
    assert (values["name"], values["price"], values["count"], values["colour"], values["agreed"]) == ("Ibu Sari", 25_000, 3, "red", True)
    assert values["day"].isoformat() == "2026-11-21"
    assert form.price.data == "Rp 25.000"


def test_a_field_that_was_not_sent_is_empty_and_not_what_the_record_holds() -> None:
    form = Form(formdata=MultiDict({"count": "2"}), data={"name": "Before"})
    assert not form.validate()
    assert form.problems() == [("name", "Name: Please fill this in.")]


@pytest.mark.parametrize("colour", ["green", "RED", "red ", "0"])
def test_a_choice_outside_the_list_is_refused(colour: str) -> None:
    form = _form(name="x", colour=colour)
    assert not form.validate()
    assert form.colour.data == colour


def test_several_choices_are_checked_one_by_one() -> None:
    form = Form(formdata=MultiDict([("name", "x"), ("colours", "red"), ("colours", "blue")]))
    assert form.validate()
    assert form.colours.value == ["red", "blue"]
    assert not Form(formdata=MultiDict([("name", "x"), ("colours", "red"), ("colours", "green")])).validate()


def test_a_refusal_of_the_domain_lands_on_its_field_or_on_top() -> None:
    form = _form(name="x")
    assert form.validate()
    form.refuse(InvalidInput("There is no such page.", field="name"))
    form.refuse(InvalidInput("Please fill this in.", field="elsewhere"))
    assert form.problems() == [("", "Please fill this in."), ("name", "Name: There is no such page.")]


def test_text_that_is_too_long_is_refused_and_kept() -> None:
    form = _form(name="x" * 11)
    assert not form.validate()
    assert form.name.data == "x" * 11
