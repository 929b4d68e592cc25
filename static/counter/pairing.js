// Pairing this device with a till, and ending that: both need care for what waits.
import { ServerAway, ask } from "./server.js";
import { makeKey } from "./signing.js";
import { TillError, facts } from "./words.js";

/**
 * Pair this device with the till whose code was read out.
 * @param {import("./store.js").Store} store
 * @param {string} code eight digits
 * @param {string} label what the office calls the device
 * @returns {Promise<Object>} the device as the store keeps it
 * @throws {TillError} pair.refused without an answer, pair.said with the server's words
 */
export async function pair(store, code, label) {
  const { key, publicKey } = await makeKey();
  const reply = await asked({ code: code.replace(/\D/g, ""), label, public_key: publicKey });
  if (!reply.ok) throw new TillError("pair.said", { message: reply.json.error });
  await store.saveDevice({ ...reply.json, key });
  await keepForGood();
  return store.device();
}

async function asked(body) {
  try {
    return await ask("pair", { body, base: facts().base });
  } catch (error) {
    if (error instanceof ServerAway) throw new TillError("pair.refused");
    throw error;
  }
}

/**
 * Ask the browser never to clear this site's data by itself.
 * @returns {Promise<{ persisted: boolean, usage: number, quota: number }>} bytes
 */
export async function keepForGood() {
  const storage = navigator.storage;
  const persisted = (await storage?.persisted?.()) || (await storage?.persist?.()) || false;
  const { usage = 0, quota = 0 } = (await storage?.estimate?.()) ?? {};
  return { persisted, usage, quota };
}

/**
 * Take the device out of service. Refused while anything waits, unless a person saved it to a file and said so (F27).
 * @param {import("./store.js").Store} store
 * @param {{ evenWaiting?: boolean }} [options]
 * @throws {TillError} store.waiting with the count
 */
export async function unpair(store, { evenWaiting = false } = {}) {
  await store.wipe({ evenWaiting });
}
