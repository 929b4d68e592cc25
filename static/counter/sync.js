// Brings the journal to the server: one tab does it, in order, for ever; only an answer with an entry's own id ends its waiting (F18, F21, F22).
import { keepForGood } from "./pairing.js";
import { ServerAway, ask } from "./server.js";
import { facts } from "./words.js";

/** @typedef {"accepted"|"refused"|"quarantined"} State */
/**
 * @typedef {Object} SyncState
 * @property {boolean|null} online whether the server answered lately; null before the first try
 * @property {number} waiting entries that it has not acknowledged
 * @property {number} refused entries set aside
 * @property {string|null} lastSync ISO, when entries were last acknowledged or the server last answered with nothing waiting
 * @property {boolean} revoked the device may not sell any more
 * @property {boolean} unknown the server does not know the device
 * @property {number} minutesOff by how many minutes the device's clock is ahead, when it is off by more than two; else 0
 * @property {boolean} stalled an answer is awaited for longer than usual
 * @property {{ persisted: boolean, usage: number, quota: number }|null} storage
 * @property {string|null} app the version that the server offers
 */

const MOST = 50;
const BYTES = 64 * 1024;
/** Silence between signs of life when nothing waits; a stolen device learns within a minute that it was revoked (F29). */
const HEARTBEAT = 20_000;
const LONGEST_PAUSE = 30_000;
/** An answer that takes longer is said to be missing, though it is still waited for. */
const STALL = 4_000;
/** A clock that is further off than this is told, as on the office's board (orders.counter.queries.SKEW_TOLD_S). */
const CLOCK_TOLD = 120_000;
/** How often an entry that the server cannot take is tried alone before it is set aside. */
const TRIES = 3;
/** Pause between deliveries while an entry that the server cannot take is looked for. */
const SEARCHING = 500;
/** The server, or what stands before it, asks for patience: no entry is to blame. */
const NOT_NOW = new Set([429, 502, 503, 504]);
const ANSWERED = new Set(["accepted", "refused", "quarantined"]);

/**
 * Begin; one for each page.
 * @param {import("./store.js").Store} store
 * @returns {Sync}
 */
export function startSync(store) {
  const sync = new Sync(store);
  sync.start();
  return sync;
}

/** Fires `change` whenever `state` is another. */
export class Sync extends EventTarget {
  constructor(store) {
    super();
    this.store = store;
    /** @type {SyncState} */
    this.state = { online: null, waiting: 0, refused: 0, lastSync: null, revoked: false, unknown: false, minutesOff: 0, stalled: false, storage: null, app: null };
    /** Whether this tab is the one that sends. */
    this.isOwner = false;
    this.failures = 0;
    this.size = MOST;
    /** Entries that fail alone: id -> { tries, until }. */
    this.troubled = new Map();
    this.ending = new AbortController();
    this.channel = new BroadcastChannel(`${store.name}-sync`);
    this.trying = new AbortController();
    this.wake = () => {};
    this.rounds = [];
  }

