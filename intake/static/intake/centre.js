// Tick all arrivals; zoom a sheet. Everything else of the desk is plain links and forms.
"use strict";
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-tick-all]")) return;
  event.target.closest("form").querySelectorAll("input[name='dossier']").forEach((box) => { box.checked = event.target.checked; });
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-zoom]");
  if (!button) return;
  const isZoomed = document.querySelector("[data-sheet]")?.classList.toggle("zoomed") ?? false;
  button.setAttribute("aria-pressed", String(isZoomed));
});
// A space ticks the row that J and K have reached.
document.addEventListener("keydown", (event) => {
  if (event.key !== " " || !event.target.closest?.("[data-row] a")) return;
  const box = event.target.closest("[data-row]").querySelector("input[name='dossier']");
  if (!box) return;
  event.preventDefault();
  box.checked = !box.checked;
});
