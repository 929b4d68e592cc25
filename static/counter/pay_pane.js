// Paying: cash by a tap or by typing what was handed over, QRIS with a code for the amount, card and transfer with their number.
import { isEmpty, isWithinLimit, setVoucher } from "./cart.js";
import { askText, confirm, say } from "./dialogs.js";
import { button, entry, fill, keypad, make } from "./dom.js";
import { readRupiah, rupiah } from "./money.js";
import { clockOf } from "./moments.js";
import { askSupervisor } from "./pin_pad.js";
import { merchantOf, qrisFor } from "./qris.js";
import { drawQr } from "./qr.js";
import { saleBody } from "./sale.js";
import { cashDue, isPaid, LARGEST_QRIS, payCash, payOther, quickNotes, remaining, startPayment, withoutTender } from "./tenders.js";

/** A second tap that was meant for the last screen does nothing on the next one. */
const SETTLE_MS = 400;

/** Begin to pay what is in the cart. A discount that became too large when goods were taken out needs a supervisor first. */
export async function startPaying(till) {
  if (isEmpty(till.cart) || till.mode !== "selling") return;
  const { cart } = till;
  if (!cart.supervision && !isWithinLimit(cart, till.catalogue.outlet().discount_limit_bps)) {
    const supervision = await askSupervisor(till, till.t("discount.above"), cart.reason || till.t("cart.discount"), till.t("discount.ask", { discount: rupiah(till.totals().discount), subtotal: rupiah(till.totals().subtotal) }));
    if (!supervision || till.cart !== cart) return;
    till.setCart({ ...cart, supervision }, { isQuiet: true });
  }
  till.payment = startPayment(till.totals().total);
  till.bill = makeBill(till);
  till.setMode("paying");
}

/** What staff look for in the merchant's app: the till and the time, unlike any other of the day. */
function makeBill(till) {
  const now = Date.now();
  const clock = clockOf(now, till.device.outlet.zone).replace(".", "");
  return `T${till.device.till.number}-${clock}${String(new Date(now).getUTCSeconds()).padStart(2, "0")}`;
}

/** Back to the cart; what was already taken has to be given back first, which a supervisor allows. */
export async function stopPaying(till) {
  const { t } = till;
  if (till.payment?.tenders.length) {
    if (!(await confirm(t, t("pay.back_title"), t("pay.back_text"), t("pay.back_act"), { danger: true }))) return;
    const supervision = await askSupervisor(till, t("cancel.paid"), t("pay.back_title"), rupiah(till.totals().total));
    if (!supervision) return;
    await till.reportRemoved(till.cart.lines, t("pay.back_title"), { afterPayment: true, supervision });
  }
  till.payment = null;
  till.display({ kind: "cart" });
  till.setMode("selling");
}

/** Take what a tender function answered: the sale is written as soon as all is paid. */
async function take(till, { payment, refused }) {
  if (refused) {
    till.ring("refused");
    say(till.t(`pay.${refused}`, { limit: rupiah(LARGEST_QRIS) }), "bad");
    return;
  }
  till.payment = payment;
  if (isPaid(payment)) await finish(till);
  else till.changed("mode");
}

/** Write the sale down; only then its receipt shows. A second call while it is written does nothing. */
export async function finish(till) {
  if (till.isFinishing || till.mode !== "paying" || !isPaid(till.payment)) return;
  const { t } = till;
  till.isFinishing = true;
  try {
    const { cart, removed } = till;
    // The cart's own id: whatever asks again, this cart is sold once.
    const { entry: sold, receipt } = await till.write("sale", saleBody(cart, till.payment, till.language), { phone: cart.phone, id: cart.id });
    till.settledUntil = performance.now() + SETTLE_MS;
    till.done = { body: sold.body, number: receipt.number, id: sold.id, phone: cart.phone };
    till.forgetCart();
    till.setMode("paid");
    await till.reportRemoved(removed, t("reason.before_paying"));
  } catch (error) {
    till.ring("refused");
    say(error.message, "bad");
  } finally {
    till.isFinishing = false;
  }
}

