// How a total is paid, as plain values: at most one cash tender, any others beside it, amounts that sum exactly to the total.
import { roundCash, SMALLEST_COIN } from "./money.js";

/** The most one QRIS payment may carry (orders.qris.LARGEST_PAYMENT). */
export const LARGEST_QRIS = 10_000_000;
export const MOST_TENDERS = 6;
export const NOTES = [100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000];
export const COINS = [1_000, 500, 200, 100];

/** @returns {{total: number, tenders: object[]}} */
export function startPayment(total) {
  return { total, tenders: [] };
}

export function remaining(payment) {
  return payment.tenders.reduce((left, tender) => left - tender.amount, payment.total);
}

export function isPaid(payment) {
  return payment.tenders.length > 0 && remaining(payment) === 0;
}

/** What cash would have to change hands for all that is left, earlier cash included: {amount, cash, rounding, taken}. */
export function cashDue(payment) {
  const before = payment.tenders.find((tender) => tender.method === "cash");
  return { ...roundCash(remaining(payment) + (before?.amount ?? 0)), taken: before?.given ?? 0 };
}

/**
 * Cash of `given` rupiah on the counter. Enough: the rest is paid and there may be change. Less: a part, in whole coins.
 * Returns {payment} or {refused: "coins"|"nothing"}.
 */
export function payCash(payment, given) {
  if (!Number.isSafeInteger(given) || given < 0) return { refused: "nothing" };
  const due = cashDue(payment);
  const all = due.taken + given;
  const others = payment.tenders.filter((tender) => tender.method !== "cash");
  if (all >= due.cash) {
    const cash = { method: "cash", amount: due.amount, cash: due.cash, given: all, change: all - due.cash };
    return { payment: { ...payment, tenders: [...others, cash] } };
  }
  if (given === 0) return { refused: "nothing" };
  if (given % SMALLEST_COIN) return { refused: "coins" };
  const part = { method: "cash", amount: all, cash: all, given: all, change: 0 };
  return { payment: { ...payment, tenders: [...others, part] } };
}

/** QRIS, card terminal or transfer for `amount`; {payment} or {refused: "amount"|"limit"|"reference"|"many"}. */
export function payOther(payment, method, amount, reference = "") {
  if (!Number.isSafeInteger(amount) || amount < 1 || amount > remaining(payment)) return { refused: "amount" };
  if (method === "qris" && amount > LARGEST_QRIS) return { refused: "limit" };
  if (method !== "qris" && !reference.trim()) return { refused: "reference" };
  if (payment.tenders.length >= MOST_TENDERS) return { refused: "many" };
  return { payment: { ...payment, tenders: [...payment.tenders, { method, amount, reference: reference.trim().slice(0, 60) }] } };
}

export function withoutTender(payment, index) {
  return { ...payment, tenders: payment.tenders.filter((_tender, place) => place !== index) };
}

/** What people are likely to hand over for `due`: the next full amounts of each note, smallest first, without the exact amount. */
export function quickNotes(due, most = 4) {
  const amounts = NOTES.map((note) => Math.ceil(due / note) * note).filter((amount) => amount > due);
  return [...new Set(amounts)].sort((a, b) => a - b).slice(0, most);
}

/** Change as notes and coins, the fewest of them: [[50000, 1], [2000, 2]]. */
export function changeParts(change) {
  const parts = [];
  for (const value of [...new Set([...NOTES, ...COINS])].sort((a, b) => b - a)) {
    const number = Math.floor(change / value);
    if (number) parts.push([value, number]);
    change -= number * value;
  }
  return parts;
}
