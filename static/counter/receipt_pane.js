// After a sale: the change in large figures, paper and WhatsApp, and nothing to press before the next scan.
import { ask, form, say } from "./dialogs.js";
import { button, entry, fill, make } from "./dom.js";
import { readPhone } from "./cart_acts.js";
import { rupiah } from "./money.js";
import { printReceipt, printerSettings, receiptData, shareMessage } from "./print.js";
import { changeParts } from "./tenders.js";

/** @param {import("./till.js").Till} till */
export function receiptPane(till) {
  const { t } = till;
  const element = make("div", { class: "pane paid" });
  const state = make("p", { class: "paid-state" });

  const draw = () => {
    const { body, number } = till.done;
    const cash = body.tenders.find((tender) => tender.method === "cash");
    const rounding = cash ? cash.cash - cash.amount : 0;
    const parts = cash?.change ? changeParts(cash.change).map(([value, count]) => `${count} × ${rupiah(value)}`).join(", ") : "";
    fill(element,
      make("div", { class: "paid-change", role: "status" },
        make("span", {}, cash ? t("paid.change") : t("paid.done")),
        make("strong", {}, rupiah(cash ? cash.change : body.total)),
        parts && make("small", {}, parts)),
      make("dl", { class: "sums" },
        row(t("cart.total"), rupiah(body.total)),
        rounding ? row(t("pay.rounding_line"), `${rounding < 0 ? "−" : "+"}${rupiah(Math.abs(rounding))}`) : null,
        body.tenders.map((tender) => row(t(`tender.${tender.method}`), rupiah(tender.method === "cash" ? tender.given : tender.amount))),
        row(t("paid.number"), number)),
      state,
      make("div", { class: "paid-acts" },
        button(t("paid.print"), () => printDone(till), { drawing: "print", hint: "Alt+S" }),
        button(t("paid.share"), () => share(till, till.done), { drawing: "chat" })),
      make("div", { class: "paid-next" },
        button(t("paid.next"), () => till.next(), { look: "primary", large: true, hint: "Enter", "data-next": true }),
        make("p", {}, t("paid.next_hint"))));
    drawState();
    till.display({ kind: "paid", total: body.total, change: cash?.change ?? 0 });
  };

  const drawState = async () => {
    const found = till.done && (await till.store.receipt(till.done.number));
    if (!found) return;
    state.textContent = t(`receipt.${found.state}`);
    state.dataset.state = found.state;
  };

  draw();
  return { element, draw, drawState, commands: { print: () => printDone(till) }, escape: () => till.next() };
}

function row(label, text) {
  return [make("dt", {}, label), make("dd", {}, text)];
}

/** Print what was just sold; the drawer opens with it when cash was taken. */
export async function printDone(till, { isCopy = false } = {}) {
  const { body } = till.done;
  await printBody(till, body, { isCopy, drawer: body.tenders.some((tender) => tender.method === "cash") });
}

export async function printBody(till, body, { isCopy = false, isUnsynced = false, drawer = false } = {}) {
  const result = await printReceipt(await receiptData(body, till.catalogue, { isCopy, isUnsynced }), { drawer });
  if (!result.ok) {
    till.ring("refused");
    say(till.t(`print.${result.reason}`), "bad");
  }
}

/** Whether paper comes by itself: only where a bridge prints without asking. */
export function printsItself() {
  return printerSettings().way === "bridge";
}

/** Send the receipt's address: asks for the number unless the buyer gave it. */
export async function share(till, { body, phone }) {
  const { t } = till;
  const receipt = await receiptData(body, till.catalogue);
  const opened = await ask(t, t("share.title"), (close) => {
    const { field, box } = entry(t("customer.phone"), { id: "share-phone", mode: "tel", value: phone ?? "", hint: t("share.hint"), maxlength: "20" });
    const read = () => {
      const number = box.value.trim() ? readPhone(box.value) : "";
      return number === null ? { wrong: t("customer.wrong") } : { value: number };
    };
    return form(t, close, [field], read, t("share.act"));
  });
  if (opened === null) return;
  window.open(shareMessage(receipt, opened).address, "_blank", "noopener");
}
