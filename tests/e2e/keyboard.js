// Where the Tab key should stop, and where it stands: the place of the control among them, and whether that is seen.
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
  const focused = document.activeElement;
  const ring = [focused, focused.closest(".line")].some((element) => {
    const style = element && getComputedStyle(element);
    return style && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  });
  const box = focused.getBoundingClientRect();
  const inView = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return { wanted: wanted.map(name), here: name(focused), seen: ring && inView };
}
