// The till page begins here: opens the store, shows the screen that is due, and hands keys and scans to whoever is on the screen.
import { isEmpty } from "./cart.js";
import { openCatalogue } from "./catalogue.js";
import { showParked } from "./cart_acts.js";
import { confirm, hushAlarm, openDialog, say } from "./dialogs.js";
import { button, fill, make } from "./dom.js";
import { handOver, openShiftScreen, pairingScreen, signInScreen } from "./entrance.js";
import { guide, showKeys } from "./guide.js";
import { listenForKeys } from "./keys.js";
import { askPrinter, openMenu, showWaiting } from "./menu.js";
import { labelsAddress, ordersAddress } from "./print.js";
import { pair, unpair } from "./pairing.js";
import { showReceipts } from "./receipts.js";
import { saveRescue } from "./rescue.js";
import { returnsScreen } from "./returns.js";
import { listenForScans } from "./scan.js";
import { sellingScreen } from "./selling.js";
import { closeScreen, moveCash, openWithoutSale, reportScreen, reportX } from "./shift.js";
import { statusBar } from "./status.js";
import { openStore } from "./store.js";
import { startSync } from "./sync.js";
import { Till } from "./till.js";
import { Updates } from "./updates.js";
import { facts, t } from "./words.js";

const PERSON = "etalase.person";
/** Set while the page loads anew because the office blocked this device: the next screen says why nobody can sell. */
const BLOCKED = "etalase.blocked";
const stage = document.querySelector("#till");
const updates = new Updates();
let screen = null;
let till = null;
let steps = null;

function show(next) {
  screen?.close?.();
  hushAlarm();
  screen = next;
  fill(stage, next.element);
  document.body.dataset.screen = next.name ?? "";
  next.focus?.();
}

/** What is due: pairing, a person, a shift, then selling. */
async function goOn() {
  const { store } = till;
  const signedIn = async (person) => {
    sessionStorage.setItem(PERSON, person.code);
    const shift = await store.shift();
    if (shift && shift.cashier !== person.code && !(await handOver(till, person))) return goOn();
    Object.assign(till, { person, lastPerson: person.code });
    till.changed("person");
    return goOn();
  };
  if (!till.person) return show({ ...signInScreen(till, signedIn), name: "sign-in" });
  if (!(await store.shift())) return show({ ...openShiftScreen(till, goOn), name: "open-shift" });
  show({ ...sellingScreen(till), name: "selling" });
  return steps.begin();
}

function lock() {
  if (till.mode === "paying") return say(t("sell.pay_first"), "bad");
  sessionStorage.removeItem(PERSON);
  till.person = null;
  till.changed("person");
  return goOn();
}

async function closeShift() {
  if (!isEmpty(till.cart) && till.mode !== "paid") return say(t("close.cart_first"), "bad");
  if ((await till.store.parked()).length) return say(t("close.parked_first"), "bad");
  till.next();
  return show({ ...closeScreen(till, { leave: goOn, closed: reportLast }), name: "close" });
}

async function reportLast() {
  show({ ...reportScreen(till, await till.store.lastShift(), { done: lock }), name: "report" });
}

async function leaveTill() {
  const waiting = till.sync.state.waiting;
  if (waiting) return say(t("store.waiting", { count: waiting }), "bad");
  if (!(await confirm(t, t("menu.unpair"), t("unpair.text"), t("unpair.act"), { danger: true }))) return undefined;
  try {
    await unpair(till.store);
    sessionStorage.clear();
    location.reload();
  } catch (error) {
    say(error.message, "bad");
  }
  return undefined;
}

const takeBack = (number = "") => show({ ...returnsScreen(till, { leave: goOn, number }), name: "returns" });
const waiting = () => showWaiting(till, { save: () => saveRescue(till.store.name), retry: (id) => till.store.retry(id) });

