"""How the house's states and roles are said to people, each with the tone of its badge. One table per enum.

Separate tables, because enums that are texts compare equal across classes: one table would let two share a row.
"""

from __future__ import annotations

from catalog.collections import CollectionState
from catalog.models.desk_work import BulkAct
from catalog.models.importing import ImportKind, ImportState, Outcome
from catalog.models.product import ListingState, Unit
from catalog.models.stock import BatchState, LossCause, MovementKind
from catalog.reporting.states import ReportState
from catalog.translating import TextKind, TextState
from kernel.errors import N_
from kernel.people import Role
from orders.gateways import PaymentMethod
from orders.models.agreement import Bearer, Rhythm, TermsModel
from orders.models.approval import ApprovalState
from orders.models.delivery import Condition, ConfirmedBy, DeliveryState
from orders.models.maker_payout import PayoutState, PayoutWay
from orders.models.order import Fulfilment
from orders.models.shift import IncidentKind
from orders.models.stockroom import CountState, PullOutReason, PullOutState, TransferState
from orders.models.till import EntryState
from orders.refund_queries import RefundQueue
from orders.refund_states import RefundReason, RefundState, RefundWay
from orders.settlements import RowResult
from orders.states import OrderState, PaymentState, ReviewReason
from orders.stockroom.delivery_sheet import RowResult as SheetRowResult
from orders.voucher_issuing import VoucherState

Said = tuple[str, str]

