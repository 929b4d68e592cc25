/**
 * The till's journal on this device: every entry is numbered, signed and on the disk before anybody is told that it happened.
 * Safe in several tabs at once: one writes at a time, and the numbers are checked again inside the write.
 */

import { aheadOf, corrected, dayOf } from "./moments.js";
import { NAME, STEPS, openDatabase, receiptOf } from "./schema.js";
import { Shelf } from "./shelf.js";
import { makeToken, sign } from "./signing.js";
import { begin, count } from "./tally.js";
import { TillError } from "./words.js";

/**
 * @typedef {Object} Envelope what is sent: signed, and the phone beside it
 * @property {string} id UUID
 * @property {number} sequence
 * @property {string} body JSON text
 * @property {string} signature
 * @property {string} phone
 */

const STRICT = {durability: "strict"};
/** Entries with a receipt of their own. */
const NUMBERED = new Set(["sale", "return"]);
const FIRST = {sequence: 1, running: 1, shift: 1};

/**
 * @param {{name?: string, steps?: typeof STEPS}} [options] a test may open a store of its own
 * @returns {Promise<Store>}
 */
export async function openStore({name = NAME, steps = STEPS} = {}) {
  const store = new Store(await openDatabase(name, steps), name);
  // When the first screen stands: nobody waits for old receipts to go.
  setTimeout(() => store.tidy().catch(() => {}), 5_000);
  return store;
}

/** The journal; what else the device keeps is a shelf. */
export class Store extends Shelf {
  /** @returns {Promise<Object|null>} what pairing gave: {token, device, key, till: {number, name, series, mark}, outlet: {code, name, zone}} */
  async device() {
    return (await this.db.get("facts", "device")) ?? null;
  }

  /**
   * Keep what pairing gave; the numbers go on where the server saw them last.
   * @param {Object} facts the answer of /counter/api/pair with `key`, the private CryptoKey
   */
  async saveDevice({next_running = 1, next_shift_number = 1, server_now, ...device}) {
    const now = Date.now();
    const tx = this.db.transaction("facts", "readwrite", STRICT);
    tx.store.put(device, "device");
    tx.store.delete("revoked");
    tx.store.put({sequence: 1, running: next_running, shift: next_shift_number}, "next");
    if (server_now) tx.store.put(aheadOf(now, now, server_now), "ahead");
    await tx.done;
    this.say("device");
  }

  /**
   * Write an entry down: it gets its numbers, is signed, and is on the disk when the promise holds. Nothing else makes it happen.
   * @param {string} kind of orders/counter/bodies.py
   * @param {Object} body its own fields; version, at, ahead_ms, shift, cashier, receipt, running and token are filled in
   * @param {{phone?: string, id?: string}} [options] `id`: a UUID of the caller, such as the cart's: given twice, it happens once
   * @returns {Promise<{entry: {id: string, sequence: number, kind: string, body: Object}, receipt: Receipt|null}>}
   * @throws {TillError} store.not_paired, store.no_shift, store.shift_open, store.revoked, store.full
   */
  async append(kind, body, {phone = "", id = crypto.randomUUID()} = {}) {
    return navigator.locks.request(`${this.name}-journal`, async () => {
      for (;;) {
        const known = await this.#known(id);
        if (known) return known;
        const made = await this.#make(kind, body, id, phone);
        if (await this.#write(made)) {
          this.say("entry");
          return {entry: {id, sequence: made.entry.sequence, kind, body: made.body}, receipt: made.receipt};
        }
      }
    });
  }

