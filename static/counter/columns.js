// Text in columns of one width, as receipt printers set it. The twin of storefront/documents/columns.py: one file of cases holds
// both to one outcome (tests/storefront/documents/receipt_cases.json).

/** @typedef {["plain" | "strong" | "double" | "qr" | "bars", string]} Row */

/** Characters of font A on one line: 58 mm paper, 80 mm paper of older printers, 80 mm paper. */
export const WIDTHS = [32, 42, 48];

const LIKE = {
  "–": "-", "—": "-", "−": "-", "‑": "-", "‘": "'", "’": "'", "ʼ": "'", "“": '"', "”": '"', "…": "...",
  "•": "-", "·": "-", "×": "x", "€": "EUR", "½": "1/2", "¼": "1/4", "¾": "3/4", "\u00a0": " ", "\u202f": " ",
};
const WIDE = [
  [0x1100, 0x115f], [0x2e80, 0x303e], [0x3041, 0x33ff], [0x3400, 0x4dbf], [0x4e00, 0x9fff], [0xa000, 0xa4cf], [0xac00, 0xd7a3],
  [0xf900, 0xfaff], [0xfe30, 0xfe6f], [0xff00, 0xff60], [0xffe0, 0xffe6], [0x1f300, 0x1f64f], [0x1f900, 0x1f9ff], [0x20000, 0x3fffd],
];
const OFFSETS = { WIB: 7, WITA: 8, WIT: 9 };

/** `text` with typographic marks made plain, unseen signs dropped and white space single. */
export function clean(text) {
  const plain = Array.from(text.normalize("NFC"), (sign) => LIKE[sign] ?? sign).join("");
  const seen = plain.replace(/\ufeff/g, "").replace(/[\s\x1c-\x1f\x85]/g, " ").replace(/[\p{Cc}\p{Cf}\p{Mn}]/gu, "");
  return seen.split(" ").filter(Boolean).join(" ");
}

function columnsOf(sign) {
  const point = sign.codePointAt(0);
  return point >= WIDE[0][0] && WIDE.some(([first, last]) => point >= first && point <= last) ? 2 : 1;
}

/** How many columns the text takes. */
export function widthOf(text) {
  let width = 0;
  for (const sign of text) width += columnsOf(sign);
  return width;
}

function beginning(word, columns) {
  let used = 0;
  let head = "";
  for (const sign of word) {
    used += columnsOf(sign);
    if (used > columns && head) break;
    head += sign;
  }
  return head;
}

/** Lines that fit, broken between words; a word that fits on no line is broken too. */
export function wrap(text, columns) {
  const lines = [];
  let line = "";
  for (let word of clean(text).split(" ")) {
    if (line && widthOf(line) + 1 + widthOf(word) <= columns) {
      line += ` ${word}`;
      continue;
    }
    if (line) lines.push(line);
    while (widthOf(word) > columns) {
      const head = beginning(word, columns);
      lines.push(head);
      word = word.slice(head.length);
    }
    line = word;
  }
  if (line) lines.push(line);
  return lines;
}

/** Words on the left and an amount on the right of their last line. @returns {Row[]} */
export function pair(left, right, columns, style = "plain") {
  const amount = clean(right);
  let lines = wrap(left, columns);
  if (!lines.length) lines = [""];
  if (widthOf(lines.at(-1)) + 1 + widthOf(amount) > columns) {
    const narrow = wrap(left, Math.max(1, columns - widthOf(amount) - 1));
    lines = narrow.length <= lines.length + 1 ? narrow : [...lines, ""];
  }
  const last = lines.pop();
  const gap = Math.max(1, columns - widthOf(last) - widthOf(amount));
  return [...lines.map((line) => [style, line]), [style, last + " ".repeat(gap) + amount]];
}

/** As many lines as the text needs, each in the middle. @returns {Row[]} */
export function centred(text, columns, style = "plain") {
  return wrap(text, columns).map((line) => [style, " ".repeat(Math.floor((columns - widthOf(line)) / 2)) + line]);
}

/** As many lines as the text needs, from the left. @returns {Row[]} */
export function told(text, columns, indent = 0, style = "plain") {
  return wrap(text, columns - indent).map((line) => [style, " ".repeat(indent) + line]);
}

/** Centred and twice as large, or strong where that does not fit on one line. @returns {Row[]} */
export function large(text, columns) {
  const half = Math.floor(columns / 2);
  return widthOf(clean(text)) <= half ? centred(text, half, "double") : centred(text, columns, "strong");
}

/** Words and an amount twice as large, or strong where that does not fit on one line. @returns {Row[]} */
export function largePair(left, right, columns) {
  const half = Math.floor(columns / 2);
  const fits = widthOf(clean(left)) + 1 + widthOf(clean(right)) <= half;
  return fits ? pair(left, right, half, "double") : pair(left, right, columns, "strong");
}

/** A line across the paper. @returns {Row} */
export function rule(columns, sign = "-") {
  return ["plain", sign.repeat(columns)];
}

/** `1.250.000`: Indonesian notation in both languages, as on the price tag. */
export function figure(amount) {
  return (amount < 0 ? "-" : "") + String(Math.abs(amount)).replace(/\B(?=(\d{3})+$)/g, ".");
}

/** `Rp1.250.000`. */
export function rupiah(amount) {
  return `${amount < 0 ? "-" : ""}Rp${figure(Math.abs(amount))}`;
}

/** The wall clock of a zone (WIB, WITA, WIT; no summer time) at an ISO moment, to be read with the getUTC… methods. */
export function localTime(moment, zone) {
  return new Date(new Date(moment).getTime() + OFFSETS[zone] * 3600e3);
}

/** `22/11/2026 14.30 WITA` of an ISO moment, on the wall clock of the zone. */
export function stamp(moment, zone, language) {
  const at = localTime(moment, zone);
  const two = (number) => String(number).padStart(2, "0");
  const day = `${two(at.getUTCDate())}/${two(at.getUTCMonth() + 1)}/${at.getUTCFullYear()}`;
  return `${day} ${two(at.getUTCHours())}${language === "id" ? "." : ":"}${two(at.getUTCMinutes())} ${zone}`;
}
