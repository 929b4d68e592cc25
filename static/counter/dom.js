// Making elements: the till builds its screens from values, never from HTML text.

const SVG = "http://www.w3.org/2000/svg";

/**
 * An element. Of `attributes`, `on` holds listeners, `data` the dataset, `text` the text; null and false leave one out, true gives an
 * empty one. Children are nodes or texts, null and false among them are skipped.
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") for (const [event, act] of Object.entries(value)) element.addEventListener(event, act);
    else if (name === "data") Object.assign(element.dataset, value);
    else if (name === "text") element.textContent = value;
    else if (name === "value") element.value = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** A drawing of the page's own sheet (templates/counter/_icons.html). */
export function icon(name) {
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("class", "icon");
  drawing.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  drawing.append(use);
  return drawing;
}

/**
 * A button whose act runs once at a time: a second tap while it works does nothing.
 * `look` is primary, quiet, danger, plain or key; `hint` is the key that does the same.
 */
export function button(label, act, { look = "quiet", drawing = null, hint = "", name = null, large = false, ...rest } = {}) {
  let isBusy = false;
  const once = async (event) => {
    if (isBusy) return;
    isBusy = true;
    try {
      await act(event);
    } finally {
      isBusy = false;
    }
  };
  return make(
    "button",
    { type: "button", class: `key key-${look}${large ? " key-large" : ""}`, "aria-label": name, on: { click: once }, ...rest },
    drawing && icon(drawing),
    label && make("span", { class: "key-label" }, label),
    hint && make("kbd", { class: "key-hint", "aria-hidden": "true" }, hint),
  );
}

/** A labelled box for typing; returns {field, box}. `mode` is the keyboard that a phone shows. */
export function entry(label, { id, mode = "text", value = "", hint = "", type = "text", ...rest } = {}) {
  const box = make("input", { id, type, inputmode: mode, autocomplete: "off", autocapitalize: "off", spellcheck: "false", value, ...rest });
  const below = hint ? make("span", { class: "field-hint", id: `${id}-hint` }, hint) : null;
  if (below) box.setAttribute("aria-describedby", below.id);
  return { box, field: make("div", { class: "field" }, make("label", { class: "field-label", for: id }, label), below, box) };
}

/** The digits for fingers, writing into `box`; `done` is what its last key does. */
export function keypad(box, t, { zeros = true, done = null, doneLabel = "" } = {}) {
  const write = (change) => {
    box.value = change(box.value).slice(0, Number(box.maxLength) > 0 ? box.maxLength : 11);
    box.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const digit = (text) => make("button", { type: "button", class: "pad-key", on: { click: () => write((before) => before + text) } }, text);
  const back = make(
    "button",
    { type: "button", class: "pad-key", "aria-label": t("erase"), on: { click: () => write((before) => before.slice(0, -1)) } },
    icon("erase"),
  );
  const keys = ["7", "8", "9", "4", "5", "6", "1", "2", "3"].map(digit);
  const last = done ? make("button", { type: "button", class: "pad-key pad-done", on: { click: done } }, doneLabel) : null;
  return make("div", { class: "pad", role: "group", "aria-label": t("digits") }, ...keys, zeros ? digit("000") : make("span"), digit("0"), back, last);
}

/** Replace what is in `place`. */
export function fill(place, ...children) {
  place.replaceChildren(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return place;
}
