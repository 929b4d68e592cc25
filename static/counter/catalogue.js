// The catalogue on this device: refreshed by the difference, found by exact codes, searched as it is typed.
import { readCode } from "./codes.js";
import { corrected, dayOf } from "./moments.js";
import { SearchIndex } from "./search.js";
import { ServerAway, ask } from "./server.js";

/**
 * @typedef {Object} Variant
 * @property {string} code
 * @property {string} name_id
 * @property {string} name_en
 * @property {string} pack_id
 * @property {string} pack_en
 * @property {string} maker
 * @property {string} village
 * @property {number|null} price of today
 * @property {string[]} numbers GTIN and our own number
 * @property {string} category slug
 * @property {string|null} photo
 * @property {number} rank how popular
 * @property {{ lot: string, best_before: string|null, free: number, is_stopped: boolean }[]} lots
 */
/** @typedef {{ variant: Variant, lot: string|null, kind: "number"|"code"|"link"|"gs1"|"lot" }} Found */

const FAVOURITES = "favourites";

/**
 * @param {import("./store.js").Store} store
 * @returns {Promise<Catalogue>} with what the device has; `refresh()` brings it up to date
 */
export async function openCatalogue(store) {
  const catalogue = new Catalogue(store);
  await catalogue.load();
  store.addEventListener("change", ({ detail }) => {
    if (detail.what === "catalogue" || detail.what === "wiped") catalogue.load();
  });
  return catalogue;
}

/** Fires `change` when it was loaded anew, also by another tab. */
export class Catalogue extends EventTarget {
  #about = {};
  #codes = new Map();
  #numbers = new Map();
  #lots = new Map();
  #index = null;
  #pinned = [];
  /** By what sells best and is there, made when somebody asks. */
  #ranked = null;
  #refreshing = null;

  constructor(store) {
    super();
    this.store = store;
    /** @type {Variant[]} */
    this.variants = [];
  }

