// PINs without a network: PBKDF2 against the catalogue's verifiers, and a lock after too many wrong ones that a reload does not lift.

export const MOST_WRONG = 5;
export const FIRST_LOCK_MS = 5 * 60_000;
const LONGEST_LOCK_MS = 24 * 3600_000;

const hex = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const unhex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));

/** Whether `digits` is the PIN of these facts ({salt, verifier, iterations}); takes as long for a wrong one. */
export async function fits(digits, { salt, verifier, iterations }) {
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(digits), "PBKDF2", false, ["deriveBits"]);
  const bits = await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt: unhex(salt), iterations }, key, 256);
  const made = hex(bits);
  let difference = made.length ^ verifier.length;
  for (let place = 0; place < made.length; place += 1) difference |= made.charCodeAt(place) ^ verifier.charCodeAt(place);
  return difference === 0;
}

/**
 * What a try does to a person's record {wrong, locks, since, until}: pure. A clock that was put back does not open a lock earlier.
 */
export function afterTry(record, isRight, now) {
  if (isRight) return null;
  const { wrong = 0, locks = 0 } = record ?? {};
  if (wrong + 1 < MOST_WRONG) return { wrong: wrong + 1, locks, since: now, until: 0 };
  const length = Math.min(FIRST_LOCK_MS * 2 ** locks, LONGEST_LOCK_MS);
  return { wrong: 0, locks: locks + 1, since: now, until: now + length };
}

/** Milliseconds for which no PIN of this person is tried any more; 0 when one may. */
export function lockedFor(record, now) {
  if (!record?.until || now >= record.until) return 0;
  return record.until - Math.max(now, record.since);
}

/** Checks PINs of the staff and remembers wrong ones in the store. One at a time: a fast finger cannot try twice at once. */
export class PinGuard {
  constructor(store, now = () => Date.now()) {
    this.store = store;
    this.now = now;
    this.turn = Promise.resolve();
  }

  /** {right: true} or {right: false, lockedMs, left}: how long the person is locked, or how many tries are left. */
  try(person, digits) {
    const result = this.turn.then(() => this.#check(person, digits));
    this.turn = result.catch(() => {});
    return result;
  }

  async lockedMs(person) {
    return lockedFor((await this.#records())[person.code], this.now());
  }

  async #records() {
    return (await this.store.setting("pin_tries")) ?? {};
  }

  async #check(person, digits) {
    const records = await this.#records();
    const locked = lockedFor(records[person.code], this.now());
    if (locked) return { right: false, lockedMs: locked, left: 0 };
    // The try is written down before it is checked: taking the battery out does not give it back.
    const wrong = afterTry(records[person.code], false, this.now());
    await this.store.setting("pin_tries", { ...records, [person.code]: wrong });
    const right = await fits(digits, person.pin);
    if (right) {
      const { [person.code]: _gone, ...others } = await this.#records();
      await this.store.setting("pin_tries", others);
      return { right: true };
    }
    return { right: false, lockedMs: lockedFor(wrong, this.now()), left: wrong.until ? 0 : MOST_WRONG - wrong.wrong };
  }
}
