// Passkeys: the device answers the page's question, and the form carries the answer.
"use strict";
(() => {
  const form = document.querySelector("[data-passkey]");
  if (!form) return;
  const asked = JSON.parse(document.getElementById(form.dataset.asked).textContent);
  const isNew = form.dataset.passkey === "create";
  let answered = false;

  const ask = async () => {
    const error = form.querySelector("[data-passkey-error]");
    error.hidden = true;
    try {
      const answer = await (isNew ? window.webauthnJSON.create(asked) : window.webauthnJSON.get(asked));
      form.querySelector("[name$=credential]").value = JSON.stringify(answer);
      answered = true;
      form.requestSubmit();
    } catch {
      error.textContent = form.dataset.failed;
      error.hidden = false;
    }
  };

  if (isNew) {
    form.addEventListener("submit", (event) => {
      if (answered) return;
      event.preventDefault();
      ask();
    });
  } else {
    form.querySelector("[data-ask-key]").addEventListener("click", ask);
  }
})();
