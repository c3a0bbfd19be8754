// While somebody is acted for: another card that is scanned stops everything, and what is decided reaches the page.
"use strict";
(() => {
  if (window.wardpostSession) return;
  window.wardpostSession = true;
  const CARD = /^\d{12}(\||$)/;

  document.addEventListener("wardpost:scan", (event) => {
    const form = document.querySelector("[data-session-card]");
    if (!form || event.defaultPrevented || !CARD.test(event.detail.code)) return;
    event.preventDefault();
    form.elements.text.value = event.detail.code;
    form.requestSubmit();
  });

  // A scanner that types into a field types there; the whole text of a card in it is a card all the same.
  document.addEventListener("keydown", (event) => {
    const field = event.target;
    const form = document.querySelector("[data-session-card]");
    if (event.key !== "Enter" || !form || !(field instanceof HTMLInputElement)) return;
    const card = /\d{12}\|[^|]*\|.+$/.exec(field.value)?.[0];
    if (!card) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    field.value = field.value.slice(0, -card.length);
    form.elements.text.value = card;
    form.requestSubmit();
  }, true);

  // A dossier that is being taken asks again what it lacks once something was recorded beside it.
  document.addEventListener("htmx:after:swap", (event) => {
    const source = event.detail.ctx?.sourceElement;
    if (source?.closest?.("[data-session-form]")) document.querySelector("[data-take-form] button[value=look]")?.click();
  });
})();
