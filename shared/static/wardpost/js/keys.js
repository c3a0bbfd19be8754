// Every element with data-key is triggered by that key ("F9", "Enter", "Escape", "2", "j", "/", "Ctrl+Enter").
// Digits, letters and signs work only outside text fields. Inside one, Escape leaves the field first.
// A barcode scanner is a fast keyboard: a burst of signs ending in Enter, outside a text field, is a scan.
"use strict";
(() => {
  const BURST_MS = 60;
  const SCAN_LENGTH = 5;
  const TEXT_TYPES = new Set(["text", "search", "tel", "email", "url", "password", "number", "date", "time", "month", "datetime-local"]);
  const MODIFIERS = new Set(["Shift", "Control", "Alt", "AltGraph", "Meta", "CapsLock"]);
  const pending = [];
  let timer = 0;
  let letterKeys = localStorage.getItem("wp-letter-keys") !== "off";

  const isTextField = (element) =>
    element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement || element.isContentEditable ||
    (element instanceof HTMLInputElement && TEXT_TYPES.has(element.type));

  const takesEnter = (element) => element.closest("a[href], button, summary, input, textarea, select, [contenteditable]") !== null;

  const isUsable = (element) =>
    !element.disabled && element.getAttribute("aria-disabled") !== "true" && !element.closest("[inert], [hidden]") && element.getClientRects().length > 0;

  const normal = (key) => (key.length === 1 ? key.toLowerCase() : key);

  const nameOf = (event) => (event.ctrlKey || event.metaKey ? `Ctrl+${normal(event.key)}` : normal(event.key));

  // The last usable one wins, and one inside an open drawer before all others.
  const targetOf = (name) => {
    const all = [...document.querySelectorAll("[data-key]")].filter((element) => normal(element.dataset.key) === name && isUsable(element));
    return all.findLast((element) => element.closest("[data-drawer]")) ?? all.at(-1);
  };

  const act = (element) => {
    if (isTextField(element)) {
      element.focus();
      element.select?.();
    } else if (element instanceof HTMLInputElement) {
      element.focus();
      element.click();
    } else {
      element.click();
    }
  };

  const press = (name) => {
    const element = targetOf(name);
    if (element) act(element);
    else if (name === "j" || name === "k") step(name === "j" ? 1 : -1);
    return Boolean(element);
  };

  // J and K walk the rows of the page's list; Enter then opens the link that has the focus.
  const step = (by) => {
    const rows = [...document.querySelectorAll("[data-rows] [data-row]")].filter(isUsable);
    if (!rows.length) return;
    const current = rows.findIndex((row) => row.contains(document.activeElement));
    const marked = rows.findIndex((row) => row.matches(".on, .here, [aria-current], [aria-selected='true']"));
    const start = current >= 0 ? current : marked;
    const row = rows[Math.min(Math.max(start + by, 0), rows.length - 1)];
    (row.matches("a, button, [tabindex]") ? row : row.querySelector("a, button") ?? row).focus();
    row.scrollIntoView({ block: "nearest" });
  };

  const flush = () => {
    clearTimeout(timer);
    pending.splice(0).forEach((sign) => {
      const name = normal(sign);
      if (letterKeys || name === "/") press(name);
    });
  };

  const scanned = () => {
    clearTimeout(timer);
    const code = pending.splice(0).join("");
    const event = new CustomEvent("wardpost:scan", { detail: { code }, cancelable: true });
    if (!document.dispatchEvent(event)) return;
    const form = document.querySelector("[data-scan-form]");
    if (!form) return;
    form.elements.q.value = code;
    form.requestSubmit();
  };

  const leaveField = (field) => {
    field.blur();
    (field.closest("[data-focus-rest]") ?? document.getElementById("main"))?.focus({ preventScroll: true });
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.altKey || MODIFIERS.has(event.key)) return;
    const inField = isTextField(event.target);
    const name = nameOf(event);
    if (event.key.length === 1 && !event.ctrlKey && !event.metaKey) {
      if (inField || event.key === " " && !pending.length) return;
      pending.push(event.key);
      clearTimeout(timer);
      timer = setTimeout(flush, BURST_MS);
      if (targetOf(name)) event.preventDefault();
      return;
    }
    if (name === "Escape" && inField) {
      event.preventDefault();
      leaveField(event.target);
      return;
    }
    if (name === "Enter" && pending.length >= SCAN_LENGTH) {
      event.preventDefault();
      scanned();
      return;
    }
    flush();
    if (event.repeat) return;
    if (name === "Enter" && takesEnter(event.target)) return;
    if (press(name)) event.preventDefault();
  });

  // Screen readers hear the key; letter keys can be switched off (WCAG 2.1.4).
  const announce = (root) => {
    root.querySelectorAll("[data-key]").forEach((element) => {
      const key = element.dataset.key;
      element.setAttribute("aria-keyshortcuts", key.replace("Ctrl+", "Control+"));
      element.toggleAttribute("data-key-letter", key.length === 1 && key !== "/");
    });
    document.documentElement.classList.toggle("letter-keys-off", !letterKeys);
    root.querySelectorAll("[data-letter-keys]").forEach((button) => button.setAttribute("aria-pressed", String(letterKeys)));
  };

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-letter-keys]")) return;
    letterKeys = !letterKeys;
    localStorage.setItem("wp-letter-keys", letterKeys ? "on" : "off");
    announce(document);
  });
  document.addEventListener("htmx:after:settle", () => announce(document));
  announce(document);
})();
