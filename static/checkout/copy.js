// Copy buttons beside what a buyer types into another app; without script the text can be marked and copied by hand.
const words = document.querySelector("template[data-copy-words]");
if (words && navigator.clipboard) {
  for (const text of document.querySelectorAll("[data-copy]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button-quiet";
    button.textContent = words.content.textContent;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(text.dataset.copy);
      button.textContent = words.dataset.copyWords;
    });
    text.after(button);
  }
}
