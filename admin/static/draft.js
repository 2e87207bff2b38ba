// Keeps what one types every few seconds, and as soon as a lost link is back; what could not be kept stays on the page.
// Without this file a button keeps it, and so does every form that is refused.
"use strict";
(() => {
  const EVERY = 5000;
  for (const form of document.querySelectorAll("form[data-draft]")) {
    const field = form.querySelector("textarea");
    const line = form.querySelector(".draft");
    const said = line.querySelector(".kept");
    const away = line.querySelector("[role=status]");
    let kept = field.value;
    let going = false;
    let busy = false;
    line.querySelector("[value=keep]").hidden = true;

    const keep = async (leaving) => {
      if (going || (busy && !leaving) || field.value === kept) return;
      const text = field.value;
      const content = new FormData(form);
      content.set("draft", "keep");
      busy = true;
      const answer = await fetch(form.action, { method: "POST", body: content, headers: { "X-Fragment": "1" }, credentials: "same-origin", keepalive: leaving === true }).catch(() => null);
      busy = false;
      if (!answer) {
        away.textContent = form.dataset.draft;
        return;
      }
      kept = text;
      const words = await answer.json().catch(() => ({}));
      away.textContent = answer.ok ? "" : [words.title, words.mend].filter(Boolean).join(". ");
      if (!answer.ok) return;
      said.textContent = words.sentence;
      line.querySelector("[value=discard]").hidden = false;
    };

    setInterval(keep, EVERY);
    addEventListener("online", keep);
    addEventListener("pagehide", () => keep(true));
    addEventListener("pageshow", () => { going = false; });
    // Before the page's own script hears of it: without a link the form would only lead to the browser's error page.
    document.addEventListener("submit", (event) => {
      if (event.target !== form) return;
      going = navigator.onLine;
      if (going) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      away.textContent = form.dataset.draft;
    }, true);
  }
})();
