// What a scanned or typed code says: GTINs, our own numbers, GS1 element strings, GS1 Digital Links and our labels' links. Pure.
const FNC1 = "\x1d";
/** Symbology identifiers that scanners may put in front (ISO/IEC 15424): GS1-128, GS1 DataMatrix, GS1 QR, EAN, QR. */
const IDENTIFIER = /^\](?:C1|d2|Q3|e0|E0|E4|Q1|C0)/;
/** Length of an element with its two-digit beginning, where GS1 fixes it (General Specifications, figure 7.8.5-2). */
const FIXED = { "00": 20, "01": 16, "02": 16, "03": 16, "04": 18, 11: 8, 12: 8, 13: 8, 14: 8, 15: 8, 16: 8, 17: 8, 18: 8, 19: 8, 20: 4, 31: 10, 32: 10, 33: 10, 34: 10, 35: 10, 36: 10, 41: 16 };
/** Elements with three or four digits in their name, by their first two. */
const LONG_NAMES = { 23: 3, 24: 3, 25: 3, 31: 4, 32: 4, 33: 4, 34: 4, 35: 4, 36: 4, 39: 4, 40: 3, 41: 3, 42: 3, 43: 4, 70: 4, 71: 3, 72: 4, 80: 4, 81: 4, 82: 4 };

/**
 * @typedef {Object} Code
 * @property {"number"|"gs1"|"link"|"text"} kind
 * @property {string} number digits in their canonical form, or the text in capitals
 * @property {string|null} lot
 * @property {string|null} bestBefore `2026-11-22`
 */

/**
 * Take a code apart. Anything is some text at last, so this never fails.
 * @param {string} raw as the scanner sent it
 * @returns {Code}
 */
export function readCode(raw) {
  const text = raw.trim();
  if (/^https?:\/\//i.test(text)) return readLink(text) ?? plain(text);
  const bare = text.replace(IDENTIFIER, "");
  if (/^\d{8}$|^\d{12,14}$/.test(bare)) return { kind: "number", number: canonical(bare), lot: null, bestBefore: null };
  const elements = bare.startsWith("(") ? readBrackets(bare) : /^(?:\x1d)?0[12]\d{14}/.test(bare) ? readElements(bare) : null;
  if (elements && (elements["01"] ?? elements["02"])) return fromElements("gs1", elements);
  return plain(bare);
}

function plain(text) {
  return { kind: "text", number: text.toUpperCase(), lot: null, bestBefore: null };
}

function fromElements(kind, elements) {
  return {
    kind,
    number: canonical(elements["01"] ?? elements["02"]),
    lot: elements["10"] ?? null,
    bestBefore: readDate(elements["15"] ?? elements["17"]),
  };
}

/**
 * A GTIN as the shop keeps it: 8, 13 or 14 digits (catalog/gtin.py).
 * @param {string} digits
 * @returns {string}
 */
export function canonical(digits) {
  const padded = digits.padStart(14, "0");
  if (padded.startsWith("000000")) return padded.slice(6);
  return padded.startsWith("0") ? padded.slice(1) : padded;
}

/** @param {string} digits @returns {boolean} whether the last digit is the GS1 check digit of the others */
export function hasCheckDigit(digits) {
  const sum = [...digits.slice(0, -1)].reverse().reduce((total, digit, place) => total + Number(digit) * (place % 2 ? 1 : 3), 0);
  return digits.at(-1) === String((10 - (sum % 10)) % 10);
}

/** `01089…17261122` + `10LOT` + FNC1 …; null when it does not hold together. */
function readElements(text) {
  const found = {};
  let rest = text;
  while (rest) {
    if (rest.startsWith(FNC1)) {
      rest = rest.slice(1);
      continue;
    }
    const begin = rest.slice(0, 2);
    if (!/^\d\d$/.test(begin)) return null;
    const end = FIXED[begin] ?? (rest.indexOf(FNC1) < 0 ? rest.length : rest.indexOf(FNC1));
    const name = rest.slice(0, LONG_NAMES[begin] ?? 2);
    const value = rest.slice(name.length, end);
    if (!value || (FIXED[begin] && rest.length < end)) return null;
    found[name] ??= value;
    rest = rest.slice(end);
  }
  return isGtin(found) ? found : null;
}

/** `(01)0899…(10)LOT`, as people type what stands below the bars. */
function readBrackets(text) {
  const found = {};
  for (const [, name, value] of text.matchAll(/\((\d{2,4})\)([^(]*)/g)) found[name] ??= value.trim();
  return isGtin(found) ? found : null;
}

function isGtin(elements) {
  const gtin = elements["01"] ?? elements["02"];
  return gtin === undefined || (/^\d{14}$/.test(gtin) && hasCheckDigit(gtin));
}

/** GS1 Digital Link (`…/01/<gtin>/10/<lot>?17=261122`) or a label of ours (`…/p/<variant>/<lot>`). */
function readLink(text) {
  let url;
  try {
    url = new URL(text);
  } catch {
    return null;
  }
  const parts = url.pathname.split("/").filter(Boolean).map(decode);
  const at = parts.findIndex((part, index) => (part === "01" || part === "gtin") && /^\d{8}(?:\d{4,6})?$/.test(parts[index + 1] ?? ""));
  if (at >= 0) {
    const elements = { "01": parts[at + 1].padStart(14, "0") };
    for (let index = at + 2; index + 1 < parts.length; index += 2) elements[parts[index] === "lot" ? "10" : parts[index]] ??= parts[index + 1];
    for (const [name, value] of url.searchParams) if (/^\d{2,4}$/.test(name)) elements[name] ??= value;
    return fromElements("link", elements);
  }
  const label = parts.indexOf("p");
  if (label < 0 || !parts[label + 1]) return null;
  return { kind: "link", number: parts[label + 1].toUpperCase(), lot: parts[label + 2] ?? null, bestBefore: null };
}

function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** YYMMDD; day 00 is the month's last. */
function readDate(text) {
  const match = /^(\d\d)(\d\d)(\d\d)$/.exec(text ?? "");
  if (!match) return null;
  const [year, month, day] = [2000 + Number(match[1]), Number(match[2]), Number(match[3])];
  const moment = new Date(Date.UTC(year, day ? month - 1 : month, day));
  return Number.isNaN(moment.getTime()) ? null : moment.toISOString().slice(0, 10);
}
