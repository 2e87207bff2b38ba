// Counts the SMS while one writes, and finds places without loading the page. Without this file the buttons do the same.
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

  const decision = document.getElementById("decision");
  const places = document.getElementById("places");
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

  // A second click while the first is on its way would only say "done already".
  for (const form of document.forms) {
    form.addEventListener("submit", () => setTimeout(() => {
      for (const button of form.querySelectorAll("button")) button.disabled = true;
    }));
  }
  addEventListener("pageshow", () => {
    for (const button of document.querySelectorAll("button[disabled]")) button.disabled = false;
  });
})();