ORDER: dict[OrderState, Said] = {
    OrderState.AWAITING_PAYMENT: (N_("Waiting for payment"), "amber"),
    OrderState.CONFIRMED: (N_("To be packed"), "blue"),
    OrderState.READY: (N_("Ready for pickup"), "leaf"),
    OrderState.SHIPPED: (N_("On the way"), "blue"),
    OrderState.COMPLETED: (N_("Handed over"), ""),
    OrderState.CANCELLED: (N_("Cancelled"), "red"),
    OrderState.EXPIRED: (N_("Expired"), ""),
}
#: The same for an order that is sent to its buyer.
SENT_ORDER: dict[OrderState, Said] = ORDER | {
    OrderState.READY: (N_("Packed"), "leaf"),
    OrderState.SHIPPED: (N_("On the way"), "blue"),
    OrderState.COMPLETED: (N_("Delivered"), ""),
}
REPORT: dict[ReportState, Said] = {
    ReportState.DRAFT: (N_("Being written"), ""),
    ReportState.SENT: (N_("To be checked"), "amber"),
    ReportState.RETURNED: (N_("Returned to the village"), "red"),
    ReportState.CHECKED: (N_("Checked"), "blue"),
    ReportState.RECEIVED: (N_("Received"), "leaf"),
    ReportState.CORRECTING: (N_("Being corrected"), "amber"),
}
LISTING: dict[ListingState, Said] = {
    ListingState.DRAFT: (N_("Draft"), "amber"),
    ListingState.LIVE: (N_("Live"), "leaf"),
    ListingState.WITHDRAWN: (N_("Withdrawn"), "red"),
}
PAYMENT: dict[PaymentState, Said] = {
    PaymentState.STARTED: (N_("Begun"), ""),
    PaymentState.OPEN: (N_("Open"), "amber"),
    PaymentState.PROCESSING: (N_("On its way"), "amber"),
    PaymentState.PAID: (N_("Paid"), "leaf"),
    PaymentState.FAILED: (N_("Failed"), "red"),
    PaymentState.EXPIRED: (N_("Expired"), ""),
    PaymentState.REVIEW: (N_("Needs a decision"), "red"),
    PaymentState.RETURNED: (N_("Paid back"), ""),
}
REVIEW: dict[ReviewReason, str] = {
    ReviewReason.MISMATCH: N_("What the payment service reports does not match the order. Nothing was booked."),
    ReviewReason.LATE: N_("The money came after the reservation ended, and the goods or the voucher are gone."),
    ReviewReason.CANCELLED: N_("The money came after the order was cancelled."),
    ReviewReason.PAID_TWICE: N_("The order had been paid already."),
}
METHOD: dict[PaymentMethod, str] = {
    PaymentMethod.STRIPE: N_("Card"),
    PaymentMethod.PAY_AT_PICKUP: N_("Cash at pickup"),
    PaymentMethod.QRIS: "QRIS",
    PaymentMethod.BANK_TRANSFER: N_("Bank transfer"),
    PaymentMethod.CASH: N_("Cash"),
    PaymentMethod.CARD_TERMINAL: N_("Card terminal"),
}
STATEMENT_ROW: dict[RowResult, Said] = {
    RowResult.CONFIRMS: (N_("Confirms a payment"), "leaf"),
    RowResult.MATCHES: (N_("Matches a confirmed payment"), "leaf"),
    RowResult.IMPORTED: (N_("Posted before"), ""),
    RowResult.PARTIAL: (N_("Less than the order costs"), "red"),
    RowResult.OVER: (N_("More than the order costs"), "amber"),
    RowResult.SETTLED: (N_("Order needs no such payment"), "amber"),
    RowResult.TAKEN: (N_("Number used for another order"), "red"),
    RowResult.UNKNOWN: (N_("No order found"), ""),
    RowResult.OUTGOING: (N_("Money that went out"), ""),
    RowResult.UNREADABLE: (N_("Amount cannot be read"), "red"),
}
REFUND: dict[RefundState, Said] = {
    RefundState.REQUESTED: (N_("Asked for"), "amber"),
    RefundState.SENT: (N_("On its way"), "amber"),
    RefundState.SUCCEEDED: (N_("Paid back"), "leaf"),
    RefundState.FAILED: (N_("Failed"), "red"),
    RefundState.REJECTED: (N_("Rejected"), ""),
}
REFUND_REASON: dict[RefundReason, str] = {
    RefundReason.DAMAGED: N_("Damaged or spoiled"),
    RefundReason.WRONG_GOODS: N_("Wrong goods"),
    RefundReason.NOT_AVAILABLE: N_("Not available any more"),
    RefundReason.CHANGED_MIND: N_("The buyer changed their mind"),
    RefundReason.CANNOT_DELIVER: N_("Paid late, twice or after a cancellation"),
    RefundReason.OTHER: N_("Another reason"),
}
REFUND_WAY: dict[RefundWay, str] = {
    RefundWay.PROVIDER: N_("Back to the card or account it came from"),
    RefundWay.CASH: N_("In cash, against a signature"),
    RefundWay.TRANSFER: N_("By bank transfer"),
}
REFUND_QUEUE: dict[RefundQueue, str] = {
    RefundQueue.APPROVAL: N_("Waiting for a second person"),
    RefundQueue.PAYOUT: N_("To be given"),
    RefundQueue.PROVIDER: N_("At the payment service"),
    RefundQueue.FAILED: N_("Failed"),
}
VOUCHER: dict[VoucherState, Said] = {
    VoucherState.WAITING: (N_("Waiting for a second person"), "amber"),
    VoucherState.COMING: (N_("Not yet valid"), "blue"),
    VoucherState.ACTIVE: (N_("Can be used"), "leaf"),
    VoucherState.USED_UP: (N_("Used up"), ""),
    VoucherState.ENDED: (N_("Ended"), ""),
    VoucherState.STOPPED: (N_("Stopped"), "red"),
}
APPROVAL: dict[ApprovalState, Said] = {
    ApprovalState.WAITING: (N_("Waiting for a second person"), "amber"),
    ApprovalState.AGREED: (N_("Agreed and done"), "leaf"),
    ApprovalState.REJECTED: (N_("Rejected"), ""),
}
MOVEMENT: dict[MovementKind, Said] = {
    MovementKind.RECEIVED: (N_("Received"), "leaf"),
    MovementKind.HELD: (N_("Reserved"), "blue"),
    MovementKind.RELEASED: (N_("Reservation ended"), ""),
    MovementKind.SOLD: (N_("Sold"), ""),
    MovementKind.CORRECTED: (N_("Corrected"), "amber"),
    MovementKind.WRITTEN_OFF: (N_("Written off"), "red"),
    MovementKind.RETURNED: (N_("Returned"), "leaf"),
    MovementKind.RETURNED_TO_MAKER: (N_("Back to the maker"), ""),
    MovementKind.MOVED: (N_("Moved"), "blue"),
    MovementKind.COUNTED: (N_("Counted"), "amber"),
}
ROLE: dict[Role, str] = {
    Role.SHOPPER: N_("Shopper"),
    Role.MAKER: N_("Maker"),
    Role.CASHIER: N_("Cashier"),
    Role.OUTLET_MANAGER: N_("Outlet lead"),
    Role.CURATOR: N_("Curator"),
    Role.RETAIL_BUYER: N_("Retail buyer"),
    Role.ADMINISTRATOR: N_("Administrator"),
    Role.VILLAGE_OFFICER: N_("Village officer"),
    Role.MENTOR: N_("Mentor"),
    Role.ASSESSOR: N_("Assessor"),
    Role.PROVINCE_OFFICER: N_("Province officer"),
    Role.OBSERVER: N_("Observer"),
}
UNIT: dict[Unit, str] = {
    Unit.GRAM: N_("gram"),
    Unit.MILLILITRE: N_("millilitre"),
    Unit.PIECE: N_("piece"),
}


