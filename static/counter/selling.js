// The screen of the day: the shelf with its box and pictures on one side, the cart, the payment or the receipt on the other.
import { cartCommands, cartPane } from "./cart_pane.js";
import { isEmpty, lineOf, setQuantity } from "./cart.js";
import { removeOne } from "./cart_acts.js";
import { openCamera } from "./camera.js";
import { hush, openDialog } from "./dialogs.js";
import { button, fill, make } from "./dom.js";
import { finder } from "./finder.js";
import { rupiah } from "./money.js";
import { payPane, startPaying } from "./pay_pane.js";
import { printDone, printsItself, receiptPane } from "./receipt_pane.js";

const MOST_FAVOURITES = 24;

/** @param {import("./till.js").Till} till */
export function sellingScreen(till) {
  const { t } = till;
  const heard = make("p", { class: "visually-hidden", "aria-live": "polite", id: "heard" });
  const grid = make("ul", { class: "favourites", "aria-label": t("sell.favourites") });
  const side = make("section", { class: "side", "aria-label": t("sell.side") });
  const bar = make("div", { class: "bar" });
  const find = finder(till, {
    openCamera: () => openCamera(till, (code) => find.sell(code)),
    enter,
    move: (step) => {
      const keys = till.cart.lines.map((line) => line.key);
      till.selected = keys[Math.min(Math.max(keys.indexOf(till.selected) + step, 0), keys.length - 1)] ?? null;
      till.changed();
    },
    change: (step) => {
      const line = lineOf(till.cart, till.selected);
      if (line) till.setCart(setQuantity(till.cart, line.key, line.quantity + step));
    },
    remove: () => till.selected !== null && removeOne(till, till.selected),
  });
  const element = make("div", { class: "work" },
    make("section", { class: "shelf", "aria-label": t("sell.shelf") }, find.element, grid), side, bar, heard);
  let pane = null;
  let shownMode = null;

  const pay = () => {
    hush();
    return startPaying(till);
  };

  function enter() {
    if (performance.now() < till.settledUntil) return;
    if (till.mode === "paid") till.next();
    else if (!isEmpty(till.cart)) pay();
  }

  const setPane = () => {
    shownMode = till.mode;
    pane = { selling: () => cartPane(till, { pay }), paying: () => payPane(till), paid: () => receiptPane(till) }[till.mode]();
    fill(side, pane.element);
    element.dataset.mode = till.mode;
    if (till.mode === "paid") {
      delete element.dataset.open;
      hush();
      if (printsItself()) printDone(till);
    }
    if (till.mode === "paying") pane.focus();
    else focusFinder();
  };

  const drawBar = () => {
    const totals = till.totals();
    fill(bar,
      button("", () => toggle(), { look: "quiet", drawing: "cart", name: t("cart.show") }),
      make("p", { class: "bar-sum" }, make("span", {}, till.count("cart.items", totals.count)), make("strong", {}, rupiah(totals.total))),
      button(t("cart.pay"), pay, { look: "primary", large: true, disabled: isEmpty(till.cart) }));
  };
  const toggle = (open = element.dataset.open === undefined) => {
    if (open) element.dataset.open = "";
    else delete element.dataset.open;
  };

  const onChange = ({ detail }) => {
    if (detail === "parked") return pane.drawParked?.();
    if (till.mode !== shownMode) setPane();
    else pane.draw();
    drawBar();
    if (till.mode === "selling") till.display({ kind: isEmpty(till.cart) ? "idle" : "cart" });
    if (detail === "cart" && till.mode === "selling") tellLine();
    if (isEmpty(till.cart)) toggle(false);
    return undefined;
  };
  const tellLine = () => {
    const line = lineOf(till.cart, till.selected);
    heard.textContent = line ? t("sell.heard", { quantity: line.quantity, name: till.name(till.catalogue.variant(line.variant)), total: rupiah(line.price * line.quantity) }) : "";
  };

  const drawFavourites = () => {
    const variants = till.catalogue.favourites().slice(0, MOST_FAVOURITES);
    fill(grid, variants.map((variant) => make("li", {}, make("button", { type: "button", class: "favourite", on: { click: () => pick(variant) } },
      picture(variant),
      make("span", { class: "favourite-name" }, till.name(variant)),
      make("span", { class: "favourite-facts" }, make("span", {}, till.pack(variant)), make("strong", {}, variant.price ? rupiah(variant.price) : t("sell.priceless")))))));
    if (variants.length === 0) fill(grid, make("li", { class: "favourites-none" }, t("sell.no_favourites")));
  };
  const pick = (variant) => {
    if (till.add({ variant })) till.ring("scanned");
    if (matchMedia("(pointer: fine)").matches) focusFinder();
  };
  const focusFinder = () => {
    // On a tablet without keys the box would bring up the keyboard for every sale.
    if (matchMedia("(pointer: fine)").matches || till.hasKeys) find.focus();
  };

  side.addEventListener("click", (event) => {
    // A tap or click leaves the box ready; who pressed a key on a button stays there.
    if (event.detail > 0 && till.mode === "selling" && !openDialog()) focusFinder();
  });
  till.addEventListener("change", onChange);
  const onCatalogue = () => drawFavourites();
  till.catalogue.addEventListener?.("change", onCatalogue);
  const onEntry = () => pane.drawState?.();
  till.store.addEventListener("change", onEntry);
  drawFavourites();
  setPane();
  drawBar();

  return {
    element,
    isSelling: true,
    focus: focusFinder,
    /** A letter that was typed beside every box belongs into the one of this moment. */
    typed: () => (till.mode === "paying" ? document.getElementById("given")?.focus() : find.focus()),
    onCode: (code) => find.sell(code),
    commands: () => ({
      find: () => find.focus(),
      pay: () => (till.mode === "paying" ? pane.commands.pay() : enter()),
      exact: () => (till.mode === "paying" ? pane.commands.exact() : till.mode === "selling" && pay()),
      qris: async () => {
        if (till.mode === "selling") await pay();
        if (till.mode === "paying") pane.commands.qris();
      },
      ...(till.mode === "selling" ? cartCommands(till) : pane.commands),
    }),
    escape: () => {
      if (element.dataset.open !== undefined && till.mode === "selling") return toggle(false);
      return pane.escape?.();
    },
    close: () => {
      till.removeEventListener("change", onChange);
      till.catalogue.removeEventListener?.("change", onCatalogue);
      till.store.removeEventListener("change", onEntry);
    },
  };
}

function picture(variant) {
  if (!variant.photo) return make("span", { class: "favourite-blank", "aria-hidden": "true" }, (variant.name_id ?? variant.code).slice(0, 2));
  return make("img", { src: variant.photo, alt: "", width: "160", height: "160", loading: "lazy", decoding: "async", class: "favourite-picture" });
}

