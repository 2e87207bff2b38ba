// The two phones, speaking to the wire "simulator" as a provider would. Without this file the forms do the same.
"use strict";
(() => {
  const all = document.getElementById("phones");
  const words = all.dataset;
  if (!words.inbound) return;
  const EVERY = 2000;
  const septets = new Map([...words.basic].map((letter) => [letter, 1]).concat([...words.extension].map((letter) => [letter, 2])));

  // The same count as bot.languages.gsm7, which a test holds this to.
  function count(text) {
    let sizes = [...text].map((letter) => septets.get(letter) || 0);
    const gsm7 = !sizes.includes(0);
    if (!gsm7) sizes = [...text].map((letter) => letter.length);
    const [alone, part] = gsm7 ? [160, 153] : [70, 67];
    const units = sizes.reduce((sum, size) => sum + size, 0);
    if (units <= alone) return { alphabet: gsm7 ? "gsm7" : "ucs2", units, segments: units ? 1 : 0, room: alone };
    let segments = 1, used = 0;
    for (const size of sizes) {
      if (used + size > part) { segments += 1; used = 0; }
      used += size;
    }
    return { alphabet: gsm7 ? "gsm7" : "ucs2", units, segments, room: part };
  }

  // Controls that would turn the page's own text around are written out, as on the server.
  const visible = (text) => text.replace(/[\u202a-\u202e\u2066-\u2069]/g, (mark) => `[U+${mark.codePointAt(0).toString(16).toUpperCase()}]`);
  const identity = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const post = (address, content) => fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json", "x-kunnafoni-simulator": "1" },
    body: JSON.stringify(content),
  });

  function setUp(section) {
    const number = section.dataset.phone;
    const screen = section.querySelector(".bubbles");
    const list = screen.querySelector("ol");
    const form = section.querySelector(".write");
    const field = form.elements.text;
    const memory = `phone ${number}`;
    let after = Number(section.dataset.after);
    let thread = [];

    function draw(bubble) {
      screen.querySelectorAll(".hint, .wrong").forEach((each) => each.remove());
      const line = document.createElement("li");
      line.className = bubble.wrong ? "wrong" : `${bubble.mine ? "mine" : "theirs"}${bubble.call ? " call" : ""}`;
      const text = line.appendChild(document.createElement("p"));
      text.className = "text";
      text.dir = "auto";
      text.textContent = bubble.call ? words.call : visible(bubble.text);
      if (!bubble.call && !bubble.wrong) {
        const size = count(bubble.text);
        const below = line.appendChild(document.createElement("p"));
        below.className = "size";
        const sms = size.segments === 1 ? words.one : words.many.replace("{n}", size.segments);
        below.textContent = `${sms} · ${size.alphabet.toUpperCase()} · ${size.units}/${size.segments * size.room}`;
      }
      list.append(line);
      screen.scrollTop = screen.scrollHeight;
    }

    function add(bubble) {
      draw(bubble);
      thread.push(bubble);
      remember();
    }

    function remember() {
      try { sessionStorage.setItem(memory, JSON.stringify({ after, thread: thread.slice(-100) })); } catch { /* full or forbidden: the screen still has it */ }
    }

    function recall() {
      try {
        const kept = JSON.parse(sessionStorage.getItem(memory));
        if (!kept) return;
        ({ after, thread } = kept);
        list.textContent = "";
        thread.forEach(draw);
      } catch { /* a memory that can't be read is no memory */ }
    }

    async function send(said, bubble) {
      if (said.text === "") return;
      add(bubble);
      field.value = "";
      try {
        const answer = await post(words.inbound, { id: identity(), phone: number, ...said });
        if (!answer.ok) throw new Error(answer.status);
        const reply = await answer.json();
        if (reply.text) {
          add({ mine: false, text: reply.text });
          post(words.receipt, { id: reply.id, attempt: reply.attempt });
        }
      } catch {
        draw({ wrong: true, text: words.failed });
      }
    }

    async function look() {
      try {
        const answer = await fetch(`${words.messages}?phone=${number}&after=${after}`, { headers: { "X-Fragment": "1" } });
        for (const note of answer.ok ? await answer.json() : []) {
          after = note.number;
          add({ mine: false, text: note.text });
          post(words.receipt, { id: note.id, attempt: note.attempt });
        }
      } catch { /* the network is away; look again */ }
      setTimeout(look, EVERY);
    }

    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const key = event.submitter;
      if (key && key.name === "call") send({ call: true }, { mine: true, call: true, text: "" });
      else if (key && key.name === "digit") {
        field.setRangeText(key.value, field.selectionStart, field.selectionEnd, "end");
        field.focus();
      } else send({ text: field.value.trim() }, { mine: true, text: field.value.trim() });
    });
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      form.requestSubmit(section.querySelector(".send"));
    });
    recall();
    screen.scrollTop = screen.scrollHeight;
    look();
  }

  document.querySelectorAll(".phone").forEach(setUp);
})();
