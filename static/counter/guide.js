// The first sale alone (U35): five short steps beside the till that look after themselves, and the keyboard map.
import { tell } from "./dialogs.js";
import { button, fill, make } from "./dom.js";
import { KEYS } from "./keys.js";

const STEPS = ["scan", "check", "pay", "change", "next"];

/** Shows the next step as the cashier goes; ends after the first sale, or when it is sent away. */
export function guide(till) {
  const { t } = till;
  const element = make("aside", { class: "guide", "aria-label": t("guide.title"), hidden: true });
  let step = null;

  const draw = () => {
    element.hidden = step === null;
    if (step === null) return;
    fill(element,
      make("ol", { class: "guide-steps" }, STEPS.map((name, index) => make("li", { "aria-current": index === step ? "step" : null, class: index < step ? "is-done" : null },
        make("strong", {}, t(`guide.${name}`)), index === step && make("span", {}, t(`guide.${name}_how`))))),
      button(t("guide.end"), end, { look: "plain", drawing: "close", name: t("guide.end") }));
  };
  const end = async () => {
    step = null;
    draw();
    await till.store.setting("guide_done", true);
  };
  const follow = () => {
    if (step === null) return;
    const paid = till.mode === "paid";
    const count = till.cart.lines.length;
    const next = paid ? 3 : till.mode === "paying" ? 2 : count ? 1 : step >= 3 ? 4 : 0;
    if (next === step) return;
    step = next;
    draw();
    if (step === 4) end();
  };
  till.addEventListener("change", follow);
  return {
    element,
    begin: async ({ anew = false } = {}) => {
      if (!anew && (await till.store.setting("guide_done"))) return;
      step = 0;
      draw();
      follow();
    },
  };
}

/** F1: every key with what it does. */
export function showKeys(till) {
  const { t } = till;
  const names = Object.entries(KEYS);
  return tell(t, t("keys.title"), make("div", {},
    make("dl", { class: "keys" }, names.map(([name, key]) => [make("dt", {}, make("kbd", {}, key)), make("dd", {}, t(`keys.${name}`))]),
      [["Enter", "keys.enter"], ["Esc", "keys.escape"], ["↑ ↓", "keys.move"], ["+ −", "keys.steps"], ["Del", "keys.delete"], ["3*", "keys.times"], ["Alt+1 … 4", "keys.notes"]].map(([key, text]) => [make("dt", {}, make("kbd", {}, key)), make("dd", {}, t(text))]))));
}