/** @param {import("./till.js").Till} till */
export function payPane(till) {
  const { t } = till;
  const element = make("div", { class: "pane pay" });
  /** null for cash and the list of ways; qris, card or transfer for its own part. */
  let way = null;

  const given = make("input", { id: "given", class: "given", inputmode: "none", autocomplete: "off", maxlength: "11", "aria-label": t("pay.given") });
  const payGiven = () => take(till, payCash(till.payment, given.value.trim() ? readRupiah(given.value) : cashLeft()));
  const cashLeft = () => Math.max(0, cashDue(till.payment).cash - cashDue(till.payment).taken);
  const note = (index) => quickNotes(cashLeft())[index];

  const drawCash = () => {
    const due = cashDue(till.payment);
    const left = cashLeft();
    given.value = "";
    given.placeholder = rupiah(left);
    const exact = button(t("pay.exact"), () => take(till, payCash(till.payment, left)), { look: "primary", large: true, hint: "Enter", "data-way": "exact" });
    exact.append(make("strong", { class: "pay-amount" }, rupiah(left)));
    exact.classList.add("key-pay");
    const notes = quickNotes(left).map((amount, index) => button(rupiah(amount), () => take(till, payCash(till.payment, amount)), { hint: `Alt+${index + 1}`, look: "note", "data-note": amount }));
    const typed = make("form", { class: "given-form", on: { submit: (event) => { event.preventDefault(); payGiven(); } } },
      make("label", { for: "given", class: "field-label" }, t("pay.given")), given, make("button", { type: "submit", class: "key key-quiet" }, t("pay.take")));
    const rounding = due.rounding ? make("p", { class: "pay-rounding" }, t("pay.rounding", { amount: rupiah(due.rounding), cash: rupiah(left) })) : null;
    return [rounding, exact, make("div", { class: "notes", role: "group", "aria-label": t("pay.notes") }, notes), ways(), typed, keypad(given, t)];
  };

  const ways = () => make("div", { class: "ways", role: "group", "aria-label": t("pay.other") },
    button("QRIS", () => open("qris"), { drawing: "qr", hint: "F10", "data-way": "qris" }),
    button(t("pay.card"), () => open("card"), { drawing: "card", "data-way": "card" }),
    button(t("pay.transfer"), () => open("transfer"), { drawing: "bank", "data-way": "transfer" }),
    button(t("pay.voucher"), () => askVoucher(till), { drawing: "voucher", "data-way": "voucher" }));

  const drawOther = (method) => {
    const left = remaining(till.payment);
    const amount = entry(t("pay.amount"), { id: "part", mode: "numeric", value: String(Math.min(left, method === "qris" ? LARGEST_QRIS : left)), maxlength: "11" });
    const reference = entry(t(`pay.reference_${method}`), { id: "reference", hint: method === "qris" ? t("pay.reference_optional") : "", maxlength: "60" });
    const send = async () => {
      const number = readRupiah(amount.box.value);
      const text = reference.box.value.trim();
      if (text && !(await isNewReference(till, method, text))) return;
      const answer = payOther(till.payment, method, number, text);
      if (!answer.refused) way = null;
      await take(till, answer);
    };
    const confirmed = make("button", { type: "submit", class: "key key-primary key-large", "data-confirm": method, "data-first": method === "qris" }, make("span", { class: "key-label" }, t(`pay.confirm_${method}`)), make("kbd", { class: "key-hint", "aria-hidden": "true" }, "Enter"));
    const code = method === "qris" ? qrisPart(till, () => readRupiah(amount.box.value)) : null;
    if (code) amount.box.addEventListener("input", code.draw);
    let isSending = false;
    const once = async (event) => {
      event.preventDefault();
      if (isSending) return;
      isSending = true;
      await send();
      isSending = false;
    };
    return make("form", { class: "pay-other", novalidate: true, on: { submit: once } },
      make("h3", {}, t(`pay.title_${method}`)), code?.element, method === "qris" ? [confirmed, amount.field, reference.field] : [amount.field, reference.field, confirmed],
      button(t("pay.other_way"), () => open(null), { look: "plain", drawing: "back" }));
  };

  const focus = () => (way ? element.querySelector(way === "qris" ? "[data-confirm]" : "#reference") : given).focus({ preventScroll: true });
  const open = (next) => {
    way = next;
    draw();
  };

  const draw = () => {
    const { payment } = till;
    const left = remaining(payment);
    fill(element,
      make("div", { class: "pay-head" },
        button(t("dialog.back"), () => (way ? open(null) : stopPaying(till)), { look: "plain", drawing: "back", hint: "Esc" }),
        make("p", { class: "pay-due" }, make("span", {}, payment.tenders.length ? t("pay.left") : t("cart.total")), make("strong", {}, rupiah(left)))),
      payment.tenders.length ? make("ul", { class: "tenders" }, payment.tenders.map((tender, index) => make("li", {},
        make("span", {}, t(`tender.${tender.method}`), tender.reference ? ` · ${tender.reference}` : ""), make("strong", {}, rupiah(tender.cash ?? tender.amount)),
        button("", () => undo(till, index), { look: "plain", drawing: "close", name: t("pay.undo", { way: t(`tender.${tender.method}`) }) })))) : null,
      make("div", { class: "pay-body" }, way ? drawOther(way) : drawCash()));
    focus();
    if (!way) till.display({ kind: "cart" });
  };

  const commands = {
    qris: () => open("qris"),
    exact: () => take(till, payCash(till.payment, cashLeft())),
    pay: () => given.focus(),
    notes: (number) => note(number - 1) && take(till, payCash(till.payment, note(number - 1))),
    cancel: () => stopPaying(till),
  };
  draw();
  return { element, draw, focus, commands, escape: () => (way ? open(null) : stopPaying(till)) };
}

