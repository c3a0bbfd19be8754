// A field to sign in, and the scanner at a count. Without this file names are typed and lines are ticked by hand.
"use strict";
(() => {
  document.documentElement.classList.add("ho-scripted");

  // --- signing: moves and lines of whole numbers in a field of 600 × 200, as the server expects them
  const draw = (pad) => {
    const canvas = pad.querySelector("canvas");
    const field = pad.querySelector("input[type='hidden']");
    const pen = canvas.getContext("2d");
    let isDown = false;
    const paint = () => {
      pen.clearRect(0, 0, 600, 200);
      pen.lineWidth = 4;
      pen.lineCap = pen.lineJoin = "round";
      pen.strokeStyle = "#1b2327";
      pen.stroke(new Path2D(field.value));
    };
    const add = (kind, event) => {
      const box = canvas.getBoundingClientRect();
      const x = Math.min(Math.max(Math.round(((event.clientX - box.left) / box.width) * 600), 0), 600);
      const y = Math.min(Math.max(Math.round(((event.clientY - box.top) / box.height) * 200), 0), 200);
      if (field.value.length > 19000) return;
      field.value += `${kind}${x} ${y} `;
      paint();
    };
    canvas.addEventListener("pointerdown", (event) => { isDown = true; canvas.setPointerCapture(event.pointerId); add("M", event); });
    canvas.addEventListener("pointermove", (event) => { if (isDown) add("L", event); });
    ["pointerup", "pointercancel"].forEach((name) => canvas.addEventListener(name, () => { isDown = false; }));
    pad.querySelector("[data-pad-clear]").addEventListener("click", () => { field.value = ""; paint(); });
    if (field.value) paint();
  };
  document.querySelectorAll("[data-pad]").forEach(draw);

  // --- counting by scanner
  const form = document.querySelector("[data-count]");
  if (!form) return;
  const place = form.querySelector("[data-scan-here]");
  const scan = place.querySelector("input");
  const surplus = form.querySelector("[data-surplus]");
  const tally = form.querySelector("[data-tally]");
  const rows = [...form.querySelectorAll("[data-reference]")];
  place.hidden = false;
  if (!document.querySelector("[data-error-summary]")) scan.focus();
  const say = () => {
    const done = rows.filter((row) => row.querySelector("input[type='radio']:checked")).length;
    tally.textContent = `${done} / ${rows.length} ${tally.dataset.words}`;
  };
  const referenceIn = (text) => text.trim().split("?")[0].replace(/\/+$/, "").split("/").pop().toUpperCase();
  scan.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    event.stopPropagation();
    const code = referenceIn(scan.value);
    if (!code) return;
    const row = rows.find((each) => each.dataset.reference === code);
    if (row) {
      row.querySelector("input[value='there']").checked = true;
      row.classList.add("on");
      row.scrollIntoView({ block: "nearest" });
    } else if (!surplus.value.split("\n").includes(code)) {
      surplus.value = `${surplus.value.trim()}\n${code}`.trim();
    }
    scan.value = "";
    say();
  });
  form.addEventListener("change", say);
  say();
})();
