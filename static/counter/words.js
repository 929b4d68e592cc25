/** What the page was told when it was made: its language, addresses and texts (storefront/counter/page.py). */

/** @type {Object<string, any>|null} */
let told = null;

/**
 * The facts of the page: `version`, `language`, `shop`, `base`, `origin`, `words`.
 * @returns {Object<string, any>}
 */
export function facts() {
  told ??= JSON.parse(document.getElementById("till-facts")?.textContent ?? "{}");
  return told;
}

/**
 * The text `key` with its %(name)s places filled; the key itself when there is no such text.
 * @param {string} key
 * @param {Object<string, string|number>} [values]
 * @returns {string}
 */
export function t(key, values = {}) {
  const text = facts().words?.[key] ?? key;
  return text.replace(/%\(([a-z_]+)\)[sd]/g, (whole, name) => String(values[name] ?? whole));
}

/** A refusal of the till with a text for people: `error.message` is in the page's language, `error.key` names it. */
export class TillError extends Error {
  /**
   * @param {string} key
   * @param {Object<string, string|number>} [values]
   */
  constructor(key, values = {}) {
    super(t(key, values));
    this.name = "TillError";
    this.key = key;
    this.values = values;
  }
}

/** @param {number} amount whole rupiah @returns {string} `Rp25.000` */
export function rupiah(amount) {
  const digits = String(Math.abs(amount)).replace(/\B(?=(\d{3})+$)/g, ".");
  return `${amount < 0 ? "-" : ""}Rp${digits}`;
}

/**
 * Turns `addressOf("vendor/x.wasm")` into the served address: the server writes the hashed one in its place.
 * @param {string} path
 * @returns {string}
 */
export function addressOf(path) {
  return path.startsWith("/") ? path : `/static/${path}`;
}
