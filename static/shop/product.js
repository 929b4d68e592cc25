// Keeps price, unit price and largest quantity in step with the chosen size. Without it the form works the same.
const form = document.getElementById("buy");
const show = (selector, text) => document.querySelectorAll(selector).forEach((place) => { place.textContent = text; });
form?.addEventListener("change", ({ target }) => {
  if (target.name !== "variant" || !target.dataset.price) return;
  show("[data-buy-price]", target.dataset.price);
  show("[data-buy-unit]", target.dataset.unit);
  show("[data-buy-name]", target.dataset.name);
  const quantity = form.elements.quantity;
  if (quantity) {
    quantity.max = target.dataset.most;
    if (Number(quantity.value) > Number(quantity.max)) quantity.value = quantity.max;
  }
});
