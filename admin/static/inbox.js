// Asks every few seconds whether the inbox has changed, fetches the list if so, and says it once, politely.
"use strict";
(() => {
  const EVERY = 5000;
  const list = document.getElementById("list");
  const news = document.getElementById("news");
  const freshness = document.getElementById("freshness");
  if (!list || !list.dataset.changes) return;
  const title = document.title;
  const fetched = (address) => fetch(address, { headers: { "X-Fragment": "1" }, credentials: "same-origin" });
  const state = () => document.getElementById("state").dataset;

  function badge() {
    const urgent = Number(state().urgent);
    document.title = urgent ? `(${urgent}) P1 · ${title}` : title;
  }

  function known() {
    return new Set([...list.querySelectorAll(".line a")].map((link) => link.href));
  }

  async function renew() {
    const answer = await fetched(list.dataset.list);
    if (!answer.ok) throw new Error(answer.status);
    const text = await answer.text();
    const before = known();
    const focused = document.activeElement && list.contains(document.activeElement) ? document.activeElement.href : null;
    // Our own server has escaped this; it is the same list that the page came with.
    list.innerHTML = text;
    for (const link of list.querySelectorAll(".line a")) {
      if (!before.has(link.href)) link.closest(".line").classList.add("arrived-now");
      if (link.href === focused) link.focus();
    }
    news.textContent = list.dataset.one.replace("{n}", state().unread);
    badge();
  }

  async function look() {
    try {
      if (document.visibilityState === "visible" || Number(state().urgent) === 0) {
        const answer = await fetched(list.dataset.changes);
        if (!answer.ok) throw new Error(answer.status);
        if ((await answer.json()).mark !== state().mark) await renew();
      }
      freshness.parentElement.classList.remove("gone");
      freshness.textContent = fresh;
    } catch {
      freshness.parentElement.classList.add("gone");
      freshness.textContent = list.dataset.gone;
    }
    setTimeout(look, EVERY);
  }

  const fresh = freshness.textContent;
  freshness.hidden = false;
  badge();
  setTimeout(look, EVERY);
})();