def of_order(state: OrderState, fulfilment: Fulfilment) -> Said:
    """Where an order stands, in the words that fit how it reaches its buyer."""
    return (SENT_ORDER if fulfilment is Fulfilment.SHIPPING else ORDER)[state]


DELIVERY: dict[DeliveryState, Said] = {
    DeliveryState.ANNOUNCED: (N_("Announced"), "blue"),
    DeliveryState.BROUGHT: (N_("Being counted"), "amber"),
    DeliveryState.COUNTED: (N_("Waiting for the maker"), "amber"),
    DeliveryState.RECEIVED: (N_("Received"), "leaf"),
    DeliveryState.CANCELLED: (N_("Cancelled"), ""),
}
CONDITION: dict[Condition, str] = {
    Condition.GOOD: N_("Good"),
    Condition.DAMAGED: N_("Damaged"),
    Condition.SHORT_DATED: N_("Best before too near"),
    Condition.WRONG_GOODS: N_("Wrong goods"),
    Condition.OTHER: N_("Another reason"),
}
CONFIRMED_BY: dict[ConfirmedBy, str] = {
    ConfirmedBy.LINK: N_("by the link"),
    ConfirmedBy.CODE: N_("by the code"),
    ConfirmedBy.SIGNATURE: N_("by signature"),
    ConfirmedBy.ACCOUNT: N_("in the makers' portal"),
}
TRANSFER: dict[TransferState, Said] = {
    TransferState.DRAFT: (N_("Being put together"), "amber"),
    TransferState.SENT: (N_("On the way"), "blue"),
    TransferState.RECEIVED: (N_("Received"), "leaf"),
    TransferState.CANCELLED: (N_("Cancelled"), ""),
}
PULL_OUT: dict[PullOutState, Said] = {
    PullOutState.ANNOUNCED: (N_("To be collected"), "amber"),
    PullOutState.DONE: (N_("Done"), "leaf"),
    PullOutState.CANCELLED: (N_("Cancelled"), ""),
}
PULL_OUT_REASON: dict[PullOutReason, str] = {
    PullOutReason.EXPIRING: N_("Best before is near"),
    PullOutReason.UNSOLD: N_("Not sold for long"),
    PullOutReason.RECALLED: N_("Recalled"),
    PullOutReason.ASKED: N_("The maker wants them back"),
}
COUNT: dict[CountState, Said] = {
    CountState.OPEN: (N_("Being counted"), "amber"),
    CountState.REVIEW: (N_("Differences to explain"), "red"),
    CountState.BOOKED: (N_("Booked"), "leaf"),
    CountState.CANCELLED: (N_("Cancelled"), ""),
}
BATCH: dict[BatchState, Said] = {
    BatchState.OPEN: (N_("For sale"), "leaf"),
    BatchState.BLOCKED: (N_("Blocked"), "amber"),
    BatchState.RECALLED: (N_("Recalled"), "red"),
}
LOSS: dict[LossCause, str] = {
    LossCause.DAMAGED: N_("Damaged"),
    LossCause.EXPIRED: N_("Past its date"),
    LossCause.LOST: N_("Lost"),
    LossCause.SAMPLE: N_("Given as a sample"),
}
SHEET_ROW: dict[SheetRowResult, Said] = {
    SheetRowResult.NEW: (N_("Will be added"), "leaf"),
    SheetRowResult.KNOWN: (N_("On the note already"), ""),
    SheetRowResult.REFUSED: (N_("Refused"), "red"),
}
TERMS_MODEL: dict[TermsModel, str] = {
    TermsModel.COMMISSION: N_("Commission: the outlet keeps a part of the price"),
    TermsModel.MARKUP: N_("Mark-up: the outlet adds to the maker's price"),
    TermsModel.MONTHLY_FEE: N_("Monthly fee: the maker gets the whole price"),
    TermsModel.PURCHASE: N_("Purchase: the outlet buys when goods arrive"),
}
RHYTHM: dict[Rhythm, str] = {
    Rhythm.WEEKLY: N_("every week"),
    Rhythm.FORTNIGHTLY: N_("every two weeks"),
    Rhythm.MONTHLY: N_("every month"),
    Rhythm.ON_CALL: N_("on call"),
}
BEARER: dict[Bearer, str] = {Bearer.OUTLET: N_("the outlet"), Bearer.MAKER: N_("the maker")}
PAYOUT: dict[PayoutState, Said] = {
    PayoutState.PREPARED: (N_("Waiting for a second person"), "amber"),
    PayoutState.APPROVED: (N_("To be paid"), "blue"),
    PayoutState.SETTLED: (N_("Done"), "leaf"),
    PayoutState.CANCELLED: (N_("Cancelled"), ""),
}
PAYOUT_WAY: dict[PayoutWay, str] = {
    PayoutWay.TRANSFER: N_("By bank transfer"),
    PayoutWay.CASH: N_("In cash, against a signature"),
}
INCIDENT: dict[IncidentKind, Said] = {
    IncidentKind.OVERSOLD: (N_("More sold than in the books"), "red"),
    IncidentKind.STOPPED_BATCH: (N_("Stopped or expired lot sold"), "red"),
    IncidentKind.REFERENCE_TWICE: (N_("Payment number used twice"), "red"),
    IncidentKind.UNMATCHED_TENDER: (N_("Payment not found in a list"), "amber"),
    IncidentKind.PRICE_DIFFERS: (N_("Price differs"), "amber"),
    IncidentKind.VOUCHER_OVER: (N_("Voucher was not valid"), "amber"),
    IncidentKind.CLOCK_OFF: (N_("Clock of the device is wrong"), "blue"),
    IncidentKind.NOT_ALLOWED: (N_("Beyond the cashier's limits"), "red"),
    IncidentKind.SHIFT_INCOMPLETE: (N_("Shift is not complete"), "amber"),
    IncidentKind.REFUSED_ENTRY: (N_("Entry could not be read"), "red"),
    IncidentKind.QUARANTINED_ENTRY: (N_("Entry of a revoked device"), "red"),
}
ENTRY: dict[EntryState, Said] = {
    EntryState.ACCEPTED: (N_("In the books"), "leaf"),
    EntryState.REFUSED: (N_("Refused"), "red"),
    EntryState.QUARANTINED: (N_("In quarantine"), "amber"),
    EntryState.DISMISSED: (N_("Dismissed"), ""),
}
IMPORT_KIND: dict[ImportKind, str] = {
    ImportKind.MAKERS: N_("Makers"),
    ImportKind.PRODUCTS: N_("Products"),
    ImportKind.VARIANTS: N_("Pack sizes"),
    ImportKind.PRICES: N_("Prices"),
    ImportKind.CERTIFICATES: N_("Papers"),
}
IMPORT: dict[ImportState, Said] = {
    ImportState.READING: (N_("Being read"), "blue"),
    ImportState.READY: (N_("Columns to look at"), "amber"),
    ImportState.CHECKING: (N_("Being checked"), "blue"),
    ImportState.CHECKED: (N_("Preview to look at"), "amber"),
    ImportState.RUNNING: (N_("Coming in"), "blue"),
    ImportState.STOPPED: (N_("Stopped"), "amber"),
    ImportState.DONE: (N_("Finished"), "leaf"),
    ImportState.REFUSED: (N_("Cannot be read"), "red"),
}
OUTCOME: dict[Outcome, Said] = {
    Outcome.NEW: (N_("New"), "leaf"),
    Outcome.CHANGED: (N_("Changed"), "blue"),
    Outcome.UNCHANGED: (N_("Unchanged"), ""),
    Outcome.BAD: (N_("Cannot be used"), "red"),
}
COLLECTION: dict[CollectionState, Said] = {
    CollectionState.COMING: (N_("Coming"), "blue"),
    CollectionState.SHOWN: (N_("In the window"), "leaf"),
    CollectionState.ENDED: (N_("Over"), ""),
}
BULK: dict[BulkAct, str] = {
    BulkAct.PRICE: N_("Price"),
    BulkAct.CATEGORY: N_("Category"),
    BulkAct.HALAL: N_("Halal state"),
    BulkAct.COLLECTION: N_("Put into a collection"),
    BulkAct.WITHDRAW: N_("Withdraw from the shop"),
}
TEXT_KIND: dict[TextKind, str] = {
    TextKind.PRODUCT: N_("Products"),
    TextKind.MAKER: N_("Makers"),
    TextKind.COLLECTION: N_("Collections"),
    TextKind.VILLAGE: N_("Villages"),
}
TEXT: dict[TextState, Said] = {
    TextState.EMPTY: (N_("Empty"), ""),
    TextState.MISSING: (N_("In one language only"), "amber"),
    TextState.UNCOMPARED: (N_("Not compared yet"), ""),
    TextState.STALE: (N_("Changed since compared"), "amber"),
    TextState.COMPARED: (N_("Compared"), "leaf"),
}
