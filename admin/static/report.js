// Counts the SMS while one writes, finds places without loading the page, and keeps the report for whoever has it open.
// Without this file the buttons do the same, and a lease of ten minutes keeps it.
"use strict";
(() => {
  const send = (form, name) => {
    const content = new FormData(form);
    content.set(name, "1");
    return fetch(form.action, { method: "POST", body: content, headers: { "X-Fragment": "1" }, credentials: "same-origin" });
  };

  const reply = document.getElementById("reply");
  const counter = reply && reply.querySelector("[name=count]");
  if (counter) {
    const size = document.getElementById("size");
    let waiting;
    counter.hidden = true;
    reply.elements.text.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(async () => {
        const answer = await send(reply, "count").catch(() => null);
        if (!answer || !answer.ok) return;
        const said = await answer.json();
        size.textContent = said.sentence;
        size.classList.toggle("long", said.tooLong);
      }, 400);
    });
  }

  const places = document.getElementById("places");
  const decision = places && places.closest("form");
  const find = async () => {
    const answer = await send(decision, "find").catch(() => null);
    if (!answer || !answer.ok) return;
    const legend = places.querySelector("legend");
    places.innerHTML = await answer.text();
    places.prepend(legend);
    (places.querySelector("[type=radio]:checked") || places.querySelector("input")).focus();
  };
  if (decision) {
    decision.addEventListener("click", (event) => {
      if (event.target.name !== "find") return;
      event.preventDefault();
      find();
    });
    decision.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target.name !== "place_words") return;
      event.preventDefault();
      find();
    });
  }

  const lock = document.getElementById("lock");
  let sending = false;
  const keep = (leave) => {
    const content = new FormData();
    content.set("csrf_token", document.querySelector("[name=csrf_token]").value);
    if (leave) content.set("leave", "1");
    return fetch(lock.dataset.lock, { method: "POST", body: content, headers: { "X-Fragment": "1" }, credentials: "same-origin", keepalive: leave });
  };
  if (lock) setInterval(async () => {
    // Whoever looks at another page, or has gone home, works on this no more.
    if (document.hidden || lock.firstElementChild) return;
    const answer = await keep(false).catch(() => null);
    const said = answer && answer.ok ? (await answer.json()).sentence : "";
    if (!said) return;
    const words = document.createElement("p");
    words.className = "said note";
    words.textContent = said;
    lock.replaceChildren(words);
  }, 60000);
  addEventListener("pagehide", () => {
    if (lock && !sending && !lock.firstElementChild) keep(true).catch(() => null);
  });

  // A second click while the first is on its way would only say "done already".
  for (const form of document.forms) {
    form.addEventListener("submit", () => {
      sending = true;
      setTimeout(() => {
        for (const button of form.querySelectorAll("button")) button.disabled = true;
      });
    });
  }
  addEventListener("pageshow", () => {
    sending = false;
    for (const button of document.querySelectorAll("button[disabled]")) button.disabled = false;
  });
})();
