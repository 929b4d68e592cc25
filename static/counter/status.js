// What is always visible: the network, how much the server has not got yet, when it last had everything, the printer, who sells.
import { say } from "./dialogs.js";
import { button, fill, icon, make } from "./dom.js";
import { clockOf, dayOf, dayText } from "./moments.js";
import { printerState } from "./print.js";

const PRINTER_EVERY_MS = 30_000;

/** @param {import("./till.js").Till} till */
export function statusBar(till, { openMenu, openWaiting }) {
  const { t } = till;
  const part = (name, drawing) => {
    const text = make("span", { class: "status-text" });
    const element = make("span", { class: "status-part", data: { part: name } }, icon(drawing), text);
    return { element, set: (kind, said, short = said) => {
      element.dataset.kind = kind;
      element.title = said;
      fill(text, make("span", { class: "status-long" }, said), make("span", { class: "status-short", "aria-hidden": "true" }, short));
    } };
  };
  const network = part("network", "network");
  const waiting = part("waiting", "upload");
  const synced = part("synced", "synced");
  const time = part("clock", "clock");
  const printer = part("printer", "print");
  const who = make("span", { class: "status-who" });
  const waitingButton = make("button", { type: "button", class: "status-button", on: { click: openWaiting } }, waiting.element);
  const element = make("header", { class: "status" },
    make("div", { class: "status-place" }, icon("mark"), make("strong", { class: "status-till" }), who),
    make("div", { class: "status-parts", role: "status", "aria-label": t("status.label") }, network.element, waitingButton, synced.element, time.element, printer.element),
    button(t("status.menu"), openMenu, { look: "plain", drawing: "menu", name: t("status.menu") }));

  let isUnknown = false;
  let toldOff = 0;

  const draw = () => {
    const { online, waiting: count, refused, revoked, unknown, minutesOff, lastSync } = till.sync.state;
    if (unknown && !isUnknown) say(t("sync.unknown"), "bad");
    isUnknown = unknown;
    const clockWords = minutesOff && t(minutesOff > 0 ? "status.clock_ahead" : "status.clock_behind", { minutes: Math.abs(minutesOff) });
    if (minutesOff && minutesOff !== toldOff) say(clockWords, "bad");
    toldOff = minutesOff;
    time.element.hidden = !minutesOff;
    time.set("warn", clockWords || "", `${minutesOff > 0 ? "+" : "−"}${Math.abs(minutesOff)}′`);
    const zone = till.device?.outlet?.zone ?? "WIB";
    element.querySelector(".status-till").textContent = till.device?.till?.name ?? t("status.till");
    who.textContent = till.person?.name ?? "";
    document.body.dataset.online = String(online);
    element.querySelector(".status-parts").hidden = !till.device; // before it is paired there is nothing to say
    const [kind, said, short = said] = revoked ? ["bad", "status.revoked"] : online ? ["good", "sync.online"] : online === null ? ["plain", "status.connecting"] : ["warn", "status.offline", "sync.offline"];
    network.set(kind, t(said), t(short));
    const waits = count ? t("sync.waiting", { count }) : t("status.all_synced");
    waiting.set(refused ? "bad" : count ? "warn" : "good", refused ? `${waits}, ${t("sync.refused", { count: refused })}` : waits, refused ? `${count} / ${refused}!` : String(count));
    const at = lastSync ? new Date(lastSync).getTime() : null;
    const isToday = at && dayOf(at, zone) === dayOf(Date.now(), zone);
    const clock = at ? (isToday ? clockOf(at, zone) : dayText(dayOf(at, zone), till.language)) : "–";
    synced.set(at ? "plain" : "warn", at ? t("sync.last", { time: clock }) : t("sync.never"), clock);
  };
  const drawPrinter = async () => {
    const { state } = await printerState().catch(() => ({ state: "trouble" }));
    const kind = { ready: "good", browser: "plain", none: "plain" }[state] ?? "bad";
    printer.set(kind, t(`print.${state}`), kind === "bad" ? "!" : "");
  };
  till.sync.addEventListener("change", draw);
  till.addEventListener("change", ({ detail }) => detail === "person" && draw());
  draw();
  drawPrinter();
  setInterval(drawPrinter, PRINTER_EVERY_MS);
  return { element, draw, drawPrinter };
}
