// What a round needs without a signal, on the phone: sealed with a key that cannot leave this browser.
"use strict";
window.WardpostDoorStore = (() => {
  const NAME = "wardpost-door";
  const SHELVES = ["keys", "round", "acts"];

  const wait = (request) => new Promise((done, fail) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });
  const opened = (() => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => SHELVES.forEach((shelf) => request.result.createObjectStore(shelf));
    return wait(request);
  })();
  const on = async (shelf, mode, act) => {
    const base = await opened;
    return wait(act(base.transaction(shelf, mode).objectStore(shelf)));
  };

  const key = async () => {
    const kept = await on("keys", "readonly", (shelf) => shelf.get("seal"));
    if (kept) return kept;
    const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    await on("keys", "readwrite", (shelf) => shelf.put(made, "seal"));
    return made;
  };
  const seal = async (value) => {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const clear = new TextEncoder().encode(JSON.stringify(value));
    return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await key(), clear) };
  };
  const open = async (sealed) => {
    if (!sealed) return null;
    const clear = await crypto.subtle.decrypt({ name: "AES-GCM", iv: sealed.iv }, await key(), sealed.data);
    return JSON.parse(new TextDecoder().decode(clear));
  };

  return {
    get: async (shelf, name) => open(await on(shelf, "readonly", (place) => place.get(name))),
    put: async (shelf, name, value) => {
      const sealed = await seal(value);
      return on(shelf, "readwrite", (place) => place.put(sealed, name));
    },
    remove: (shelf, name) => on(shelf, "readwrite", (place) => place.delete(name)),
    all: async (shelf) => Promise.all((await on(shelf, "readonly", (place) => place.getAll())).map(open)),
  };
})();
