// Times after the departure cannot be chosen; the server says so too.
const slots = document.querySelector("[data-slots]");
const departs = slots?.form.elements.departs_at;
departs?.addEventListener("input", () => {
  for (const option of slots.querySelectorAll("[data-leaves]")) {
    option.disabled = departs.value !== "" && option.dataset.leaves > departs.value;
    if (option.disabled && option.selected) slots.value = "";
  }
});
