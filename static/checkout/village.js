// The village box as an accessible combobox; without this script the fitting villages are listed by the server.
for (const field of document.querySelectorAll("[data-villages]")) {
  const box = field.querySelector("input[type=text]");
  const form = box.form;
  const list = document.createElement("ul");
  const status = document.createElement("span");
  let code = field.querySelector("input[type=hidden]");
  let found = [], active = -1, timer = 0, request;

  list.id = "village-list";
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.querySelector("label").textContent);
  list.hidden = true;
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  box.after(list);
  field.append(status);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) box.setAttribute(name, value);

  const close = () => {
    list.hidden = true;
    active = -1;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  };
  const mark = (index) => {
    list.children[active]?.setAttribute("aria-selected", "false");
    active = index;
    if (index < 0) return box.removeAttribute("aria-activedescendant");
    list.children[index].setAttribute("aria-selected", "true");
    list.children[index].scrollIntoView({ block: "nearest" });
    box.setAttribute("aria-activedescendant", list.children[index].id);
  };
  const choose = (village) => {
    box.value = village.text;
    code.value = village.code;
    close();
    form.requestSubmit();
  };
  const show = (villages) => {
    found = villages;
    list.replaceChildren(...found.map((village, index) => {
      const item = document.createElement("li");
      const name = document.createElement("span");
      const place = document.createElement("small");
      const [first, ...above] = village.text.split(", ");
      item.id = `village-${index}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      name.textContent = first;
      place.textContent = `${above.join(", ")} ${village.postcode}`;
      item.append(name, place);
      item.addEventListener("mousedown", (event) => event.preventDefault());
      item.addEventListener("click", () => choose(village));
      return item;
    }));
    active = -1;
    list.hidden = !found.length;
    box.setAttribute("aria-expanded", String(!list.hidden));
    status.textContent = found.length ? `${found.length} ${field.dataset.found}` : field.dataset.none;
  };
  const ask = async () => {
    const text = box.value.trim();
    request?.abort();
    if (text.length < 2) return close();
    request = new AbortController();
    try {
      const answer = await fetch(`${field.dataset.villages}?q=${encodeURIComponent(text)}`, { signal: request.signal });
      if (answer.ok) show(await answer.json());
    } catch { close(); }
  };

  box.addEventListener("input", () => {
    if (!code) {
      // The list below belongs to what was typed before.
      field.querySelector("fieldset")?.remove();
      code = Object.assign(document.createElement("input"), { type: "hidden", name: "village_code" });
      field.append(code);
    }
    code.value = "";
    clearTimeout(timer);
    timer = setTimeout(ask, 120);
  });
  // A chosen village is replaced as a whole by the next one that is typed.
  for (const event of ["focus", "click"]) box.addEventListener(event, () => code?.value && setTimeout(() => box.select()));
  box.addEventListener("blur", () => setTimeout(close, 100));
  box.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      // One place more than there are lines: past the last comes the box itself.
      mark((active + step + 1 + found.length + 1) % (found.length + 1) - 1);
    } else if (event.key === "Escape") {
      close();
    } else if (event.key === "Enter" && (active >= 0 || found.length === 1)) {
      choose(found[Math.max(active, 0)]);
    } else return;
    event.preventDefault();
  });
}

// Nothing more to say once the way is chosen: the price comes without a button.
const receiving = document.querySelector("[data-receiving]");
receiving?.addEventListener("change", ({ target: { name, value } }) => {
  const isKnown = value === "pickup" || receiving.querySelector("[name=village_code]")?.value;
  if (name === "village_code" || (name === "fulfilment" && isKnown)) receiving.requestSubmit();
});
