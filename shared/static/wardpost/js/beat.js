// Every minute a counter's or desk's page says that it is in contact, and how long the way there and back took last
// time. Nothing on the page waits for it, and nothing is said when it fails: the badge at the top does that.
"use strict";
(() => {
  const { beat, beatToken } = document.body.dataset;
  if (!beat) return;
  const EVERY = 60_000;
  let last = "";

  const say = async () => {
    const started = performance.now();
    try {
      const answer = await fetch(beat, {
        method: "POST", credentials: "same-origin",
        headers: { "x-csrftoken": beatToken, "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams({ ms: last }),
      });
      last = answer.ok ? String(Math.round(performance.now() - started)) : "";
      // Signed out, or somebody else at the counter: this page has nothing more to say.
      if (!answer.ok && answer.status < 500) return;
    } catch {
      last = "";
    }
    setTimeout(say, EVERY);
  };

  // Not at once: a page that is only passed through need not speak, and desks shall not speak in chorus.
  setTimeout(say, 15_000 + Math.random() * 10_000);
})();
