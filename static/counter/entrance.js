// Before selling: pairing the device, choosing who sells and their PIN, opening the shift with its float.
import { ask, askNumber, say } from "./dialogs.js";
import { button, entry, fill, keypad, make } from "./dom.js";
import { LARGEST_AMOUNT, readRupiah, rupiah } from "./money.js";
import { pinPad } from "./pin_pad.js";

/** A calm page of one question. */
function page(title, ...content) {
  return make("div", { class: "entrance" }, make("div", { class: "entrance-box" }, make("h1", {}, title), content));
}

/** The eight digits that the manager sees. `pair(code, label)` answers or throws with a text; `isBlocked` when the office revoked what stood here. */
export function pairingScreen(till, pair, { isBlocked = false } = {}) {
  const { t } = till;
  const code = entry(t("entrance.code"), { id: "pair-code", mode: "numeric", hint: t("entrance.code_hint"), maxlength: "9", autocomplete: "one-time-code" });
  code.box.classList.add("code-box");
  // The office's page draws the digits as a QR code too, which opens this page with them.
  code.box.value = /^#pair=(\d{8})$/.exec(location.hash)?.[1] ?? "";
  if (code.box.value) history.replaceState(null, "", location.pathname);
  const label = entry(t("entrance.label"), { id: "pair-label", value: /Android/.test(navigator.userAgent) ? t("entrance.tablet") : t("entrance.laptop"), hint: t("entrance.label_hint"), maxlength: "80" });
  const wrong = make("p", { class: "field-error", role: "alert", hidden: true });
  let isSending = false;
  const send = async (event) => {
    event.preventDefault();
    const digits = code.box.value.replace(/\D/g, "");
    const refuse = (text) => {
      wrong.hidden = false;
      wrong.textContent = text;
      code.box.focus();
    };
    if (digits.length !== 8) return refuse(t("entrance.code_wrong"));
    if (isSending) return undefined;
    isSending = true;
    wrong.hidden = true;
    try {
      await pair(digits, label.box.value.trim() || t("entrance.laptop"));
    } catch (error) {
      refuse(error.message);
    } finally {
      isSending = false;
    }
    return undefined;
  };
  const element = page(t("entrance.pair"), isBlocked && make("p", { class: "notice-line", role: "status" }, t("entrance.blocked")), make("p", { class: "entrance-lead" }, t("entrance.pair_lead")),
    make("form", { class: "sheet-form", novalidate: true, on: { submit: send } }, code.field, wrong, label.field,
      make("button", { type: "submit", class: "key key-primary key-large" }, t("entrance.pair_act"))));
  return { element, focus: () => code.box.focus() };
}

/** Who sells? Then the PIN. With an open shift of somebody else the till is handed over. */
export function signInScreen(till, signedIn) {
  const { t } = till;
  const place = make("div", { class: "pin-place" });
  const people = till.catalogue.staff();
  const names = make("ul", { class: "people" });
  let pad = null;
  const choose = (person) => {
    for (const each of names.querySelectorAll("button")) each.setAttribute("aria-pressed", String(each.dataset.code === person.code));
    if (!person.pin) return fill(place, make("p", { class: "sheet-text" }, t("entrance.no_pin", { name: person.name })));
    pad = pinPad(till, person, () => signedIn(person));
    fill(place, pad.element);
    return pad.focus();
  };
  fill(names, people.map((person) => make("li", {}, make("button", { type: "button", class: "key key-quiet person", "aria-pressed": "false", data: { code: person.code }, on: { click: () => choose(person) } },
    make("span", { class: "person-name" }, person.name), person.is_supervisor && make("span", { class: "person-role" }, t("entrance.supervisor"))))));
  const none = people.length === 0 && make("div", {}, make("p", { class: "sheet-text" }, t("entrance.no_staff")), button(t("entrance.fetch"), () => till.catalogue.refresh(), { look: "primary" }));
  const element = page(t("entrance.sign_in"), none, names, place);
  const only = people.filter((person) => person.pin);
  const last = only.find((person) => person.code === till.lastPerson) ?? (only.length === 1 ? only[0] : null);
  if (last) queueMicrotask(() => choose(last));
  return { element, focus: () => (pad ? pad.focus() : names.querySelector("button")?.focus()) };
}

/** The money in the drawer before the first sale. */
export function openShiftScreen(till, opened) {
  const { t } = till;
  const float = entry(t("shift.float"), { id: "float", mode: "none", hint: t("shift.float_hint"), maxlength: "11" });
  const shown = make("output", { class: "ask-shown", for: "float" });
  float.box.addEventListener("input", () => {
    const amount = readRupiah(float.box.value);
    shown.textContent = Number.isFinite(amount) ? rupiah(amount) : "";
  });
  let isSending = false;
  const send = async (event) => {
    event.preventDefault();
    const amount = readRupiah(float.box.value || "0");
    if (!(amount >= 0 && amount <= LARGEST_AMOUNT)) {
      say(t("shift.float_wrong"), "bad");
      return float.box.focus();
    }
    if (isSending) return undefined;
    isSending = true;
    try {
      await till.write("shift_opened", { opening_float: amount });
      opened();
    } catch (error) {
      say(error.message, "bad");
    } finally {
      isSending = false;
    }
    return undefined;
  };
  const usual = make("div", { class: "chips chips-even" }, [100_000, 200_000, 300_000, 500_000].map((amount) => button(rupiah(amount), () => {
    float.box.value = String(amount);
    float.box.dispatchEvent(new Event("input"));
    float.box.focus();
  })));
  const element = page(t("shift.open"), make("p", { class: "entrance-lead" }, t("shift.open_lead", { name: till.person.name })),
    make("form", { class: "sheet-form", novalidate: true, on: { submit: send } }, float.field, shown, usual, keypad(float.box, t),
      make("button", { type: "submit", class: "key key-primary key-large" }, t("shift.open_act"))));
  return { element, focus: () => float.box.focus() };
}

/** Another person takes the till: they may count the drawer together. */
export async function handOver(till, person) {
  const { t } = till;
  const counts = await ask(t, t("shift.hand_over"), (close) => [
    make("p", { class: "sheet-text" }, t("shift.hand_over_text", { name: person.name })),
    make("div", { class: "sheet-acts" }, button(t("shift.hand_over_count"), () => close("count")), button(t("shift.hand_over_plain"), () => close("plain"), { look: "primary", "data-first": true })),
  ], { onCode: () => till.ring("refused") });
  if (!counts) return false;
  const counted = counts === "count" ? await askNumber(t, t("shift.counted_cash"), { label: t("shift.counted_cash"), most: LARGEST_AMOUNT, money: true }) : null;
  if (counts === "count" && counted === null) return false;
  const shift = await till.store.shift();
  await till.store.append("handed_over", { cashier: shift.cashier, to: person.code, counted });
  return true;
}

