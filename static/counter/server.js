// What the till asks the server. An answer counts only when it is JSON that our server stamped: a hotel's login page never does (F21).
import { aheadOf } from "./moments.js";

/** How long an answer may take. A batch over a slow line needs its time; nobody waits for it. */
export const PATIENCE = { entries: 30_000, contact: 8_000, catalogue: 60_000, pair: 20_000, receipts: 8_000, voucher: 8_000 };

/** Nobody answered, or somebody else did: nothing is known about what was sent. */
export class ServerAway extends Error {
  /** @param {"unreachable"|"slow"|"stranger"|"broken"} reason @param {number} status 0 without an answer */
  constructor(reason, status = 0) {
    super(reason);
    this.name = "ServerAway";
    this.reason = reason;
    this.status = status;
  }
}

/**
 * @typedef {Object} Reply
 * @property {boolean} ok
 * @property {number} status
 * @property {Object} json with `server_now`; with `error` when not ok
 * @property {number|null} ahead milliseconds that this device's clock is ahead of the server's
 */

/**
 * Ask `/counter/api/<path>`.
 * @param {string} path
 * @param {{ body?: Object, token?: string, signal?: AbortSignal, patience?: number, base?: string }} [options] without `body` it is a GET
 * @returns {Promise<Reply>}
 * @throws {ServerAway}
 */
export async function ask(path, { body, token = "", signal, patience = PATIENCE[path.split("/")[0]] ?? 8_000, base = "/counter/" } = {}) {
  const asked = Date.now();
  const response = await send(`${base}api/${path}`, body, token, signal, patience);
  const json = await read(response);
  const answered = Date.now();
  if (typeof json?.server_now !== "string" || Number.isNaN(Date.parse(json.server_now))) {
    throw new ServerAway(response.status >= 500 || json?.error ? "broken" : "stranger", response.status);
  }
  return { ok: response.ok, status: response.status, json, ahead: aheadOf(asked, answered, json.server_now) };
}

async function send(address, body, token, signal, patience) {
  const limit = AbortSignal.timeout(patience);
  try {
    return await fetch(address, {
      method: body === undefined ? "GET" : "POST",
      headers: {
        Accept: "application/json",
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...(token ? { Authorization: `Till ${token}` } : {}),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
    });
  } catch (error) {
    throw new ServerAway(error.name === "TimeoutError" ? "slow" : "unreachable");
  }
}

/** The answer's object, null when it is none. */
async function read(response) {
  try {
    if (!response.headers.get("Content-Type")?.startsWith("application/json")) return null;
    return await response.json();
  } catch (error) {
    if (error.name === "TimeoutError") throw new ServerAway("slow");
    return null;
  }
}
