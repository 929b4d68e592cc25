// A place field asks the server while one types, so that any of the 91,599 areas can be chosen. Without it a name or code is typed whole.
for (const box of document.querySelectorAll("input[data-areas]")) {
  const list = document.getElementById(box.getAttribute("list")) ?? document.body.appendChild(Object.assign(document.createElement("datalist"), { id: box.getAttribute("list") }));
  const home = [...list.children];
  const prefix = location.pathname.startsWith("/en/") ? "/en" : "";
  let timer = 0, request;
  const ask = async () => {
    const typed = box.value.trim();
    if (typed.length < 2 || typed.includes("·")) return list.replaceChildren(...home);
    request?.abort();
    request = new AbortController();
    try {
      const answer = await fetch(`${prefix}/office/areas.json?${new URLSearchParams({ q: typed, level: box.dataset.areas })}`, { signal: request.signal });
      if (!answer.ok) return;
      const found = await answer.json();
      list.replaceChildren(...found.map(({ code, text }) => Object.assign(document.createElement("option"), { value: `${text} · ${code}` })));
    } catch {
      // offline or typed on: the list stays as it is
    }
  };
  box.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 150); });
}
