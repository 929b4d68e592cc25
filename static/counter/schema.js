/** The till's database in the browser, version by version. A step that fails takes nothing away: the queue can still be saved to a file. */

import { deleteDB, openDB } from "../vendor/idb/index.js";
import { TillError } from "./words.js";

export const NAME = "etalase-till";

/**
 * What each version added. Never change a step that was released; add one. Each runs inside the version change: when it
 * throws, the database stays exactly as it was.
 * @type {((db: IDBDatabase, transaction: Object) => (void|Promise<void>))[]}
 */
export const STEPS = [
  // 1: the journal. `facts` holds single values by name, `waiting` what the server has not acknowledged.
  (db) => {
    db.createObjectStore("facts");
    db.createObjectStore("waiting", {keyPath: "sequence"}).createIndex("id", "id", {unique: true});
    db.createObjectStore("refused", {keyPath: "id"});
  },
  // 2: own receipts for reprints and returns; those of waiting sales are made from the sales.
  async (db, transaction) => {
    const receipts = db.createObjectStore("receipts", {keyPath: "number"});
    receipts.createIndex("id", "id", {unique: true});
    receipts.createIndex("sequence", "sequence", {unique: true});
    for (const entry of await transaction.objectStore("waiting").getAll()) {
      const receipt = receiptOf(entry);
      if (receipt) receipts.put(receipt);
    }
  },
  // 3: carts put aside for later.
  (db) => {
    db.createObjectStore("parked", {keyPath: "id"});
  },
  // 4: the catalogue, bucket by bucket.
  (db) => {
    db.createObjectStore("buckets", {keyPath: "bucket"});
  },
];

/**
 * What is kept of a sale or return for reprints and returns; null for other entries. Never holds the buyer's phone.
 * @param {{id: string, sequence: number, body: string}} entry
 * @returns {Object|null}
 */
export function receiptOf(entry) {
  const body = JSON.parse(entry.body);
  if (body.kind !== "sale" && body.kind !== "return") return null;
  return {
    number: body.receipt,
    id: entry.id,
    sequence: entry.sequence,
    kind: body.kind,
    at: body.at,
    total: body.kind === "sale" ? body.total : body.amount,
    body,
    state: "waiting",
    order: null,
  };
}

/**
 * Open the database, bringing it to the newest version. A newer one, left by a later app, is opened as it is.
 * @param {string} [name]
 * @param {typeof STEPS} [steps]
 * @returns {Promise<import("../vendor/idb/index.js").IDBPDatabase>}
 */
export async function openDatabase(name = NAME, steps = STEPS) {
  try {
    return await openDB(name, steps.length, {
      async upgrade(db, old, _new, transaction) {
        try {
          for (const step of steps.slice(old)) await step(db, transaction);
        } catch (error) {
          transaction.done.catch(() => {});
          try {
            transaction.abort();
          } catch {
            // It was aborted by what failed.
          }
          throw error;
        }
      },
      blocking: (_current, _blocked, event) => event.target.close(),
    });
  } catch (error) {
    if (error.name === "VersionError") return openDB(name);
    throw new TillError("store.broken", {reason: error.name});
  }
}

/**
 * Whatever waits or was set aside, read from a database of any version, even one that could not be upgraded.
 * @param {string} [name]
 * @returns {Promise<{device: Object|null, entries: Object[]}>}
 */
export async function readQueue(name = NAME) {
  const db = await openDB(name);
  try {
    const has = (store) => db.objectStoreNames.contains(store);
    const device = has("facts") ? ((await db.get("facts", "device")) ?? null) : null;
    const waiting = has("waiting") ? await db.getAll("waiting") : [];
    const refused = has("refused") ? await db.getAll("refused") : [];
    return {device, entries: [...waiting, ...refused]};
  } finally {
    db.close();
  }
}

/** @param {string} [name] */
export async function dropDatabase(name = NAME) {
  await deleteDB(name);
}
