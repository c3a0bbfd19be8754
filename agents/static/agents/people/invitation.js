// The code of an invitation stands behind the #, where no server sees it: hand it over once, and leave no trace of it.
"use strict";
(() => {
  const form = document.querySelector("[data-invitation-code]");
  const code = location.hash.slice(1);
  if (form && code) {
    history.replaceState(null, "", location.pathname);
    form.elements.code.value = code;
    form.requestSubmit();
  }
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const source = document.getElementById(button.dataset.copy);
    source.select();
    try { await navigator.clipboard.writeText(source.value); } catch { document.execCommand("copy"); }
    button.lastChild.textContent = button.dataset.done;
  });
})();
