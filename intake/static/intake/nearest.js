// The map of the nearest outlets: numbered discs around the start, rings for scale, no tiles. And "use my position".
"use strict";
(() => {
  const INK = "#1b2327", NIGHT = "#17303f", REST = "#5f686d", LINE = "#85837a", ACTION = "#0a5a94";
  const RINGS_KM = [1, 2, 5, 10, 20, 50, 100, 200];
  let map = null;

  const ring = (layer, here, km) => {
    L.circle(here, { radius: km * 1000, fill: false, color: LINE, weight: 1, dashArray: "4 4", interactive: false }).addTo(layer);
    const north = [here[0] + km / 111.2, here[1]];
    L.marker(north, { opacity: 0, interactive: false, keyboard: false }).addTo(layer)
      .bindTooltip(`${km} km`, { permanent: true, direction: "top", className: "near-ring", offset: [0, 6] });
  };

  const disc = (layer, outlet) => {
    L.circleMarker([outlet.lat, outlet.lon], { radius: 12, fillColor: outlet.open ? NIGHT : REST, fillOpacity: 1, color: "#ffffff", weight: 2 })
      .addTo(layer).bindTooltip(String(outlet.number), { permanent: true, direction: "center", className: "near-pin" });
  };

  const draw = () => {
    const place = document.querySelector("[data-near-map]");
    const data = document.getElementById("near-points");
    if (map) { map.remove(); map = null; }
    if (!place || !data || typeof L === "undefined") return;
    const { here, outlets } = JSON.parse(data.textContent);
    if (!here) return;
    const centre = [here.lat, here.lon];
    map = L.map(place, { preferCanvas: true, zoomControl: true, attributionControl: false, scrollWheelZoom: false, fadeAnimation: false, zoomAnimation: false });
    const bounds = L.latLngBounds([centre, ...outlets.map((outlet) => [outlet.lat, outlet.lon])]).pad(0.25);
    map.fitBounds(bounds, { maxZoom: 15, animate: false });
    const farthest = Math.max(...outlets.map((outlet) => map.distance(centre, [outlet.lat, outlet.lon]))) / 1000;
    RINGS_KM.filter((km) => km <= farthest * 1.6 && km >= farthest / 6).slice(0, 3).forEach((km) => ring(map, centre, km));
    L.circleMarker(centre, { radius: 6, color: INK, weight: 2, fillColor: ACTION, fillOpacity: 1 }).addTo(map);
    outlets.forEach((outlet) => disc(map, outlet));
  };

  const form = document.querySelector("[data-near-form]");
  const button = document.querySelector("[data-locate]");
  const note = document.querySelector("[data-locate-note]");
  const forget = () => ["place", "lat", "lon"].forEach((name) => { form.elements[name].value = ""; });

  form?.elements.q.addEventListener("input", forget);
  if (button && "geolocation" in navigator) {
    button.hidden = note.hidden = false;
    button.addEventListener("click", () => navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        forget();
        form.elements.q.value = "";
        form.elements.lat.value = coords.latitude.toFixed(5);
        form.elements.lon.value = coords.longitude.toFixed(5);
        form.requestSubmit();
      },
      () => { note.textContent = note.dataset.refused; },
      { timeout: 10000, maximumAge: 60000 },
    ));
  }
  document.addEventListener("htmx:after:swap", draw);
  document.addEventListener("DOMContentLoaded", draw);
})();
