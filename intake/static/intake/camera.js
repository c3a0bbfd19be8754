// The ID card's QR code by camera or photo: read on this machine, handed to the form as a scanner would type it.
// The browser's own BarcodeDetector where there is one, else the vendored jsQR, loaded only when needed.
"use strict";
(() => {
  const CARD = /^\d{12}\|/;
  const EVERY_MS = 160;
  const WIDEST = 1280;
  const template = document.getElementById("camera-template");
  if (!template) return;

  let decoder = null;
  let stream = null;
  let timer = 0;

  const script = (src) => new Promise((done, failed) => {
    const element = document.createElement("script");
    element.src = src;
    element.addEventListener("load", done, { once: true });
    element.addEventListener("error", failed, { once: true });
    document.head.append(element);
  });

  // Gives the text of the QR code on a canvas, or "".
  const makeDecoder = async () => {
    if ("BarcodeDetector" in window) {
      try {
        const formats = await BarcodeDetector.getSupportedFormats();
        if (formats.includes("qr_code")) {
          const detector = new BarcodeDetector({ formats: ["qr_code"] });
          return async (canvas) => (await detector.detect(canvas))[0]?.rawValue ?? "";
        }
      } catch { /* a browser that only pretends: our own decoder then */ }
    }
    if (!window.jsQR) await script(template.dataset.decoder);
    return async (canvas) => {
      const { width, height } = canvas;
      const pixels = canvas.getContext("2d", { willReadFrequently: true }).getImageData(0, 0, width, height);
      return window.jsQR(pixels.data, width, height)?.data ?? "";
    };
  };

  const drawn = (source, width, height) => {
    const scale = Math.min(1, WIDEST / width);
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(width * scale));
    canvas.height = Math.max(1, Math.round(height * scale));
    canvas.getContext("2d", { willReadFrequently: true }).drawImage(source, 0, 0, canvas.width, canvas.height);
    return canvas;
  };

  const stop = () => {
    clearTimeout(timer);
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
  };

  const slot = () => document.querySelector("[data-drawer-slot]");

  const say = (what) => {
    const place = slot()?.querySelector("[data-camera-state]");
    if (place) place.textContent = place.dataset[what] ?? "";
  };

  const take = (text) => {
    stop();
    slot()?.replaceChildren();
    const form = document.querySelector("[data-citizen-form], [data-walk-in]");
    if (!form) return;
    form.elements.find.value = text;
    form.querySelector("[data-find]").click();
  };

  const look = async (video) => {
    if (!stream || !video.isConnected) {
      stop();
      return;
    }
    if (video.videoWidth) {
      const text = await decoder(drawn(video, video.videoWidth, video.videoHeight)).catch(() => "");
      if (CARD.test(text)) {
        take(text);
        return;
      }
    }
    timer = setTimeout(() => look(video), EVERY_MS);
  };

  const fromPhoto = async (file) => {
    decoder ??= await makeDecoder();
    const picture = await createImageBitmap(file).catch(() => null);
    const text = picture ? await decoder(drawn(picture, picture.width, picture.height)).catch(() => "") : "";
    if (CARD.test(text)) take(text);
    else say("nothing");
  };

  const open = async () => {
    slot().replaceChildren(template.content.cloneNode(true));
    const drawer = slot().querySelector("[data-drawer]");
    drawer.focus();
    drawer.querySelector("[data-camera-photo]").addEventListener("change", (event) => {
      if (event.target.files[0]) fromPhoto(event.target.files[0]);
    });
    const video = drawer.querySelector("video");
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } } });
      decoder ??= await makeDecoder();
      video.srcObject = stream;
      await video.play();
      say("looking");
      look(video);
    } catch {
      stop();
      video.hidden = true;
      say("none");
    }
  };

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-camera]")) open();
    if (event.target.closest("[data-close-drawer]")) stop();
  });
  // Shown only where there is script to open it.
  const reveal = () => document.querySelectorAll("[data-camera]").forEach((button) => { button.hidden = false; });
  document.addEventListener("htmx:after:swap", reveal);
  reveal();
})();
