// A map of points over the communes around, drawn from the JSON beside it; no tiles, so it needs no other server.
"use strict";
(() => {
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--wp-${name}`).trim();
  const colourOf = (tone) => token(tone === "rest" ? "line-strong" : tone);
  const drawn = new Map();
  const SURFACE = "#ffffff";

  const words = (point) => {
    const box = document.createElement("span"), name = document.createElement("b");
    name.textContent = point.label;
    box.append(name);
    if (point.detail) box.append(document.createElement("br"), point.detail);
    return box;
  };

  const pin = (map, point) => {
    const disc = L.circleMarker([point.lat, point.lon], { radius: point.size, color: SURFACE, weight: 2, fillColor: colourOf(point.tone), fillOpacity: 1 }).addTo(map);
    if (point.number) disc.bindTooltip(point.number, { permanent: true, direction: "center", className: "map-number" });
    else disc.bindTooltip(words(point), { direction: "top", className: "map-words" });
    if (point.url) disc.on("click", () => { location.href = point.url; });
  };

  const draw = (place) => {
    const data = document.getElementById(place.dataset.map);
    if (!data || typeof L === "undefined") return;
    const { points, ground, way, wayAhead, areas } = JSON.parse(data.textContent);
    const map = L.map(place, { preferCanvas: true, zoomControl: true, attributionControl: false, scrollWheelZoom: false, fadeAnimation: false, zoomAnimation: false });
    const shown = [...points.map((point) => [point.lat, point.lon]), ...way, ...wayAhead, ...areas.flat()];
    const bounds = L.latLngBounds(shown.length ? shown : ground);
    if (bounds.isValid()) map.fitBounds(bounds.pad(0.15), { maxZoom: 13, animate: false });
    else map.setView([16.2, 106.3], 5);
    areas.forEach((ring) => L.polygon(ring, { color: token("tile-edge"), weight: 1, fillColor: SURFACE, fillOpacity: 1, interactive: false }).addTo(map));
    ground.forEach((at) => L.circleMarker(at, { radius: 2.5, stroke: false, fillColor: token("tile-edge"), fillOpacity: 0.7, interactive: false }).addTo(map));
    if (way.length > 1) L.polyline(way, { color: token("night"), weight: 3, interactive: false }).addTo(map);
    if (wayAhead.length > 1) L.polyline(wayAhead, { color: token("line-strong"), weight: 2, dashArray: "5 6", interactive: false }).addTo(map);
    points.forEach((point) => pin(map, point));
    drawn.set(place, map);
  };

  const drawAll = () => {
    drawn.forEach((map, place) => { if (!place.isConnected) { map.remove(); drawn.delete(place); } });
    document.querySelectorAll("[data-map]").forEach((place) => { if (!drawn.has(place)) draw(place); });
  };
  document.addEventListener("htmx:after:swap", drawAll);
  document.addEventListener("DOMContentLoaded", drawAll);
})();
