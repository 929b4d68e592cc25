// Goods come back: the receipt is found on this till, or asked for at the server, then lines, units and what becomes of them.
import { hushAlarm, say } from "./dialogs.js";
import { button, entry, fill, make } from "./dom.js";
import { reasonField } from "./cart_acts.js";
import { rupiah, refundCash } from "./money.js";
import { momentText } from "./moments.js";
import { askSupervisor } from "./pin_pad.js";
import { printBody } from "./receipt_pane.js";
import { paidFor, returnable, returnBody } from "./sale.js";

/** The sale of this number and what of it already came back: from this device, else from the server. {number, lines, cashPaid} or {refused}. */
export async function findSale(till, number) {
  const wanted = number.trim().toUpperCase();
  const own = await till.store.receipt(wanted);
  if (own?.kind === "sale") {
    const returns = (await till.store.receipts({ limit: 2000 })).filter((each) => each.kind === "return" && each.body.original === wanted).map((each) => each.body);
    return { number: wanted, lines: returnable(own.body, returns), cashPaid: cashOf(own.body.tenders, returns) };
  }
  const answer = await till.ask(`receipts/${encodeURIComponent(wanted)}`);
  if (!answer) return { refused: till.t("returns.offline") };
  if (!answer.ok) return { refused: (answer.status !== 404 && answer.error) || till.t("returns.unknown") };
  const { receipt } = answer;
  return { number: receipt.number, lines: returnable(receipt), cashPaid: cashOf(receipt.tenders) };
}

/** What was paid in cash and is not given back yet: more than that does not leave the drawer. */
function cashOf(tenders, returns = []) {
  const paid = tenders.reduce((sum, tender) => sum + (tender.method === "cash" ? tender.amount : 0), 0);
  return paid - returns.reduce((sum, body) => sum + (body.way === "cash" ? body.amount : 0), 0);
}

