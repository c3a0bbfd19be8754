// Taking a dossier: one reference for one filing, what was touched last, a scanned ID card, the next missing thing.
"use strict";
(() => {
  const CARD = /^\d{12}\|/;

  const form = () => document.querySelector("[data-take-form]");

  // Made here, before anything is sent: pressing submit twice, or again after a lost line, is the same dossier.
  if (form()?.hasAttribute("data-fresh") && crypto.randomUUID) form().elements.client_ref.value = crypto.randomUUID();

  document.addEventListener("change", (event) => {
    const owner = event.target.form;
    if (owner?.elements.touched) owner.elements.touched.value = event.target.name ?? "";
  }, true);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[name]");
    if (button?.form?.elements.touched) button.form.elements.touched.value = button.name;
  }, true);

  const reach = (id) => {
    const target = document.getElementById(id);
    if (!target) return false;
    const inside = target.matches("input, select, textarea, button, a") ? target
      : target.querySelector("input:not([type=hidden]):not(:disabled), select, textarea, button") ?? target;
    target.closest("details")?.setAttribute("open", "");
    target.scrollIntoView({ block: "nearest" });
    inside.focus({ preventScroll: true });
    return true;
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-goto]");
    if (link && reach(link.dataset.goto)) event.preventDefault();
  });

  // Enter takes the first procedure that is offered; while an answer is on its way, the one that comes. Arrows walk.
  let isStale = false;
  let isWanted = false;
  const firstOffer = () => document.querySelector("#procedure-offers button");
  document.addEventListener("input", (event) => {
    if (event.target.id === "t-procedure_q") isStale = true;
  });
  document.addEventListener("htmx:after:swap", (event) => {
    if (event.detail.ctx?.sourceElement?.id !== "t-procedure_q") return;
    isStale = false;
    if (isWanted) firstOffer()?.click();
    isWanted = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.target.id === "t-procedure_q" && event.key === "Enter" && (isStale || firstOffer())) {
      event.preventDefault();
      if (isStale) isWanted = true;
      else firstOffer().click();
      return;
    }
    const offer = event.target.closest?.("#procedure-offers li");
    const isDown = event.key === "ArrowDown";
    if (!isDown && event.key !== "ArrowUp") return;
    const next = event.target.id === "t-procedure_q" && isDown ? firstOffer()
      : (isDown ? offer?.nextElementSibling : offer?.previousElementSibling)?.querySelector("button");
    if (!next) return;
    event.preventDefault();
    next.focus();
  });

  // A scanned card: before a session it finds or fills the citizen; during one it is nobody's business.
  document.addEventListener("wardpost:scan", (event) => {
    const panel = document.querySelector("[data-citizen-form]");
    if (!panel || !CARD.test(event.detail.code)) return;
    event.preventDefault();
    panel.elements.find.value = event.detail.code;
    panel.querySelector("[data-find]").click();
  });

  // Enter in the registration registers; only in the search box does it search. In a place it takes the first offer.
  document.addEventListener("keydown", (event) => {
    const field = event.target;
    if (event.key !== "Enter" || event.defaultPrevented || event.isComposing) return;
    if (!field.matches?.("[data-citizen-form] input:not([type=checkbox], [type=radio], [name=find])")) return;
    event.preventDefault();
    const panel = field.closest("[data-citizen-form]");
    if (field.type === "search") document.getElementById(`${field.id}-offers`)?.querySelector("button")?.click();
    else panel.querySelector(".confirm .btn-main")?.click();
  });

  // What is typed while an answer is on its way stays: the answer knows only what was sent.
  const SKIP = "hx-morph-skip";
  document.addEventListener("htmx:before:request", (event) => {
    const source = event.detail.ctx?.sourceElement;
    if (!(source instanceof HTMLFormElement)) return;
    source.querySelectorAll(`[${SKIP}]`).forEach((field) => field.removeAttribute(SKIP));
    source.setAttribute("aria-busy", "true");
  });
  document.addEventListener("input", (event) => {
    if (event.target.form?.getAttribute("aria-busy") === "true") event.target.setAttribute(SKIP, "");
  });
  document.addEventListener("htmx:finally:request", (event) => {
    event.detail.ctx?.sourceElement?.removeAttribute?.("aria-busy");
  });

  // Nothing is missing: the main button holds the focus, unless somebody is writing.
  const lead = () => {
    const button = document.querySelector("[data-lead]");
    const active = document.activeElement;
    const isWriting = active?.matches("textarea, input[type=text], input[type=tel], input[type=search], input[type=number]");
    if (button && !isWriting) button.focus();
  };
  document.addEventListener("htmx:after:swap", (event) => {
    if (event.detail.ctx?.sourceElement?.matches?.("[data-take-form]")) lead();
  });
  lead();
})();
