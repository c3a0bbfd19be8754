// Sends what is kept on the phone, in its order, as often as it takes; the server takes each act once.
"use strict";
window.WardpostDoorSend = (() => {
  const store = window.WardpostDoorStore;
  const place = document.querySelector("[data-door]").dataset;

  const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const messagesOf = (problem) => (problem.errors?.length ? problem.errors.map((each) => each.message ?? each.detail).join(" ") : problem.detail || problem.title || "");

  const bodyOf = (kept) => {
    const body = new FormData();
    body.set("act", JSON.stringify({ ...kept.act, device_sent_at: new Date().toISOString() }));
    if (kept.photo) body.set("photo", new Blob([bytesOf(kept.photo)], { type: "image/jpeg" }), "photo.jpg");
    return body;
  };

  // "sent", "parked" (a person must look at it) or "later".
  const sendOne = async (kept) => {
    let answer;
    try {
      answer = await fetch(place.acts, { method: "POST", body: bodyOf(kept), credentials: "same-origin", headers: { Accept: "application/json" } });
    } catch {
      return "later";
    }
    if (answer.ok) {
      await store.remove("acts", kept.act.id);
      return "sent";
    }
    if (answer.status >= 500 || answer.status === 429 || answer.status === 408) return "later";
    const problem = await answer.json().catch(() => ({}));
    await store.put("acts", kept.act.id, { ...kept, isParked: true, problem: messagesOf(problem) });
    return "parked";
  };

  const drain = async (told) => {
    const run = async () => {
      const waiting = (await store.all("acts")).filter((each) => !each.isParked).sort((a, b) => a.act.sequence - b.act.sequence);
      for (const kept of waiting) {
        const outcome = await sendOne(kept);
        if (outcome === "later") return false;
        await told(kept, outcome);
      }
      return true;
    };
    return navigator.locks ? navigator.locks.request("wardpost-door", run) : run();
  };

  return { drain };
})();
