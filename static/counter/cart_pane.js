// The cart beside the shelf: its lines, sums and the way to pay. Only what a scan changed is drawn again.
import { hasOtherPrice, isEmpty, LARGEST_QUANTITY, setQuantity } from "./cart.js";
import { askCancel, askDiscount, askNote, askPhone, askPrice, askQuantity, openLine, park, showParked } from "./cart_acts.js";
import { button, fill, make } from "./dom.js";
import { containedTax, rate, rupiah } from "./money.js";
import { KEYS } from "./keys.js";

/** @param {import("./till.js").Till} till */
export function cartPane(till, { pay }) {
  const { t } = till;
  const list = make("ol", { class: "lines", "aria-label": t("cart.lines") });
  const empty = make("div", { class: "cart-empty" }, make("p", { class: "cart-empty-title" }, t("cart.empty")), make("p", {}, t("cart.empty_hint")));
  const sums = make("dl", { class: "sums" });
  const payButton = button(t("cart.pay"), pay, { look: "primary", large: true, hint: KEYS.pay });
  const amount = make("strong", { class: "pay-amount" });
  payButton.append(amount);
  payButton.classList.add("key-pay");
  const acts = make("div", { class: "cart-acts" },
    button(t("cart.discount"), () => askDiscount(till), { drawing: "discount", hint: KEYS.discount }),
    button(t("cart.park"), () => park(till), { drawing: "park", hint: KEYS.park }),
    button(t("cart.customer"), () => askPhone(till), { drawing: "phone", hint: KEYS.customer }),
    button(t("cart.note"), () => askNote(till), { drawing: "note", hint: KEYS.note }),
    button(t("cart.cancel"), () => askCancel(till), { drawing: "trash", hint: KEYS.cancel }));
  const waiting = button("", () => showParked(till), { drawing: "parked", hint: KEYS.resume });
  waiting.classList.add("cart-parked");
  const element = make("div", { class: "pane cart" }, make("div", { class: "cart-list" }, empty, waiting, list), acts, make("div", { class: "cart-foot" }, sums, payButton));
  /** key -> {row, drawn}: what stands on the screen for a line. */
  const rows = new Map();

  const drawLine = (line, reckoned) => {
    const known = rows.get(line.key) ?? newRow(till, line, rows);
    const free = freeBeside(till, line);
    const mark = `${line.quantity} ${line.price} ${reckoned.discount} ${reckoned.cut} ${free}`;
    if (known.mark !== mark) {
      known.mark = mark;
      known.quantity.textContent = line.quantity;
      known.total.textContent = rupiah(reckoned.full - reckoned.cut);
      known.unit.textContent = line.price === line.listPrice ? rupiah(line.price) : `${rupiah(line.price)} (${t("cart.instead", { price: rupiah(line.listPrice) })})`;
      known.cut.textContent = reckoned.cut ? `−${rupiah(reckoned.cut)}${line.cut.rate ? ` (${rate(line.cut.rate)})` : ""}` : "";
      known.short.textContent = line.quantity > free ? (free > 0 ? t("cart.short", { count: free }) : t("cart.none_left")) : "";
      known.more.disabled = line.quantity >= LARGEST_QUANTITY;
    }
    return known.row;
  };

  const draw = () => {
    const { cart } = till;
    const totals = till.totals();
    const keys = new Set(cart.lines.map((line) => line.key));
    for (const [key, { row }] of rows) {
      if (keys.has(key)) continue;
      const hadFocus = row.contains(document.activeElement);
      row.remove();
      rows.delete(key);
      if (hadFocus) document.getElementById("finder")?.focus();
    }
    cart.lines.forEach((line, index) => {
      const row = drawLine(line, totals.lines[index]);
      if (list.children[index] !== row) list.insertBefore(row, list.children[index] ?? null);
    });
    for (const [key, { row }] of rows) {
      if (key === till.selected) row.setAttribute("aria-current", "true");
      else if (row.hasAttribute("aria-current")) row.removeAttribute("aria-current");
    }
    rows.get(till.selected)?.row.scrollIntoView({ block: "nearest" });
    drawSums(till, sums, totals);
    amount.textContent = rupiah(totals.total);
    empty.hidden = !isEmpty(cart);
    element.classList.toggle("is-empty", isEmpty(cart));
    payButton.disabled = isEmpty(cart);
    for (const act of acts.children) act.disabled = isEmpty(cart);
  };

  const drawParked = async () => {
    const count = (await till.store.parked()).length;
    waiting.hidden = count === 0;
    waiting.querySelector(".key-label")?.remove();
    waiting.insertBefore(make("span", { class: "key-label" }, till.count("cart.parked", count)), waiting.querySelector(".key-hint"));
  };

  draw();
  drawParked();
  return { element, draw, drawParked };
}

