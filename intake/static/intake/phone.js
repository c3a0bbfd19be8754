// The phone's page: a photo is looked at, made lighter, sent, and sent again when the line breaks.
"use strict";
(() => {
  const words = document.getElementById("phone-words").dataset;
  const TRIES = 4;

  const say = (form, text) => { form.querySelector("[data-said]").textContent = text; };
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));

  const send = async (form, file) => {
    const data = new FormData(form);
    data.set("photo", file, file.name);
    for (let tried = 1; tried <= TRIES; tried += 1) {
      say(form, tried === 1 ? words.sending : words.lost);
      try {
        const answer = await fetch(location.pathname, { method: "POST", body: data, credentials: "same-origin" });
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const part = page.getElementById(form.id);
        if (part) { form.replaceWith(document.adoptNode(part)); return; }
        if (answer.status === 413) { say(form, words.failed); return; }
        location.reload();
        return;
      } catch {
        await pause(1000 * tried);
      }
    }
    say(form, words.failed);
  };

  const take = async (form, file) => {
    const found = await window.WardpostQuality.look(file);
    const lighter = await window.WardpostQuality.lighter(file);
    if (!found.length) { await send(form, lighter); return; }
    const warning = form.querySelector("[data-warning]");
    form.querySelector("[data-warning-words]").textContent = window.WardpostQuality.words(found);
    warning.hidden = false;
    warning.querySelector("[data-anyway]").onclick = () => { warning.hidden = true; send(form, lighter); };
    warning.querySelector("[data-again]").onclick = () => { warning.hidden = true; form.querySelector("[data-photo]").click(); };
    warning.querySelector("[data-again]").focus();
  };

  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-photo]") || !event.target.files.length) return;
    const [file] = event.target.files;
    const form = event.target.form;
    take(form, file);
  });
})();
