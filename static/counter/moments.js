/** Time at a till: the device's clock put right by what the server said, and the calendar day of the outlet's zone. Pure. */

/** Hours east of UTC; Indonesia has no summer time. */
const ZONES = {WIB: 7, WITA: 8, WIT: 9};
const MINUTE = 60_000;

/**
 * The moment `now` of the device's clock, put right.
 * @param {number} now milliseconds since 1970
 * @param {number|null} aheadMs by how much the device is ahead; null: it never met the server
 * @returns {number}
 */
export function corrected(now, aheadMs) {
  return now - (aheadMs ?? 0);
}

/**
 * The outlet's calendar day.
 * @param {number} moment milliseconds since 1970
 * @param {string} zone WIB, WITA or WIT
 * @returns {string} `2026-11-22`
 */
export function dayOf(moment, zone) {
  return new Date(moment + (ZONES[zone] ?? 7) * 60 * MINUTE).toISOString().slice(0, 10);
}

/**
 * The outlet's wall clock.
 * @param {number} moment milliseconds since 1970
 * @param {string} zone
 * @returns {string} `14.30`
 */
export function clockOf(moment, zone) {
  return new Date(moment + (ZONES[zone] ?? 7) * 60 * MINUTE).toISOString().slice(11, 16).replace(":", ".");
}

/**
 * The outlet's calendar day in words.
 * @param {string} day `2026-11-22`
 * @param {string} language id or en
 * @returns {string} `22 November 2026`
 */
export function dayText(day, language) {
  return new Date(`${day}T00:00:00Z`).toLocaleDateString(language === "en" ? "en-GB" : "id-ID", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
}

/**
 * The outlet's day and wall clock in words.
 * @param {number} moment milliseconds since 1970
 * @param {string} zone
 * @param {string} language
 * @returns {string} `22 November 2026, 14.30`
 */
export function momentText(moment, zone, language) {
  return `${dayText(dayOf(moment, zone), language)}, ${clockOf(moment, zone)}`;
}

/**
 * By how much the device's clock is ahead of the server's, seen from one question and its answer.
 * @param {number} asked the device's clock when it asked
 * @param {number} answered the device's clock when the answer was there
 * @param {string} serverNow ISO
 * @returns {number|null} milliseconds; null when the answer took too long to say
 */
export function aheadOf(asked, answered, serverNow) {
  const said = Date.parse(serverNow);
  if (Number.isNaN(said) || answered - asked > 10_000) return null;
  return Math.round((asked + answered) / 2 - said);
}
