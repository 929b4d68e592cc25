// Where paper comes from: the small bridge on this machine (docs/printing.md), or the browser's own print dialog.

import { facts } from "./words.js";

/** The bridge listens only on the machine it runs on; the page's policy allows this one address beside the shop's. */
const BRIDGE = "http://127.0.0.1:8631";
const KEY = "etalase.printer";
/** A printer that needs longer is stuck. */
const PATIENCE = 8000;

/**
 * @typedef {{way: "browser" | "bridge" | "none", columns: 32 | 42 | 48, key: string}} PrinterSettings
 * @typedef {{state: "ready" | "browser" | "none" | "no_bridge" | "unpaired" | "paper_out" | "unplugged" | "trouble" | "wrong_width",
 *   columns: number, hasCutter: boolean, hasDrawer: boolean}} PrinterState
 */

/** What was chosen on this device. @returns {PrinterSettings} */
export function printerSettings() {
  const chosen = { way: "browser", columns: 32, key: "" };
  try {
    return { ...chosen, ...JSON.parse(localStorage.getItem(KEY) ?? "{}") };
  } catch {
    return chosen;
  }
}

/** @param {Partial<PrinterSettings>} changes */
export function choosePrinter(changes) {
  localStorage.setItem(KEY, JSON.stringify({ ...printerSettings(), ...changes }));
}

/** How the printer is, in one word that the till has a text for. Asks the bridge when there should be one. @returns {Promise<PrinterState>} */
export async function printerState() {
  const { way, columns } = printerSettings();
  if (way !== "bridge") return { state: way, columns, hasCutter: false, hasDrawer: false };
  const answer = await ask("/status");
  if (answer.ok && answer.columns !== columns) choosePrinter({ columns: answer.columns });
  return {
    state: answer.ok ? "ready" : answer.reason,
    columns: answer.columns ?? columns,
    hasCutter: answer.has_cutter ?? false,
    hasDrawer: answer.has_drawer ?? false,
  };
}

/** Let the cash drawer spring open. @returns {Promise<{ok: boolean, reason: string}>} */
export function openDrawer() {
  return printerSettings().way === "bridge" ? send({ rows: [], drawer: true, cut: false }) : Promise.resolve({ ok: false, reason: "none" });
}

/**
 * Rows to the bridge. The job's own id makes a second delivery harmless, so a lost answer is asked for once more.
 * @param {{rows: import("./columns.js").Row[], drawer?: boolean, cut?: boolean, copies?: number}} job
 * @returns {Promise<{ok: boolean, reason: string}>}
 */
export async function send(job) {
  const named = { job: crypto.randomUUID(), columns: printerSettings().columns, drawer: false, cut: true, copies: 1, ...job };
  const first = await ask("/print", named);
  return first.reason === "no_bridge" ? ask("/print", named) : first;
}

async function ask(path, body) {
  const headers = { Authorization: `Bridge ${printerSettings().key}` };
  if (body) headers["Content-Type"] = "application/json";
  try {
    const answer = await fetch((facts().bridge ?? BRIDGE) + path, {
      method: body ? "POST" : "GET",
      headers,
      body: body && JSON.stringify(body),
      cache: "no-store",
      credentials: "omit",
      signal: AbortSignal.timeout(PATIENCE),
    });
    return { ok: false, reason: "trouble", ...(await answer.json()) };
  } catch {
    return { ok: false, reason: "no_bridge" };
  }
}
