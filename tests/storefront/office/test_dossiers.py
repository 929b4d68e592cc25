"""A dossier's whole way in the browser: written by the office, approved in the portal, opened by a bank, taken back by the maker."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from orders.dossiers import content
from orders.dossiers.content import Month
from orders.dossiers.plan import CHECKS
from orders.models.dossier import DossierOpening, DossierShare, DossierVersion
from tests.cast import CURATOR, MAKER, MAKER_ELSEWHERE, MENTOR, OBSERVER, World
from tests.storefront.office.conftest import SignIn

pytestmark = pytest.mark.one_database
SALES = [Month(f"2026-{month:02d}", month, month * 10_000, month * 8_500) for month in range(1, 13)]
PLAN = {name: f"Isi {name} <script>" for name in ("business", "market", "production", "purpose", "repayment", "contact")}


def test_from_the_plan_to_the_bank_and_back(
    sign_in: SignIn, app: Flask, session: Session, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(content, "_sales", lambda *_asked: list(SALES))
    office = sign_in(CURATOR)
    address = world.address("/office/mentoring/makers/{maker}/dossier")
    assert office.post(f"{address}/plan", data=PLAN | {"needed": "250.000.000"}).status_code == 422
    filled = PLAN | {"needed": "25.000.000"} | {f"check_{name}": "y" for name in CHECKS}
    assert office.post(f"{address}/plan", data=filled).status_code == 303
    office.post(f"{address}/versions")
    version = session.scalars(select(DossierVersion)).one()
    for prefix in ("", "/en"):
        page = office.get(f"{prefix}{address}").text
        assert "&lt;script&gt;" in page
        assert version.digest[:16] in page
    share = {"organisation": world.words["organisation"], "days": "14"}
    assert office.post(f"{address}/shares", data=share).status_code == 422  # not approved yet

    maker = sign_in(MAKER)
    portal = world.address("/makers-portal/{maker}/dossier")
    assert "Isi purpose" in maker.get(portal).text
    assert maker.get(f"{portal}/dossier.pdf").data.startswith(b"%PDF")
    said = {"version": version.code, "digest": version.digest, "name": "Ibu Ani"}
    assert maker.post(portal, data=said | {"digest": "0"}).status_code == 422
    assert maker.post(portal, data=said | {"refuse": "1"}).status_code == 422
    assert maker.post(portal, data=said | {"agree": "1"}).status_code == 303
    assert sign_in(MAKER_ELSEWHERE).get(portal).status_code == 404

    assert office.post(f"{address}/shares", data=share).status_code == 303
    found = re.search(r"/dossiers/([\w-]+)", office.get(address).text)
    assert found is not None
    link = f"/dossiers/{found[1]}"
    assert found[1] not in office.get(address).text  # shown once
    bank = app.test_client()
    assert "Bank Contoh" in bank.get(link).text
    assert session.scalars(select(DossierOpening)).all() == []  # looking notes nothing
    paper = bank.post(link)
    assert paper.status_code == 303
    fetched = bank.get(paper.location)
    assert fetched.data.startswith(b"%PDF")
    assert "no-store" in fetched.headers["Cache-Control"]
    assert bank.get(f"{link}/AAAAAAAA/dossier.pdf").status_code == 410
    assert "dibuka 1 kali" in maker.get(portal).text

    session.expire_all()
    code = session.scalars(select(DossierShare.code)).one()
    assert maker.post(f"{portal}/shares/{code}/revoke").status_code == 303
    assert bank.get(link).status_code == 410
    assert bank.get(paper.location).status_code == 410


def test_money_is_nobodys_business_beyond_mentor_and_office(sign_in: SignIn, world: World) -> None:
    address = world.address("/office/mentoring/makers/{maker}/dossier")
    assert sign_in(OBSERVER).get(address).status_code == 403
    assert sign_in(MENTOR).get(address).status_code == 404
