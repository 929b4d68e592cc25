// A changed quantity is sent as soon as nothing more is pressed; its button is for pages without script.
let unsent = null;
for (const form of document.querySelectorAll("form[data-quantity]")) {
  const button = form.querySelector("button[type=submit]");
  const send = () => form.requestSubmit(button);
  form.addEventListener("change", () => {
    clearTimeout(unsent?.timer);
    unsent = { send, timer: setTimeout(send, 500) };
  });
}
document.addEventListener("submit", () => clearTimeout(unsent?.timer));
// Whoever goes on meanwhile goes on with the new quantity.
document.addEventListener("click", (event) => {
  if (!unsent || !event.target.closest("a")) return;
  event.preventDefault();
  clearTimeout(unsent.timer);
  unsent.send();
});
