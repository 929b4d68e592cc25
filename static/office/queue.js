// j and k walk through a queue, Enter opens: the links stay ordinary links. Single keys can be turned off (WCAG 2.1.4).
const list = document.querySelector("[data-queue]");
if (list) {
  const links = [...list.querySelectorAll("[data-queue-link]")];
  const note = document.querySelector("[data-queue-keys]");
  const button = document.querySelector("[data-queue-switch]");
  const NAME = "etalase.queue-keys";
  const read = () => { try { return localStorage.getItem(NAME) !== "off"; } catch { return true; } };
  let on = read();
  const say = () => { if (button) button.textContent = on ? button.dataset.off : button.dataset.on; };
  if (note) note.hidden = false;
  say();
  button?.addEventListener("click", () => {
    on = !on;
    try { localStorage.setItem(NAME, on ? "on" : "off"); } catch { /* private window: until the page is left */ }
    say();
  });
  document.addEventListener("keydown", (event) => {
    if (!on || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
    const step = { j: 1, k: -1 }[event.key];
    if (!step || !links.length) return;
    const now = links.indexOf(document.activeElement);
    const next = now < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, now + step));
    links[next].focus();
    event.preventDefault();
  });
}
