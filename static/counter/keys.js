// The keyboard of the till: function keys and Alt only, so that neither a scanner nor typing ever presses one.

/** name -> the key that does it. Names are also the keys of the texts (`keys.<name>`). */
export const KEYS = {
  help: "F1",
  find: "F2",
  quantity: "F3",
  discount: "F4",
  park: "F6",
  resume: "F7",
  customer: "F8",
  pay: "F9",
  qris: "F10",
  exact: "F12",
  price: "Alt+P",
  note: "Alt+N",
  cancel: "Alt+V",
  print: "Alt+S",
  menu: "Alt+M",
  lock: "Alt+K",
};
const NAMES = new Map(Object.entries(KEYS).map(([name, key]) => [key, name]));

/** `F9`, `Alt+P`, `Alt+1`; null for anything that is no command. */
export function commandKey(event) {
  if (event.ctrlKey || event.metaKey || event.isComposing) return null;
  if (/^F\d{1,2}$/.test(event.key) && !event.altKey && !event.shiftKey) return event.key;
  const letter = /^(?:Key([A-Z])|Digit(\d))$/.exec(event.code);
  return event.altKey && letter ? `Alt+${letter[1] ?? letter[2]}` : null;
}

/**
 * Run `commands()[name]` of the pressed key, and `commands().notes(n)` for Alt+1 … Alt+9. Held keys do nothing twice.
 * Returns a function that ends it.
 */
export function listenForKeys(commands, page = document) {
  const hear = (event) => {
    const pressed = commandKey(event);
    if (!pressed) return;
    const known = commands();
    const act = known[NAMES.get(pressed)] ?? (/^Alt\+[1-9]$/.test(pressed) && known.notes ? () => known.notes(Number(pressed.at(-1))) : null);
    if (!act && !NAMES.has(pressed)) return;
    // Also a command that has nothing to do here: the browser's own F3 or F12 is never meant at a till.
    event.preventDefault();
    if (act && !event.repeat) act();
  };
  page.addEventListener("keydown", hear);
  return () => page.removeEventListener("keydown", hear);
}
