// What the screens share: who sells, the cart and its payment, and the few things that happen to them. Says "change" after each.
import { addItem, isEmpty, MOST_LINES, newCart, totalsOf } from "./cart.js";
import { say } from "./dialogs.js";
import { PinGuard } from "./pin.js";
import { cancelledBody, takenOut } from "./sale.js";
import { ask, ServerAway } from "./server.js";
import { play } from "./sound.js";

/** `selling`: the cart is open; `paying`; `paid`: the receipt shows until the next scan. */
export const MODES = ["selling", "paying", "paid"];

const CART = "etalase.cart";

export class Till extends EventTarget {
  constructor({ store, sync, catalogue, t, facts, device }) {
    super();
    Object.assign(this, { store, sync, catalogue, t, facts, device, language: facts.language });
    this.guard = new PinGuard(store);
    /** The signed-in person of catalogue.staff(), null when the till is locked. */
    this.person = null;
    this.cart = newCart();
    /** Quantities taken out of this cart again: reported with the sale (A18). */
    this.removed = [];
    this.payment = null;
    /** {body, number, id, phone} of the sale that was just made. */

    this.done = null;
    this.mode = "selling";
    /** Key of the line that + and − and F3 mean. */
    this.selected = null;
    this.isFinishing = false;
    /** Until then (performance.now()) a tap or Enter was meant for the screen before. */
    this.settledUntil = 0;
    /** Shows another screen: set by main.js. */
    this.go = () => {};
    this.customer = new BroadcastChannel("etalase-display");
  }

  name(variant) {
    return variant?.[`name_${this.language}`] || variant?.name_id || variant?.name_en || variant?.code || "";
  }

  pack(variant) {
    return variant?.[`pack_${this.language}`] || variant?.pack_id || variant?.pack_en || "";
  }

  /** What a person tells two packs of one product apart by: `Madu hutan, 1 liter`. */
  fullName(variant) {
    return [this.name(variant), this.pack(variant)].filter(Boolean).join(", ");
  }

  /** `one` for 1, `key` for the rest, with %(count)s. */
  count(key, count) {
    return this.t(count === 1 ? `${key}_one` : key, { count });
  }

  /** Ask the server: its answer with `ok` and `status`, null when it did not answer. */
  async ask(path, body) {
    try {
      const { ok, status, json } = await ask(path, { body, token: this.device.token, base: this.facts.base });
      return { ...json, ok, status };
    } catch (error) {
      if (error instanceof ServerAway) return null;
      throw error;
    }
  }

  /** Show the buyer something on the second screen: {kind: "cart"|"qris"|"paid"|"idle", …}. */
  display(what) {
    const rows = () => {
      const totals = this.totals();
      const lines = this.cart.lines.map((line, index) => ({ name: this.name(this.catalogue.variant(line.variant)), quantity: line.quantity, total: totals.lines[index].paid }));
      return { lines, total: totals.total };
    };
    this.customer.postMessage(what.kind === "cart" ? { ...what, ...rows() } : what);
  }

  ring(sound) {
    play(sound);
  }

  /** Put the cart of before a reload back. */
  restore() {
    const kept = readKept();
    if (kept) Object.assign(this, { cart: kept.cart, removed: kept.removed, selected: kept.cart.lines.at(-1)?.key ?? null });
  }

  changed(what = "cart") {
    this.dispatchEvent(new CustomEvent("change", { detail: what }));
  }

  /** The next cart; what a person took out of it is remembered unless `isQuiet`. */
  setCart(next, { selected = this.selected, isQuiet = false } = {}) {
    if (!isQuiet) this.removed.push(...takenOut(this.cart, next));
    this.cart = next;
    this.selected = next.lines.some((line) => line.key === selected) ? selected : next.lines.at(-1)?.key ?? null;
    this.#keep();
    this.changed();
  }

  /** Beside the journal, because it may be lost: a scan must not wait for a disk. A buyer's number is not kept. */
  #keep() {
    if (isEmpty(this.cart) && this.removed.length === 0) return this.forgetCart();
    return keep({ cart: { ...this.cart, phone: "" }, removed: this.removed });
  }

  forgetCart() {
    keep(null);
  }

  /** Sell `quantity` of a variant. False when it may not be sold now, which has been said then. */
  add({ variant, lot = null }, quantity = 1) {
    const { t } = this;
    if (this.mode === "paying" && this.payment.tenders.length) return this.#refuse(t("sell.pay_first"));
    if (!variant.price) return this.#refuse(t("sell.no_price", { name: this.name(variant) }));
    const stop = stopOf(variant, lot, new Date());
    if (stop) return this.#refuse(t(`sell.${stop}`, { name: this.name(variant), lot: lot ?? "" }));
    if (this.mode === "paid") this.next();
    if (this.mode === "paying") this.setMode("selling");
    const { cart, key } = addItem(this.cart, { variant: variant.code, lot, price: variant.price }, quantity);
    if (key === null) return this.#refuse(t("sell.full"));
    this.setCart(cart, { selected: key });
    return true;
  }

  #refuse(text) {
    this.ring("refused");
    say(text, "bad");
    return false;
  }

  setMode(mode) {
    this.mode = mode;
    this.changed("mode");
  }

  /** Begin the next sale: nothing of the last one is left on the screen. */
  next() {
    Object.assign(this, { cart: newCart(), removed: [], payment: null, done: null, selected: null, mode: "selling", settledUntil: 0 });
    this.#keep();
    this.changed("mode");
  }

  totals() {
    return totalsOf(this.cart);
  }

  /** Write down what was taken out of the cart. */
  async reportRemoved(lines, reason, more) {
    const body = cancelledBody(lines.slice(0, MOST_LINES), reason, more);
    if (body) await this.write("cart_cancelled", body);
  }

  /** An entry of the person at the till. */
  write(kind, body, options) {
    return this.store.append(kind, { cashier: this.person?.code, ...body }, options);
  }
}

function keep(value) {
  try {
    if (value) localStorage.setItem(CART, JSON.stringify(value));
    else localStorage.removeItem(CART);
  } catch {
    // A full or closed store only means that a reload begins with an empty cart.
  }
}

function readKept() {
  try {
    const kept = JSON.parse(localStorage.getItem(CART));
    return kept?.cart?.lines ? kept : null;
  } catch {
    return null;
  }
}

/** `stopped` or `expired` when this lot, or every lot of the variant that we know, may not be sold; null when it may. */
export function stopOf(variant, lot, now) {
  const today = new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
  const stopOfLot = (each) => (each.is_stopped ? "stopped" : each.best_before && each.best_before < today ? "expired" : null);
  const lots = variant.lots ?? [];
  if (lot !== null) {
    const known = lots.find((each) => each.lot === lot);
    return known ? stopOfLot(known) : null;
  }
  const stops = lots.map(stopOfLot);
  return stops.length && stops.every(Boolean) ? stops[0] : null;
}
