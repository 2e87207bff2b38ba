// From now on notes where the Tab key stops, and whether that is seen. `stops` is where it should: names, in order.
// Gives the presses that one round takes.
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
  const walk = { stops: wanted.map(name), reached: [], unseen: [] };
  const seen = (element) => {
    const ring = [element, element.closest(".line")].some((each) => {
      const style = each && getComputedStyle(each);
      return style && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    });
    const box = element.getBoundingClientRect();
    return ring && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  };
  document.addEventListener("focusin", ({ target }) => {
    walk.reached.push(name(target));
    // The browser brings it into view, and then draws.
    requestAnimationFrame(() => document.activeElement === target && !seen(target) && walk.unseen.push(name(target)));
  });
  window.walk = walk;
  // A field for a day is several stops of the browser's own: day, month, year, calendar; one with a time has two more.
  const parts = { date: 5, "datetime-local": 8 };
  return wanted.reduce((presses, element) => presses + (parts[element.type] || 1), 0);
}
