// What stands on a till's receipt and on its reports, row by row. The twin of storefront/documents/receipt_layout.py and
// report_layout.py: one file of cases holds both to one outcome (tests/storefront/documents/receipt_cases.json).

import { centred, clean, figure, large, largePair, pair, rule, rupiah, stamp, told, widthOf } from "./columns.js";

/** @typedef {import("./columns.js").Row} Row */
/** A receipt as storefront/documents/receipt_layout.py describes it. @typedef {Record<string, any>} Receipt */

/** The rows of a receipt, each within `columns`. @param {Receipt} receipt @returns {Row[]} */
export function layOut(receipt, columns, words) {
  return [
    ...head(receipt, columns, words),
    ...receipt.lines.flatMap((line) => goods(line, columns)),
    rule(columns),
    ...(receipt.kind === "sale" ? sums(receipt, columns, words) : paidBack(receipt, columns, words)),
    ...foot(receipt, columns, words),
  ];
}

function head(receipt, columns, words) {
  const { outlet } = receipt;
  const phone = outlet.phone && `${words.phone} ${outlet.phone}`;
  const npwp = outlet.npwp && `NPWP ${grouped(outlet.npwp)}`;
  const rows = [
    ...large(receipt.shop, columns),
    ...centred(outlet.name, columns, "strong"),
    ...[outlet.operator, outlet.address, phone, npwp].flatMap((text) => centred(text, columns)),
    rule(columns, "="),
  ];
  if (receipt.kind === "return") rows.push(...large(words.return, columns));
  if (receipt.is_copy) rows.push(...large(words.copy, columns));
  rows.push(...told(receipt.number, columns, 0, "strong"), ...told(stamp(receipt.at, outlet.zone, receipt.language), columns));
  if (receipt.cashier) rows.push(...told(`${words.cashier}: ${receipt.cashier}`, columns));
  if (receipt.original) rows.push(...told(`${words.original} ${receipt.original}`, columns));
  if (receipt.is_unsynced) rows.push(...told(`* ${words.unsynced}`, columns));
  rows.push(rule(columns));
  return rows;
}

function goods(line, columns) {
  const origin = originOf(line, columns - 2);
  const count = line.unit_price === null ? `${line.quantity} x` : `${line.quantity} x ${figure(line.unit_price)}`;
  return [
    ...told(line.pack ? `${line.name}, ${line.pack}` : line.name, columns),
    ...(origin ? told(origin, columns, 2) : []),
    ...pair(count, figure(line.amount), columns - 2).map(([style, text]) => [style, `  ${text}`]),
  ];
}

function originOf(line, room) {
  const both = [line.maker, line.village].filter(Boolean).join(", ");
  return [both, line.maker, line.village].find((text) => text && widthOf(clean(text)) <= room) ?? "";
}

function sums(receipt, columns, words) {
  const rows = [];
  const say = (label, amount, style) => rows.push(...pair(label, figure(amount), columns, style));
  if (receipt.subtotal !== receipt.total) say(words.subtotal, receipt.subtotal);
  if (receipt.discount) say(words.discount, -receipt.discount);
  if (receipt.voucher_discount) say(`${words.voucher} ${receipt.voucher}`, -receipt.voucher_discount);
  rows.push(...largePair(words.total, rupiah(receipt.total), columns), ...taxRows(receipt.tax, columns, words));
  const rounding = receipt.tenders.reduce((sum, tender) => sum + (tender.method === "cash" ? tender.cash - tender.amount : 0), 0);
  if (rounding) say(words.rounding, rounding);
  for (const tender of receipt.tenders) {
    say(words[tender.method], tender.method === "cash" ? tender.given : tender.amount);
    if (tender.reference) rows.push(...told(tender.reference, columns, 2));
  }
  const change = receipt.tenders.reduce((sum, tender) => sum + tender.change, 0);
  if (change) say(words.change, change, "strong");
  return rows;
}

function taxRows(tax, columns, words) {
  if (!tax) return [];
  const rest = tax.rate_bps % 100;
  const percent = Math.floor(tax.rate_bps / 100) + (rest ? `,${String(rest).padStart(2, "0").replace(/0$/, "")}` : "");
  const base = tax.base === tax.net ? [] : pair(`${words.base} ${tax.numerator}/${tax.denominator}`, figure(tax.base), columns);
  return [...pair(words.net, figure(tax.net), columns), ...base, ...pair(`PPN ${percent}%`, figure(tax.tax), columns)];
}

function paidBack(receipt, columns, words) {
  const rows = [...largePair(words.paid_back, rupiah(receipt.total), columns), ...taxRows(receipt.tax, columns, words)];
  for (const tender of receipt.tenders) {
    if (tender.cash !== tender.amount) rows.push(...pair(words.rounding, figure(tender.cash - tender.amount), columns));
    rows.push(...pair(words.back_cash, figure(tender.cash), columns, "strong"));
  }
  if (receipt.way === "transfer") rows.push(...told(words.back_transfer, columns));
  rows.push(...told(`${words.reason}: ${receipt.reason}`, columns));
  rows.push(...signature(words.signature, columns));
  return rows;
}

function signature(name, columns) {
  return [["plain", ""], ...told(`${name}:`, columns), ["plain", ""], rule(columns, "_")];
}

function foot(receipt, columns, words) {
  const code = receipt.address ? [["qr", receipt.address], ...centred(words.scan, columns)] : [];
  return [rule(columns), ...code, ...centred(receipt.outlet.footer || words.thanks, columns)];
}

function grouped(npwp) {
  return /^\d{16}$/.test(npwp) ? npwp.match(/.{4}/g).join(" ") : npwp;
}

/**
 * The rows of a report: {shop, outlet, title, head: [text], sections: [{title, rows: [[label, figure]]}], foot: [text], signatures: [name]}.
 * A figure that begins with `=` is a sum and is set strong.
 * @returns {Row[]}
 */
export function layOutReport(report, columns) {
  const rows = [...centred(report.shop, columns, "strong"), ...centred(report.outlet, columns)];
  rows.push(rule(columns, "="), ...large(report.title, columns), ...report.head.flatMap((text) => told(text, columns)));
  for (const section of report.sections) {
    rows.push(rule(columns));
    if (section.title) rows.push(...told(section.title, columns, 0, "strong"));
    for (const [label, amount] of section.rows) {
      rows.push(...pair(label, amount.replace(/^=/, ""), columns, amount.startsWith("=") ? "strong" : "plain"));
    }
  }
  rows.push(rule(columns), ...report.foot.flatMap((text) => told(text, columns)));
  for (const name of report.signatures) rows.push(...signature(name, columns));
  return rows;
}
