// Fetches the list when the line over the page (watch.js) hears that the inbox has changed, and says so once, politely.
"use strict";
(() => {
  const list = document.getElementById("list");
  const news = document.getElementById("news");
  const freshness = document.getElementById("freshness");
  if (!list) return;
  const state = () => document.getElementById("state").dataset;

  function known() {
    return new Set([...list.querySelectorAll(".line a")].map((link) => link.href));
  }

  // How many are ticked, beside what can be done with them.
  function count() {
    const ticked = document.getElementById("ticked");
    if (!ticked) return;
    ticked.textContent = list.querySelectorAll("[name=report]:checked").length;
    ticked.hidden = ticked.textContent === "0";
  }
  list.addEventListener("change", (event) => {
    if (event.target.name !== "report") return;
    count();
    document.getElementById("bulk-acts").open = true;
  });

  // From line to line by the arrows, and X ticks: only while the focus is in the list, where no key means anything else.
  document.getElementById("keys").hidden = !matchMedia("(hover: hover)").matches || !list.querySelector(".line");
  list.addEventListener("keydown", (event) => {
    const line = event.target.closest(".line");
    if (!line || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const lines = [...list.querySelectorAll(".line")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const next = step && lines[lines.indexOf(line) + step];
    if (next) next.querySelector("h2 a").focus();
    else if (event.key.toLowerCase() === "x") line.querySelector("[name=report]").click();
    else return;
    event.preventDefault();
  });

  async function renew() {
    const answer = await fetch(list.dataset.list, { headers: { "X-Fragment": "1" }, credentials: "same-origin" });
    if (!answer.ok) throw new Error(answer.status);
    const text = await answer.text();
    const before = known();
    const focused = document.activeElement && list.contains(document.activeElement) ? document.activeElement.href : null;
    const ticked = new Set([...list.querySelectorAll("[name=report]:checked")].map((box) => box.value));
    // Our own server has escaped this; it is the same list that the page came with.
    list.innerHTML = text;
    for (const box of list.querySelectorAll("[name=report]")) box.checked = ticked.has(box.value);
    count();
    for (const link of list.querySelectorAll(".line a")) {
      if (!before.has(link.href)) link.closest(".line").classList.add("arrived-now");
      if (link.href === focused) link.focus();
    }
    news.textContent = list.dataset.one.replace("{n}", state().unread);
  }

  function tell(words, wrong) {
    freshness.textContent = words;
    freshness.parentElement.classList.toggle("gone", wrong);
  }

  if (!list.dataset.list) return;
  const fresh = freshness.textContent;
  document.addEventListener("watched", async ({ detail }) => {
    if (detail.state !== "fresh") return tell(list.dataset[detail.state], true);
    try {
      if (detail.mark !== state().mark) await renew();
      tell(fresh, false);
    } catch {
      tell(list.dataset.away, true);
    }
  });
  freshness.hidden = false;
})();