  /** Read what the device has. */
  async load() {
    const [buckets, about, pinned, device, { ahead }] = await Promise.all([
      this.store.buckets(),
      this.store.about(),
      this.store.setting(FAVOURITES),
      this.store.device(),
      this.store.contact(),
    ]);
    this.#about = about ?? {};
    this.#pinned = pinned ?? [];
    const today = dayOf(corrected(Date.now(), ahead), this.#about.outlet?.zone ?? device?.outlet.zone);
    this.variants = [];
    for (const name of [this.#codes, this.#numbers, this.#lots]) name.clear();
    for (const { variants } of buckets) for (const variant of variants) this.#add(variant, today);
    this.#index = null;
    this.#ranked = null;
    this.dispatchEvent(new CustomEvent("change"));
  }

  #add(variant, today) {
    variant.price = priceOn(variant, today);
    this.variants.push(variant);
    this.#codes.set(variant.code, variant);
    for (const number of variant.numbers) this.#numbers.set(number, variant);
    for (const { lot } of variant.lots) {
      const said = lot.toUpperCase();
      this.#lots.set(said, this.#lots.has(said) ? null : { variant, lot });
    }
  }

  /**
   * Ask the server for what is different. Never stands in the way: without an answer the till goes on with what it has.
   * @returns {Promise<boolean>} whether the server answered
   */
  refresh() {
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  }

  async #refresh() {
    const device = await this.store.device();
    if (!device) return false;
    const kept = await this.store.buckets();
    const known = Object.fromEntries(kept.map(({ bucket, digest }) => [bucket, digest]));
    const reply = await asked({ buckets: known, words: this.#about.synonyms?.fingerprint ?? "" }, device.token);
    if (!reply?.ok) return false;
    const { buckets, gone, server_now: at, synonyms, ...about } = reply.json;
    if (about.version === this.#about.version && JSON.stringify({ ...this.#about, synonyms: 0, at: 0 }) === JSON.stringify({ ...about, synonyms: 0, at: 0 })) return true;
    const words = synonyms.groups ? synonyms : this.#about.synonyms;
    const changed = Object.entries(buckets).map(([bucket, rest]) => ({ bucket, ...rest }));
    await this.store.saveCatalogue(changed, gone, { ...about, synonyms: words, at });
    await this.load();
    return true;
  }

  /**
   * What a scanned or typed code names; only exact codes count. `lot` is what the label says, null without one.
   * @param {string} raw
   * @returns {Found|null}
   */
  find(raw) {
    const code = readCode(raw);
    const variant = this.#numbers.get(code.number);
    if (variant) return { variant, lot: this.#lotOf(variant, code.lot), kind: code.kind === "text" ? "number" : code.kind };
    const named = this.#codes.get(code.number);
    if (named) return { variant: named, lot: this.#lotOf(named, code.lot), kind: code.kind === "link" ? "link" : "code" };
    const lot = code.kind === "text" ? this.#lots.get(code.number) : null;
    return lot ? { ...lot, kind: "lot" } : null;
  }

  /** The lot in the spelling of the books, which a hand scanner may have lost. */
  #lotOf(variant, lot) {
    if (lot === null) return null;
    return variant.lots.find((each) => each.lot.toUpperCase() === lot.toUpperCase())?.lot ?? lot.slice(0, 20);
  }

  /**
   * The best fits for what was typed so far.
   * @param {string} text
   * @param {number} [limit]
   * @returns {Variant[]}
   */
  search(text, limit = 20) {
    this.#index ??= new SearchIndex(this.variants, this.#about.synonyms?.groups ?? []);
    return this.#index.search(text, limit);
  }

  /** Make the search ready before somebody types. */
  warm() {
    this.search("a", 1);
  }

  /** Those a person pinned first, then what sells best and is there. @param {number} [limit] @returns {Variant[]} */
  favourites(limit = 24) {
    const pinned = this.#pinned.map((code) => this.#codes.get(code)).filter(Boolean);
    if (!this.#ranked) {
      const worth = new Map(this.variants.map((variant) => [variant, (isThere(variant) ? 1e9 : 0) + (variant.rank ?? 0)]));
      this.#ranked = [...this.variants].sort((one, other) => worth.get(other) - worth.get(one) || (one.name_id < other.name_id ? -1 : 1));
    }
    const rest = this.#ranked.slice(0, limit + pinned.length).filter((variant) => !pinned.includes(variant));
    return [...pinned, ...rest].slice(0, limit);
  }

  /** Put a variant among the favourites, or take it out. @param {string} code @param {boolean} isPinned */
  async pin(code, isPinned) {
    this.#pinned = this.#pinned.filter((each) => each !== code);
    if (isPinned) this.#pinned.unshift(code);
    await this.store.setting(FAVOURITES, this.#pinned);
    this.dispatchEvent(new CustomEvent("change"));
  }

  /** @param {string} code @returns {boolean} */
  isPinned(code) {
    return this.#pinned.includes(code);
  }

  /** @param {string} code @returns {Variant|null} */
  variant(code) {
    return this.#codes.get(code) ?? null;
  }

  /** @returns {{ code: string, name: string, is_supervisor: boolean, pin: { salt: string, verifier: string, iterations: number }|null }[]} */
  staff() {
    return this.#about.staff ?? [];
  }

  /** @returns {Object|null} code, slug, name, address, phone, operator, npwp, is_taxable, zone, qris, discount_limit_bps, cash_out_limit, receipt_footer */
  outlet() {
    return this.#about.outlet ?? null;
  }

  /** @returns {{ slug: string, name_id: string, name_en: string }[]} */
  categories() {
    return this.#about.categories ?? [];
  }

  /** @returns {Object<string, { units: number, expires_at: string }>} units that this device holds, by variant code */
  leases() {
    return this.#about.leases ?? {};
  }

  /** @returns {string|null} ISO, when the server was last asked with a change */
  get updatedAt() {
    return this.#about.at ?? null;
  }
}

function isThere(variant) {
  return variant.lots.some((lot) => lot.free > 0 && !lot.is_stopped);
}

/**
 * What a variant costs on a day; a change of price that was planned comes without a network.
 * @param {Variant & { prices?: [string, string|null, number][] }} variant
 * @param {string} day
 * @returns {number|null}
 */
export function priceOn(variant, day) {
  if (!variant.prices) return variant.price;
  const valid = variant.prices.filter(([starts, ends]) => starts <= day && (ends === null || ends >= day));
  return valid.at(-1)?.[2] ?? null;
}

async function asked(body, token) {
  try {
    return await ask("catalogue", { body, token });
  } catch (error) {
    if (error instanceof ServerAway) return null;
    throw error;
  }
}
