// The cart as plain values: every function takes a cart and returns the next one. Nothing here knows the page, the clock or the store.
import { LEAST_LEFT, shareOfRate, sharesOf } from "./money.js";

/** A line's largest quantity and a receipt's most lines (orders/counter/bodies.py). */
export const LARGEST_QUANTITY = 99;
export const MOST_LINES = 200;

/**
 * @typedef {{rate?: number, amount?: number}} Cut  A discount: basis points or rupiah.
 * @typedef {{key: number, variant: string, lot: string|null, quantity: number, price: number, listPrice: number, cut: Cut|null}} Line
 * @typedef {{id: string, lines: Line[], next: number, cut: Cut|null, voucher: {code: string, discount: number, subtotal: number}|null,
 *   note: string, reason: string, phone: string, supervision: {code: string, reason: string}|null}} Cart
 */

/** @returns {Cart} `id` is the entry's that sells it: a cart is sold once however often it is asked. */
export function newCart() {
  return { id: crypto.randomUUID(), lines: [], next: 1, cut: null, voucher: null, note: "", reason: "", phone: "", supervision: null };
}

export function isEmpty(cart) {
  return cart.lines.length === 0;
}

export function lineOf(cart, key) {
  return cart.lines.find((line) => line.key === key) ?? null;
}

/** One more of what was scanned: on its line when there is one at the shelf's price, otherwise on a new line. */
export function addItem(cart, { variant, lot = null, price }, quantity = 1) {
  const joins = (line) => line.variant === variant && line.lot === lot && line.price === price && line.listPrice === price
    && !line.cut && line.quantity + quantity <= LARGEST_QUANTITY;
  const found = cart.lines.findLast(joins);
  if (found) return { cart: setQuantity(cart, found.key, found.quantity + quantity), key: found.key };
  if (cart.lines.length >= MOST_LINES) return { cart, key: null };
  const line = { key: cart.next, variant, lot, quantity, price, listPrice: price, cut: null };
  return { cart: changed({ ...cart, lines: [...cart.lines, line], next: cart.next + 1 }), key: line.key };
}

/** The line with another quantity; none is left at 0. */
export function setQuantity(cart, key, quantity) {
  if (quantity <= 0) return removeLine(cart, key);
  return withLine(cart, key, { quantity: Math.min(quantity, LARGEST_QUANTITY) });
}

export function removeLine(cart, key) {
  return changed({ ...cart, lines: cart.lines.filter((line) => line.key !== key) });
}

/** Another price for each unit of a line. */
export function setPrice(cart, key, price) {
  return withLine(cart, key, { price, cut: null });
}

/** A discount on one line, or with `key` null on the whole cart. */
export function setCut(cart, key, cut) {
  return key === null ? changed({ ...cart, cut }) : withLine(cart, key, { cut });
}

export function setVoucher(cart, voucher) {
  return { ...cart, voucher };
}

function withLine(cart, key, values) {
  return changed({ ...cart, lines: cart.lines.map((line) => (line.key === key ? { ...line, ...values } : line)) });
}

/** A voucher was reckoned for another cart: it has to be asked for again. An empty cart forgets what was agreed for it. */
function changed(cart) {
  if (cart.lines.length === 0) return { ...newCart(), next: cart.next };
  return cart.voucher && cart.voucher.subtotal !== subtotalOf(cart) ? { ...cart, voucher: null } : cart;
}

function subtotalOf(cart) {
  return cart.lines.reduce((sum, line) => sum + line.price * line.quantity, 0);
}

/** What a cut takes off `amount`: never more than that. */
function cutOf(cut, amount) {
  if (!cut) return 0;
  return Math.max(0, Math.min(cut.rate === undefined ? cut.amount : shareOfRate(amount, cut.rate), amount));
}

/**
 * Everything that is written under a cart. Each line keeps its own discount, then its share of the cart's, then of the voucher's;
 * together they leave at least LEAST_LEFT (a cart that costs less than that has no discount).
 */
export function totalsOf(cart) {
  const full = cart.lines.map((line) => line.price * line.quantity);
  const subtotal = full.reduce((sum, each) => sum + each, 0);
  let room = Math.max(0, subtotal - LEAST_LEFT);
  const own = cart.lines.map((line, index) => {
    const cut = Math.min(cutOf(line.cut, full[index]), room);
    room -= cut;
    return cut;
  });
  const afterOwn = full.map((each, index) => each - own[index]);
  const left = afterOwn.reduce((sum, each) => sum + each, 0);
  const whole = Math.min(cutOf(cart.cut, left), room);
  room -= whole;
  const shares = sharesOf(afterOwn, whole);
  const afterWhole = afterOwn.map((each, index) => each - shares[index]);
  const voucherDiscount = Math.min(cart.voucher?.discount ?? 0, room);
  const voucherShares = sharesOf(afterWhole, voucherDiscount);
  const discount = subtotal - left + whole;
  return {
    subtotal,
    discount,
    voucherDiscount,
    total: subtotal - discount - voucherDiscount,
    count: cart.lines.reduce((sum, line) => sum + line.quantity, 0),
    lines: cart.lines.map((line, index) => ({
      key: line.key,
      full: full[index],
      cut: own[index],
      discount: own[index] + shares[index] + voucherShares[index],
      paid: full[index] - own[index] - shares[index] - voucherShares[index],
    })),
  };
}

/** Whether what was taken off by hand (not by a voucher) is within `limitBps` of what the shelf's prices ask for. */
export function isWithinLimit(cart, limitBps) {
  const listed = cart.lines.reduce((sum, line) => sum + line.listPrice * line.quantity, 0);
  const asked = totalsOf(cart);
  return (listed - (asked.subtotal - asked.discount)) * 10_000 <= listed * limitBps;
}

export function hasOtherPrice(cart) {
  return cart.lines.some((line) => line.price !== line.listPrice);
}

/** The lines as entries write them (orders/counter/bodies.py SaleLine). */
export function bodyLines(cart, totals = totalsOf(cart)) {
  return cart.lines.map((line, index) => ({
    variant: line.variant,
    lot: line.lot,
    quantity: line.quantity,
    unit_price: line.price,
    list_price: line.listPrice,
    discount: totals.lines[index].discount,
  }));
}
