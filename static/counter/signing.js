/** The device's key and what is made with it: signatures of entries, tokens of receipts. The private key never leaves the browser. */

const CURVE = {name: "ECDSA", namedCurve: "P-256"};

/**
 * A new key pair; the private half cannot be exported.
 * @returns {Promise<{key: CryptoKey, publicKey: string}>} `publicKey` is base64 of its SubjectPublicKeyInfo
 */
export async function makeKey() {
  const pair = await crypto.subtle.generateKey(CURVE, false, ["sign", "verify"]);
  const spki = new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey));
  return {key: pair.privateKey, publicKey: btoa(String.fromCharCode(...spki))};
}

/**
 * The signature of an entry: ECDSA-SHA256 over `id \n sequence \n body`, as base64url of r || s.
 * @param {CryptoKey} key
 * @param {string} id
 * @param {number} sequence
 * @param {string} body
 * @returns {Promise<string>}
 */
export async function sign(key, id, sequence, body) {
  const bytes = new TextEncoder().encode(`${id}\n${sequence}\n${body}`);
  return base64url(new Uint8Array(await crypto.subtle.sign({name: "ECDSA", hash: "SHA-256"}, key, bytes)));
}

/** @returns {string} an unguessable token for a receipt's page: 24 random bytes, 32 signs */
export function makeToken() {
  return base64url(crypto.getRandomValues(new Uint8Array(24)));
}

/** @param {Uint8Array} bytes @returns {string} without padding */
export function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
