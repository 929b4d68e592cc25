// What can be done with a cart beside scanning: quantity, discount, price, note, customer, parking and giving it up.
import { isEmpty, isWithinLimit, LARGEST_QUANTITY, lineOf, removeLine, setCut, setPrice, setQuantity, totalsOf } from "./cart.js";
import { ask, askNumber, askReason, askText, form, say } from "./dialogs.js";
import { button, entry, make } from "./dom.js";
import { LARGEST_AMOUNT, readRate, readRupiah, rupiah } from "./money.js";
import { clockOf } from "./moments.js";
import { askSupervisor } from "./pin_pad.js";

/** The number a buyer gave, as one way of writing it: `+628123456789`; null when it is none. */
export function readPhone(text) {
  const digits = text.replace(/[\s().-]/g, "").replace(/^\+?62/, "0").replace(/^8/, "08");
  return /^0\d{8,12}$/.test(digits) ? `+62${digits.slice(1)}` : null;
}

function nameOf(till, key) {
  const line = lineOf(till.cart, key);
  return till.fullName(till.catalogue.variant(line.variant)) || line.variant;
}

export async function askQuantity(till, key) {
  const { t } = till;
  const quantity = await askNumber(t, nameOf(till, key), {
    label: t("cart.quantity"), value: lineOf(till.cart, key).quantity, least: 0, most: LARGEST_QUANTITY, hint: t("cart.quantity_hint"),
  });
  if (quantity !== null && lineOf(till.cart, key)) till.setCart(setQuantity(till.cart, key, quantity), { selected: key });
}

/** Everything about one line. */
export async function openLine(till, key) {
  const { t } = till;
  till.selected = key;
  till.changed();
  const variant = till.catalogue.variant(lineOf(till.cart, key).variant);
  const act = await ask(t, nameOf(till, key), (close) => [
    make("p", { class: "sheet-text" }, [variant?.maker, variant?.village].filter(Boolean).join(" · ")),
    make("div", { class: "menu" },
      button(t("cart.quantity"), () => close(askQuantity), { drawing: "number", hint: "F3", "data-first": true }),
      button(t("cart.discount"), () => close(askDiscount), { drawing: "discount" }),
      button(t("cart.price"), () => close(askPrice), { drawing: "tag", hint: "Alt+P" }),
      button(t("cart.remove"), () => close(removeOne), { drawing: "trash", look: "danger", hint: "Del" })),
  ]);
  if (act) await act(till, key);
}

export function removeOne(till, key) {
  till.setCart(removeLine(till.cart, key));
}

/** A discount on a line or on all of it; beyond the outlet's limit only with a supervisor. */
export async function askDiscount(till, key = null) {
  const { t } = till;
  const chosen = await ask(t, key === null ? t("discount.all") : t("discount.line", { name: nameOf(till, key) }), (close) => {
    const { field, box } = entry(t("discount.how_much"), { id: "cut", mode: "decimal", hint: t("discount.hint"), maxlength: "12" });
    box.setAttribute("data-first", "");
    const reason = reasonField(t, [t("reason.damaged"), t("reason.many"), t("reason.near_expiry"), t("reason.regular")]);
    const rates = make("div", { class: "chips" }, ["5%", "10%", "15%", "20%"].map((text) => button(text, () => {
      box.value = text;
      box.focus();
    })));
    const read = () => {
      if (box.value.trim() === "0") return { value: { cut: null, reason: "" } };
      const isRate = box.value.includes("%") || (/^\d{1,2}([.,]\d+)?$/.test(box.value.trim()) && readRupiah(box.value) < 100);
      const number = isRate ? readRate(box.value) : readRupiah(box.value);
      if (!Number.isFinite(number) || number <= 0) return { wrong: t("discount.wrong"), at: box };
      if (reason.read().length < 3) return { wrong: t("dialog.reason_short"), at: reason.box };
      return { value: { cut: isRate ? { rate: number } : { amount: number }, reason: reason.read() } };
    };
    return form(t, close, [rates, field, reason.field], read, t("discount.give"));
  });
  if (!chosen || isEmpty(till.cart) || (key !== null && !lineOf(till.cart, key))) return;
  const next = setCut(till.cart, key, chosen.cut);
  const { subtotal, discount } = totalsOf(next);
  const what = t("discount.ask", { discount: rupiah(discount), subtotal: rupiah(subtotal) });
  await allow(till, { ...next, reason: chosen.reason || next.reason }, !chosen.cut || isWithinLimit(next, till.catalogue.outlet().discount_limit_bps), what, chosen.reason);
}

