// This till's own receipts: found again, printed once more, sent, and whether the server has them.
import { ask } from "./dialogs.js";
import { button, entry, fill, make } from "./dom.js";
import { rupiah } from "./money.js";
import { momentText } from "./moments.js";
import { printBody, share } from "./receipt_pane.js";

const SHOWN = 30;

/** `takeBack(number)` begins a return of what the receipt says. @param {import("./till.js").Till} till */
export async function showReceipts(till, { takeBack }) {
  const { t } = till;
  const receipts = await till.store.receipts({ limit: 500 });
  const zone = till.device.outlet.zone;
  const chosen = await ask(t, t("receipts.title"), (close) => {
    const box = entry(t("receipts.search"), { id: "receipts-search", maxlength: "40" });
    const list = make("ul", { class: "picks" });
    const show = () => {
      const wanted = box.box.value.trim().toUpperCase();
      const found = receipts.filter((each) => each.number.includes(wanted)).slice(0, SHOWN);
      fill(list, found.map((each) => make("li", {}, make("button", { type: "button", class: "key key-quiet pick", on: { click: () => close(each) } },
        make("span", { class: "pick-name" }, each.number, each.kind === "return" && ` · ${t("receipts.return")}`),
        make("span", { class: "pick-facts" }, [rupiah(each.kind === "return" ? -each.total : each.total), momentText(Date.parse(each.at), zone, till.language), t(`receipt.${each.state}`)].join(" · "))))),
        found.length === 0 && make("li", {}, t("receipts.none")));
    };
    box.box.addEventListener("input", show);
    show();
    return [box.field, list];
  }, { wide: true });
  if (chosen) await showReceipt(till, chosen, takeBack);
}

async function showReceipt(till, receipt, takeBack) {
  const { t } = till;
  const { body } = receipt;
  const act = await ask(t, receipt.number, (close) => [
    make("ul", { class: "report-lines" }, body.lines.map((line) => make("li", {}, make("span", {}, `${line.quantity} × ${till.fullName(till.catalogue.variant(line.variant)) || line.variant}`), make("strong", {}, rupiah(line.unit_price ? line.unit_price * line.quantity - line.discount : line.amount))))),
    make("dl", { class: "sums" }, make("dt", { class: "sum-total" }, t("cart.total")), make("dd", { class: "sum-total" }, rupiah(receipt.total))),
    make("p", { class: "paid-state", data: { state: receipt.state } }, t(`receipt.${receipt.state}`)),
    make("div", { class: "sheet-acts" },
      receipt.kind === "sale" && button(t("menu.returns"), () => close("return"), { drawing: "back" }),
      receipt.kind === "sale" && button(t("paid.share"), () => close("share"), { drawing: "chat" }),
      button(t("print.copy"), () => close("print"), { drawing: "print", look: "primary", "data-first": true })),
  ]);
  if (act === "print") await printBody(till, body, { isCopy: true, isUnsynced: receipt.state === "waiting" });
  if (act === "return") takeBack(receipt.number);
  if (act === "share") await share(till, { body, phone: "" });
}
