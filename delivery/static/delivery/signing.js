// A field to sign in: moves and lines of whole numbers in a field of 600 × 200, as the server expects them.
"use strict";
(() => {
  const LONGEST = 19000;

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
      if (field.value.length > LONGEST) return;
      field.value += `${kind}${x} ${y} `;
      paint();
    };
    const clear = () => { field.value = ""; paint(); };
    canvas.addEventListener("pointerdown", (event) => { isDown = true; canvas.setPointerCapture(event.pointerId); add("M", event); });
    canvas.addEventListener("pointermove", (event) => { if (isDown) add("L", event); });
    ["pointerup", "pointercancel"].forEach((name) => canvas.addEventListener(name, () => { isDown = false; }));
    pad.querySelector("[data-pad-clear]").addEventListener("click", clear);
    pad.addEventListener("wardpost:clear", clear);
    if (field.value) paint();
  };
  document.querySelectorAll("[data-pad]").forEach(draw);
})();
