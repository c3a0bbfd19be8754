// While a dossier is taken: the check runs in the browser at each entry, and the draft is kept without being asked.
"use strict";
(() => {
  const KEEP_AFTER_MS = 1500;
  const ANCHORS = {
    "/channel": "t-channel", "/place/commune_code": "t-place_commune_code", "/delivery/street": "t-delivery_street",
    "/delivery/phone": "t-delivery_phone", "/delivery/commune_code": "t-delivery_commune_code", "/collect_reason": "t-collect_reason",
  };
  const language = document.documentElement.lang.startsWith("vi") ? "vi" : "en";
  const form = () => document.querySelector("[data-take-form]");
  const json = (id) => JSON.parse(document.getElementById(id)?.textContent || "null");
  const rules = json("precheck-rules");

  // --- the check: the server's facts, with what the form says since ---

  const paperNow = (paper, data) => ({
    ...paper,
    is_shown: data.getAll("shown").includes(paper.code),
    dated: data.get(`dated-${paper.code}`) || (data.has(`dated-${paper.code}`) ? null : paper.dated),
  });

  const factsNow = () => {
    const facts = json("precheck-facts");
    if (!facts) return null;
    const data = new FormData(form());
    const text = (name, otherwise) => (data.get(name) ?? "").trim() || otherwise;
    const isHome = data.get("result_choice") === "home";
    const collect = text("collect_code", "");
    return {
      ...facts,
      result_choice: data.get("result_choice") ?? facts.result_choice,
      collect_reason: collect && collect !== "other" ? collect : text("collect_reason", ""),
      street: isHome && data.has("street") ? text("street", facts.street) : facts.street,
      phone: isHome && data.has("phone") ? text("phone", facts.phone) : facts.phone,
      papers: facts.papers.map((paper) => paperNow(paper, data)),
    };
  };

  const show = () => {
    const list = document.querySelector("[data-checks]");
    const facts = factsNow();
    if (!list || !facts || !rules) return;
    const found = window.WardpostPrecheck.check(facts, rules);
    list.replaceChildren(...found.map((one) => {
      const line = document.getElementById(`check-${one.severity}`).content.firstElementChild.cloneNode(true);
      const anchor = one.component ? `paper-${one.component}` : ANCHORS[one.pointer] ?? "s2";
      const link = line.querySelector("a");
      link.textContent = one.words[language];
      link.href = `#${anchor}`;
      link.dataset.goto = anchor;
      line.querySelector(".meta").textContent = [one.advice[language], one.legal_basis && `${one.legal_basis}.`].filter(Boolean).join(" ");
      return line;
    }));
    document.querySelector("[data-all-right]").hidden = found.length > 0;
  };

  // --- the draft: kept a moment after the last entry, and when the page is left ---

  let timer = 0;
  let isStopped = false;
  let lastKept = "";
  let isKeeping = false;

  const content = () => {
    const data = new FormData(form());
    ["csrfmiddlewaretoken", "touched", "draft_version", "opened"].forEach((name) => data.delete(name));
    return JSON.stringify([...data].map(([name, value]) => [name, value instanceof File ? value.name : value]));
  };

  const body = () => {
    const data = new FormData(form());
    [...data.keys()].filter((name) => name.startsWith("file-")).forEach((name) => data.delete(name));
    return data;
  };

  const note = (text) => {
    const place = document.querySelector("[data-kept-note]");
    if (place) place.textContent = text ?? "";
  };

  const keep = async () => {
    clearTimeout(timer);
    if (isStopped || isKeeping || !form()?.elements.procedure_code?.value || form().getAttribute("aria-busy") === "true") return;
    const now = content();
    if (now === lastKept) return;
    isKeeping = true;
    try {
      const answer = await fetch(form().dataset.keepUrl, { method: "POST", body: body(), credentials: "same-origin" });
      if (!answer.ok) return;
      const told = await answer.json();
      if (told.conflict) {
        isStopped = true;
        document.getElementById("draft-note").innerHTML = told.conflict;
        window.htmx?.process(document.getElementById("draft-note"));
      } else if (told.stop) {
        isStopped = true;
        note(told.note);
      } else if (told.version) {
        lastKept = now;
        form().elements.draft_version.value = told.version;
        note(told.note);
      }
    } catch {
      // The line is down: the next entry tries again, and nothing on the page is lost.
    } finally {
      isKeeping = false;
    }
  };

  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(keep, KEEP_AFTER_MS);
  };

  const onEntry = (event) => {
    if (!event.target.closest?.("[data-take-form]")) return;
    show();
    soon();
  };
  document.addEventListener("input", onEntry);
  document.addEventListener("change", onEntry);
  document.addEventListener("htmx:after:swap", () => {
    if (!form()) return;
    if (form().querySelector("[data-overwrite]") === null) isStopped = false;
    soon();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "hidden" || isStopped || !form()?.elements.procedure_code?.value) return;
    if (content() !== lastKept) navigator.sendBeacon(form().dataset.keepUrl, body());
  });
  // What is being submitted is no draft any more.
  document.addEventListener("submit", (event) => {
    const pressed = event.submitter;
    if (pressed?.name === "do" && pressed.value !== "look") {
      clearTimeout(timer);
      isStopped = pressed.value !== "rule";
    }
  }, true);
})();
