// QR symbols as rows of dark and light squares.

import { encode } from "../vendor/uqr/index.js";

/** The symbol without its white border. @returns {boolean[][]} */
export function qrModules(text) {
  return encode(text, { ecc: "M", border: 0, boostEcc: false }).data;
}
