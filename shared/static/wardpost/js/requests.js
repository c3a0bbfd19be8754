// What a failed htmx request says, the connection badge, toasts. Error pages are never swapped into a page:
// the htmx-config of head.html holds them back, this file puts the reason into words.
"use strict";
(() => {
  const words = document.getElementById("request-words")?.dataset ?? {};
  const byStatus = { 401: words.signedOut, 403: words.refused, 404: words.gone, 409: words.conflict, 410: words.gone, 412: words.conflict, 429: words.tooMany };

  const toast = (text) => {
    const template = document.getElementById("toast-template");
    const place = document.getElementById("toasts");
    if (!template || !place || !text) return;
    const copy = template.content.cloneNode(true);
    copy.querySelector("span").textContent = text;
    place.replaceChildren(copy);
  };

  const reason = (ctx) => {
    const type = ctx.response?.headers?.get("content-type") ?? "";
    if (type.includes("json")) {
      try {
        const problem = JSON.parse(ctx.text);
        if (problem.title) return [problem.title, problem.detail].filter(Boolean).join(" ");
      } catch { /* not a problem we can read: the status says enough */ }
    }
    return byStatus[ctx.response?.status] ?? words.failed;
  };

  document.addEventListener("htmx:after:request", (event) => {
    const { ctx } = event.detail;
    const isPage = (ctx.response.headers.get("content-type") ?? "").includes("html");
    if (ctx.response.status >= 400 && !(ctx.response.status === 422 && isPage)) {
      ctx.swap = "none";
      toast(reason(ctx));
    }
  });
  document.addEventListener("htmx:error", () => toast(words.offline));

  const connection = () => {
    document.querySelectorAll("[data-connection]").forEach((badge) => {
      badge.classList.toggle("ok", navigator.onLine);
      badge.classList.toggle("late", !navigator.onLine);
      badge.querySelector("[data-online]").hidden = !navigator.onLine;
      badge.querySelector("[data-offline]").hidden = navigator.onLine;
    });
  };
  addEventListener("online", connection);
  addEventListener("offline", connection);
  connection();

  document.addEventListener("click", (event) => {
    event.target.closest("[data-close-toast]")?.closest("[data-toast]")?.remove();
    if (event.target.closest("[data-print]")) print();
  });
  window.wardpost = { toast };
})();
