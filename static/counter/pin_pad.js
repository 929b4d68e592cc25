// Asking for a person's PIN: to sign in, and a supervisor's for what a cashier may not do alone. Works without a network.
import { ask } from "./dialogs.js";
import { fill, keypad, make } from "./dom.js";

export const PIN_LENGTH = 6;

/** How long a lock still is, in words. */
export function lockText(t, milliseconds) {
  return t("pin.locked", { minutes: Math.ceil(milliseconds / 60_000) });
}

/**
 * A PIN pad for `person` that calls `right()` once its PIN was typed; six digits need no key to end them.
 * Returns {element, focus}.
 */
export function pinPad(till, person, right) {
  const { t, guard } = till;
  const box = make("input", {
    id: "pin", class: "pin-box", type: "password", inputmode: "none", autocomplete: "off", maxlength: String(PIN_LENGTH), "aria-label": t("pin.of", { name: person.name }),
    "aria-describedby": "pin-said", "data-first": true,
  });
  const dots = make("span", { class: "pin-dots", "aria-hidden": "true" });
  const said = make("p", { class: "pin-said", id: "pin-said", role: "alert" });
  let isTrying = false;
  const draw = () => fill(dots, Array.from({ length: PIN_LENGTH }, (_none, place) => make("i", { class: place < box.value.length ? "is-full" : "" })));
  const check = async () => {
    box.value = box.value.replace(/\D/g, "");
    draw();
    if (box.value.length < PIN_LENGTH || isTrying) return;
    isTrying = true;
    try {
      const result = await guard.try(person, box.value);
      if (result.right) return right();
      box.value = "";
      draw();
      till.ring("refused");
      fill(said, result.lockedMs ? lockText(t, result.lockedMs) : t("pin.wrong", { left: result.left }));
    } finally {
      isTrying = false;
    }
    return undefined;
  };
  box.addEventListener("input", check);
  draw();
  guard.lockedMs(person).then((locked) => locked && fill(said, lockText(t, locked)));
  const element = make("div", { class: "pin" }, make("label", { class: "pin-field", for: "pin" }, dots, box), said, keypad(box, t, { zeros: false }));
  return { element, focus: () => box.focus() };
}

/** A supervisor's PIN because of `why`, for `what` in figures; {code, reason} or null when nobody gave it. */
export function askSupervisor(till, why, reason, what = "") {
  const { t } = till;
  const people = till.catalogue.staff().filter((each) => each.is_supervisor && each.pin);
  return ask(t, t("pin.supervisor"), (close) => {
    if (people.length === 0) return make("p", { class: "sheet-text" }, t("pin.no_supervisor"));
    const place = make("div", { class: "pin-place" });
    const choose = (person) => {
      for (const each of names.children) each.setAttribute("aria-pressed", String(each.dataset.code === person.code));
      const pad = pinPad(till, person, () => close({ code: person.code, reason }));
      fill(place, pad.element);
      pad.focus();
    };
    const names = make("div", { class: "chips", role: "group", "aria-label": t("pin.who") }, people.map((person) =>
      make("button", { type: "button", class: "key key-quiet", "aria-pressed": "false", data: { code: person.code }, on: { click: () => choose(person) } }, person.name)));
    queueMicrotask(() => choose(people[0]));
    const asked = what && make("p", { class: "sheet-asked" }, make("strong", {}, what), reason && make("span", {}, reason));
    return [make("p", { class: "sheet-text" }, why), asked, names, place];
  }, { onCode: () => till.ring("refused") });
}
