{% load static %}// Keeps the postman's page at hand without a signal. What is on a round is never kept here, only its page, look and scripts.
"use strict";
const SHELF = "wardpost-door-1";
const PAGE = "{% url 'delivery:door' %}";
const THINGS = [PAGE, "{% static 'delivery/door.css' %}", "{% static 'delivery/signing.js' %}", "{% static 'delivery/door_store.js' %}", "{% static 'delivery/door_send.js' %}", "{% static 'delivery/door.js' %}", "{% static 'wardpost/icons/icons.svg' %}"];
const PATIENCE_MS = 4000;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELF).then((shelf) => shelf.addAll(THINGS)).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => {
  event.waitUntil(caches.keys()
    .then((names) => Promise.all(names.filter((name) => name.startsWith("wardpost-door-") && name !== SHELF).map((name) => caches.delete(name))))
    .then(() => self.clients.claim()));
});

const fetched = async (request) => {
  const answer = await fetch(request);
  if (answer.ok && !answer.redirected) (await caches.open(SHELF)).put(request, answer.clone());
  return answer;
};

// The page: the newest where there is a signal, but nobody waits for a weak one.
const page = async (request) => {
  const kept = await caches.match(PAGE);
  if (!kept) return fetched(request);
  const late = new Promise((done) => setTimeout(() => done(kept.clone()), PATIENCE_MS));
  return Promise.race([fetched(request).catch(() => kept), late]);
};

// Look and scripts: what is kept at once, and what is new for the next time.
const thing = async (request) => {
  const kept = await caches.match(request);
  const fresh = fetched(request);
  if (!kept) return fresh;
  fresh.catch(() => undefined);
  return kept;
};

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate" && url.pathname === PAGE) event.respondWith(page(request));
  else if (url.pathname.startsWith("/static/")) event.respondWith(thing(request));
});
