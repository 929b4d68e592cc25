// Questions of the till: one dialog at a time, closed by its answer, by Escape, or by a scan that means to go on selling.
import { button, entry, fill, keypad, make } from "./dom.js";
import { readRupiah, rupiah } from "./money.js";

/** The open dialog's {element, onCode, close}; null without one. */
let open = null;

export function openDialog() {
  return open;
}

/**
 * Ask. `build(close)` returns the dialog's content; close(value) answers, Escape and the cross answer null.
 * `onCode(code)` takes scans while it is open; without it a scan closes the dialog and is sold.
 */
export function ask(t, title, build, { onCode = null, wide = false } = {}) {
  open?.close(null);
  return new Promise((answer) => {
    const before = document.activeElement;
    const element = make("dialog", { class: `sheet${wide ? " sheet-wide" : ""}`, "aria-labelledby": "sheet-title" });
    let isOpen = true;
    const close = (value = null) => {
      if (!isOpen) return;
      isOpen = false;
      open = null;
      // close() would give the focus back by itself, and taking the dialog out would then take the caret out of that box: keys went nowhere.
      element.remove();
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
      answer(value);
    };
    element.addEventListener("cancel", (event) => {
      event.preventDefault();
      close(null);
    });
    element.append(
      make("div", { class: "sheet-head" },
        make("h2", { id: "sheet-title" }, title),
        button("", () => close(null), { look: "plain", drawing: "close", name: t("dialog.close") })),
      make("div", { class: "sheet-body" }, build(close)),
    );
    document.body.append(element);
    open = { element, onCode, close };
    element.showModal();
    const first = element.querySelector("[data-first]") ?? element.querySelector(".sheet-body input, .sheet-body button");
    first?.focus();
    if (first instanceof HTMLInputElement) first.select();
  });
}

/** A form that answers with what `read()` gives; `read` returns {value} or {wrong: text}. */
export function form(t, close, parts, read, label) {
  const wrong = make("p", { class: "field-error", role: "alert", hidden: true });
  const send = (event) => {
    event.preventDefault();
    const found = read();
    wrong.hidden = !found.wrong;
    wrong.textContent = found.wrong ?? "";
    if (!found.wrong) return close(found.value);
    return (found.at ?? event.target.querySelector("input"))?.focus();
  };
  return make("form", { class: "sheet-form", novalidate: true, on: { submit: send } }, parts, wrong,
    make("div", { class: "sheet-acts" },
      button(t("dialog.back"), () => close(null)),
      make("button", { type: "submit", class: "key key-primary" }, label)));
}

/** A whole number or an amount by digits; null when it was left. */
export function askNumber(t, title, { label, value = "", least = 0, most, money = false, act, hint = "", pad = true }) {
  return ask(t, title, (close) => {
    const { field, box } = entry(label, { id: "ask-number", mode: pad ? "none" : "numeric", value: String(value), hint, maxlength: "11", data: { first: "" } });
    box.setAttribute("data-first", "");
    const shown = make("output", { class: "ask-shown", for: "ask-number" });
    const show = () => {
      const number = readRupiah(box.value);
      shown.textContent = money && Number.isFinite(number) ? rupiah(number) : "";
    };
    box.addEventListener("input", show);
    show();
    const read = () => {
      const number = readRupiah(box.value);
      if (Number.isSafeInteger(number) && number >= least && number <= most) return { value: number };
      return { wrong: t("dialog.between", { least: money ? rupiah(least) : least, most: money ? rupiah(most) : most }) };
    };
    return form(t, close, [field, money && shown, pad && keypad(box, t, { zeros: money })], read, act ?? t("dialog.take"));
  });
}

/** A text; null when it was left. */
export function askText(t, title, { label, value = "", least = 0, most = 240, mode = "text", hint = "", act, onCode = null }) {
  return ask(t, title, (close) => {
    const { field, box } = entry(label, { id: "ask-text", mode, value, hint, maxlength: String(most) });
    const read = () => {
      const text = box.value.trim();
      return text.length >= least ? { value: text } : { wrong: t("dialog.short") };
    };
    return form(t, close, [field], read, act ?? t("dialog.take"));
  }, { onCode });
}

/** A reason: one of the usual ones by a tap, or typed. */
export function askReason(t, title, usual, act) {
  return ask(t, title, (close) => {
    const { field, box } = entry(t("dialog.reason"), { id: "ask-reason", maxlength: "240" });
    const chips = make("div", { class: "chips" }, usual.map((text, place) => button(text, () => close(text), place === 0 ? { "data-first": true } : {})));
    const read = () => (box.value.trim().length >= 3 ? { value: box.value.trim() } : { wrong: t("dialog.reason_short") });
    return [chips, form(t, close, [field], read, act)];
  });
}

export function confirm(t, title, text, act, { danger = false } = {}) {
  return ask(t, title, (close) => [
    make("p", { class: "sheet-text" }, text),
    make("div", { class: "sheet-acts" },
      button(t("dialog.back"), () => close(null)),
      button(act, () => close(true), { look: danger ? "danger" : "primary", "data-first": true })),
  ]);
}

/** Something to read. */
export function tell(t, title, content) {
  return ask(t, title, (close) => [content, make("div", { class: "sheet-acts" }, button(t("dialog.understood"), () => close(true), { look: "primary", "data-first": true }))]);
}

const told = { timer: 0 };

/** A line under the status bar, and the same to a screen reader; `kind` is info, good or bad. It goes when the next one comes. */
export function say(text, kind = "info") {
  const place = document.getElementById("said");
  const urgent = document.getElementById("alarm");
  clearTimeout(told.timer);
  place.dataset.kind = kind;
  fill(kind === "bad" ? urgent : place, text);
  fill(kind === "bad" ? place : urgent);
  document.body.dataset.said = kind;
  told.timer = setTimeout(hush, kind === "bad" ? 12_000 : 5_000);
}

export function hush() {
  clearTimeout(told.timer);
  fill(document.getElementById("said"));
  fill(document.getElementById("alarm"));
  delete document.body.dataset.said;
}

/** What was refused before is over: the screen that it was about has gone on. */
export function hushAlarm() {
  if (document.body.dataset.said === "bad") hush();
}
