/** What the till keeps beside its journal: own receipts, parked carts, settings of the device, and the catalogue. */

/**
 * @typedef {Object} Receipt of a sale or return of this device
 * @property {string} number as printed
 * @property {string} id of its entry
 * @property {number} sequence
 * @property {"sale"|"return"} kind
 * @property {string} at ISO, the device's clock
 * @property {number} total
 * @property {Object} body what orders/counter/bodies.py describes
 * @property {"waiting"|"accepted"|"refused"|"quarantined"} state
 * @property {string|null} order code at the server
 */

const STRICT = {durability: "strict"};
/** Own receipts are kept this long, and so many. */
const KEEP_DAYS = 30;
const KEEP_RECEIPTS = 2000;

/** Fires `change` with `detail.what` ("entry", "answers", "parked", "setting", "device", "catalogue", "wiped"), from all tabs. */
export class Shelf extends EventTarget {
  constructor(db, name) {
    super();
    this.db = db;
    this.name = name;
    this.channel = new BroadcastChannel(name);
    this.channel.onmessage = (message) => this.#tell(message.data);
  }

  /**
   * This device's own receipts, newest first.
   * @param {{limit?: number, query?: string}} [options] `query`: part of the number
   * @returns {Promise<Receipt[]>}
   */
  async receipts({limit = 50, query = ""} = {}) {
    const wanted = query.trim().toUpperCase();
    const found = [];
    let cursor = await this.db.transaction("receipts").store.index("sequence").openCursor(null, "prev");
    for (; cursor && found.length < limit; cursor = await cursor.continue()) {
      if (cursor.value.number.includes(wanted)) found.push(cursor.value);
    }
    return found;
  }

  /** @param {string} number @returns {Promise<Receipt|null>} */
  async receipt(number) {
    return (await this.db.get("receipts", number)) ?? null;
  }

  /** Put a cart aside. A buyer's phone is not kept with it. @param {Object} cart @returns {Promise<string>} its id */
  async park(cart) {
    const {phone: _phone, ...rest} = cart;
    const parked = {...rest, id: cart.id ?? crypto.randomUUID(), parked_at: new Date().toISOString()};
    await this.db.put("parked", parked);
    this.say("parked");
    return parked.id;
  }

  /** @returns {Promise<Object[]>} carts put aside, oldest first */
  async parked() {
    const carts = await this.db.getAll("parked");
    return carts.sort((one, other) => one.parked_at.localeCompare(other.parked_at));
  }

  /** Take a parked cart back; null when another tab took it. @param {string} id @returns {Promise<Object|null>} */
  async unpark(id) {
    const tx = this.db.transaction("parked", "readwrite");
    const cart = (await tx.store.get(id)) ?? null;
    if (cart) tx.store.delete(id);
    await tx.done;
    if (cart) this.say("parked");
    return cart;
  }

  /**
   * A setting of this device. With `value` it is kept (undefined only reads); nothing about buyers belongs here.
   * @param {string} name
   * @param {*} [value] null forgets it
   * @returns {Promise<*>} the value, null without one
   */
  async setting(name, value) {
    const key = `setting:${name}`;
    if (value === undefined) return (await this.db.get("facts", key)) ?? null;
    const tx = this.db.transaction("facts", "readwrite", STRICT);
    if (value === null) tx.store.delete(key);
    else tx.store.put(value, key);
    await tx.done;
    this.say("setting");
    return value;
  }

  /** @returns {Promise<Object[]>} the catalogue's buckets */
  async buckets() {
    return this.db.getAll("buckets");
  }

  /** @param {Object[]} buckets each with `bucket`, `digest`, `variants` @param {string[]} gone @param {Object} about everything else */
  async saveCatalogue(buckets, gone, about) {
    const tx = this.db.transaction(["buckets", "facts"], "readwrite");
    for (const bucket of buckets) tx.objectStore("buckets").put(bucket);
    for (const bucket of gone) tx.objectStore("buckets").delete(bucket);
    tx.objectStore("facts").put(about, "about");
    await tx.done;
    this.say("catalogue");
  }

  /** @returns {Promise<Object|null>} outlet, staff, synonyms and leases of the last snapshot */
  async about() {
    return (await this.db.get("facts", "about")) ?? null;
  }

  /** Drop own receipts that are too old or too many; waiting ones stay. */
  async tidy() {
    const oldest = new Date(Date.now() - KEEP_DAYS * 24 * 3600_000).toISOString();
    const tx = this.db.transaction("receipts", "readwrite");
    let extra = (await tx.store.count()) - KEEP_RECEIPTS;
    let cursor = await tx.store.index("sequence").openCursor();
    for (; cursor && (extra > 0 || cursor.value.at < oldest); cursor = await cursor.continue()) {
      if (cursor.value.state === "waiting") continue;
      cursor.delete();
      extra -= 1;
    }
    await tx.done;
  }

  /** Let the database go. */
  close() {
    this.channel.close();
    this.db.close();
  }

  /** Several single values at one moment. */
  async facts(...names) {
    const tx = this.db.transaction("facts");
    return Promise.all(names.map((name) => tx.store.get(name)));
  }

  /** Tell this tab and the others. @param {string} what */
  say(what) {
    this.channel.postMessage({what});
    this.#tell({what});
  }

  #tell(detail) {
    this.dispatchEvent(new CustomEvent("change", {detail}));
  }
}
