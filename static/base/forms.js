// Small comforts for forms that work without them.
for (const stepper of document.querySelectorAll("[data-stepper]")) {
  const field = stepper.querySelector("input");
  const button = (text, label, change) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.setAttribute("aria-label", `${label}: ${stepper.querySelector("label").textContent}`);
    made.addEventListener("click", () => {
      if (change > 0) field.stepUp(); else field.stepDown();
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
    return made;
  };
  const less = button("−", stepper.dataset.less, -1);
  const more = button("+", stepper.dataset.more, 1);
  const bounds = () => {
    less.disabled = Number(field.value) <= Number(field.min);
    more.disabled = Number(field.value) >= Number(field.max);
  };
  field.before(less);
  field.after(more);
  field.addEventListener("change", bounds);
  bounds();
}

// A choice that only sorts needs no button.
for (const form of document.querySelectorAll("form[data-autosubmit]")) {
  form.addEventListener("change", () => form.requestSubmit());
}

// A refused form begins with what to mend.
document.querySelector("[data-focus]")?.focus();

// Escape leaves a sheet that the address opened.
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && location.hash === "#filters") location.hash = "list";
});