async function undo(till, index) {
  const { t } = till;
  const tender = till.payment.tenders[index];
  if (!(await confirm(t, t("pay.undo", { way: t(`tender.${tender.method}`) }), t("pay.undo_text", { amount: rupiah(tender.cash ?? tender.amount) }), t("pay.undo_act"), { danger: true }))) return;
  till.payment = withoutTender(till.payment, index);
  till.changed("mode");
}

/** The code for the amount, here and on the customer's display; what to do without one. */
function qrisPart(till, read) {
  const { t } = till;
  const place = make("div", { class: "qris" });
  const draw = () => {
    const code = till.catalogue.outlet()?.qris;
    const amount = read();
    let payload = null;
    try {
      payload = code ? qrisFor(code, amount, till.bill) : null;
    } catch {
      payload = null;
    }
    if (!payload) {
      till.display({ kind: "cart" });
      fill(place, make("p", { class: "qris-none" }, t("pay.qris_none")));
      return;
    }
    fill(place, make("div", { class: "qris-code", role: "img", "aria-label": t("pay.qris_code", { amount: rupiah(amount) }) }, drawQr(payload)),
      make("p", { class: "qris-facts" }, make("strong", {}, rupiah(amount)), make("span", {}, merchantOf(code)), make("span", {}, t("pay.qris_bill", { bill: till.bill }))));
    till.display({ kind: "qris", payload, amount, merchant: merchantOf(code) });
  };
  draw();
  return { element: place, draw };
}

/** Whether this number was not used on this device before, or a person says that it is right all the same. */
async function isNewReference(till, method, reference) {
  const { t } = till;
  const used = (await till.store.receipts({ limit: 500 })).some((receipt) => receipt.body?.tenders?.some((each) => each.method === method && each.reference === reference));
  const twice = used || till.payment.tenders.some((each) => each.method === method && each.reference === reference);
  if (!twice) return true;
  till.ring("refused");
  return (await confirm(t, t("pay.twice_title"), t("pay.twice_text", { reference }), t("pay.twice_act"), { danger: true })) === true;
}

/** A voucher is only good when the server says so: its limit cannot be known without a network. */
async function askVoucher(till) {
  const { t } = till;
  if (!till.sync.state.online) return say(t("voucher.offline"), "bad");
  if (till.payment.tenders.length) return say(t("voucher.first"), "bad");
  const code = await askText(t, t("voucher.title"), { label: t("voucher.code"), least: 3, most: 40, hint: t("voucher.hint") });
  if (!code) return undefined;
  const { subtotal } = till.totals();
  const answer = await till.ask("voucher", { code, subtotal });
  if (!answer) return say(t("voucher.offline"), "bad");
  if (!answer.ok) return say(answer.error || t("voucher.refused"), "bad");
  till.setCart(setVoucher(till.cart, { code: answer.code ?? code, discount: answer.discount, subtotal }), { isQuiet: true });
  till.payment = startPayment(till.totals().total);
  till.changed("mode");
  return say(t("voucher.taken", { amount: rupiah(answer.discount) }), "good");
}

