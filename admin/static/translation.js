// Says what a wording takes and what is wrong with it while one types. Without this file the button "check" does the same.
"use strict";
(() => {
  const form = document.getElementById("wording");
  const problems = document.getElementById("problems");
  const sms = document.getElementById("sms");
  const show = (said) => {
    document.getElementById("size").textContent = said.size;
    document.getElementById("sms-text").textContent = said.sms;
    sms.hidden = !said.sms;
    problems.replaceChildren(...said.problems.map((words) => {
      const line = document.createElement("li");
      line.textContent = words;
      return line;
    }));
  };
  form.querySelector("[name=check]").hidden = true;
  let waiting, asked = 0;
  form.elements.text.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const mine = ++asked;
      const content = new FormData(form);
      content.set("check", "1");
      const answer = await fetch(form.action, { method: "POST", body: content, headers: { "X-Fragment": "1" }, credentials: "same-origin" }).catch(() => null);
      if (answer && answer.ok && mine === asked) show(await answer.json());
    }, 400);
  });
})();
