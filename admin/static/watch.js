// Asks every few seconds who is on duty and whether a life in danger waits unread; rings until somebody opens the report.
// What it hears it tells the page too ("watched"), so that the inbox asks nothing of its own. Without this file the line
// over the page says the same as often as a page is opened.
"use strict";
(() => {
  const EVERY = 5000;
  const line = document.getElementById("watch");
  const waits = document.getElementById("waits");
  const duty = document.getElementById("on-duty");
  const button = document.getElementById("sound");
  const blocked = document.getElementById("blocked");
  const title = document.title;
  let bell = null;

  // A browser that keeps nothing still rings; it only forgets that somebody did not want that.
  const kept = (value) => {
    try {
      if (value) localStorage.setItem("sound", value);
      return localStorage.getItem("sound");
    } catch {
      return value;
    }
  };
  let on = kept() !== "off";

  function draw() {
    button.setAttribute("aria-pressed", on);
    button.textContent = on ? line.dataset.on : line.dataset.off;
  }

  // Fetched when it first rings, whole: a player that asks for parts would hold one of the browser's few connections.
  async function sound() {
    const answer = await fetch(line.dataset.sound);
    return new Audio(URL.createObjectURL(await answer.blob()));
  }

  async function ring() {
    try {
      bell = bell || await sound();
      bell.currentTime = 0;
      await bell.play();
      blocked.hidden = true;
    } catch {
      blocked.hidden = false;
    }
  }

  function show(said) {
    document.title = said.ringing ? `(${said.ringing}!) ${title}` : title;
    if (duty.textContent !== said.duty) duty.textContent = said.duty;
    if (waits.textContent !== said.waits) waits.textContent = said.waits;
    waits.hidden = !said.ringing;
    line.dataset.ringing = said.ringing;
    if (said.ringing && on) ring();
    else blocked.hidden = true;
  }

  function lost(words) {
    duty.textContent = words;
    line.classList.add("gone");
  }

  async function look() {
    let state = "fresh", said = {};
    try {
      const answer = await fetch(line.dataset.changes, { headers: { "X-Fragment": "1" }, credentials: "same-origin" });
      if (answer.status === 401) state = "gone";
      else if (!answer.ok) throw new Error(answer.status);
      else said = await answer.json();
    } catch {
      state = "away";
    }
    line.classList.remove("gone");
    if (state === "fresh") show(said);
    else lost(line.dataset[state]);
    document.dispatchEvent(new CustomEvent("watched", { detail: { state, mark: said.mark } }));
    // Whoever was signed out is told so; a page that nobody may see any more asks no more.
    if (state === "gone") document.title = `(?) ${title}`;
    else setTimeout(look, EVERY);
  }

  button.addEventListener("click", () => {
    // What somebody has pressed a button to hear, the browser lets ring from then on.
    if (!blocked.hidden) return ring();
    on = !on;
    kept(on ? "on" : "off");
    draw();
    if (on) ring();
  });
  button.hidden = false;
  draw();
  if (Number(line.dataset.ringing)) show({ ringing: Number(line.dataset.ringing), duty: duty.textContent, waits: waits.textContent });
  setTimeout(look, EVERY);
})();