  /** What the entry says, with its numbers and signature. */
  async #make(kind, given, id, phone) {
    const [device, next = FIRST, shift, ahead = null, revoked] = await this.facts("device", "next", "shift", "ahead", "revoked");
    if (!device) throw new TillError("store.not_paired");
    if (revoked) throw new TillError("store.revoked");
    const opens = kind === "shift_opened";
    if (opens && shift) throw new TillError("store.shift_open");
    if (!opens && !shift) throw new TillError("store.no_shift");
    const now = Date.now();
    const today = dayOf(corrected(now, ahead), device.outlet.zone);
    const body = {
      cashier: shift?.cashier,
      ...given,
      version: 1,
      kind,
      at: new Date(now).toISOString(),
      ahead_ms: ahead,
      shift: opens ? crypto.randomUUID() : shift.code,
    };
    if (opens) Object.assign(body, {number: next.shift, business_date: given.business_date ?? today});
    if (NUMBERED.has(kind)) {
      const place = `${device.outlet.code}-${device.till.mark}`;
      body.receipt = `${place}-${today.replaceAll("-", "")}-${String(next.running).padStart(4, "0")}`;
      body.running = next.running;
      if (kind === "sale") body.token = makeToken();
    }
    const text = JSON.stringify(body);
    const entry = {id, sequence: next.sequence, kind, at: body.at, body: text, phone};
    entry.signature = await sign(device.key, id, entry.sequence, text);
    const after = opens ? begin(body, new Date(corrected(now, ahead)).toISOString()) : count(shift, kind, body);
    const numbers = {
      sequence: next.sequence + 1,
      running: next.running + (NUMBERED.has(kind) ? 1 : 0),
      shift: next.shift + (opens ? 1 : 0),
    };
    return {entry, body, receipt: receiptOf(entry), before: next, next: numbers, shift: after};
  }

  /** False when another tab took the numbers meanwhile (a browser without working locks): then it is made anew. */
  async #write({entry, receipt, before, next, shift}) {
    try {
      const tx = this.db.transaction(["facts", "waiting", "receipts"], "readwrite", STRICT);
      const facts = tx.objectStore("facts");
      const present = (await facts.get("next")) ?? FIRST;
      if (present.sequence !== before.sequence) {
        await tx.done;
        return false;
      }
      tx.objectStore("waiting").add(entry);
      if (receipt) tx.objectStore("receipts").add(receipt);
      facts.put(next, "next");
      if (shift.closed_at) {
        facts.put(shift, "last_shift");
        facts.delete("shift");
      } else facts.put(shift, "shift");
      await tx.done;
      return true;
    } catch (error) {
      if (error.name === "QuotaExceededError") throw new TillError("store.full");
      throw error;
    }
  }

  /** The entry of this id when it was written before. */
  async #known(id) {
    const receipt = await this.db.getFromIndex("receipts", "id", id);
    const entry = receipt ?? (await this.db.getFromIndex("waiting", "id", id)) ?? (await this.db.get("refused", id));
    if (!entry) return null;
    const body = typeof entry.body === "string" ? JSON.parse(entry.body) : entry.body;
    return {entry: {id, sequence: entry.sequence, kind: body.kind, body}, receipt: receipt ?? null};
  }

  /** @returns {Promise<Object[]>} the entries that the server has not acknowledged, oldest first: Envelope with kind and at */
  async waiting() {
    return this.db.getAll("waiting");
  }

  /** @returns {Promise<Object[]>} the entries set aside: Envelope with kind, at, reason; `local` when the server does not keep it */
  async refused() {
    return this.db.getAll("refused");
  }

  /** @returns {Promise<{waiting: number, refused: number}>} */
  async counts() {
    const [waiting, refused] = await Promise.all([this.db.count("waiting"), this.db.count("refused")]);
    return {waiting, refused};
  }

  /**
   * The first waiting entries that fit into one delivery.
   * @param {{most: number, bytes: number, but?: Set<string>}} limits `but`: ids that wait for a later try
   * @returns {Promise<Envelope[]>}
   */
  async batch({most, bytes, but = new Set()}) {
    const found = [];
    let cursor = await this.db.transaction("waiting").store.openCursor();
    for (let size = 0; cursor && found.length < most; cursor = await cursor.continue()) {
      const {id, sequence, body, signature, phone} = cursor.value;
      if (but.has(id)) continue;
      size += body.length + 300;
      if (size > bytes && found.length) break;
      found.push({id, sequence, body, signature, phone});
    }
    return found;
  }

  /**
   * What the server said about entries that were sent. Only then does an entry leave the waiting ones; the phone goes with it.
   * @param {{id: string, state: string, reason?: string, order?: string|null, local?: boolean}[]} answers
   * @returns {Promise<number>} how many left
   */
  async settle(answers) {
    const tx = this.db.transaction(["waiting", "refused", "receipts", "facts"], "readwrite", STRICT);
    let left = 0;
    for (const {id, state, reason = "", order = null, local = false} of answers) {
      const entry = await tx.objectStore("waiting").index("id").get(id);
      if (!entry) continue;
      left += 1;
      tx.objectStore("waiting").delete(entry.sequence);
      if (state === "refused") tx.objectStore("refused").put({...entry, phone: "", reason, local});
      const receipt = await tx.objectStore("receipts").index("id").get(id);
      if (receipt) tx.objectStore("receipts").put({...receipt, state, order, body: {...receipt.body, note: ""}});
    }
    tx.objectStore("facts").put(new Date().toISOString(), "last_sync");
    await tx.done;
    if (left) this.say("answers");
    return left;
  }

  /** Send a set-aside entry once more. @param {string} id */
  async retry(id) {
    const tx = this.db.transaction(["waiting", "refused"], "readwrite", STRICT);
    const entry = await tx.objectStore("refused").get(id);
    // One of an earlier pairing has a number that was given again: only a file can bring it in.
    if (entry && !(await tx.objectStore("waiting").get(entry.sequence))) {
      const {reason: _reason, local: _local, ...again} = entry;
      tx.objectStore("waiting").put(again);
      tx.objectStore("refused").delete(id);
    }
    await tx.done;
    this.say("entry");
  }

  /** @returns {Promise<import("./tally.js").Shift|null>} the open shift with its figures so far */
  async shift() {
    return (await this.db.get("facts", "shift")) ?? null;
  }

  /** @returns {Promise<import("./tally.js").Shift|null>} the shift closed last, for its report */
  async lastShift() {
    return (await this.db.get("facts", "last_shift")) ?? null;
  }

  /** @returns {Promise<{ahead: number|null, lastSync: string|null, revoked: boolean}>} what the last contact with the server said */
  async contact() {
    const [ahead = null, lastSync = null, revoked = false] = await this.facts("ahead", "last_sync", "revoked");
    return {ahead, lastSync, revoked};
  }

  /** @param {{ahead?: number|null, revoked?: boolean}} facts */
  async noteContact({ahead, revoked}) {
    const tx = this.db.transaction("facts", "readwrite");
    if (typeof ahead === "number") tx.store.put(ahead, "ahead");
    if (revoked !== undefined) tx.store.put(revoked, "revoked");
    await tx.done;
  }

  /**
   * Forget the pairing and everything else. Refused while entries wait or were set aside here only (F27).
   * @param {{evenWaiting?: boolean}} [options] `evenWaiting`: a person saved them to a file and said so
   * @throws {TillError} store.waiting with `count`
   */
  async wipe({evenWaiting = false} = {}) {
    const tx = this.db.transaction([...this.db.objectStoreNames], "readwrite", STRICT);
    const local = (await tx.objectStore("refused").getAll()).filter((entry) => entry.local).length;
    const left = local + (await tx.objectStore("waiting").count());
    if (!left || evenWaiting) for (const name of this.db.objectStoreNames) tx.objectStore(name).clear();
    await tx.done;
    if (left && !evenWaiting) throw new TillError("store.waiting", {count: left});
    this.say("wiped");
  }

  /**
   * The device was revoked and has delivered what waited: keep only what the server could not take, for a file (F29).
   * @returns {Promise<boolean>} false when something waits again
   */
  async forget() {
    const tx = this.db.transaction([...this.db.objectStoreNames], "readwrite", STRICT);
    const isEmpty = (await tx.objectStore("waiting").count()) === 0;
    if (isEmpty) {
      const local = (await tx.objectStore("refused").getAll()).filter((entry) => entry.local);
      for (const name of this.db.objectStoreNames) tx.objectStore(name).clear();
      for (const entry of local) tx.objectStore("refused").put(entry);
      tx.objectStore("facts").put(true, "revoked");
    }
    await tx.done;
    if (isEmpty) this.say("wiped");
    return isEmpty;
  }
}
