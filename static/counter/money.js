// Whole rupiah at the till: cash rounding, discounts spread over lines, PPN, and how amounts are read and written.
// The twins of orders/rounding.py, orders/discounts.py, orders/tax.py and kernel/money.py: tests run both on the same cases.

export const SMALLEST_COIN = 100;
/** A sale always costs something (orders.discounts.LEAST_LEFT). */
export const LEAST_LEFT = 1000;
export const LARGEST_AMOUNT = 10_000_000_000;
/** Newest first; from `from` on, `part` bps·parts of `whole`: 12 % of 11/12 of the price since 2025 (orders.tax.RATES). */
const TAX_RATES = [
  { from: "2025-01-01", bps: 1200, numerator: 11, denominator: 12, part: 1200 * 11, whole: 10_000 * 12 },
  { from: "2022-04-01", bps: 1100, numerator: 1, denominator: 1, part: 1100, whole: 10_000 },
];

/** The nearest Rp100, exact halves in the buyer's favour; for a refund pass a negative amount. */
export function roundCash(amount) {
  const cash = Math.floor((amount + SMALLEST_COIN / 2 - 1) / SMALLEST_COIN) * SMALLEST_COIN;
  return { amount, cash: cash + 0, rounding: cash - amount };
}

/** What leaves the drawer when `amount` is given back. */
export function refundCash(amount) {
  return Math.abs(roundCash(-amount).cash);
}

/** floor(a × b ÷ c) of whole numbers, exact also where a × b is beyond 2^53. */
function floorShare(a, b, c) {
  const product = a * b;
  if (Number.isSafeInteger(product)) return Math.floor(product / c);
  return Number((BigInt(a) * BigInt(b)) / BigInt(c));
}

/** `discount` spread over the lines by what they cost: whole rupiah, never more than a line, in sum exactly the discount. */
export function sharesOf(lineTotals, discount) {
  const subtotal = lineTotals.reduce((sum, total) => sum + total, 0);
  if (discount < 0 || discount > subtotal) throw new RangeError(`${discount} cannot be taken off ${subtotal}`);
  let passed = 0;
  let given = 0;
  return lineTotals.map((total) => {
    passed += total;
    const upto = subtotal ? floorShare(discount, passed, subtotal) : 0;
    const share = upto - given;
    given = upto;
    return share;
  });
}

/** The part of a line's discount that belongs to `units` of it, when `gone` units went back before. */
export function shareOfUnits(lineDiscount, lineQuantity, gone, units) {
  if (gone < 0 || units < 0 || gone + units > lineQuantity) throw new RangeError(`${gone} and ${units} of ${lineQuantity} units`);
  return floorShare(lineDiscount, gone + units, lineQuantity) - floorShare(lineDiscount, gone, lineQuantity);
}

/** `rateBps` basis points of a positive amount, rounded half up to whole rupiah (Money.share). */
export function shareOfRate(amount, rateBps) {
  return Number((BigInt(amount) * BigInt(rateBps) + 5000n) / 10_000n);
}

/** The PPN inside `amount` on `day` (ISO date), and what is left; null before the first rate we know. */
export function containedTax(amount, day) {
  const rate = TAX_RATES.find((each) => each.from <= day);
  if (!rate) return null;
  const whole = BigInt(rate.whole + rate.part);
  const tax = Number((2n * BigInt(amount) * BigInt(rate.part) + whole) / (2n * whole));
  return { tax, net: amount - tax };
}

/** The PPN of a receipt as it is printed: `containedTax`, the part of the price that the rate applies to, and the rate. */
export function receiptTax(amount, day) {
  const found = containedTax(amount, day);
  if (!found) return null;
  const { bps, numerator, denominator } = TAX_RATES.find((each) => each.from <= day);
  const base = Number((2n * BigInt(found.net) * BigInt(numerator) + BigInt(denominator)) / (2n * BigInt(denominator)));
  return { ...found, base, rate_bps: bps, numerator, denominator };
}

/** `Rp25.000`, `−Rp500`: the same in both languages. */
export function rupiah(amount) {
  const digits = String(Math.abs(amount)).replace(/\B(?=(\d{3})+$)/g, ".");
  return `${amount < 0 ? "−" : ""}Rp${digits}`;
}

/** What a person typed as whole rupiah: `50000`, `50.000`, `Rp 50.000`; NaN when it is none. */
export function readRupiah(text) {
  const plain = text.trim().replace(/^rp\.?\s*/i, "");
  if (/^\d{1,3}([.,]\d{3})+$/.test(plain)) return Number(plain.replace(/[.,]/g, ""));
  return /^\d{1,11}$/.test(plain) ? Number(plain) : NaN;
}

/** `12,5 %` of basis points. */
export function rate(bps) {
  return `${String(bps / 100).replace(".", ",")}\u00a0%`;
}

/** Basis points of a rate that a person typed: `10`, `12,5`, `12.5 %`; NaN when it is none from 0 to 100. */
export function readRate(text) {
  const found = /^(\d{1,3})(?:[.,](\d{1,2}))?\s*%?$/.exec(text.trim());
  if (!found) return NaN;
  const bps = Number(found[1]) * 100 + Number((found[2] || "0").padEnd(2, "0"));
  return bps <= 10_000 ? bps : NaN;
}
