// QRIS codes for one amount, made at the till without a network: the twin of orders/qris.py (EMVCo TLV with CRC-16).

const STATIC_TAGS_OF_FEES = new Set(["55", "56", "57"]);
const LARGEST = 10_000_000;

/** [[tag, value], …] of two-digit tags and lengths; throws when a length runs past the end. */
export function readTlv(text) {
  const pairs = [];
  for (let at = 0; at < text.length;) {
    const tag = text.slice(at, at + 2);
    const size = text.slice(at + 2, at + 4);
    if (!/^\d\d$/.test(tag) || !/^\d\d$/.test(size)) throw new Error("not a QRIS code");
    const value = text.slice(at + 4, at + 4 + Number(size));
    if (value.length !== Number(size)) throw new Error("not a QRIS code");
    pairs.push([tag, value]);
    at += 4 + Number(size);
  }
  return pairs;
}

export function writeTlv(pairs) {
  return pairs.map(([tag, value]) => {
    if (value.length > 99) throw new Error(`the value of tag ${tag} is too long`);
    return tag + String(value.length).padStart(2, "0") + value;
  }).join("");
}

/** CRC-16/CCITT-FALSE over the UTF-8 bytes, four upper-case hex digits. */
export function checksum(text) {
  let crc = 0xffff;
  for (const byte of new TextEncoder().encode(text)) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff;
  }
  return crc.toString(16).toUpperCase().padStart(4, "0");
}

/** The data objects of the outlet's static code, without the check sum; throws for any other text. */
export function parseQris(text) {
  const payload = text.trim();
  const fields = readTlv(payload);
  if (fields[0]?.[0] !== "00" || fields.at(-1)?.[0] !== "63" || checksum(payload.slice(0, -4)) !== payload.slice(-4).toUpperCase()) {
    throw new Error("not a QRIS code");
  }
  return fields.slice(0, -1);
}

/** The text of a dynamic code for exactly `amount` rupiah; `bill` (letters, digits, dashes) is what staff will look for. */
export function qrisFor(staticCode, amount, bill) {
  if (!Number.isSafeInteger(amount) || amount < 1 || amount > LARGEST) throw new RangeError(`a QRIS payment carries 1 to ${LARGEST} rupiah`);
  if (!/^[A-Za-z0-9-]{1,25}$/.test(bill)) throw new RangeError("a bill number has 1 to 25 letters, digits or dashes");
  const fields = new Map(parseQris(staticCode).filter(([tag]) => !STATIC_TAGS_OF_FEES.has(tag)));
  const extra = new Map(readTlv(fields.get("62") ?? ""));
  extra.set("01", bill);
  const inOrder = (pairs) => [...pairs].sort(([a], [b]) => (a < b ? -1 : 1));
  fields.set("01", "12").set("54", String(amount)).set("62", writeTlv(inOrder(extra)));
  const body = `${writeTlv(inOrder(fields))}6304`;
  return body + checksum(body);
}

/** The merchant's name as the payer's app shows it. */
export function merchantOf(staticCode) {
  return new Map(parseQris(staticCode)).get("59") ?? "";
}
