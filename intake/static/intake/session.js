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

  // A dossier that is being taken asks again what it lacks once something was recorded beside it.
  document.addEventListener("htmx:after:swap", (event) => {
    const source = event.detail.ctx?.sourceElement;
    if (source?.closest?.("[data-session-form]")) document.querySelector("[data-take-form] button[value=look]")?.click();
  });
})();