  start() {
    const { signal } = this.ending;
    this.channel.onmessage = ({ data }) => this.#heard(data);
    this.store.addEventListener("change", ({ detail }) => this.#changed(detail.what), { signal });
    // What the browser believes about the network is a hint to look again, never an answer.
    for (const hint of ["online", "offline"]) addEventListener(hint, () => this.#tryAnew(), { signal });
    document.addEventListener("visibilitychange", () => document.hidden || this.#poke(), { signal });
    keepForGood().then((storage) => this.#set({ storage }));
    this.#count();
    navigator.locks.request(`${this.store.name}-sync`, { signal }, () => this.#own()).catch(() => {});
    this.channel.postMessage({ hello: true });
  }

  /** Try now, whatever pause was on. Holds when a try has ended, in whichever tab. @returns {Promise<SyncState>} */
  async syncNow() {
    const done = new Promise((resolve) => this.rounds.push(resolve));
    if (this.isOwner) this.#tryAnew();
    else this.channel.postMessage({ poke: true });
    await done;
    return this.state;
  }

  stop() {
    this.ending.abort();
    this.wake();
    this.channel.close();
  }

  async #own() {
    this.isOwner = true;
    while (!this.ending.signal.aborted) {
      this.#asked = false;
      const pause = await this.#round();
      for (const resolve of this.rounds.splice(0)) resolve();
      this.channel.postMessage({ state: this.state, round: true });
      if (!this.#asked && !this.ending.signal.aborted) await this.#sleep(pause);
    }
  }

  #asked = false;

  /** One delivery or sign of life. @returns {Promise<number>} milliseconds until the next */
  async #round() {
    let batch = [];
    try {
      const device = await this.store.device();
      if (!device) return HEARTBEAT;
      batch = await this.store.batch({ most: this.size, bytes: BYTES, but: this.#resting() });
      const reply = await this.#patiently(batch.length ? this.#deliver(device, batch) : this.#contact(device));
      return await this.#answered(reply, batch);
    } catch (error) {
      // Also when the device's own storage failed: what waits is tried again, for ever.
      return this.#failed(error instanceof ServerAway ? error : new ServerAway("unreachable"), batch);
    } finally {
      await this.#count().catch(() => {});
    }
  }

  #deliver(device, batch) {
    const body = { device_now: new Date().toISOString(), waiting: this.state.waiting, app: facts().version ?? "", entries: batch };
    return ask("entries", { body, token: device.token, signal: this.#signal() });
  }

  #contact(device) {
    const body = { device_now: new Date().toISOString(), waiting: this.state.waiting, app: facts().version ?? "" };
    return ask("contact", { body, token: device.token, signal: this.#signal() });
  }

  #signal() {
    this.trying = new AbortController();
    return AbortSignal.any([this.ending.signal, this.trying.signal]);
  }

  /** Wait for the answer, and say so when it takes long. */
  async #patiently(answer) {
    const timer = setTimeout(() => this.#set({ online: false, stalled: true }), STALL);
    try {
      return await answer;
    } finally {
      clearTimeout(timer);
      this.#set({ stalled: false });
    }
  }

  /** The server itself spoke. */
  async #answered(reply, batch) {
    if (reply.ahead !== null) await this.store.noteContact({ ahead: reply.ahead });
    if (reply.status === 401) {
      this.#set({ online: true, unknown: true });
      return LONGEST_PAUSE;
    }
    if (reply.status === 429 || reply.status >= 500) return this.#failed(new ServerAway("broken", reply.status), batch);
    if (!reply.ok) return this.#narrow(batch, reply.json.error, reply.status);
    this.failures = 0;
    const mine = new Set(batch.map((entry) => entry.id));
    const answers = (reply.json.answers ?? []).filter(({ id, state }) => mine.has(id) && ANSWERED.has(state));
    if (answers.length) await this.store.settle(answers);
    for (const { id } of answers) this.troubled.delete(id);
    this.#set({ online: true, unknown: false, app: reply.json.app ?? this.state.app });
    if (!batch.length) this.#set({ lastSync: new Date().toISOString() });
    if (reply.json.revoked) return this.#revoked();
    if (batch.length && !answers.length) return this.#narrow(batch, "no answer", 0);
    this.size = Math.min(MOST, this.size * 2);
    const more = await this.store.batch({ most: 1, bytes: BYTES, but: this.#resting() });
    return more.length ? 0 : HEARTBEAT;
  }

  /** No answer, or none of ours: the same again later. A fault of the server may be one entry's, so the next delivery is smaller. */
  async #failed(error, batch) {
    this.failures += 1;
    this.#set({ online: false });
    const pause = Math.min(LONGEST_PAUSE, 1_000 * 2 ** (this.failures - 1)) * (0.75 + Math.random() / 4);
    if (error.reason !== "broken" || !batch.length || NOT_NOW.has(error.status)) return pause;
    await this.#narrow(batch, `HTTP ${error.status}`, error.status);
    return Math.min(pause, SEARCHING);
  }

  /** The server refuses the delivery as a whole: find the entry that it cannot take, and set that one aside in the end (F22). */
  async #narrow(batch, reason, status) {
    if (batch.length > 1) {
      this.size = Math.ceil(batch.length / 2);
      return SEARCHING;
    }
    const [{ id }] = batch.length ? batch : [{ id: null }];
    if (id === null) return HEARTBEAT;
    const tries = (this.troubled.get(id)?.tries ?? 0) + 1;
    this.troubled.set(id, { tries, until: Date.now() + 2_000 * tries });
    this.size = MOST;
    if (tries >= TRIES) {
      this.troubled.delete(id);
      await this.store.settle([{ id, state: "refused", reason: `${reason || status}`, local: true }]);
    }
    return SEARCHING;
  }

  /** Deliver the rest, then forget everything; what only this device has is kept for a file. */
  async #revoked() {
    await this.store.noteContact({ revoked: true });
    this.#set({ revoked: true });
    const { waiting } = await this.store.counts();
    if (waiting) return 2_000;
    await this.store.forget();
    return LONGEST_PAUSE;
  }

  #resting() {
    const now = Date.now();
    return new Set([...this.troubled].filter(([, trouble]) => trouble.until > now).map(([id]) => id));
  }

  async #sleep(pause) {
    const soonest = Math.min(pause, ...[...this.troubled.values()].map((trouble) => Math.max(250, trouble.until - Date.now())));
    await new Promise((resolve) => {
      const timer = setTimeout(resolve, soonest);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = () => {};
  }

  /** The network may be another now: an answer that is overdue is not waited for. */
  #tryAnew() {
    if (this.state.stalled) this.trying.abort();
    this.#poke();
  }

  /** Do not wait any longer; a round that is under way is followed by another. */
  #poke() {
    this.#asked = true;
    this.wake();
  }

  async #changed(what) {
    if (what === "entry" && this.isOwner && !this.failures) this.#poke();
    await this.#count();
  }

  /** What another tab said. */
  #heard({ hello, poke, state, round }) {
    if (hello && this.isOwner) this.channel.postMessage({ state: this.state });
    if (poke && this.isOwner) this.#tryAnew();
    if (state && !this.isOwner) {
      const { online, lastSync, revoked, unknown, stalled, app } = state;
      this.#set({ online, lastSync, revoked, unknown, stalled, app });
      if (round) for (const resolve of this.rounds.splice(0)) resolve();
    }
  }

  async #count() {
    const [counts, { lastSync, revoked, ahead }] = await Promise.all([this.store.counts(), this.store.contact()]);
    const latest = [lastSync, this.state.lastSync].filter(Boolean).sort().at(-1) ?? null;
    const minutesOff = Math.abs(ahead ?? 0) > CLOCK_TOLD ? Math.round(ahead / 60_000) : 0;
    this.#set({ ...counts, revoked: revoked || this.state.revoked, lastSync: latest, minutesOff });
  }

  #set(news) {
    const changed = Object.entries(news).some(([name, value]) => this.state[name] !== value);
    if (!changed) return;
    this.state = { ...this.state, ...news };
    if (this.isOwner && !this.ending.signal.aborted) this.channel.postMessage({ state: this.state });
    this.dispatchEvent(new CustomEvent("change", { detail: this.state }));
  }
}
