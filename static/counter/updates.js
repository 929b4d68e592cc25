// The service workers, and the moment when a new version may take over: never while somebody types a sale, in any tab.
import { facts } from "./words.js";

const TYPING = "etalase-till-typing";
/** How often the server is asked for a new version. */
const LOOK = 10 * 60_000;
/** After so long the till has shown its first screen. */
const AHEAD = 8_000;
const TAKE_OVER = 2_000;
const LOOK_AGAIN = 1_000;

/** Fires `ready` when a new version waits, which starts by itself as soon as no tab is busy. */
export class Updates extends EventTarget {
  constructor() {
    super();
    this.isReady = false;
    this.release = null;
  }

  /** Register the workers of both languages, so that either page opens without a network once one was open with it. */
  async start() {
    if (!("serviceWorker" in navigator)) return;
    // Counts from the first worker on: that one takes over a page that loaded without any.
    let had = Boolean(navigator.serviceWorker.controller);
    navigator.serviceWorker.addEventListener("controllerchange", () => {
      if (had) location.reload();
      had = true;
    });
    const here = facts().base ?? "/counter/";
    for (const base of [here, ...(facts().bases ?? []).filter((other) => other !== here)]) {
      const registration = await navigator.serviceWorker.register(`${base}sw.js`, { scope: base, updateViaCache: "none" });
      this.#watch(registration);
      setInterval(() => registration.update().catch(() => {}), LOOK);
    }
    setTimeout(() => this.#fetchAhead(), AHEAD);
  }

  /** The scanner's files, so that the camera also works without a network; the worker keeps what passes. */
  async #fetchAhead() {
    if (navigator.connection?.saveData) return;
    await navigator.serviceWorker.ready;
    for (const address of facts().later ?? []) await fetch(address).catch(() => {});
  }

  /**
   * Say that a sale is being typed, or not any more. Call it with true at the first scan and with false at the receipt.
   * @param {boolean} isBusy
   */
  busy(isBusy) {
    if (isBusy && !this.release) {
      const held = new Promise((resolve) => {
        this.release = resolve;
      });
      navigator.locks.request(TYPING, { mode: "shared" }, () => held);
    } else if (!isBusy && this.release) {
      this.release();
      this.release = null;
    }
  }

  #watch(registration) {
    // Without an active one it is the first worker of its page, which replaces nothing.
    const waits = () => registration.waiting && registration.active && this.#offer(registration);
    waits();
    registration.addEventListener("updatefound", () => {
      const coming = registration.installing;
      coming?.addEventListener("statechange", waits);
    });
  }

  /** The lock is free when no tab is busy; until then the old version goes on. */
  async #offer(registration) {
    if (!this.isReady) this.dispatchEvent(new CustomEvent("ready"));
    this.isReady = true;
    while (registration.waiting) {
      await navigator.locks.request(TYPING, { ifAvailable: true }, async (lock) => {
        if (!lock) return;
        registration.waiting?.postMessage("take over");
        // Nobody begins a sale in the moment until the page is loaded anew; if it is not, the old version goes on.
        await pause(TAKE_OVER);
      });
      await pause(LOOK_AGAIN);
    }
  }
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
