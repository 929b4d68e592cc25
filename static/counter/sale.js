// What the till writes into its journal: bodies of orders/counter/bodies.py from carts, payments and counts. Pure.
import { bodyLines, totalsOf } from "./cart.js";
import { refundCash, shareOfUnits } from "./money.js";

/** The body of a sale; the store adds what every entry says, the numbers and the token. */
export function saleBody(cart, payment, language) {
  const totals = totalsOf(cart);
  return {
    language,
    lines: bodyLines(cart, totals),
    subtotal: totals.subtotal,
    discount: totals.discount,
    voucher: totals.voucherDiscount ? cart.voucher.code : "",
    voucher_discount: totals.voucherDiscount,
    total: totals.total,
    tenders: payment.tenders,
    reason: cart.reason,
    note: cart.note,
    supervision: cart.supervision,
  };
}

/** The body that says which scanned goods were not bought; null when there are none. */
export function cancelledBody(lines, reason, { afterPayment = false, supervision = null } = {}) {
  if (lines.length === 0) return null;
  return {
    lines: lines.map((line) => ({
      variant: line.variant, lot: line.lot, quantity: line.quantity, unit_price: line.price, list_price: line.listPrice, discount: 0,
    })),
    total: lines.reduce((sum, line) => sum + line.price * line.quantity, 0),
    after_payment: afterPayment,
    reason,
    supervision,
  };
}

/**
 * What of a sale's lines can still come back: each with `left` units. `returns` are the bodies of earlier returns of the same receipt;
 * a server's lines say `returned` themselves.
 */
export function returnable(sale, returns = []) {
  const gone = new Map();
  for (const line of returns.flatMap((body) => body.lines)) {
    const name = `${line.variant} ${line.lot ?? ""}`;
    gone.set(name, (gone.get(name) ?? 0) + line.quantity);
  }
  return sale.lines.map((line, index) => {
    const name = `${line.variant} ${line.lot ?? ""}`;
    const earlier = Math.min(line.returned ?? gone.get(name) ?? 0, line.quantity);
    if (line.returned === undefined) gone.set(name, (gone.get(name) ?? 0) - earlier);
    return { ...line, index, gone: earlier, left: line.quantity - earlier };
  });
}

/** What was paid for `units` of a line of which `gone` came back before. */
export function paidFor(line, units) {
  return line.unit_price * units - shareOfUnits(line.discount, line.quantity, line.gone, units);
}

/** The body of a return: `picks` are [{line, units, isFit}] of `returnable` lines. */
export function returnBody(original, picks, way, reason, language, supervision) {
  const lines = picks.map(({ line, units, isFit }) => ({
    variant: line.variant, lot: line.lot, quantity: units, amount: paidFor(line, units), is_fit: isFit,
  }));
  const amount = lines.reduce((sum, line) => sum + line.amount, 0);
  return { original, lines, amount, way, cash: way === "cash" ? refundCash(amount) : 0, reason, language, supervision };
}

/** Counted cash as the closing entry writes it: [[100000, 3], …] without empty ones, and its sum. */
export function countOf(numbers) {
  const denominations = [...numbers].filter(([, number]) => number > 0).sort(([a], [b]) => b - a);
  return { denominations, cash: denominations.reduce((sum, [value, number]) => sum + value * number, 0) };
}

/** What of a cart was taken out again since `before`: lines with the quantity that is gone, to be reported with the sale. */
export function takenOut(before, after) {
  return before.lines.flatMap((line) => {
    const left = after.lines.find((each) => each.key === line.key)?.quantity ?? 0;
    return left < line.quantity ? [{ ...line, quantity: line.quantity - left }] : [];
  });
}
