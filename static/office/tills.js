// The board looks again by itself while it is seen; without a script it stays as it was loaded.
for (const board of document.querySelectorAll("[data-live]")) {
  const seconds = Number(board.dataset.live) || 30;
  let current = board;
  const look = async () => {
    const isBusy = current.contains(document.activeElement) && document.activeElement.matches("input, button, select, textarea");
    if (document.hidden || isBusy) return;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" }, credentials: "same-origin" });
      if (!answer.ok || answer.redirected) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-live]");
      if (!fresh) return;
      const focused = current.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
      current.replaceWith(fresh);
      current = fresh;
      if (focused) current.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
    } catch {
      // no network: the time on the page says how old it is
    }
  };
  setInterval(look, seconds * 1000);
}
