// Covers the page when nobody has touched it for a while, when another page was locked, and when the session is somebody
// else's. The page stays as it is beneath: whoever it belongs to goes on where she was.
"use strict";
(() => {
  const template = document.querySelector("template[data-cover]");
  if (!template) return;
  const { here, account, lock: lockUrl, switch: switchUrl, failed } = template.dataset;
  const idle = Number(template.dataset.minutes) * 60_000;
  // Not a part of the page before it is needed: nothing finds, reads or fills it there.
  const cover = template.content.querySelector("dialog").cloneNode(true);
  const form = cover.querySelector("[data-cover-form]");
  const secret = form.querySelector("input");
  const error = cover.querySelector("[data-cover-error]");
  const KEY = "wp-touched";
  let touched = 0;
  let isLockedHere = false;
  let focused = null;

  const whose = () => document.cookie.split("; ").find((each) => each.startsWith("wp_here="))?.slice(8) ?? "";
  const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";

  const touch = () => {
    if (Date.now() - touched < 3_000 || cover.open) return;
    touched = Date.now();
    try { localStorage.setItem(KEY, String(touched)); } catch { /* this tab counts for itself then */ }
  };
  const lastTouch = () => {
    try { return Math.max(touched, Number(localStorage.getItem(KEY) ?? 0)); } catch { return touched; }
  };

  const put = () => {
    if (cover.open) return;
    focused = document.activeElement;
    document.documentElement.classList.add("is-covered");
    document.body.append(cover);
    cover.showModal();
    secret.focus();
  };
  const lift = () => {
    if (!cover.open) return;
    isLockedHere = false;
    error.hidden = true;
    secret.value = "";
    document.documentElement.classList.remove("is-covered");
    cover.close();
    cover.remove();
    touched = 0;
    touch();
    focused?.focus?.();
  };

  const lock = () => {
    isLockedHere = true;
    put();
    // When the network is away the page is covered all the same; the server hears of it with the next try.
    fetch(lockUrl, { method: "POST", credentials: "same-origin", headers: { "x-csrftoken": token(), "x-wardpost": "lock" } })
      .then((answer) => { if (answer.ok) isLockedHere = false; }, () => {});
  };

  const look = () => {
    if (whose() !== here) put();
    else if (cover.open && !isLockedHere) lift();
    else if (idle && !cover.open && Date.now() - lastTouch() > idle) lock();
  };

  const renew = (fresh) => {
    document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((each) => { each.value = fresh; });
    document.body.setAttribute("hx-headers:inherited", JSON.stringify({ "x-csrftoken": fresh }));
    if (document.body.dataset.beatToken) document.body.dataset.beatToken = fresh;
  };

  const say = (text) => {
    error.textContent = text || failed;
    error.hidden = false;
    secret.select();
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      // The token of this page may be of a session that is over.
      const page = await fetch(switchUrl, { credentials: "same-origin" });
      const fresh = new DOMParser().parseFromString(await page.text(), "text/html").querySelector("[name=csrfmiddlewaretoken]");
      const answer = await fetch(switchUrl, {
        method: "POST", credentials: "same-origin",
        headers: { "x-csrftoken": fresh.value, "x-wardpost": "unlock" },
        body: new URLSearchParams({ account, secret: secret.value }),
      });
      const told = await answer.json();
      if (!answer.ok || told.here !== here) { say(told.error); return; }
      renew(told.token);
      lift();
    } catch {
      say("");
    }
  });

  // Escape, and whatever else would close it.
  cover.addEventListener("cancel", (event) => event.preventDefault());
  cover.addEventListener("close", () => { if (document.documentElement.classList.contains("is-covered")) cover.showModal(); });

  ["pointerdown", "keydown", "input", "wheel", "touchstart"].forEach((kind) => addEventListener(kind, touch, { passive: true, capture: true }));
  addEventListener("focus", look);
  addEventListener("pageshow", look);
  document.addEventListener("visibilitychange", look);
  touch();
  setInterval(look, 2_000);
})();
