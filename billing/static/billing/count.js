// The sum of a drawer while its notes are counted.
"use strict";
(() => {
  const write = new Intl.NumberFormat(document.documentElement.lang || "vi");
  const add = (box) => {
    const sum = [...box.querySelectorAll("[data-note]")].reduce((total, field) => total + Number(field.dataset.note) * (Number.parseInt(field.value, 10) || 0), 0);
    box.querySelector("[data-count-sum]").textContent = `${write.format(sum)} đ`;
  };
  document.addEventListener("input", (event) => {
    const box = event.target.closest("[data-count]");
    if (box) add(box);
  });
  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-count]").forEach(add));
})();
