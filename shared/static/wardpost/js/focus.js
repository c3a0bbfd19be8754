// Focus is never lost: after a swap it returns to the same field, or goes to the first error, or to what the
// new part marks with data-focus. Drawer and menu give it back to what opened them.
"use strict";
(() => {
  const remembered = { id: "", name: "", start: null, end: null };
  let opener = null;

  const isLost = () => document.activeElement === null || document.activeElement === document.body || !document.activeElement.isConnected;

  const reach = (element) => {
    if (!element) return false;
    if (!element.matches("a[href], button, input, select, textarea, summary, [tabindex]")) element.setAttribute("tabindex", "-1");
    element.focus({ preventScroll: false });
    return document.activeElement === element;
  };

  const remember = () => {
    const active = document.activeElement;
    remembered.id = active?.id ?? "";
    remembered.name = active?.getAttribute?.("name") ?? "";
    remembered.start = active?.selectionStart ?? null;
    remembered.end = active?.selectionEnd ?? null;
  };

  const sameField = () =>
    (remembered.id && document.getElementById(remembered.id)) ||
    (remembered.name && document.querySelector(`[name="${CSS.escape(remembered.name)}"]`));

  const restoreCaret = (field) => {
    if (remembered.start === null || typeof field.setSelectionRange !== "function") return;
    try { field.setSelectionRange(remembered.start, remembered.end); } catch { /* a number or date field has no caret */ }
  };

  const settle = (part) => {
    const error = part.querySelector("[data-error-summary]");
    if (error) { reach(error); return; }
    const drawer = part.closest("[data-drawer-slot]")?.querySelector("[data-drawer]") ?? part.querySelector("[data-drawer]");
    if (drawer && !drawer.contains(document.activeElement)) { reach(drawer); return; }
    const wished = part.querySelector("[data-focus]");
    if (wished) { reach(wished); return; }
    if (!isLost()) return;
    const field = sameField();
    if (field && reach(field)) { restoreCaret(field); return; }
    reach(part.querySelector("h1, h2, h3") ?? document.getElementById("main"));
  };

  const closeDrawer = () => {
    const slot = document.querySelector("[data-drawer-slot]");
    if (!slot?.firstElementChild) return;
    slot.replaceChildren();
    if (!opener?.isConnected || !reach(opener)) reach(document.getElementById("main"));
    opener = null;
  };

  document.addEventListener("htmx:before:request", (event) => {
    const source = event.detail.ctx?.sourceElement;
    const target = event.detail.ctx?.target;
    if (target instanceof Element && target.matches("[data-drawer-slot]") && !target.contains(source)) opener = source;
  });
  document.addEventListener("htmx:before:swap", remember);
  document.addEventListener("htmx:after:swap", (event) => {
    const target = event.detail.ctx?.target;
    const part = target instanceof Element && target.isConnected ? target : document.getElementById("main");
    if (part && event.detail.ctx?.swap !== "none") settle(part);
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-close-drawer]")) closeDrawer();
    const open = document.querySelector("details.person[open]");
    if (open && !open.contains(event.target)) open.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    const open = document.querySelector("details.person[open]");
    if (!open) return;
    event.preventDefault();
    open.open = false;
    open.querySelector("summary").focus();
  }, true);

  reach(document.querySelector("[data-error-summary]")) || (isLost() && document.querySelector("[data-focus]")?.focus());
})();
