// The papers of a filing: a look at each photo before it is sent, paste and drop, what a phone sends, pages in order.
"use strict";
(() => {
  const form = () => document.querySelector("[data-take-form]");
  const said = document.getElementById("quality-dialog");

  // --- before a file is sent: one look; one key sends it anyway ---

  const ask = (text) => new Promise((answer) => {
    said.querySelector("[data-quality-words]").textContent = text;
    said.onclose = () => answer(said.returnValue === "anyway");
    said.returnValue = "";
    said.showModal();
    said.querySelector("[value=anyway]").focus();
  });

  // While it is asked, Enter and Esc belong to the question and not to the page behind it.
  window.addEventListener("keydown", (event) => { if (said?.open) event.stopImmediatePropagation(); }, true);

  const checked = new WeakSet();
  document.addEventListener("change", async (event) => {
    const input = event.target;
    if (!input.matches?.("input[type=file][data-check]") || !input.files.length) return;
    if (checked.has(input)) { checked.delete(input); return; }
    event.stopImmediatePropagation();
    const codes = new Set();
    for (const file of input.files) for (const code of await window.WardpostQuality.look(file)) codes.add(code);
    if (codes.size && !(await ask(window.WardpostQuality.words([...codes])))) {
      input.value = "";
      input.focus();
      return;
    }
    checked.add(input);
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }, true);

  // A file that was sent is sent once, whether it was taken or refused.
  let sent = [];
  document.addEventListener("htmx:before:request", (event) => {
    if (!event.detail.ctx?.sourceElement?.matches?.("[data-take-form]")) return;
    document.getElementById("toasts")?.replaceChildren();
    sent = [...document.querySelectorAll("input[type=file][data-check]")].filter((input) => input.files.length).map((input) => [input, input.files]);
  });
  document.addEventListener("htmx:after:swap", (event) => {
    if (!event.detail.ctx?.sourceElement?.matches?.("[data-take-form]")) return;
    for (const [input, files] of sent) if (input.files === files) input.value = "";
    sent = [];
  });

  // --- paste into the next paper, drop onto any ---

  const give = (input, files) => {
    if (!input || !files.length) return;
    const carrier = new DataTransfer();
    for (const file of files) carrier.items.add(file);
    input.files = carrier.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const nextInput = () => document.querySelector("input[type=file][data-check][data-key]") ?? document.querySelector("input[type=file][data-check]");

  document.addEventListener("paste", (event) => {
    const files = event.clipboardData?.files ?? [];
    if (!files.length || !form()) return;
    event.preventDefault();
    give(nextInput(), files);
  });
  document.addEventListener("dragover", (event) => {
    const line = event.target.closest?.(".papers > li");
    if (!line || !event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    line.classList.add("is-over");
  });
  document.addEventListener("dragleave", (event) => event.target.closest?.(".papers > li")?.classList.remove("is-over"));
  document.addEventListener("drop", (event) => {
    const line = event.target.closest?.(".papers > li");
    if (!line || !event.dataTransfer.files.length) return;
    event.preventDefault();
    line.classList.remove("is-over");
    give(line.querySelector("input[type=file][data-check]"), event.dataTransfer.files);
  });

  // --- what arrives while the page lies open ---

  const look = async () => {
    const now = document.querySelector("[data-files-state]");
    if (!now || document.hidden || form()?.getAttribute("aria-busy") === "true") return;
    try {
      const answer = await fetch(now.dataset.filesUrl, { credentials: "same-origin" });
      if (answer.ok && (await answer.text()) !== now.dataset.filesState) form()?.dispatchEvent(new Event("papers-changed"));
    } catch { /* the line is down; the next look tells */ }
  };
  setInterval(look, 2000);
  // A link that was just opened is part of the page only once the page has been asked for again.
  document.addEventListener("htmx:after:swap", () => {
    if (document.querySelector("[data-phone-drawer]") && !document.querySelector("[data-files-state]")) form()?.dispatchEvent(new Event("papers-changed"));
  });

  // --- pages in order ---

  const list = () => document.querySelector("[data-pages]");
  const tell = (key, number = "") => {
    const live = document.querySelector("[data-pages-said]");
    live.textContent = `${live.dataset[key]} ${number}`.trim();
  };
  const renumber = () => {
    [...list().children].forEach((tile, index) => { tile.querySelector("[data-number]").textContent = index + 1; });
    document.querySelector("[data-arrange-send]").disabled = !list().children.length;
  };
  const choose = (tile) => {
    [...list().children].forEach((each) => { each.tabIndex = each === tile ? 0 : -1; });
    tile?.focus();
  };
  const move = (tile, step) => {
    const other = step < 0 ? tile.previousElementSibling : tile.nextElementSibling;
    if (!other) return;
    if (step < 0) other.before(tile); else other.after(tile);
    renumber();
    choose(tile);
    tell("moved", [...list().children].indexOf(tile) + 1);
  };
  const turn = (tile) => {
    const input = tile.querySelector("input[name=page]");
    const [document_, number, turns] = input.value.split(":");
    const now = (Number(turns) + 1) % 4;
    input.value = [document_, number, now].join(":");
    tile.dataset.turns = now;
    tell("turned");
  };
  const leaveOut = (tile) => {
    const next = tile.nextElementSibling ?? tile.previousElementSibling;
    tile.remove();
    renumber();
    choose(next);
    tell("leftOut");
  };

  document.addEventListener("keydown", (event) => {
    const tile = event.target.closest?.(".page-tile");
    if (!tile || event.ctrlKey || event.altKey || event.metaKey) return;
    const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    if (step && event.shiftKey) move(tile, step);
    else if (step) choose((step < 0 ? tile.previousElementSibling : tile.nextElementSibling) ?? tile);
    else if (event.key.toLowerCase() === "r") turn(tile);
    else if (event.key === "Delete") leaveOut(tile);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }, true);
  document.addEventListener("click", (event) => {
    const tile = event.target.closest?.(".page-tile");
    if (!tile) return;
    if (event.target.closest("[data-turn]")) turn(tile);
    else if (event.target.closest("[data-leave-out]")) { leaveOut(tile); return; }
    choose(tile);
  });

  let dragged = null;
  document.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.(".page-tile") ?? null;
    if (dragged) event.dataTransfer.effectAllowed = "move";
  });
  document.addEventListener("dragover", (event) => {
    const over = event.target.closest?.(".page-tile");
    if (!dragged || !over || over === dragged) return;
    event.preventDefault();
    const box = over.getBoundingClientRect();
    if (event.clientX < box.left + box.width / 2) over.before(dragged); else over.after(dragged);
    renumber();
  });
  document.addEventListener("dragend", () => { if (dragged) choose(dragged); dragged = null; });

  // The form has taken the order: the drawer is done.
  document.addEventListener("htmx:after:swap", (event) => {
    const isForm = event.detail.ctx?.sourceElement?.matches?.("[data-take-form]");
    const drawer = document.querySelector("[data-arrange]");
    if (isForm && drawer?.dataset.sent) drawer.querySelector("[data-close-drawer]").click();
  });
  document.addEventListener("submit", (event) => {
    if (event.submitter?.matches("[data-arrange-send]")) document.querySelector("[data-arrange]").dataset.sent = "1";
  }, true);
})();
