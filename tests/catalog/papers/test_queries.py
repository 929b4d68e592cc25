"""Papers in lists: found by state, kind and place, within reach, with a fixed number of statements."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from catalog.models.certificate import CertificateKind, CertificateScan
from catalog.papers import queries
from catalog.papers.queries import PaperFilter, PaperState
from kernel import clock
from kernel.errors import NotFound
from kernel.people import SYSTEM, Role
from tests.conftest import StatementCounter
from tests.make import KARANG_AGUNG, TALANG_BULANG, make_actor, make_maker, make_product
from tests.make_catalogue import make_certificate

TODAY = clock.today()
DAY = timedelta(days=1)


def codes(session: Session, **wanted: object) -> set[str]:
    found = queries.list_papers(session, SYSTEM, PaperFilter(**wanted), TODAY)  # type: ignore[arg-type]
    return {paper.code for paper in found.rows}


def test_papers_are_found_by_how_they_stand(session: Session) -> None:
    product = make_product(session)
    soon = make_certificate(session, product_id=product.id, valid_until_on=TODAY + 30 * DAY)
    today = make_certificate(session, product_id=make_product(session).id, valid_until_on=TODAY)
    gone = make_certificate(session, product_id=make_product(session).id, valid_until_on=TODAY - DAY)
    endless = make_certificate(session, product_id=product.id, kind=CertificateKind.HALAL, valid_until_on=None)
    later = make_certificate(session, product_id=product.id, kind=CertificateKind.SNI, valid_from_on=TODAY + DAY)
    assert codes(session, state=PaperState.EXPIRING, within=30) == {soon.code, today.code}
    assert codes(session, state=PaperState.EXPIRING, within=7) == {today.code}
    assert codes(session, state=PaperState.EXPIRED) == {gone.code}
    assert codes(session, state=PaperState.NOT_YET) == {later.code}
    assert {soon.code, today.code, endless.code} <= codes(session, state=PaperState.VALID)
    assert codes(session, kind=CertificateKind.HALAL) == {endless.code}


def test_a_paper_with_a_later_one_needs_no_attention(session: Session) -> None:
    product = make_product(session)
    old = make_certificate(session, product_id=product.id, valid_until_on=TODAY + 5 * DAY)
    new = make_certificate(session, product_id=product.id, valid_from_on=TODAY, valid_until_on=TODAY + 999 * DAY)
    before = make_certificate(session, product_id=product.id, valid_until_on=TODAY - DAY)
    assert codes(session, state=PaperState.EXPIRING) == set()
    assert codes(session, state=PaperState.EXPIRED) == set()
    chain = queries.read_file(session, SYSTEM, new.code, TODAY).chain
    states = {paper.code: paper.state for paper in chain}
    assert states == {old.code: PaperState.VALID, before.code: PaperState.FOLLOWED, new.code: PaperState.VALID}


def test_papers_without_a_scan_and_by_words(session: Session) -> None:
    product = make_product(session, name_id="Sambal Nanas")
    bare = make_certificate(session, product_id=product.id)
    kept = make_certificate(session, maker_id=product.maker_id, kind=CertificateKind.HALAL, number="ID16110000123450123")
    session.add(CertificateScan(certificate_id=kept.id, name="x.jpg", media_type="image/jpeg", digest="d", size=1, added_at=clock.now()))
    session.flush()
    assert bare.code in codes(session, without_scan=True)
    assert kept.code not in codes(session, without_scan=True)
    assert codes(session, text="sambal") == {bare.code}
    assert codes(session, text="id1611") == {kept.code}
    assert codes(session, text="100%") == set()


def test_nobody_sees_a_paper_beyond_their_area(session: Session) -> None:
    here = make_certificate(session, product_id=make_product(session, maker=make_maker(session, village_code=TALANG_BULANG)).id)
    there = make_certificate(session, maker_id=make_maker(session, village_code=KARANG_AGUNG).id)
    mentor = make_actor(session, Role.MENTOR, area_prefix="16.12.01")
    assert [paper.code for paper in queries.list_papers(session, mentor, PaperFilter(), TODAY).rows] == [here.code]
    assert queries.list_month(session, mentor, (TODAY + 900 * DAY).replace(day=1), TODAY)
    assert queries.count_papers(session, mentor, TODAY).all == 1
    with pytest.raises(NotFound):
        queries.read_file(session, mentor, there.code, TODAY)
    province = make_actor(session, Role.PROVINCE_OFFICER, area_prefix="16")
    assert queries.read_file(session, province, there.code, TODAY).maker.village_code == KARANG_AGUNG
    assert queries.list_papers(session, province, PaperFilter(area="16.12.04"), TODAY).total == 1


def test_lists_take_a_fixed_number_of_statements(session: Session, count_statements: StatementCounter) -> None:
    counts = []
    for more in (1, 5):
        for _ in range(more):
            make_certificate(session, product_id=make_product(session).id, valid_until_on=TODAY + DAY)
        with count_statements() as statements:
            queries.list_papers(session, SYSTEM, PaperFilter(), TODAY)
            queries.count_papers(session, SYSTEM, TODAY)
            queries.list_month(session, SYSTEM, TODAY.replace(day=1), TODAY)
        counts.append(len(statements))
    assert counts == [4, 4]
