// Back from the payment page: ask the provider once, instead of waiting for its message.
const form = document.querySelector("form[data-ask-at-once]");
if (form) setTimeout(() => form.requestSubmit(), 1200);
