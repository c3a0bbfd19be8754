// The large-print switch: a class on the root, remembered in a cookie so that the server draws the next page large at once.
"use strict";
(() => {
  const YEAR_SECONDS = 31536000;
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-large-print]")) return;
    const isLarge = document.documentElement.classList.toggle("wp-large");
    document.cookie = `wp_large=${isLarge ? 1 : 0}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`;
    document.querySelectorAll("[data-large-print]").forEach((button) => button.setAttribute("aria-pressed", String(isLarge)));
  });
})();
