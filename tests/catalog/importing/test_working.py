"""Tables brought in batch by batch: what they do, what they leave, and what a second time changes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.importing import runs, working
from catalog.importing.columns import COLUMNS
from catalog.importing.exporting import stream_rows
from catalog.models.certificate import Certificate, CertificateKind
from catalog.models.importing import ImportFinding, ImportKind, ImportRun, ImportState, Outcome
from catalog.models.maker import Maker, MakerKind
from catalog.models.product import HalalState, ListingState, Price, Product, Unit, Variant
from kernel import accounts, audit, clock
from kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from kernel.people import Actor, Grant, Role
from storefront.spreadsheets import csv_rows
from tests.make import BETUNG, KARANG_AGUNG, make_areas, make_category, make_maker, make_product, make_user, make_variant
from tests.make_catalogue import make_certificate
from tests.make_imports import bring_in, check, import_table, make_import

MAKERS, PRODUCTS, VARIANTS, PRICES, PAPERS = ImportKind


@pytest.fixture
def curator(session: Session) -> Actor:
    make_areas(session)
    return accounts.as_actor(make_user(session, Grant(Role.CURATOR, area_prefix="16.12")))


def reasons(session: Session, run: ImportRun) -> dict[int, str]:
    rows = session.scalars(select(ImportFinding).where(ImportFinding.run_id == run.id, ImportFinding.outcome == Outcome.BAD))
    return {row.row_number: row.reason % row.params if row.params else row.reason for row in rows}


def count(session: Session, model: type) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_makers_table_makes_corrects_and_leaves_makers(session: Session, curator: Actor) -> None:
    known = make_maker(session, name="Dapur Lama", village_code=KARANG_AGUNG, phone="+6281234567890")
    run = import_table(
        session,
        curator,
        MAKERS,
        [
            ["DATA UMKM DESA"],
            ["Nama UMKM", "Jenis", "Desa", "No HP", "Cerita"],
            ["dapur  lama", "", "Karang Agung", "81234567891", ""],
            ["Dapur Baru", "Kelompok Tani", "1612042001", "+62 812-3456-7892", "Sejak 2015"],
            ["Dapur Entah", "", "Desa Entah", "", ""],
            ["", "", "Betung", "", ""],
            ["Dapur Jahat", "", "Betung", "", "=HYPERLINK(1)"],
        ],
    )
    assert (run.state, run.counts) == (ImportState.DONE, {"new": 1, "changed": 1, "unchanged": 0, "bad": 3})
    assert set(reasons(session, run)) == {5, 6, 7}
    made = session.scalars(select(Maker).where(Maker.name == "Dapur Baru")).one()
    assert (made.kind, made.village_code, made.phone) == (MakerKind.GROUP, BETUNG, "+6281234567892")
    session.refresh(known)
    assert (known.name, known.phone, known.story_id) == ("dapur  lama", "+6281234567891", "Usaha rumahan.")
    changed = session.scalars(select(ImportFinding).where(ImportFinding.run_id == run.id, ImportFinding.outcome == Outcome.CHANGED)).one()
    assert ["phone", "+6281234567890", "+6281234567891"] in changed.changes
    assert audit.list_for(session, f"maker:{made.slug}")[0].actor_id == curator.user_id


def test_the_same_table_twice_changes_nothing(session: Session, curator: Actor) -> None:
    table = [["Nama", "Desa"], ["Dapur A", "Betung"], ["Dapur B", "Karang Agung"]]
    import_table(session, curator, MAKERS, table)
    before = count(session, Maker)
    again = import_table(session, curator, MAKERS, table)
    assert (again.planned, again.state, count(session, Maker)) == (
        {"new": 0, "changed": 0, "unchanged": 2, "bad": 0},
        ImportState.CHECKED,
        before,
    )
    with pytest.raises(Conflict):
        runs.run_import(session, curator, again)


def test_a_product_comes_in_as_a_draft_with_its_sizes_prices_and_papers(session: Session, curator: Actor) -> None:
    make_maker(session, name="Dapur Bu Ros")
    make_category(session, slug="keripik", name_id="Keripik", name_en="Crisps")
    products = [
        ["Pembuat", "Nama produk", "Kategori", "Halal", "Masa simpan"],
        ["Dapur Bu Ros", "Keripik Ubi", "crisps", "belum", "3 bulan"],
    ]
    assert import_table(session, curator, PRODUCTS, products).counts["new"] == 1
    product = session.scalars(select(Product).where(Product.name_id == "Keripik Ubi")).one()
    assert (product.state, product.halal_state, product.shelf_life_days) == (ListingState.DRAFT, HalalState.NOT_YET, 90)
    sizes = [
        ["Produk", "Ukuran", "Netto", "Berat", "Harga"],
        ["Keripik Ubi", "250 g", "250 gr", "300", "Rp 15.000"],
        ["Keripik Ubi", "1 kg", "1 kg", "1100", ""],
    ]
    assert import_table(session, curator, VARIANTS, sizes).counts["new"] == 2
    variant = session.scalars(select(Variant).where(Variant.product_id == product.id, Variant.name_id == "250 g")).one()
    assert (variant.net_quantity, variant.unit) == (250, Unit.GRAM)
    assert session.scalars(select(Price.amount).where(Price.variant_id == variant.id)).all() == [15_000]
    coming = clock.today() + timedelta(days=40)
    prices = [["Barcode", "Harga", "Mulai"], [variant.internal_number or "", "17,500", f"{coming:%d/%m/%Y}"], ["9999999999999", "1000", ""]]
    run = import_table(session, curator, PRICES, prices)
    assert (run.counts["changed"], run.counts["bad"]) == (1, 1)
    papers = [
        ["Produk", "Jenis izin", "Nomor", "Penerbit", "Berlaku mulai", "Berlaku sampai"],
        ["Keripik Ubi", "P-IRT", "2061612010001-29", "Dinkes PALI", "2 Januari 2025", "31 Des 2029"],
        ["Keripik Ubi", "P-IRT", "9961612010001-29", "Dinkes PALI", "2 Januari 2025", "31 Des 2029"],
    ]
    run = import_table(session, curator, PAPERS, papers)
    assert run.counts == {"new": 1, "changed": 0, "unchanged": 0, "bad": 1}
    assert "first digit" in reasons(session, run)[3]
    assert session.scalars(select(Certificate.kind).where(Certificate.product_id == product.id)).all() == [CertificateKind.PIRT]
    for kind, table in ((PRODUCTS, products), (VARIANTS, sizes), (PRICES, prices), (PAPERS, papers)):
        again = import_table(session, curator, kind, table)
        assert (again.planned["new"], again.planned["changed"]) == (0, 0), kind


def test_a_live_product_is_corrected_and_stays_live_and_none_goes_live(session: Session, curator: Actor) -> None:
    product = make_product(session, name_id="Songket Tulang")
    table = [["Kode produk", "Pembuat", "Nama produk", "Kategori", "Ringkasan"]]
    maker = session.get_one(Maker, product.maker_id)
    table.append([product.slug, maker.slug, "Songket Tulang", "", "Ditenun dua minggu."])
    run = import_table(session, curator, PRODUCTS, table)
    assert run.planned["bad"] == 1  # the category is needed
    category = make_category(session, slug="kain", name_id="Kain")
    table[1][3] = category.slug
    import_table(session, curator, PRODUCTS, table)
    session.refresh(product)
    assert (product.state, product.summary_id) == (ListingState.LIVE, "Ditenun dua minggu.")


def test_a_second_row_about_the_same_record_is_bad_only_when_it_says_something_else(session: Session, curator: Actor) -> None:
    rows = [["Nama", "Desa", "Berdiri"], ["Dapur A", "Betung", "2015"], ["DAPUR A", "Betung", "2016"], ["Dapur A", "Betung", "2015"]]
    run = import_table(session, curator, MAKERS, rows)
    assert run.counts == {"new": 1, "changed": 0, "unchanged": 1, "bad": 1}
    assert "2" in reasons(session, run)[3]
    assert count(session, Maker) == 1


def test_what_another_regency_owns_is_out_of_reach(session: Session, curator: Actor) -> None:
    abab = accounts.as_actor(make_user(session, Grant(Role.CURATOR, area_prefix="16.12.01")))
    maker = make_maker(session, name="Dapur Abab")
    run = import_table(
        session,
        abab,
        MAKERS,
        [["Kode pembuat", "Nama", "Desa"], ["", "Dapur X", KARANG_AGUNG], [maker.slug, "Dapur Lain", "Talang Bulang"]],
    )
    assert run.planned["bad"] == 2
    assert count(session, Maker) == 1
    products = import_table(
        session, abab, PRODUCTS, [["Pembuat", "Nama produk", "Kategori"], ["Dapur Abab", "Keripik", make_category(session).slug]]
    )
    assert products.planned["bad"] == 1
    with pytest.raises(NotFound):
        runs.get_run(session, curator, run.code)


def test_a_shopper_brings_nothing_in(session: Session) -> None:
    with pytest.raises(NotAllowed):
        make_import(session, accounts.as_actor(make_user(session)))


def test_a_worker_that_stops_anywhere_goes_on_without_doubles(session: Session, curator: Actor) -> None:
    rows = "\n".join(["Nama;Desa", *(f"Dapur {number};Betung" for number in range(400))])
    run = check(session, curator, make_import(session, curator, rows.encode()))
    bring_in(session, curator, run, most_batches=2)
    assert run.state is ImportState.RUNNING
    first = run.rows_done
    assert 0 < first < 400
    assert count(session, Maker) == first
    bring_in(session, curator, run)
    assert (run.state, count(session, Maker), run.counts["new"]) == (ImportState.DONE, 400, 400)


def test_it_is_stopped_and_goes_on_where_it_was(session: Session, curator: Actor) -> None:
    rows = "\n".join(["Nama;Desa", *(f"Dapur {number};Betung" for number in range(300))])
    run = check(session, curator, make_import(session, curator, rows.encode()))
    bring_in(session, curator, run, most_batches=1)
    runs.stop_import(session, curator, run)
    done = run.rows_done
    desk = working.open_desk(session, run)
    assert desk is not None
    assert not working.apply_batch(session, run.id, desk, [])
    assert (run.state, run.rows_done) == (ImportState.STOPPED, done)
    bring_in(session, curator, run)
    assert (run.state, count(session, Maker)) == (ImportState.DONE, 300)


def test_a_row_that_the_database_refuses_is_told_and_the_others_come_in(
    session: Session, curator: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    from catalog import makers

    real = makers.create_maker

    def refusing(session: Session, actor: Actor, facts: makers.MakerFacts) -> Maker:
        if facts.name == "Dapur 5":
            raise InvalidInput("No.", field="name")
        return real(session, actor, facts)

    monkeypatch.setattr(makers, "create_maker", refusing)
    rows = "\n".join(["Nama;Desa", *(f"Dapur {number};Betung" for number in range(20))])
    run = bring_in(session, curator, check(session, curator, make_import(session, curator, rows.encode())))
    assert run.counts == {"new": 19, "changed": 0, "unchanged": 0, "bad": 1}
    assert reasons(session, run) == {7: "No."}


def test_whoever_was_dismissed_brings_nothing_more_in(session: Session, curator: Actor) -> None:
    user = make_user(session, Grant(Role.CURATOR, area_prefix="16.12"))
    run = check(session, accounts.as_actor(user), make_import(session, accounts.as_actor(user)))
    runs.run_import(session, accounts.as_actor(user), run)
    user.is_active = False
    session.flush()
    assert working.open_desk(session, run) is None
    working.leave(session, run.id)
    assert run.state is ImportState.STOPPED


@pytest.mark.parametrize("kind", list(ImportKind))
def test_what_is_taken_away_and_sent_back_changes_nothing(session: Session, curator: Actor, kind: ImportKind) -> None:
    make_maker(session, name="Dapur; 'Ros' \"A\"", story_id="- satu\n- dua", phone="+6281234567890", founded_year=2010)
    product = make_product(session, name_en="Chips", allergens=["eggs", "soy"], halal_state=HalalState.DECLARED_NON_HALAL)
    make_variant(session, product)
    make_certificate(session, product_id=product.id)
    make_certificate(session, maker_id=product.maker_id, number="2061612010002-29")
    rows = list(stream_rows(session, curator, kind))
    assert rows
    text = "".join(csv_rows([[column.label_id for column in COLUMNS[kind]], *rows]))
    run = check(session, curator, make_import(session, curator, text.encode(), kind))
    assert run.planned == {"new": 0, "changed": 0, "unchanged": len(rows), "bad": 0}, reasons(session, run)


def test_columns_are_corrected_by_hand_and_another_heading_row_is_looked_at_anew(session: Session, curator: Actor) -> None:
    run = make_import(session, curator, b"Usaha apa;Di mana\nDapur A;Betung\n")
    assert run.mapping == {}
    with pytest.raises(InvalidInput):
        runs.check_import(session, curator, run)
    with pytest.raises(InvalidInput):
        runs.choose_columns(session, run, 1, {0: "name", 1: "name"})
    with pytest.raises(InvalidInput):
        runs.choose_columns(session, run, 1, {0: "is_live"})
    runs.choose_columns(session, run, 1, {0: "name", 1: "village_code"})
    check(session, curator, run)
    assert run.planned["new"] == 1
    runs.choose_columns(session, run, 2, None)
    assert (run.state, run.mapping, run.rows_total) == (ImportState.READY, {}, 0)


def test_a_table_is_forgotten_after_thirty_days(session: Session, curator: Actor) -> None:
    run = check(session, curator, make_import(session, curator))
    assert runs.forget_old(session) == 0
    run.created_at = clock.now() - timedelta(days=31)
    session.flush()
    assert runs.forget_old(session) == 1
    assert count(session, ImportRun) == count(session, ImportFinding) == 0
