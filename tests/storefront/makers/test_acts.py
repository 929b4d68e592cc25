"""What a maker does in the portal: announcing, confirming, asking for goods back, asking for and objecting to a bank account."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models.maker import Maker
from catalog.models.stock import Outlet, StockLevel
from kernel import audit, clock
from kernel.people import Actor, Permission, Role
from orders.consignment import accounts
from orders.consignment.accounts import SecondPersonNeeded
from orders.models.agreement import Agreement
from orders.models.delivery import ConfirmedBy, Delivery, DeliveryState
from orders.models.maker_payout import MakerAccount
from orders.models.stockroom import PullOut, PullOutReason, PullOutState
from orders.portal import links
from orders.stockroom import deliveries, pull_outs
from orders.stockroom.pull_outs import Done
from tests.make import make_actor, make_maker, make_product
from tests.make_consignment import make_agreement, make_consigned
from tests.make_stockroom import make_delivery, make_room
from tests.storefront.makers.conftest import SECRET, AsMaker, ByLink

ACCOUNT = {"bank": "Bank Contoh", "number": "123-456 7890", "holder": "Ibu Contoh"}


@pytest.fixture
def agreement(session: Session) -> Agreement:
    return make_agreement(session)


def root_of(session: Session, agreement: Agreement) -> str:
    return f"/makers-portal/{maker_of(session, agreement).slug}"


def maker_of(session: Session, agreement: Agreement) -> Maker:
    return session.get_one(Maker, agreement.maker_id)


def lead_of(session: Session, agreement: Agreement) -> Actor:
    return make_actor(session, Role.OUTLET_MANAGER, outlet_id=agreement.outlet_id)


def in_days(days: int) -> str:
    return (clock.today() + timedelta(days=days)).isoformat()


def test_a_maker_announces_what_will_come(session: Session, agreement: Agreement, as_maker: AsMaker) -> None:
    variant = make_product(session, maker=maker_of(session, agreement)).variants[0]
    form = {
        "agreement": agreement.code,
        "expected_on": in_days(2),
        "note": "Pagi-pagi",
        f"quantity-{variant.code}": "12",
        f"best_before_on-{variant.code}": in_days(120),
    }
    answer = as_maker(maker_of(session, agreement)).post(f"{root_of(session, agreement)}/deliveries/new", data=form)
    made = session.scalars(select(Delivery).where(Delivery.maker_id == agreement.maker_id)).one()
    assert answer.location.endswith(f"/deliveries/{made.code}")
    assert (made.state, made.expected_on, made.note) == (DeliveryState.ANNOUNCED, clock.today() + timedelta(days=2), "Pagi-pagi")


def test_a_maker_takes_an_announcement_back_until_the_goods_are_there(
    session: Session, agreement: Agreement, as_maker: AsMaker, by_link: ByLink
) -> None:
    variant = make_product(session, maker=maker_of(session, agreement)).variants[0]
    form = {"agreement": agreement.code, "expected_on": in_days(2), f"quantity-{variant.code}": "12"}
    root, client = root_of(session, agreement), by_link(maker_of(session, agreement))
    addresses = [
        client.post(f"{root}/deliveries/new", data=form | {f"best_before_on-{variant.code}": in_days(120 + day)}).location for day in (0, 1)
    ]
    first, second = session.scalars(select(Delivery).where(Delivery.maker_id == agreement.maker_id).order_by(Delivery.id)).all()
    assert "Batalkan pemberitahuan" in client.get(addresses[0]).text
    assert as_maker(make_maker(session)).post(f"{addresses[0]}/take-back").status_code == 404
    for _twice in range(2):
        assert "Gerai tidak lagi menunggu" in client.post(f"{addresses[0]}/take-back", follow_redirects=True).text
    deliveries.mark_brought(session, lead_of(session, agreement), second.id)
    session.commit()
    assert "sudah menghitung" in client.post(f"{addresses[1]}/take-back", follow_redirects=True).text
    assert "Batalkan pemberitahuan" not in client.get(addresses[1]).text
    session.expire_all()
    assert (first.state, second.state) == (DeliveryState.CANCELLED, DeliveryState.BROUGHT)
    acts = [entry.action for entry in audit.list_for(session, f"delivery:{first.code}")]
    assert sorted(acts) == ["delivery.announced", "delivery.cancelled"]


def test_a_maker_leaves_on_the_shelf_what_it_asked_for_and_nothing_else(session: Session, agreement: Agreement, by_link: ByLink) -> None:
    goods = make_consigned(session, agreement, 10)
    client, root = by_link(maker_of(session, agreement)), root_of(session, agreement)
    client.post(f"{root}/pull-outs/new?at={agreement.code}", data={f"units-{goods.level.id}": "4"})
    asked = session.scalars(select(PullOut).where(PullOut.maker_id == agreement.maker_id)).one()
    outlet = session.get_one(Outlet, agreement.outlet_id)
    recalled = pull_outs.announce_pull_out(
        session, lead_of(session, agreement), outlet, maker_of(session, agreement), {goods.level.id: 2}, reason=PullOutReason.RECALLED
    )
    session.commit()
    assert client.get(f"{root}/pull-outs").text.count("Batalkan permintaan") == 1
    for _twice in range(2):
        assert "tetap di rak" in client.post(f"{root}/pull-outs/{asked.code}/take-back", follow_redirects=True).text
    assert "bicara dengan petugas" in client.post(f"{root}/pull-outs/{recalled.code}/take-back", follow_redirects=True).text
    session.expire_all()
    assert (asked.state, recalled.state) == (PullOutState.CANCELLED, PullOutState.ANNOUNCED)


def test_a_pack_the_outlet_would_refuse_is_refused_before_it_travels(session: Session, agreement: Agreement, by_link: ByLink) -> None:
    variant = make_product(session, maker=maker_of(session, agreement), shelf_life_days=90).variants[0]
    form = {"agreement": agreement.code, "expected_on": in_days(2), "note": "Titip", f"quantity-{variant.code}": "12"}
    form[f"best_before_on-{variant.code}"] = in_days(3)
    client = by_link(maker_of(session, agreement))
    answer = client.post(f"{root_of(session, agreement)}/deliveries/new", data=form)
    assert answer.status_code == 422
    assert f'id="quantity-{variant.code}-error"' in answer.text
    assert 'value="12"' in answer.text
    assert in_days(3) in answer.text
    assert "Titip" in answer.text
    assert session.scalar(select(Delivery.id).where(Delivery.maker_id == agreement.maker_id)) is None


def test_an_empty_or_nonsensical_announcement_is_refused_and_kept(session: Session, agreement: Agreement, as_maker: AsMaker) -> None:
    variant = make_product(session, maker=maker_of(session, agreement)).variants[0]
    client, address = as_maker(maker_of(session, agreement)), f"{root_of(session, agreement)}/deliveries/new"
    assert "paling sedikit satu produk" in client.post(address, data={"agreement": agreement.code, "expected_on": in_days(1)}).text
    answer = client.post(address, data={"agreement": agreement.code, "expected_on": in_days(-1), f"quantity-{variant.code}": "dua"})
    assert answer.status_code == 422
    assert 'value="dua"' in answer.text


def test_a_pack_of_another_maker_is_left_out(session: Session, agreement: Agreement, as_maker: AsMaker) -> None:
    foreign = make_product(session).variants[0]
    form = {"agreement": agreement.code, "expected_on": in_days(2), f"quantity-{foreign.code}": "5"}
    answer = as_maker(maker_of(session, agreement)).post(f"{root_of(session, agreement)}/deliveries/new", data=form)
    assert answer.status_code == 422
    assert foreign.code not in answer.text


def test_the_eleventh_announcement_is_refused(session: Session, agreement: Agreement, as_maker: AsMaker) -> None:
    variant = make_product(session, maker=maker_of(session, agreement)).variants[0]
    form = {"agreement": agreement.code, "expected_on": in_days(2), f"quantity-{variant.code}": "1"}
    form[f"best_before_on-{variant.code}"] = in_days(120)
    client, address = as_maker(maker_of(session, agreement)), f"{root_of(session, agreement)}/deliveries/new"
    assert [client.post(address, data=form).status_code for _time in range(11)] == [303] * 10 + [422]


@pytest.mark.parametrize(("way", "said"), [("role", ConfirmedBy.ACCOUNT), ("link", ConfirmedBy.LINK)])
def test_a_maker_confirms_what_was_counted_once(session: Session, as_maker: AsMaker, by_link: ByLink, way: str, said: ConfirmedBy) -> None:
    room = make_room(session)
    delivery = make_delivery(session, room)
    client = as_maker(room.maker) if way == "role" else by_link(room.maker)
    address = f"/makers-portal/{room.maker.slug}/deliveries/{delivery.code}"
    assert client.post(address, data={"name": "Ibu Contoh"}).status_code == 422  # not counted yet
    deliveries.confirm_count(session, room.manager, delivery.id)
    session.commit()
    assert address in client.get(f"/makers-portal/{room.maker.slug}").text
    assert client.post(address, data={"name": ""}).status_code == 422
    for _time in range(2):
        assert client.post(address, data={"name": "Ibu Contoh"}).status_code == 303
    session.expire_all()
    delivery = session.get_one(Delivery, delivery.id)
    assert (delivery.state, delivery.confirmed_by, delivery.confirmed_name) == (DeliveryState.RECEIVED, said, "Ibu Contoh")
    assert session.scalars(select(StockLevel.on_hand).where(StockLevel.agreement_id == room.agreement.id)).all() == [10]


def test_a_maker_asks_for_goods_back_and_the_outlet_hands_them_out(session: Session, agreement: Agreement, by_link: ByLink) -> None:
    goods = make_consigned(session, agreement, 10)
    client, address = by_link(maker_of(session, agreement)), f"{root_of(session, agreement)}/pull-outs/new?at={agreement.code}"
    too_many = client.post(address, data={f"units-{goods.level.id}": "11", "note": "Pameran"})
    assert too_many.status_code == 422
    assert 'value="11"' in too_many.text
    assert "Pameran" in too_many.text
    assert client.post(address, data={f"units-{goods.level.id}": ""}).status_code == 422
    assert client.post(address, data={f"units-{goods.level.id}": "4", "note": "Pameran"}).status_code == 303
    asked = session.scalars(select(PullOut).where(PullOut.maker_id == agreement.maker_id)).one()
    assert (asked.state, asked.reason, asked.note) == (PullOutState.ANNOUNCED, PullOutReason.ASKED, "Pameran")
    assert asked.code in client.get(f"{root_of(session, agreement)}/pull-outs").text
    lead = lead_of(session, agreement)
    found = pull_outs.get_pull_out(session, lead, Permission.VIEW_STOCK, asked.code)
    pull_outs.finish_pull_out(session, lead, found.id, {line.id: Done(4) for line in found.lines}, "Ibu Contoh")
    assert session.scalars(select(StockLevel.on_hand).where(StockLevel.id == goods.level.id)).one() == 6


def test_goods_of_another_maker_or_of_the_outlet_itself_cannot_be_asked_for(
    session: Session, agreement: Agreement, as_maker: AsMaker
) -> None:
    make_consigned(session, agreement)
    foreign = make_consigned(session, make_agreement(session, session.get_one(Outlet, agreement.outlet_id)))
    address = f"{root_of(session, agreement)}/pull-outs/new?at={agreement.code}"
    assert as_maker(maker_of(session, agreement)).post(address, data={f"units-{foreign.level.id}": "1"}).status_code == 422
    assert session.scalar(select(PullOut.id)) is None


def test_the_eleventh_request_is_refused(session: Session, agreement: Agreement, as_maker: AsMaker) -> None:
    goods = make_consigned(session, agreement, 30)
    client, address = as_maker(maker_of(session, agreement)), f"{root_of(session, agreement)}/pull-outs/new?at={agreement.code}"
    assert [client.post(address, data={f"units-{goods.level.id}": "1"}).status_code for _time in range(11)] == [303] * 10 + [422]


def test_a_maker_asks_for_an_account_and_another_person_agrees(session: Session, agreement: Agreement, as_maker: AsMaker) -> None:
    client, root = as_maker(maker_of(session, agreement)), root_of(session, agreement)
    assert client.post(f"{root}/accounts/{agreement.code}", data=ACCOUNT | {"number": "abc"}).status_code == 422
    assert client.post(f"{root}/accounts/{agreement.code}", data=ACCOUNT).status_code == 303
    asked = session.scalars(select(MakerAccount).where(MakerAccount.agreement_id == agreement.id)).one()
    text = client.get(f"{root}/accounts").text
    assert "…7890" in text
    assert "1234567890" not in text
    again = client.post(f"{root}/accounts/{agreement.code}", data=ACCOUNT)
    assert again.status_code == 422
    accounts.approve_account(session, lead_of(session, agreement), asked.id)
    assert accounts.find_account(session, agreement.id) == asked


def test_whoever_made_the_link_cannot_agree_to_what_was_asked_through_it(session: Session, agreement: Agreement, by_link: ByLink) -> None:
    maker, boss = maker_of(session, agreement), make_actor(session)
    client = by_link(maker)
    client.get(f"/makers-portal/link/{links.write_token(links.create_link(session, boss, maker), SECRET)}")
    session.commit()
    client.post(f"{root_of(session, agreement)}/accounts/{agreement.code}", data=ACCOUNT)
    asked = session.scalars(select(MakerAccount).where(MakerAccount.agreement_id == agreement.id)).one()
    with pytest.raises(SecondPersonNeeded):
        accounts.approve_account(session, boss, asked.id)
    accounts.approve_account(session, lead_of(session, agreement), asked.id)


def test_a_maker_stops_a_change_nobody_asked_for(session: Session, agreement: Agreement, by_link: ByLink) -> None:
    first, second = lead_of(session, agreement), lead_of(session, agreement)
    used = accounts.request_account(session, first, agreement.id, "Bank Contoh", "1111111", "Ibu Contoh")
    accounts.approve_account(session, second, used.id)
    wrong = accounts.request_account(session, first, agreement.id, "Bank Contoh", "2222222", "Orang Lain")
    accounts.approve_account(session, second, wrong.id)
    session.commit()
    client, root = by_link(maker_of(session, agreement)), root_of(session, agreement)
    assert "…2222" in client.get(f"{root}/accounts").text
    assert client.post(f"{root}/accounts/{agreement.code}/object", data={"account": str(wrong.id)}).status_code == 303
    assert "…2222" not in client.get(f"{root}/accounts").text
    client.post(f"{root}/accounts/{agreement.code}/object", data={"account": str(used.id)})  # in use: too late
    session.expire_all()
    found = accounts.find_account(session, agreement.id)
    assert found is not None
    assert found.account_number == "1111111"


def test_an_account_of_another_agreement_cannot_be_objected_to(session: Session, agreement: Agreement, by_link: ByLink) -> None:
    other = make_agreement(session)
    theirs = accounts.request_account(session, lead_of(session, other), other.id, "Bank Contoh", "1111111", "Ibu Contoh")
    client = by_link(maker_of(session, agreement))
    client.post(f"{root_of(session, agreement)}/accounts/{agreement.code}/object", data={"account": str(theirs.id)})
    session.expire_all()
    assert session.get_one(MakerAccount, theirs.id).decided_at is None
