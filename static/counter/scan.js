// Scanners that type: tells a burst of keys from a person's typing, wherever the focus is, and hands over whole codes in their order.

/** Scanners send a key every few milliseconds; people do not type faster than this between two keys. */
export const FASTEST_PERSON_MS = 45;
export const SHORTEST_CODE = 4;
/** Some scanners end a code with two returns: one that follows a code this closely belongs to it. */
const ECHO_MS = 60;
const GROUP_SEPARATOR = "\u001d";

/** A moment before the last one, as after a clock that was set back, is not "soon": nothing may be swallowed until time has caught up. */
function isSoon(gap, limit) {
  return gap >= 0 && gap <= limit;
}

/**
 * The recogniser, without a page: `key(name, at, holdsControl)` of each key press gives "typed", "burst", "echo" or {code}.
 * `at` is in milliseconds.
 */
export class WedgeReader {
  constructor() {
    this.text = "";
    this.at = -Infinity;
    this.fast = 0;
    this.endedAt = -Infinity;
  }

  key(name, at, holdsControl = false) {
    if (name === "Shift") return "typed";
    const isFast = isSoon(at - this.at, FASTEST_PERSON_MS);
    if (name === "Enter" || name === "Tab") {
      const code = this.text;
      const isScan = isFast && code.length >= SHORTEST_CODE && this.fast >= code.length - 1;
      this.text = "";
      this.fast = 0;
      if (isScan) {
        this.endedAt = at;
        return { code };
      }
      return name === "Enter" && isSoon(at - this.endedAt, ECHO_MS) ? "echo" : "typed";
    }
    const letter = holdsControl && (name === "]" || name === GROUP_SEPARATOR) ? GROUP_SEPARATOR : name;
    if ([...letter].length !== 1 || (holdsControl && letter !== GROUP_SEPARATOR)) {
      this.text = "";
      this.fast = 0;
      return "typed";
    }
    if (isFast && this.text) {
      this.text += letter;
      this.fast += 1;
    } else {
      this.text = letter;
      this.fast = 0;
    }
    this.at = at;
    return this.fast > 0 ? "burst" : "typed";
  }
}

/**
 * Listen on the whole page. What a scan wrote into a box is taken out again, then `onCode(code)` runs. Returns a function that ends it.
 */
export function listenForScans(onCode, page = document) {
  const reader = new WedgeReader();
  /** The box that had the focus when the burst began, and what stood in it. */
  let before = null;

  const isBox = (element) => element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement;
  const hear = (event) => {
    if (event.isComposing || event.altKey || event.metaKey) return;
    const target = event.target;
    const isLetter = [...event.key].length === 1;
    const fresh = !reader.text || event.timeStamp - reader.at > FASTEST_PERSON_MS;
    if (isLetter && fresh) before = isBox(target) ? { box: target, value: target.value, start: target.selectionStart } : null;
    const heard = reader.key(event.key, event.timeStamp, event.ctrlKey);
    if (heard === "typed") return;
    if (heard === "burst") {
      // On a button a space would press it, a quote would open the browser's search.
      if (!isBox(target) || event.ctrlKey) event.preventDefault();
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    if (heard === "echo") return;
    if (before) {
      before.box.value = before.value;
      before.box.dispatchEvent(new Event("input", { bubbles: true }));
    }
    before = null;
    onCode(heard.code);
  };
  page.addEventListener("keydown", hear, true);
  return () => page.removeEventListener("keydown", hear, true);
}
