// Everything a till does beside selling, behind one button: receipts, returns, the drawer, the shift, and the device itself.
import { ask, confirm, form, say } from "./dialogs.js";
import { button, entry, make } from "./dom.js";
import { choosePrinter, printerSettings, printReport } from "./print.js";
import { rupiah } from "./money.js";
import { momentText } from "./moments.js";

/** Opens the menu; `acts` by name do what was chosen. */
export async function openMenu(till, acts) {
  const { t } = till;
  const groups = [
    ["receipts", "returns", "parked"],
    ["cash", "drawer", "report", "close"],
    ["lock", "orders", "display", "printer", "labels", "guide", "keys", "language", "waiting", "unpair"],
  ];
  const drawings = { receipts: "receipt", returns: "back", parked: "parked", cash: "cash", drawer: "drawer", report: "report", close: "check", lock: "lock", display: "screen", printer: "print", labels: "tag", orders: "cart", guide: "info", keys: "keyboard", language: "globe", waiting: "upload", unpair: "trash" };
  const chosen = await ask(t, t("menu.title"), (close) => groups.map((names, index) => make("div", { class: "menu" }, names.filter((name) => acts[name]).map((name, place) =>
    button(t(`menu.${name}`), () => close(name), { drawing: drawings[name], look: name === "unpair" ? "danger" : "quiet", "data-menu": name, ...(index + place === 0 ? { "data-first": true } : {}) })))), { wide: true });
  if (chosen) await acts[chosen]();
}

/** How this till prints. */
export async function askPrinter(till) {
  const { t } = till;
  const now = printerSettings();
  const chosen = await ask(t, t("menu.printer"), (close) => {
    const choice = (name, value, label) => make("label", { class: "choice" }, make("input", { type: "radio", name, value: String(value), checked: String(now[name]) === String(value) }), make("span", {}, label));
    const ways = make("fieldset", { class: "field" }, make("legend", { class: "field-label" }, t("print.way")), ["browser", "bridge", "none"].map((way) => choice("way", way, t(`print.way_${way}`))));
    const papers = make("fieldset", { class: "field" }, make("legend", { class: "field-label" }, t("print.columns")), [32, 42, 48].map((columns) => choice("columns", columns, t(`print.columns_${columns}`))));
    const key = entry(t("print.key"), { id: "bridge-key", value: now.key, maxlength: "80" });
    const read = () => {
      const picked = (name) => document.querySelector(`input[name=${name}]:checked`).value;
      return { value: { way: picked("way"), columns: Number(picked("columns")), key: key.box.value.trim() } };
    };
    return form(t, close, [ways, papers, key.field], read, t("dialog.take"));
  });
  if (!chosen) return;
  choosePrinter(chosen);
  till.changed("printer");
  if (chosen.way === "none") return;
  if (!(await confirm(t, t("menu.printer"), t("menu.printer_test"), t("print.test")))) return;
  const result = await printReport({ outlet: till.catalogue.outlet().name, title: t("print.test"), head: [], sections: [], foot: [], signatures: [] });
  say(t(result.ok ? "print.ready" : `print.${result.reason}`), result.ok ? "good" : "bad");
}

/** What waits for the server and what was set aside, with a file to save them. */
export async function showWaiting(till, { save, retry }) {
  const { t } = till;
  const [waiting, refused] = [await till.store.waiting(), await till.store.refused()];
  const { storage } = till.sync.state;
  const zone = till.device.outlet.zone;
  const when = (entry) => momentText(Date.parse(entry.at), zone, till.language);
  /** What tells one entry from the next: its receipt and its amount. */
  const factsOf = ({ body }) => {
    const { receipt, total, amount = total } = JSON.parse(body);
    return [receipt, Number.isSafeInteger(amount) && rupiah(amount)];
  };
  const row = (each, act) => make("li", { class: "waiting-row" }, make("span", { class: "pick-name" }, t(`entry.${each.kind}`)), make("span", { class: "pick-facts" }, [when(each), ...factsOf(each), each.reason].filter(Boolean).join(" · ")), act);
  const act = await ask(t, t("waiting.title"), (close) => [
    make("p", { class: "sheet-text" }, waiting.length ? t("waiting.text", { count: waiting.length }) : t("waiting.none")),
    refused.length ? [make("h3", {}, t("waiting.refused")), make("p", { class: "sheet-text" }, t("waiting.refused_text")), make("ul", { class: "picks" }, refused.map((each) => row(each, button(t("waiting.retry"), () => close(each.id)))))] : null,
    waiting.length ? make("ul", { class: "picks" }, waiting.slice(0, 50).map((each) => row(each))) : null,
    storage && make("p", { class: storage.persisted ? "pick-facts" : "notice-line" }, t(storage.persisted ? "waiting.kept" : "waiting.not_kept")),
    make("div", { class: "sheet-acts" }, waiting.length + refused.length ? button(t("waiting.save"), () => close("save"), { drawing: "download" }) : null,
      button(t("waiting.sync"), () => close("sync"), { look: "primary", "data-first": true })),
  ], { wide: true });
  if (act === "save") await save();
  else if (act === "sync") await till.sync.syncNow();
  else if (act) await retry(act);
}
