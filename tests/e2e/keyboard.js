// From now on notes where the Tab key stops, and whether that is seen. `stops` is where it should: names, in order.
// Gives the presses that one round takes. `walk.unseen()` gives the stops where the focus does not show.
() => {
  const stops = new Map();
  for (const element of document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")) {
    if (!element.checkVisibility({ visibilityProperty: true }) || element.disabled) continue;
    // A group of radio buttons is one stop: the chosen one, or the first.
    const group = element.type === "radio" && `${element.form.action} ${element.name}`;
    if (!group || element.checked || !stops.has(group)) stops.set(group || element, element);
  }
  const wanted = [...stops.values()];
  const name = (element) => `${wanted.indexOf(element)} ${element.localName} ${element.textContent.trim().slice(0, 30) || element.name}`;
  const seen = (element) => {
    const ring = [element, element.closest(".line")].some((each) => {
      const style = each && getComputedStyle(each);
      return style && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    });
    const box = element.getBoundingClientRect();
    return ring && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  };
  const drawn = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  const doubted = new Set();
  const walk = { stops: wanted.map(name), reached: [] };
  // A busy machine may be slower to bring it into view than the next press is to come: who looked hidden is looked at again.
  walk.unseen = async () => {
    const still = [];
    for (const element of doubted) {
      element.focus();
      await drawn();
      if (!seen(element)) still.push(name(element));
    }
    return still;
  };
  document.addEventListener("focusin", ({ target }) => {
    walk.reached.push(name(target));
    // The browser brings it into view, and then draws.
    requestAnimationFrame(() => document.activeElement === target && !seen(target) && doubted.add(target));
  });
  window.walk = walk;
  // A field for a day is several stops of the browser's own: day, month, year, calendar; one with a time has two more.
  const parts = { date: 5, "datetime-local": 8 };
  return wanted.reduce((presses, element) => presses + (parts[element.type] || 1), 0);
}