/** `number` is the receipt that was chosen before. @param {import("./till.js").Till} till */
export function returnsScreen(till, { leave, number = "" }) {
  const { t } = till;
  const element = make("div", { class: "close" });

  const factsOf = ({ body, total, at }) => [momentText(Date.parse(at), till.device.outlet.zone, till.language), rupiah(total),
    body.lines.slice(0, 3).map((line) => till.fullName(till.catalogue.variant(line.variant)) || line.variant).join("; ")].join(" · ");

  const drawSearch = async () => {
    const box = entry(t("returns.number"), { id: "receipt-number", hint: t("returns.number_hint"), maxlength: "40" });
    const list = make("ul", { class: "picks" });
    const own = (await till.store.receipts({ limit: 200 })).filter((each) => each.kind === "sale");
    const show = () => fill(list, own.filter((each) => each.number.includes(box.box.value.trim().toUpperCase())).slice(0, 12).map((each) => make("li", {},
      make("button", { type: "button", class: "key key-quiet pick", on: { click: () => look(each.number) } }, make("span", { class: "pick-name" }, each.number), make("span", { class: "pick-facts" }, factsOf(each))))));
    box.box.addEventListener("input", show);
    show();
    const send = (event) => {
      event.preventDefault();
      look(box.box.value);
    };
    fill(element, make("form", { class: "close-form", on: { submit: send } }, make("h1", {}, t("returns.title")), make("p", { class: "entrance-lead" }, t("returns.lead")), box.field,
      make("div", { class: "sheet-acts" }, button(t("dialog.back"), leave), make("button", { type: "submit", class: "key key-primary" }, t("returns.find"))), list));
    box.box.focus();
  };

  const look = async (number) => {
    if (!number.trim()) return;
    const sale = await findSale(till, number);
    if (sale.refused) {
      till.ring("refused");
      say(sale.refused, "bad");
      return;
    }
    hushAlarm();
    drawLines(sale);
  };

  const drawLines = (sale) => {
    const picks = new Map();
    const sum = make("strong", {}, rupiah(0));
    const show = () => {
      const amount = [...picks.values()].reduce((all, { line, units }) => all + (units ? paidFor(line, units) : 0), 0);
      sum.textContent = rupiah(way.value === "cash" ? refundCash(amount) : amount);
      enough.hidden = way.value !== "cash" || amount <= sale.cashPaid;
    };
    const way = make("select", { id: "return-way", on: { change: () => show() } }, ["cash", "transfer"].map((each) => make("option", { value: each }, t(`returns.way_${each}`))));
    way.value = sale.cashPaid > 0 ? "cash" : "transfer";
    const enough = make("p", { class: "notice-line", hidden: true }, t("returns.not_cash", { amount: rupiah(sale.cashPaid) }));
    const rowOf = (line) => {
      const units = make("select", { id: `units-${line.index}`, on: { change: (event) => {
        picks.set(line.index, { ...picks.get(line.index), line, units: Number(event.target.value) });
        show();
      } } }, Array.from({ length: line.left + 1 }, (_none, count) => make("option", { value: String(count) }, String(count))));
      const state = make("select", { id: `fit-${line.index}`, on: { change: (event) => picks.set(line.index, { ...picks.get(line.index), line, isFit: event.target.value === "fit" }) } },
        make("option", { value: "fit" }, t("returns.fit")), make("option", { value: "off" }, t("returns.off")));
      picks.set(line.index, { line, units: 0, isFit: true });
      const name = till.fullName(till.catalogue.variant(line.variant)) || line[`name_${till.language}`] || line.variant;
      return make("li", { class: "return-line" },
        make("div", {}, make("strong", {}, name), make("span", { class: "pick-facts" }, [`${line.quantity} × ${rupiah(line.unit_price)}`, line.lot && t("cart.lot", { lot: line.lot }), line.gone ? t("returns.gone", { count: line.gone }) : ""].filter(Boolean).join(" · "))),
        line.left === 0 ? make("p", { class: "pick-facts" }, t("returns.none_left")) : make("div", { class: "return-pick" },
          make("label", { for: units.id }, t("returns.units")), units, make("label", { for: state.id }, t("returns.state")), state));
    };
    const reason = reasonField(t, [t("reason.damaged"), t("reason.wrong_item"), t("reason.changed_mind")]);
    const give = async () => {
      const chosen = [...picks.values()].filter(({ units }) => units > 0);
      if (chosen.length === 0) return say(t("returns.choose"), "bad");
      if (reason.read().length < 3) return say(t("dialog.reason_short"), "bad");
      if (!enough.hidden) return say(enough.textContent, "bad");
      const supervision = await askSupervisor(till, t("returns.supervisor"), reason.read(), sum.textContent);
      if (!supervision) return undefined;
      const body = returnBody(sale.number, chosen, way.value, reason.read(), till.language, supervision);
      const { entry: written, receipt } = await till.write("return", body);
      till.ring("scanned");
      say(t("returns.done", { amount: rupiah(body.amount) }), "good");
      return drawDone(written.body, receipt);
    };
    fill(element, make("div", { class: "close-form" }, make("h1", {}, t("returns.title")), make("p", { class: "entrance-lead" }, sale.number), make("ul", { class: "return-lines" }, sale.lines.map(rowOf)), reason.field,
      make("div", { class: "field" }, make("label", { class: "field-label", for: "return-way" }, t("returns.way")), way), enough,
      make("p", { class: "count-total" }, t("returns.sum"), " ", sum),
      make("div", { class: "sheet-acts" }, button(t("dialog.back"), drawSearch), button(t("returns.act"), give, { look: "primary", large: true }))));
    element.querySelector("select")?.focus();
  };

  const drawDone = (body, receipt) => {
    fill(element, make("div", { class: "close-form" }, make("h1", {}, t("returns.title")), make("p", { class: "paid-change" }, make("span", {}, t(`returns.give_${body.way}`)), make("strong", {}, rupiah(body.way === "cash" ? body.cash : body.amount))),
      make("p", { class: "pick-facts" }, receipt.number),
      make("div", { class: "sheet-acts" }, button(t("paid.print"), () => printBody(till, body, { drawer: body.way === "cash" }), { drawing: "print" }), button(t("paid.next"), leave, { look: "primary", "data-first": true }))));
    element.querySelector("[data-first]").focus();
  };

  // One after the other: a list that is read late must not cover the lines.
  drawSearch().then(() => number && look(number));
  return { element, focus: () => element.querySelector("input, select")?.focus(), escape: leave, onCode: (code) => look(numberOf(code)) };
}

/** The receipt's number in what was scanned. */
function numberOf(code) {
  return /[A-Z0-9]{1,8}-\d{1,2}[A-Z]{0,2}-\d{8}-\d{4,6}/i.exec(code)?.[0] ?? code;
}

