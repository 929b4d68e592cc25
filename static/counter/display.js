// The buyer's screen: what is in the cart, the QRIS code to pay, the change. It only listens to the till of the same browser.
import { fill, make } from "./dom.js";
import { rupiah } from "./money.js";
import { drawQr } from "./qr.js";
import { facts, t } from "./words.js";

const LAST_LINES = 6;
const place = document.querySelector("#display");

const screens = {
  idle: () => [make("p", { class: "display-name" }, facts().shop), make("p", { class: "display-hello" }, t("display.hello"))],
  cart: ({ lines, total }) => (lines.length === 0 ? screens.idle() : [
    make("ul", { class: "display-lines" }, lines.slice(-LAST_LINES).map((line) => make("li", {}, make("span", {}, `${line.quantity} × ${line.name}`), make("strong", {}, rupiah(line.total))))),
    lines.length > LAST_LINES && make("p", { class: "display-more" }, t("display.more", { count: lines.length - LAST_LINES })),
    make("p", { class: "display-total" }, make("span", {}, t("cart.total")), make("strong", {}, rupiah(total))),
  ]),
  qris: ({ payload, amount, merchant }) => [make("p", { class: "display-hello" }, t("display.scan")), make("div", { class: "qris-code", role: "img", "aria-label": t("pay.qris_code", { amount: rupiah(amount) }) }, drawQr(payload)),
    make("p", { class: "display-total" }, make("span", {}, merchant), make("strong", {}, rupiah(amount)))],
  paid: ({ total, change }) => [make("p", { class: "display-total" }, make("span", {}, t("cart.total")), make("strong", {}, rupiah(total))),
    change ? make("p", { class: "display-change" }, make("span", {}, t("paid.change")), make("strong", {}, rupiah(change))) : null, make("p", { class: "display-hello" }, t("display.thanks"))],
};

const show = (what) => {
  place.dataset.kind = what.kind;
  fill(place, (screens[what.kind] ?? screens.idle)(what));
};

const till = new BroadcastChannel("etalase-display");
till.onmessage = ({ data }) => show(data);
show({ kind: "idle" });
till.postMessage({ kind: "hello" });