function acts() {
  const isOpen = screen?.isSelling;
  const always = {
    lock: till.person && lock,
    display: () => window.open(`${facts().base}display`, "etalase-display", "popup,width=800,height=600"),
    printer: () => askPrinter(till),
    labels: till.device && (() => window.open(labelsAddress(till.catalogue.outlet().code, facts().language), "_blank", "noopener")),
    orders: till.device && (() => window.open(ordersAddress(facts().language), "_blank", "noopener")),
    keys: () => showKeys(till),
    language: () => { location.href = facts().language === "id" ? "/en/counter/" : "/counter/"; },
    waiting,
    unpair: leaveTill,
  };
  const selling = isOpen && {
    receipts: () => showReceipts(till, { takeBack }),
    returns: () => takeBack(),
    parked: () => showParked(till),
    cash: () => moveCash(till),
    drawer: () => openWithoutSale(till),
    report: () => reportX(till),
    close: closeShift,
    guide: () => steps.begin({ anew: true }),
  };
  return { ...always, ...selling };
}

function listen() {
  listenForScans((code) => {
    const dialog = openDialog();
    if (dialog?.onCode) return dialog.onCode(code);
    dialog?.close(null);
    if (screen?.onCode) return screen.onCode(code);
    return till.ring("refused");
  });
  listenForKeys(() => (openDialog() ? {} : { help: () => showKeys(till), menu: () => openMenu(till, acts()), lock: till.person ? lock : null, ...screen?.commands?.() }));
  document.addEventListener("keydown", (event) => {
    if (openDialog() || event.defaultPrevented) return;
    if (event.key === "Escape") screen?.escape?.();
    const isLetter = [...event.key].length === 1 && event.key !== " " && !event.ctrlKey && !event.altKey && !event.metaKey;
    if (!isLetter || event.target.closest("input, textarea, select")) return;
    till.hasKeys = true;
    if (event.key === "/") event.preventDefault();
    screen?.typed?.();
  });
  const isPhone = matchMedia("(max-width: 47.99rem)");
  document.addEventListener("click", (event) => {
    if (performance.now() >= till.settledUntil || !(isPhone.matches || event.target.closest(".side"))) return;
    event.preventDefault();
    event.stopPropagation();
  }, true);
  till.customer.onmessage = ({ data }) => data.kind === "hello" && till.display({ kind: isEmpty(till.cart) ? "idle" : "cart" });
  till.addEventListener("change", () => updates.busy(till.mode === "paying" || (till.mode === "selling" && !isEmpty(till.cart))));
  till.store.addEventListener("change", ({ detail }) => {
    if (detail.what !== "wiped") return;
    if (till.sync.state.revoked) sessionStorage.setItem(BLOCKED, "1");
    location.reload();
  });
  navigator.wakeLock?.request("screen").catch(() => {});
}

async function begin() {
  const store = await openStore();
  const device = await store.device();
  const sync = startSync(store);
  const catalogue = await openCatalogue(store);
  till = new Till({ store, sync, catalogue, t, facts: facts(), device });
  const bar = statusBar(till, { openMenu: () => openMenu(till, acts()), openWaiting: () => device && waiting() });
  document.querySelector("#status").append(bar.element);
  steps = guide(till);
  document.querySelector("#guide").append(steps.element);
  stage.hidden = false;
  if (!device) {
    show({ ...pairingScreen(till, async (code, label) => {
      await pair(store, code, label);
      sessionStorage.removeItem(BLOCKED);
      location.reload();
    }, { isBlocked: sessionStorage.getItem(BLOCKED) !== null }), name: "pair" });
  } else {
    till.restore();
    await ready(catalogue);
    till.person = catalogue.staff().find((each) => each.code === sessionStorage.getItem(PERSON)) ?? null;
    till.changed("person");
    listen();
    await goOn();
  }
  document.body.dataset.ready = "";
  updates.addEventListener("ready", () => say(t("update.ready")));
  await updates.start();
}

/** The first catalogue is waited for; later ones come while the till sells. */
async function ready(catalogue) {
  if (catalogue.outlet()) {
    catalogue.refresh().catch(() => {});
    return;
  }
  fill(stage, make("p", { class: "entrance" }, t("entrance.fetching")));
  await catalogue.refresh().catch(() => {});
}

/** The store cannot be opened: what waits in it can still be saved. */
function broken(error) {
  stage.hidden = false;
  fill(stage, make("div", { class: "entrance" }, make("div", { class: "entrance-box" }, make("h1", {}, t("broken.title")), make("p", {}, error.message),
    button(t("waiting.save"), () => saveRescue(), { look: "primary", large: true }))));
  document.body.dataset.ready = "broken";
}

begin().catch(broken);