export async function askPrice(till, key) {
  const { t } = till;
  const line = lineOf(till.cart, key);
  const chosen = await ask(t, t("price.title", { name: nameOf(till, key) }), (close) => {
    const { field, box } = entry(t("price.new"), { id: "price", mode: "numeric", value: String(line.price), hint: t("price.hint", { price: rupiah(line.listPrice) }), maxlength: "11" });
    const reason = reasonField(t, [t("reason.label_wrong"), t("reason.damaged"), t("reason.near_expiry")]);
    const read = () => {
      const price = readRupiah(box.value);
      if (!(price >= 1 && price <= LARGEST_AMOUNT)) return { wrong: t("discount.wrong") };
      if (price !== line.listPrice && reason.read().length < 3) return { wrong: t("dialog.reason_short"), at: reason.box };
      return { value: { price, reason: reason.read() } };
    };
    return form(t, close, [field, reason.field], read, t("price.change"));
  });
  if (!chosen || !lineOf(till.cart, key)) return;
  const next = setPrice(till.cart, key, chosen.price);
  const what = t("price.ask", { name: nameOf(till, key), price: rupiah(chosen.price), list: rupiah(line.listPrice) });
  await allow(till, { ...next, reason: chosen.reason || next.reason }, chosen.price === line.listPrice, what, chosen.reason);
}

/** Take the next cart; what is beyond a cashier's limits first needs a supervisor's PIN. */
async function allow(till, next, isFree, what, reason) {
  if (isFree) return till.setCart(next, { isQuiet: true });
  const supervision = await askSupervisor(till, till.t("discount.above"), reason, what);
  if (supervision && !isEmpty(till.cart)) till.setCart({ ...next, supervision }, { isQuiet: true });
  return undefined;
}

/** A box for a reason with the usual ones to tap. */
export function reasonField(t, usual) {
  const { field, box } = entry(t("dialog.reason"), { id: "reason", maxlength: "240" });
  const chips = make("div", { class: "chips" }, usual.map((text) => button(text, () => { box.value = text; })));
  return { field: make("div", { class: "field" }, field, chips), box, read: () => box.value.trim() };
}

export async function askNote(till) {
  const { t } = till;
  const note = await askText(t, t("note.title"), { label: t("note.label"), value: till.cart.note, act: t("dialog.take") });
  if (note !== null) till.setCart({ ...till.cart, note }, { isQuiet: true });
}

export async function askPhone(till) {
  const { t } = till;
  const phone = await ask(t, t("customer.title"), (close) => {
    const { field, box } = entry(t("customer.phone"), { id: "phone", mode: "tel", value: till.cart.phone, hint: t("customer.hint"), maxlength: "20" });
    const read = () => {
      if (!box.value.trim()) return { value: "" };
      const number = readPhone(box.value);
      return number ? { value: number } : { wrong: t("customer.wrong") };
    };
    return form(t, close, [field], read, t("dialog.take"));
  });
  if (phone !== null) till.setCart({ ...till.cart, phone }, { isQuiet: true });
}

export async function park(till) {
  await till.store.park({ cart: { ...till.cart, phone: "" }, removed: till.removed });
  till.next();
  say(till.t("park.done"), "good");
  till.changed("parked");
}

export async function showParked(till) {
  const { t } = till;
  const parked = await till.store.parked();
  const chosen = await ask(t, t("park.title"), (close) => (parked.length === 0
    ? make("p", { class: "sheet-text" }, t("park.none"))
    : make("ul", { class: "picks" }, parked.map(({ id, cart, parked_at: at }) => make("li", {},
      make("button", { type: "button", class: "key key-quiet pick", on: { click: () => close(id) } }, describe(till, cart, at)))))));
  if (chosen === null) return;
  if (!isEmpty(till.cart) && till.mode !== "paid") await till.store.park({ cart: { ...till.cart, phone: "" }, removed: till.removed });
  const kept = await till.store.unpark(chosen);
  if (!kept) return;
  till.next();
  till.removed = kept.removed ?? [];
  till.setCart(kept.cart, { selected: kept.cart.lines.at(-1)?.key, isQuiet: true });
  till.changed("parked");
}

function describe(till, cart, at) {
  const names = cart.lines.map((line) => till.name(till.catalogue.variant(line.variant)) || line.variant);
  const count = cart.lines.reduce((sum, line) => sum + line.quantity, 0);
  return [make("span", { class: "pick-name" }, names.slice(0, 3).join(", ")),
    make("span", { class: "pick-facts" }, [till.count("cart.items", count), at ? clockOf(Date.parse(at), till.device.outlet.zone) : "", cart.note].filter(Boolean).join(" · "))];
}

/** Give the whole cart up, with a reason; once a payment has begun only with a supervisor. */
export async function askCancel(till) {
  const { t } = till;
  const begun = till.payment?.tenders.length > 0;
  const reason = await askReason(t, t("cancel.title"), [t("reason.buyer_changed"), t("reason.no_money"), t("reason.wrong_scan")], t("cancel.act"));
  if (!reason) return;
  const supervision = begun ? await askSupervisor(till, t("cancel.paid"), reason, rupiah(till.totals().total)) : null;
  if (begun && !supervision) return;
  const lines = [...till.cart.lines, ...till.removed];
  await till.reportRemoved(lines, reason, { afterPayment: begun, supervision });
  till.next();
  say(t("cancel.done"), "good");
}

