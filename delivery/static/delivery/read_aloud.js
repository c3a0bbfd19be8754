// Reads the page aloud for whoever would rather listen: the card, what to do, what to bring. Without a voice the button stays away.
"use strict";
(() => {
  const button = document.querySelector("[data-read-aloud]");
  if (!button || !("speechSynthesis" in window)) return;
  const words = button.querySelector("[data-read-words]");
  const [start, stop] = [words.textContent, words.dataset.stop];
  button.hidden = false;

  const text = () => [document.querySelector("h1"), ...document.querySelectorAll("[data-read]")]
    .filter(Boolean).map((part) => part.innerText.replace(/\s+/g, " ").trim()).join(". ");

  const ended = () => {
    words.textContent = start;
    button.setAttribute("aria-pressed", "false");
  };

  button.addEventListener("click", () => {
    if (speechSynthesis.speaking) {
      speechSynthesis.cancel();
      ended();
      return;
    }
    const spoken = new SpeechSynthesisUtterance(text());
    spoken.lang = document.documentElement.lang === "en" ? "en-GB" : "vi-VN";
    spoken.rate = 0.9;
    spoken.addEventListener("end", ended);
    spoken.addEventListener("error", ended);
    words.textContent = stop;
    button.setAttribute("aria-pressed", "true");
    speechSynthesis.speak(spoken);
  });
  addEventListener("pagehide", () => speechSynthesis.cancel());
})();
