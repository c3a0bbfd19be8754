// The survey on a phone: fills in the position the phone gives. Without it the position is typed.
(() => {
  const button = document.querySelector("[data-survey-locate]");
  if (!button || !navigator.geolocation) return;
  const form = button.form;
  const note = document.querySelector("[data-survey-note]");
  button.hidden = false;
  button.addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        form.elements.latitude.value = coords.latitude.toFixed(6);
        form.elements.longitude.value = coords.longitude.toFixed(6);
        note.textContent = `± ${Math.round(coords.accuracy)} m`;
      },
      () => {
        note.textContent = note.dataset.refused;
      },
      { enableHighAccuracy: true, timeout: 15000 },
    );
  });
})();
