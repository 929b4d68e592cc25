// Suggestions under the search box: an accessible combobox over a field that works without it.
const form = document.querySelector("form[data-suggest]");
const box = form?.querySelector("input[type=search]");
if (box) {
  const list = document.createElement("ul");
  const status = document.createElement("span");
  list.id = "search-suggestions";
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", box.placeholder);
  list.hidden = true;
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  form.append(list, status);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) box.setAttribute(name, value);

  let lines = [], active = -1, timer = 0, request = null;

  const close = () => {
    list.hidden = true;
    active = -1;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  };
  const mark = (index) => {
    active = index;
    [...list.children].forEach((item, position) => item.setAttribute("aria-selected", String(position === index)));
    if (index < 0) return box.removeAttribute("aria-activedescendant");
    box.setAttribute("aria-activedescendant", list.children[index].id);
    list.children[index].scrollIntoView({ block: "nearest" });
  };
  const show = (found) => {
    lines = found;
    list.replaceChildren(...found.map((line, index) => {
      const item = document.createElement("li");
      const kind = document.createElement("small");
      item.id = `search-suggestion-${index}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      kind.textContent = line.kind;
      item.append(line.label, kind);
      item.addEventListener("mousedown", (event) => event.preventDefault());
      item.addEventListener("click", () => location.assign(line.url));
      return item;
    }));
    if (!found.length) return close();
    list.hidden = false;
    active = -1;
    box.setAttribute("aria-expanded", "true");
    status.textContent = `${found.length} ${form.dataset.found}`;
  };
  const ask = async () => {
    const text = box.value.trim();
    request?.abort();
    if (text.length < 2) return close();
    request = new AbortController();
    try {
      const answer = await fetch(`${form.dataset.suggest}?q=${encodeURIComponent(text)}`, { signal: request.signal });
      if (answer.ok) show(await answer.json());
    } catch { close(); }
  };

  box.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 150); });
  box.addEventListener("blur", () => setTimeout(close, 100));
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !list.hidden) { event.preventDefault(); return close(); }
    if (list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      // One place more than there are lines: past the last comes the field itself.
      const places = lines.length + 1;
      const next = (active + (event.key === "ArrowDown" ? 1 : -1) + 1 + places) % places - 1;
      mark(next);
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      location.assign(lines[active].url);
    }
  });
}
