"""Labels to stick on parcels, A6 each: who sends, who gets it, and the order's code to scan."""

from __future__ import annotations

from collections.abc import Sequence

from orders.queries import OrderView
from orders.shipping_queries import ParcelView, ShippingView
from storefront.documents.paper import BLACK, SERIF, Paper
from storefront.i18n import gettext as _
from storefront.order_links import office_address
from storefront.templating import current_settings, number

WIDTH, HEIGHT, MARGIN = 105.0, 148.0, 7.0
INNER, RIGHT = WIDTH - 2 * MARGIN, WIDTH - MARGIN
QR_SIZE = 24.0


def draw_parcel_labels(orders: Sequence[OrderView]) -> bytes:
    """One label for each parcel, or one for an order whose parcels are not known yet. Black only: any printer will do."""
    label = Paper((WIDTH, HEIGHT), _("Parcel labels"), MARGIN)
    label.set_lang("id")
    label.set_creation_date(max(order.placed_at for order in orders))
    for order in orders:
        if order.shipping is not None:
            parcels: tuple[ParcelView | None, ...] = order.shipping.parcels or (None,)
            for place, parcel in enumerate(parcels, start=1):
                _draw(label, order, order.shipping, parcel, f"{place}/{len(parcels)}")
    return bytes(label.output())


def _draw(label: Paper, order: OrderView, shipping: ShippingView, parcel: ParcelView | None, count: str) -> None:
    label.add_page()
    y = _sender(label, order)
    label.rule(MARGIN, y + 2, INNER, BLACK, 0.5)
    _receiver(label, order, shipping, y + 5)
    label.rule(MARGIN, HEIGHT - 45, INNER, BLACK, 0.5)
    _carrier(label, order, shipping, parcel, count)


def _sender(label: Paper, order: OrderView) -> float:
    label.mark(MARGIN, MARGIN, 8, BLACK)
    label.face(11, "B", BLACK, SERIF)
    label.say(MARGIN + 11, MARGIN - 0.5, current_settings().shop_name)
    label.face(7.5, colour=BLACK)
    y = label.tell(MARGIN + 11, MARGIN + 5, f"{order.outlet.name}, {order.outlet.address}", INNER - 11)
    return label.tell(MARGIN + 11, y, order.outlet.phone, INNER - 11) if order.outlet.phone else y


def _receiver(label: Paper, order: OrderView, shipping: ShippingView, y: float) -> None:
    label.face(8, colour=BLACK)
    y = label.say(MARGIN, y, _("To")) + 0.6
    label.face(15, "B", BLACK)
    y = label.tell(MARGIN, y, order.contact_name, INNER)
    label.face(12, "B", BLACK)
    y = label.tell(MARGIN, y, order.contact_phone, INNER) + 1.6
    # Two texts of 200 letters still fit above the line: they become smaller.
    label.face(11 if len(shipping.street) + len(shipping.note) <= 160 else 8.5, colour=BLACK)
    for line in (shipping.street, shipping.note, shipping.area_text):
        if line:
            y = label.tell(MARGIN, y, line, INNER)
    if shipping.postal_code:
        label.face(18, "B", BLACK)
        label.say(MARGIN, y + 1, shipping.postal_code)


def _carrier(label: Paper, order: OrderView, shipping: ShippingView, parcel: ParcelView | None, count: str) -> None:
    y, width = HEIGHT - 42, INNER - QR_SIZE - 4
    weight = (parcel.weight_g if parcel else None) or (shipping.weight_g if count == "1/1" else None)
    label.face(18, "B", BLACK, SERIF)
    y = label.say(MARGIN, y, order.code) + 1
    label.face(10, colour=BLACK)
    y = label.tell(MARGIN, y, (parcel.courier if parcel else shipping.courier), width)
    if parcel and parcel.tracking_number:
        label.face(11, "B", BLACK)
        y = label.tell(MARGIN, y, parcel.tracking_number, width)
    label.face(9, colour=BLACK)
    facts = [_("Parcel %(count)s", count=count), f"{number(weight)} g" if weight else ""]
    label.tell(MARGIN, y + 0.6, " \u00b7 ".join(fact for fact in facts if fact), width)
    label.qr(RIGHT, HEIGHT - 41, QR_SIZE, office_address(order))
