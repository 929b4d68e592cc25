// The box that is always ready: a scanned or typed number, or the first letters of a name with what fits below it.
import { say } from "./dialogs.js";
import { button, fill, icon, make } from "./dom.js";
import { rupiah } from "./money.js";

const MOST_FOUND = 8;
/** `3*` or `3x`: the next scan counts three times. */
const TIMES = /^(\d{1,2})[*x×]$/i;
/** Only digits: a number of an article, which fits wholly or not at all. */
const NUMBER = /^\d{6,}$/;

/**
 * @param {import("./till.js").Till} till
 * @param {{openCamera: () => void, enter: () => void, move: (step: number) => void, change: (step: number) => void, remove: () => void}} acts
 */
export function finder(till, acts) {
  const { t } = till;
  const box = make("input", {
    id: "finder", type: "text", class: "finder-box", autocomplete: "off", autocapitalize: "off", spellcheck: "false", enterkeyhint: "search", maxlength: "200",
    role: "combobox", "aria-expanded": "false", "aria-controls": "found", "aria-autocomplete": "list", "aria-label": t("find.label"), placeholder: t("find.placeholder"),
  });
  const list = make("ul", { id: "found", class: "found", role: "listbox", "aria-label": t("find.found"), hidden: true });
  const times = make("span", { class: "finder-times", hidden: true });
  const element = make("div", { class: "finder", role: "search" }, icon("search"), times, box,
    button("", acts.openCamera, { look: "plain", drawing: "camera", name: t("find.camera") }), list);
  let found = [];
  let active = -1;
  let quantity = 1;

  const setQuantity = (next) => {
    quantity = next;
    times.hidden = next === 1;
    times.textContent = `${next} ×`;
  };
  const mark = (index) => {
    list.children[active]?.setAttribute("aria-selected", "false");
    active = index;
    const option = list.children[index];
    if (!option) return box.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    return box.setAttribute("aria-activedescendant", option.id);
  };
  const show = (variants) => {
    found = variants;
    fill(list, variants.map((variant, index) => make("li", { id: `found-${index}`, role: "option", "aria-selected": "false", on: { mousedown: (event) => event.preventDefault(), click: () => choose(variant) } },
      make("span", { class: "found-name" }, till.fullName(variant)),
      make("span", { class: "found-facts" }, [variant.maker, variant.village].filter(Boolean).join(" · ")),
      make("strong", {}, variant.price ? rupiah(variant.price) : t("sell.priceless")))));
    list.hidden = variants.length === 0;
    box.setAttribute("aria-expanded", String(variants.length > 0));
    mark(variants.length ? 0 : -1);
  };
  const clear = () => {
    box.value = "";
    show([]);
  };
  const choose = (variant, lot = null) => {
    const isSold = till.add({ variant, lot }, quantity);
    if (isSold) setQuantity(1);
    clear();
    box.focus({ preventScroll: true });
    return isSold;
  };

  /** A whole code, from a scanner or typed. */
  const sell = (code) => {
    const hit = till.catalogue.find(code);
    if (hit) {
      if (choose(hit.variant, hit.lot ?? null)) till.ring("scanned");
      return;
    }
    till.ring("refused");
    if (till.mode === "paid") till.next();
    box.value = code;
    box.focus({ preventScroll: true });
    box.select();
    show(till.catalogue.search(code, MOST_FOUND));
    say(t("find.unknown", { code }), "bad");
  };

  box.addEventListener("input", () => {
    const times = TIMES.exec(box.value.trim());
    if (times && Number(times[1]) > 0) {
      setQuantity(Number(times[1]));
      return clear();
    }
    const text = box.value.trim();
    return show(text.length >= 2 && !NUMBER.test(text) ? till.catalogue.search(text, MOST_FOUND) : []);
  });
  box.addEventListener("keydown", (event) => {
    const isEmpty = box.value === "";
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Enter") {
      const text = box.value.trim();
      if (event.repeat) event.preventDefault();
      else if (!text) acts.enter();
      else if (NUMBER.test(text) || !found.length || till.catalogue.find(text)) sell(text);
      else choose(found[Math.max(active, 0)]);
    } else if (step && found.length) mark((active + step + found.length) % found.length);
    else if (step && isEmpty) acts.move(step);
    else if (isEmpty && (event.key === "+" || event.key === "-")) acts.change(event.key === "+" ? 1 : -1);
    else if (isEmpty && event.key === "Delete") acts.remove();
    else if (event.key === "Escape" && (!isEmpty || quantity > 1)) {
      clear();
      setQuantity(1);
      event.stopPropagation();
    } else return;
    event.preventDefault();
  });
  box.addEventListener("blur", () => setTimeout(() => document.activeElement !== box && show([]), 150));
  return { element, box, sell, focus: () => box.focus({ preventScroll: true }), clear };
}
