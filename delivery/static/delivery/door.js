// The postman's page: a list of stops, what happens at each, kept on the phone first and sent when there is a signal.
"use strict";
(() => {
  const store = window.WardpostDoorStore;
  const root = document.querySelector("[data-door]");
  const words = document.getElementById("door-words").dataset;
  const LIST_EVERY_MS = 60000;
  const SEND_EVERY_MS = 5000;
  const PHOTO_SIDE = 1600;
  let list = null;
  let stop = null;
  let photo = null;

  const $ = (selector, inside = root) => inside.querySelector(selector);
  const el = (tag, className, ...inside) => {
    const made = document.createElement(tag);
    if (className) made.className = className;
    made.append(...inside);
    return made;
  };
  const icon = (name) => document.getElementById(`icon-${name}`).content.firstElementChild.cloneNode(true);
  const clock = (iso) => new Date(iso).toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" });
  const dayOf = (iso) => iso.split("-").reverse().slice(0, 2).join("/");

  // --- views -----------------------------------------------------------------------------------------------------
  const show = (name) => {
    root.querySelectorAll("[data-view]").forEach((view) => { view.hidden = view.dataset.view !== name; });
    scrollTo(0, 0);
    const head = $(`[data-view="${name}"]`).querySelector("h1, h2");
    if (head) { head.tabIndex = -1; head.focus({ preventScroll: true }); }
  };

  const badge = (text, kind, name) => el("span", `badge ${kind}`, ...(name ? [icon(name)] : []), text);

  const signsOf = (each) => {
    const signs = [];
    if (each.rule === "in_person") signs.push(badge(words.person, "late", "id-card"));
    if (each.collects.length) signs.push(badge(words.exchange, "soon", "file-text"));
    if (each.invitations) signs.push(badge(words.second, "soon", "clock"));
    if (each.is_not_today) signs.push(badge(`${words.later} ${dayOf(each.note)}`, "pause", "calendar-clock"));
    return signs;
  };

  const doneLine = (each, kept) => {
    const answered = kept.find((one) => one.act.number === each.number && !one.isParked);
    if (answered) return badge(`${answered.act.hand_over ? words.done : words.failed} · ${clock(answered.act.device_at)} · ${words.kept}`, "act", "check");
    if (!each.is_answered && !each.done) return null;
    const isDone = each.done ? each.done === "delivered" : each.state === "delivered";
    return badge(`${isDone ? words.done : words.failed} · ${words.sent}`, isDone ? "ok" : "soon", isDone ? "check" : "x");
  };

  const stopRow = (each, kept) => {
    const done = doneLine(each, kept);
    const name = el("b", "", each.recipient_name);
    const where = el("span", "door-where", each.address, el("br", ""), each.commune);
    const text = el("span", "grow", name, where, el("span", "door-signs", ...(done ? [done] : signsOf(each))));
    const button = el("button", done ? "door-stop is-done" : "door-stop", el("span", "door-n num", String(each.position)), text, icon("chevron-right"));
    button.type = "button";
    button.addEventListener("click", () => openStop(each));
    return el("li", "", button);
  };

  const drawList = async () => {
    const kept = await store.all("acts");
    const waiting = kept.filter((each) => !each.isParked);
    const line = $("[data-waiting]");
    line.hidden = !waiting.length;
    line.textContent = waiting.length === 1 ? words.waitingOne : words.waitingMany.replace("#", waiting.length);
    $("[data-send]").hidden = !waiting.length;
    drawParked(kept.filter((each) => each.isParked));
    const stops = list?.stops ?? [];
    const left = stops.filter((each) => !doneLine(each, kept));
    $("[data-count]").textContent = stops.length ? words.stops.replace("#", left.length).replace("@", stops.length) : "";
    $("[data-stops]").replaceChildren(...stops.map((each) => stopRow(each, kept)));
    $("[data-nothing]").hidden = Boolean(left.length);
    $("[data-nothing-words]").textContent = stops.length ? words.allDone : list?.isClosed ? words.noRound : words.noList;
    if (list?.postman_name) {
      document.querySelector("[data-who]").textContent = list.postman_name;
      document.querySelector("[data-day]").textContent = dayOf(list.round_date);
    }
  };

  const drawParked = (parked) => {
    $("[data-parked-box]").hidden = !parked.length;
    $("[data-parked]").replaceChildren(...parked.map((each) => {
      const again = el("button", "btn btn-small", words.again);
      const drop = el("button", "btn btn-small btn-quiet", words.drop);
      again.type = drop.type = "button";
      again.addEventListener("click", () => reopen(each));
      drop.addEventListener("click", async () => { await store.remove("acts", each.act.id); drawList(); });
      return el("li", "", el("b", "num", each.act.number), ` ${each.problem} `, again, drop);
    }));
  };

  // What was not taken is noted anew: its stop opens with what was typed.
  const reopen = async (each) => {
    await store.remove("acts", each.act.id);
    const found = list?.stops.find((one) => one.number === each.act.number);
    if (!found) { await store.put("acts", each.act.id, { ...each, isParked: false }); sendAll(); return; }
    openStop(found);
    if (each.act.hand_over) openHand(each.act.hand_over, each.act.note); else openFail(each.act.reason, each.act.note);
  };

  // --- one stop --------------------------------------------------------------------------------------------------
  const openStop = (each) => {
    stop = each;
    const call = each.recipient_phone ? el("a", "btn btn-wide", icon("phone"), words.call) : "";
    if (call) call.href = `tel:${each.recipient_phone}`;
    const inside = each.contents.length ? el("p", "small soft", `${words.inside}: ${each.contents.join("; ")}`) : "";
    $("[data-stop-head]").replaceChildren(
      el("h1", "", each.recipient_name), el("p", "door-address", icon("map-pin"), el("span", "", each.address, el("br", ""), each.commune)),
      el("p", "num small", each.number), el("p", "door-signs", ...signsOf(each)), el("p", "note", icon("id-card"), el("span", "", each.rule_words)), inside, call);
    root.querySelectorAll("[data-number]").forEach((place) => { place.textContent = each.number; });
    show("stop");
  };

  const option = (name, value, text) => {
    const input = el("input", "");
    Object.assign(input, { type: "radio", name, value });
    return el("label", "opt", input, text);
  };

  const handForm = $("[data-hand]"), failForm = $("[data-fail]");

  const openHand = (typed = {}, note = "") => {
    handForm.reset();
    forget(handForm);
    photo = null;
    $("[data-pad]", handForm).dispatchEvent(new Event("wardpost:clear"));
    $("[data-photo-words]").textContent = $("[data-photo-words]").dataset.none;
    $("[data-rule]").textContent = stop.rule_words;
    $("[data-receivers]").replaceChildren(...stop.receivers.map((each) => option("relation", each.relation, each.words)));
    const chosen = typed.relation ?? stop.receivers[0].relation;
    const radio = [...handForm.elements.relation.length ? handForm.elements.relation : [handForm.elements.relation]].find((each) => each.value === chosen);
    if (radio) radio.checked = true;
    handForm.elements.receiver_name.value = typed.receiver_name ?? (stop.is_result ? stop.recipient_name : "");
    handForm.elements.id_kind.value = typed.id_kind ?? "";
    handForm.elements.note.value = note;
    $('[data-field="collected"]', handForm).hidden = !stop.collects.length;
    $("[data-collects]").replaceChildren(...stop.collects.map((name, position) => {
      const tick = el("input", ""), sheets = el("input", "input door-sheets");
      Object.assign(tick, { type: "checkbox", name: "collected", value: String(position) });
      Object.assign(sheets, { type: "number", name: `sheets_${position}`, min: 1, max: 500, value: 1, ariaLabel: words.sheets });
      return el("div", "door-collect", el("label", "tick", tick, el("span", "box", icon("check")), el("span", "", name)), sheets);
    }));
    needPaper();
    show("hand");
  };

  const relation = () => stop.receivers.find((each) => each.relation === new FormData(handForm).get("relation"));

  const needPaper = () => {
    const need = relation()?.paper ?? "";
    $('[data-field="paper"]', handForm).hidden = !need;
    $("[data-paper-words]").textContent = need ? paperWords[need] : "";
  };
  const paperWords = JSON.parse(document.getElementById("door-papers").textContent);

  const openFail = (reason = "", note = "") => {
    failForm.reset();
    forget(failForm);
    $("[data-reasons]").replaceChildren(...list.reasons.map((each) => option("reason", each.code, each.words)));
    const radio = [...failForm.elements.reason].find((each) => each.value === reason);
    if (radio) radio.checked = true;
    failForm.elements.note.value = note;
    $("[data-early]").hidden = !stop.is_too_early;
    show("fail");
  };

  // --- errors beside their fields ----------------------------------------------------------------------------------
  const forget = (form) => form.querySelectorAll(".err").forEach((each) => { each.closest("[data-field]").classList.remove("bad"); each.remove(); });
  const complain = (form, errors) => {
    forget(form);
    Object.entries(errors).forEach(([name, message]) => {
      const field = $(`[data-field="${name}"]`, form);
      const said = el("p", "err", message);
      said.setAttribute("role", "alert");
      field.classList.add("bad");
      const first = field.querySelector("legend, label");
      if (first) first.after(said); else field.prepend(said);
    });
    $(".err", form).scrollIntoView({ block: "center" });
  };

  const handErrors = (data) => {
    const errors = {};
    if ((data.get("receiver_name") ?? "").trim().length < 2) errors.receiver_name = words.needName;
    if (!data.get("id_kind")) errors.id_kind = words.needId;
    if (relation()?.paper && !data.get("paper")) errors.paper = words.needPaper;
    if (data.getAll("collected").length < stop.collects.length) errors.collected = words.needOriginals;
    if (!data.get("signature") && !/^\d{6}$/.test((data.get("code") ?? "").trim())) errors.signature = words.needSign;
    return errors;
  };

  // --- keeping -------------------------------------------------------------------------------------------------------
  const nextSequence = async () => {
    const last = (await store.get("round", "sequence")) ?? 0;
    const next = Math.max(last + 1, list.next_sequence);
    await store.put("round", "sequence", next);
    return next;
  };

  const keep = async (said) => {
    const act = { id: crypto.randomUUID(), number: stop.number, sequence: await nextSequence(), device_at: new Date().toISOString(), ...said };
    await store.put("acts", act.id, { act, photo });
    photo = null;
    await drawList();
    show("list");
    sendAll();
  };

  handForm.addEventListener("submit", (event) => {
    event.preventDefault();
    const data = new FormData(handForm), errors = handErrors(data);
    if (Object.keys(errors).length) { complain(handForm, errors); return; }
    const collected = data.getAll("collected").map((each) => ({ position: Number(each), sheets: Math.max(1, Number(data.get(`sheets_${each}`)) || 1) }));
    const signature = data.get("signature");
    keep({ hand_over: {
      receiver_name: data.get("receiver_name").trim(), relation: data.get("relation"), id_kind: data.get("id_kind"), paper: relation().paper,
      signature, code: signature ? "" : data.get("code").trim(), collected, commune_code: data.get("commune_code") },
    note: data.get("note") });
  });
  failForm.addEventListener("submit", (event) => {
    event.preventDefault();
    const data = new FormData(failForm);
    if (!data.get("reason")) { complain(failForm, { reason: words.needReason }); return; }
    keep({ reason: data.get("reason"), note: data.get("note") });
  });
  handForm.addEventListener("change", (event) => {
    if (event.target.name !== "relation") return;
    const isSelf = event.target.value === "self";
    const field = handForm.elements.receiver_name;
    if (isSelf) field.value = stop.recipient_name;
    else if (field.value === stop.recipient_name) field.value = "";
    needPaper();
  });

  // A photo is made small before it is kept: a weak line carries it, and nothing but the picture stays in it.
  const smaller = async (file) => {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, PHOTO_SIDE / Math.max(picture.width, picture.height));
    const canvas = el("canvas", "");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    return canvas.toDataURL("image/jpeg", 0.75).split(",")[1];
  };
  document.getElementById("d-photo").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    if (!file) return;
    try { photo = await smaller(file); } catch { photo = null; }
    const said = $("[data-photo-words]");
    said.textContent = photo ? said.dataset.one : said.dataset.none;
  });

  // --- with and without a signal -------------------------------------------------------------------------------------
  const signal = (isThere) => root.querySelectorAll("[data-signal]").forEach((each) => { each.hidden = (each.dataset.signal === "on") !== isThere; });

  const sendAll = async () => {
    const isSent = await window.WardpostDoorSend.drain(async (kept, outcome) => {
      const each = list?.stops?.find((one) => one.number === kept.act.number);
      if (each && outcome === "sent") {
        each.done = kept.act.hand_over ? "delivered" : "failed";
        await store.put("round", "list", list);
      }
      await drawList();
    });
    if (!isSent) signal(false);
    return isSent;
  };

  const fetchList = async () => {
    let answer;
    try {
      answer = await fetch(root.dataset.list, { credentials: "same-origin", headers: { Accept: "application/json" } });
    } catch { signal(false); return; }
    signal(true);
    if (answer.status === 404) {
      // Over or taken back: names and addresses leave the phone; what is unsent stays until it is taken.
      list = { stops: [], reasons: [], isClosed: true };
      await store.remove("round", "list");
    } else if (answer.ok) {
      const fresh = await answer.json();
      const before = list?.round_id === fresh.round_id ? list.stops : [];
      fresh.stops.forEach((each) => { each.done = each.is_answered ? undefined : before.find((one) => one.number === each.number)?.done; });
      list = fresh;
      await store.put("round", "list", list);
    }
    fillCommunes();
    await drawList();
  };

  const fillCommunes = () => {
    const select = handForm.elements.commune_code;
    if (select.length > 1 || !list?.communes) return;
    list.communes.forEach((each) => select.append(new Option(each.words, each.code)));
  };

  const isOver = (kept) => kept && new Date(kept.expires_at) < new Date();

  const begin = async () => {
    navigator.storage?.persist?.();
    const kept = await store.get("round", "list");
    if (isOver(kept)) await store.remove("round", "list"); else list = kept;
    fillCommunes();
    await drawList();
    if (await sendAll()) await fetchList(); else signal(false);
  };

  root.querySelectorAll("[data-back]").forEach((each) => each.addEventListener("click", () => show("list")));
  root.querySelectorAll("[data-to-stop]").forEach((each) => each.addEventListener("click", () => show("stop")));
  root.querySelectorAll("[data-open]").forEach((each) => each.addEventListener("click", () => (each.dataset.open === "hand" ? openHand() : openFail())));
  $("[data-send]").addEventListener("click", async () => { if (await sendAll()) fetchList(); });
  addEventListener("online", async () => { if (await sendAll()) fetchList(); });
  addEventListener("offline", () => signal(false));
  // The browser's word that there is a signal is not enough: what waits is tried again and again.
  setInterval(async () => { if ((await store.all("acts")).some((each) => !each.isParked) && await sendAll()) fetchList(); }, SEND_EVERY_MS);
  setInterval(() => { if (!document.hidden) fetchList(); }, LIST_EVERY_MS);

  if ("serviceWorker" in navigator) navigator.serviceWorker.register(root.dataset.worker, { scope: "/phat/" });
  begin();
})();
