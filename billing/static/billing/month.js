// The open line and its row go together: J and K open the neighbours, and the row of the open line stays marked.
"use strict";
(() => {
  const rows = () => [...document.querySelectorAll("[data-rows] [data-row]")];
  const openLine = () => document.querySelector("#line [data-line]")?.dataset.line ?? "";
  const isNarrow = matchMedia("(max-width: 1000px)");

  // After another reason was chosen the open line is one of the list again.
  const mark = () => {
    const open = openLine();
    const all = rows();
    all.forEach((row) => row.classList.toggle("on", row.dataset.line === open));
    if (all.length && !isNarrow.matches && !all.some((row) => row.dataset.line === open)) all[0].querySelector("a").click();
  };

  const step = (by) => {
    const all = rows();
    const at = all.findIndex((row) => row.dataset.line === openLine());
    const next = all[Math.min(Math.max(at + by, 0), all.length - 1)];
    if (!next || at === all.indexOf(next)) return;
    next.scrollIntoView({ block: "nearest" });
    next.querySelector("a").focus();
    next.querySelector("a").click();
  };

  // Where there is no room beside the list a line opens on its own page, which is what its link says.
  document.addEventListener("click", (event) => {
    if (isNarrow.matches && event.target.closest(".line-link")) event.stopImmediatePropagation();
  }, true);

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-step]");
    if (button) step(Number(button.dataset.step));
    const row = event.target.closest("[data-row]");
    if (row && !event.target.closest("a, button, label, input")) row.querySelector("a").click();
  });
  document.addEventListener("htmx:after:swap", mark);
})();
