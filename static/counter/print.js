// Receipts and reports on paper: facts from an entry's body, rows from receipt_layout.js, paper from the bridge or the browser.

import { localTime } from "./columns.js";
import { receiptTax } from "./money.js";
import { fillPaper, printPaper } from "./paper.js";
import { printerSettings, send } from "./printer.js";
import { layOut, layOutReport } from "./receipt_layout.js";
import { facts, rupiah } from "./words.js";

export { choosePrinter, openDrawer, printerSettings, printerState } from "./printer.js";

/** @typedef {import("./receipt_layout.js").Receipt} Receipt */
/** @typedef {{way: "bridge" | "browser" | "none", ok: boolean, reason: string}} Printed */

/** The texts of paper in the buyer's language: the page carries both (storefront/documents/receipt_words.py). */
function wordsIn(language) {
  return facts().receipt[language] ?? facts().receipt.id;
}

/** The buyer's page of a receipt, in the receipt's language. */
export function receiptAddress(token, language) {
  return `${facts().origin || location.origin}${language === "en" ? "/en" : ""}/orders/${token}`;
}

/** Where the office prints price tags and shelf labels again; needs a network and a signed-in person. */
export function labelsAddress(outlet, language) {
  return `${language === "en" ? "/en" : ""}/office/stock/${encodeURIComponent(outlet)}/labels`;
}

/** Where the office finds an order of the web by its code and hands it over; needs a network and a signed-in person. */
export function ordersAddress(language) {
  return `${language === "en" ? "/en" : ""}/office/orders`;
}

/** The words for the buyer's WhatsApp, in the receipt's language, and the address that opens them there. @param {Receipt} receipt */
export function shareMessage(receipt, phone = "") {
  const places = { outlet: receipt.outlet.name, number: receipt.number, total: rupiah(receipt.total), address: receipt.address };
  const text = wordsIn(receipt.language).share.replace(/%\((\w+)\)s/g, (_all, name) => places[name] ?? "");
  return { text, address: `https://wa.me/${phone.replace(/\D/g, "")}?text=${encodeURIComponent(text)}` };
}

/**
 * A sale's or return's body (orders/counter/bodies.py) as a receipt ready to be set.
 * @param {Record<string, any>} body
 * @param {{outlet: Function, staff: Function, variant: Function}} catalogue
 * @param {{isCopy?: boolean, isUnsynced?: boolean}} marks
 * @returns {Promise<Receipt>}
 */
export async function receiptData(body, catalogue, { isCopy = false, isUnsynced = false } = {}) {
  const outlet = await catalogue.outlet();
  const staff = await catalogue.staff();
  const isSale = body.kind === "sale";
  const at = realTime(body);
  const total = isSale ? body.total : body.amount;
  const day = localTime(at, outlet.zone).toISOString().slice(0, 10);
  return {
    kind: body.kind,
    language: body.language,
    shop: facts().shop,
    outlet: {
      name: outlet.name,
      operator: outlet.operator ?? "",
      npwp: outlet.npwp ?? "",
      address: outlet.address ?? "",
      phone: outlet.phone ?? "",
      zone: outlet.zone,
      footer: outlet.receipt_footer ?? "",
    },
    number: body.receipt,
    original: isSale ? "" : body.original,
    reason: isSale ? "" : body.reason,
    way: isSale ? "" : body.way,
    at,
    cashier: staff.find((person) => person.code === body.cashier)?.name ?? body.cashier,
    lines: await Promise.all(body.lines.map((line) => goods(line, body.language, catalogue))),
    subtotal: isSale ? body.subtotal : total,
    discount: isSale ? body.discount ?? 0 : 0,
    voucher: isSale ? body.voucher ?? "" : "",
    voucher_discount: isSale ? body.voucher_discount ?? 0 : 0,
    total,
    tax: outlet.is_taxable ? receiptTax(total, day) : null,
    tenders: isSale ? body.tenders.map(tender) : moneyBack(body),
    address: isSale ? receiptAddress(body.token, body.language) : "",
    is_unsynced: isUnsynced,
    is_copy: isCopy,
  };
}

/** When it happened, as far as the device knows how far its clock is off. */
function realTime(body) {
  return new Date(new Date(body.at).getTime() - (body.ahead_ms ?? 0)).toISOString();
}

async function goods(line, language, catalogue) {
  const variant = (await catalogue.variant(line.variant)) ?? {};
  const said = (name) => variant[`${name}_${language}`] || variant[`${name}_id`] || variant[`${name}_en`] || "";
  const isSold = line.unit_price !== undefined;
  return {
    name: said("name") || line.variant,
    pack: said("pack"),
    maker: variant.maker ?? "",
    village: variant.village ?? "",
    quantity: line.quantity,
    unit_price: isSold ? line.unit_price : null,
    amount: isSold ? line.unit_price * line.quantity : line.amount,
  };
}

function tender(each) {
  const { method, amount, cash = 0, given = 0, change = 0, reference = "" } = each;
  return { method, amount, cash, given, change, reference };
}

function moneyBack(body) {
  return body.way === "cash" ? [tender({ method: "cash", amount: body.amount, cash: body.cash })] : [];
}

/** Print a receipt; `drawer` opens the cash drawer with it. @param {Receipt} receipt @returns {Promise<Printed>} */
export function printReceipt(receipt, { width = printerSettings().columns, copies = 1, drawer = false } = {}) {
  return printRows(layOut(receipt, width, wordsIn(receipt.language)), receipt.number, { width, copies, drawer });
}

/** Print a report: {shop, outlet, title, head, sections, foot, signatures}, see receipt_layout.js. @returns {Promise<Printed>} */
export function printReport(report, { width = printerSettings().columns } = {}) {
  return printRows(layOutReport({ shop: facts().shop, ...report }, width), report.title, { width });
}

/** The rows of a receipt for the screen. @param {Receipt} receipt */
export function receiptRows(receipt, width = printerSettings().columns) {
  return layOut(receipt, width, wordsIn(receipt.language));
}

/** @returns {Promise<Printed>} */
async function printRows(rows, title, { width, copies = 1, drawer = false }) {
  const { way } = printerSettings();
  if (way === "none") return { way, ok: true, reason: "" };
  if (way === "bridge") return { way, ...(await send({ rows, columns: width, copies, drawer })) };
  await fillPaper(rows, width);
  printPaper(title);
  return { way, ok: true, reason: "" };
}
