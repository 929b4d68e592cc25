// Every few seconds what was typed goes to the server, so that a dead battery costs a sentence at most. Files stay on the phone.
const keepers = [];
for (const form of document.querySelectorAll("form[data-unsent]")) {
  const address = form.dataset.unsent;
  const status = document.querySelector("[data-unsent-status]");
  const EVERY = 4000;
  const typed = () => {
    const body = new FormData(form);
    for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
    return body;
  };
  const text = (body) => new URLSearchParams([...body].filter(([name]) => name !== "csrf_token")).toString();
  let kept = text(typed());
  let sending = false;
  let leaving = false;
  const keep = async () => {
    const body = typed();
    const now = text(body);
    if (now === kept || sending || leaving) return;
    sending = true;
    try {
      const answer = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      kept = now;
      const { saved_at: at } = await answer.json();
      if (status) status.textContent = status.dataset.kept.replace("{moment}", at);
    } catch {
      if (status) status.textContent = status.dataset.waits;
    } finally {
      sending = false;
    }
  };
  setInterval(keep, EVERY);
  keepers.push(keep);
  form.addEventListener("submit", () => { leaving = true; });
  addEventListener("pagehide", () => {
    const body = typed();
    if (!leaving && text(body) !== kept) navigator.sendBeacon(address, body);
  });
}

// A photo goes up as soon as it was taken, after what was typed beside it; without a script the button sends it.
for (const form of document.querySelectorAll("form[data-send-files]")) {
  form.addEventListener("change", async (event) => {
    if (event.target.type !== "file" || !event.target.files.length) return;
    form.classList.add("is-busy");
    form.querySelector("[data-busy]")?.removeAttribute("hidden");
    await Promise.all(keepers.map((keep) => keep()));
    form.requestSubmit();
  });
}

// What only some answers ask for is shown with them; without a script everything stands there.
for (const part of document.querySelectorAll("[data-when]")) {
  const field = document.getElementById(part.dataset.when);
  const wanted = part.dataset.is.split(" ");
  const look = () => { part.hidden = !wanted.includes(field.value) || field.closest("[data-when][hidden]") !== null; };
  field.addEventListener("change", () => { look(); document.dispatchEvent(new Event("when-changed")); });
  document.addEventListener("when-changed", look);
  look();
}