/**
 * Units that the books have for this line beside the cart's other lines of the goods: what is on the shelf may be sold all the same,
 * but 99 typed for 9 is seen before it is paid. Infinite for goods the catalogue does not know.
 */
function freeBeside(till, line) {
  const lots = till.catalogue.variant(line.variant)?.lots;
  if (!lots) return Infinity;
  const free = lots.reduce((sum, lot) => sum + (lot.is_stopped ? 0 : lot.free), 0);
  const beside = till.cart.lines.reduce((sum, each) => sum + (each.variant === line.variant && each.key !== line.key ? each.quantity : 0), 0);
  return Math.max(0, free - beside);
}

function newRow(till, line, rows) {
  const { t } = till;
  const variant = till.catalogue.variant(line.variant);
  const name = till.name(variant) || line.variant;
  const step = (change) => () => {
    const now = till.cart.lines.find((each) => each.key === line.key);
    if (now) till.setCart(setQuantity(till.cart, line.key, now.quantity + change), { selected: line.key });
  };
  const known = {
    mark: "",
    quantity: make("span", { class: "line-number" }),
    total: make("strong", { class: "line-total" }),
    unit: make("span", { class: "line-unit" }),
    cut: make("span", { class: "line-cut" }),
    short: make("span", { class: "line-short" }),
    more: make("button", { type: "button", class: "step", "aria-label": t("cart.more", { name }), on: { click: step(1) } }, "+"),
  };
  const less = make("button", { type: "button", class: "step", "aria-label": t("cart.less", { name }), on: { click: step(-1) } }, "−");
  const about = make("button", { type: "button", class: "line-open", on: { click: () => openLine(till, line.key) } },
    make("span", { class: "line-name" }, till.fullName(variant) || line.variant),
    make("span", { class: "line-facts" }, known.unit, line.lot ? make("span", {}, t("cart.lot", { lot: line.lot })) : null, known.cut, known.short));
  known.row = make("li", { class: "line" }, about, make("span", { class: "line-steps" }, less, known.quantity, known.more), known.total);
  rows.set(line.key, known);
  return known;
}

function drawSums(till, place, totals) {
  const { t, cart } = till;
  const outlet = till.catalogue.outlet();
  const row = (label, text, kind = "") => [make("dt", { class: kind }, label), make("dd", { class: kind }, text)];
  const tax = outlet?.is_taxable && totals.total ? containedTax(totals.total, new Date().toISOString().slice(0, 10)) : null;
  fill(place,
    totals.discount || totals.voucherDiscount ? row(till.count("cart.items", totals.count), rupiah(totals.subtotal)) : null,
    totals.discount ? row(t("cart.discount"), `−${rupiah(totals.discount)}`) : null,
    totals.voucherDiscount ? row(t("cart.voucher", { code: cart.voucher.code }), `−${rupiah(totals.voucherDiscount)}`) : null,
    hasOtherPrice(cart) ? row(t("cart.price_changed"), "") : null,
    cart.note ? row(t("cart.note"), cart.note) : null,
    cart.phone ? row(t("cart.phone"), cart.phone) : null,
    tax ? row(t("cart.tax"), rupiah(tax.tax)) : null,
    row(totals.discount || totals.voucherDiscount ? t("cart.total") : till.count("cart.items", totals.count), rupiah(totals.total), "sum-total"));
}

/** What the keyboard does while the cart is open. */
export function cartCommands(till) {
  const withLine = (act) => () => till.selected !== null && act(till, till.selected);
  return {
    quantity: withLine(askQuantity),
    price: withLine(askPrice),
    discount: () => !isEmpty(till.cart) && askDiscount(till),
    note: () => !isEmpty(till.cart) && askNote(till),
    customer: () => !isEmpty(till.cart) && askPhone(till),
    park: () => !isEmpty(till.cart) && park(till),
    cancel: () => !isEmpty(till.cart) && askCancel(till),
    resume: () => showParked(till),
  };
}
