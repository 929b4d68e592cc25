// A visit that cannot be sent is kept in this browser (IndexedDB, photos too) and sent when a page of the office opens with a signal.
// The form's own token makes a second sending harmless, so nothing is forgotten before the server has answered.
{
  const open = () => new Promise((resolve, reject) => {
    const asked = indexedDB.open("etalase-visits", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("visits", { keyPath: "token" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  const ask = async (mode, work) => {
    const base = await open();
    return new Promise((resolve, reject) => {
      const deed = base.transaction("visits", mode);
      const asked = work(deed.objectStore("visits"));
      deed.oncomplete = () => { base.close(); resolve(asked.result); };
      deed.onerror = () => { base.close(); reject(deed.error); };
    });
  };
  const all = () => ask("readonly", (store) => store.getAll());
  const tell = async (sent = 0) => {
    const kept_here = await all();
    const count = kept_here.filter((visit) => !visit.refused).length;
    for (const line of document.querySelectorAll("[data-visits-refused]")) line.hidden = count === kept_here.length;
    for (const line of document.querySelectorAll("[data-visits-waiting]")) {
      line.hidden = count === 0;
      line.querySelector("[data-visits-count]").textContent = count;
    }
    const kept = document.querySelector("[data-kept]");
    if (kept && count === 0) kept.hidden = true;
    if (sent) for (const line of document.querySelectorAll("[data-sent]")) line.hidden = false;
  };
  // The form token of the page it was written on may be over: a fresh one is taken from the form as it is now.
  const send = async (visit) => {
    const page = await fetch(visit.address, { credentials: "same-origin" });
    const text = await page.text();
    const token = new DOMParser().parseFromString(text, "text/html").querySelector("form[data-visit] [name=csrf_token]")?.value;
    if (!token) return "later";
    const data = new FormData();
    for (const [name, value] of visit.fields) data.append(name, value, ...(value instanceof File ? [value.name] : []));
    data.set("csrf_token", token);
    const answer = await fetch(visit.address, { method: "POST", body: data, credentials: "same-origin" });
    if (answer.status === 422) return "refused";
    return answer.ok && answer.redirected && !answer.url.includes("/sign-in") ? "sent" : "later";
  };
  const sendAll = async () => {
    let sent = 0;
    for (const visit of await all()) {
      if (visit.refused && !visit.opened) continue;
      try {
        const end = await send(visit);
        if (end === "refused") await ask("readwrite", (store) => store.put({ ...visit, refused: true, opened: false }));
        if (end !== "sent") continue;
        await ask("readwrite", (store) => store.delete(visit.token));
        sent += 1;
      } catch { break; }
    }
    await tell(sent);
  };
  // What the server did not take stands in the form again, photos too, so that it can be completed. It is kept until a later round
  // hears from the server that a form with its token came in.
  const refill = async (form) => {
    const visit = (await all()).find((each) => each.refused);
    if (!visit) return;
    const photos = new DataTransfer();
    for (const [name, value] of visit.fields) {
      const field = form.elements[name];
      if (value instanceof File) photos.items.add(value);
      else if (field?.type === "checkbox") field.checked = true;
      else if (field) field.value = value;
    }
    form.elements.photos.files = photos.files;
    form.hidden = false;
    await ask("readwrite", (store) => store.put({ ...visit, opened: true }));
    for (const line of document.querySelectorAll("[data-visits-refused]")) line.hidden = true;
  };
  if ("indexedDB" in window) {
    const form = document.querySelector("form[data-visit]");
    form?.addEventListener("submit", async (event) => {
      if (form.dataset.sent) return;
      event.preventDefault();
      let reached = navigator.onLine;
      if (reached) reached = await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(5000) }).then((answer) => answer.ok, () => false);
      if (reached) { form.dataset.sent = "1"; form.requestSubmit(); return; }
      const data = new FormData(form);
      const fields = [...data.entries()].filter(([name, value]) => name !== "csrf_token" && !(value instanceof File && !value.size));
      try {
        await ask("readwrite", (store) => store.put({ token: data.get("token"), address: location.pathname, fields }));
        const kept = document.querySelector("[data-kept]");
        kept.hidden = false;
        form.hidden = true;
        kept.scrollIntoView();
        await tell();
      } catch { form.dataset.sent = "1"; form.requestSubmit(); }
    });
    if (form && location.hash === "#kept") refill(form).catch(() => {});
    if (form) addEventListener("hashchange", () => { if (location.hash === "#kept") refill(form).catch(() => {}); });
    if (document.querySelector("[data-visits-waiting]")) {
      addEventListener("online", sendAll);
      if (navigator.onLine) sendAll().catch(() => {}); else tell().catch(() => {});
    }
  }
  const here = document.querySelector("[data-here]");
  if (here && navigator.geolocation) {
    here.hidden = false;
    const agreed = document.getElementById("has_consent");
    here.addEventListener("click", () => {
      if (!agreed.checked) { agreed.focus(); return; }
      navigator.geolocation.getCurrentPosition(({ coords }) => {
        document.getElementById("latitude").value = coords.latitude.toFixed(5);
        document.getElementById("longitude").value = coords.longitude.toFixed(5);
      }, () => {}, { enableHighAccuracy: true, timeout: 15000 });
    });
  }
}
