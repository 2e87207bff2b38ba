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

  function tell(words, wrong) {
    freshness.textContent = words;
    freshness.parentElement.classList.toggle("gone", wrong);
  }

  async function look() {
    try {
      const answer = await fetched(list.dataset.changes);
      if (answer.status === 401) return tell(list.dataset.gone, true);
      if (!answer.ok) throw new Error(answer.status);
      if ((await answer.json()).mark !== state().mark) await renew();
      tell(fresh, false);
    } catch {
      tell(list.dataset.away, true);
    }
    setTimeout(look, EVERY);
  }

  const fresh = freshness.textContent;
  freshness.hidden = false;
  badge();
  setTimeout(look, EVERY);
})();
