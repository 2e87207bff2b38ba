// What is wrong with the page as it stands, a sentence each. Plain rules of WCAG 2.2 AA that can be measured.
() => {
  const found = [];
  const shown = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const named = (element) => {
    const text = (element.innerText || element.value || "").trim().replace(/\s+/g, " ").slice(0, 40);
    return `<${element.localName}${element.className ? ` class="${element.className}"` : ""}> ${text}`;
  };
  const all = (selector) => [...document.querySelectorAll(selector)].filter(shown);

  // Structure
  const root = document.scrollingElement;
  if (root.scrollWidth > root.clientWidth) found.push(`scrolls sideways: ${root.scrollWidth} > ${root.clientWidth}`);
  if (!["fr", "en"].includes(document.documentElement.lang)) found.push("has no language");
  if (all("h1").length !== 1) found.push(`${all("h1").length} headings of the first level`);
  if (!document.title.trim()) found.push("has no title");
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  for (const id of new Set(ids)) if (ids.indexOf(id) !== ids.lastIndexOf(id)) found.push(`id twice: ${id}`);
  for (const attribute of ["for", "aria-labelledby", "aria-describedby"])
    for (const element of document.querySelectorAll(`[${attribute}]`))
      for (const id of element.getAttribute(attribute).split(" "))
        if (!ids.includes(id)) found.push(`${attribute} names nothing: ${id}`);
  for (const field of all("input, select, textarea"))
    if (![...field.labels].some((label) => label.innerText.trim())) found.push(`no label: ${named(field)} ${field.name}`);
  for (const element of all("a[href], button, summary"))
    if (!element.textContent.trim()) found.push(`no name: ${named(element)}`);
  for (const picture of document.images) if (!picture.hasAttribute("alt")) found.push(`no alt: ${picture.src}`);
  for (const element of all("main *"))
    if (element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).overflowX === "visible" &&
        element.clientWidth && getComputedStyle(element).display !== "inline" &&
        element.getBoundingClientRect().left + element.scrollWidth > innerWidth) found.push(`sticks out: ${named(element)}`);

  // What a finger must hit: 24 by 24, but for links within a sentence (2.5.8)
  const target = (element) => {
    if (["radio", "checkbox"].includes(element.type)) return element.labels[0];
    return element.matches(".line:not(.task) h2 a") ? element.closest(".line") : element;
  };
  const inSentence = (link) => getComputedStyle(link).display === "inline" &&
    [...link.parentElement.childNodes].some((node) => node !== link && node.textContent.trim().length > 1);
  for (const element of all("a[href], button, input, select, textarea, summary")) {
    if (element.localName === "a" && inSentence(element)) continue;
    if (element.matches(".skip")) continue;
    const { width, height } = target(element).getBoundingClientRect();
    if (Math.min(width, height) < 23.99) found.push(`small: ${width.toFixed(1)}x${height.toFixed(1)} ${named(element)}`);
  }

  // Contrast of text with what is really behind it
  const parse = (colour) => {
    const numbers = colour.match(/[\d.]+/g).map(Number);
    return numbers.length === 3 ? [...numbers, 1] : numbers;
  };
  const over = (above, below) => above.slice(0, 3).map((part, index) => part * above[3] + below[index] * (1 - above[3]));
  const luminance = (colour) => {
    const [red, green, blue] = colour.map((part) => {
      const value = part / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (one, other) => {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  const canvas = () => {
    const probe = document.createElement("div");
    probe.hidden = false;
    document.documentElement.append(probe);
    probe.style.color = "Canvas";
    const colour = parse(getComputedStyle(probe).color);
    probe.remove();
    return colour.slice(0, 3);
  };
  const backgrounds = (element) => {
    if (!element) return [canvas()];
    const style = getComputedStyle(element);
    const steps = (style.backgroundImage.match(/rgba?\([^)]*\)/g) || []).map(parse);
    const layers = steps.length ? steps : [parse(style.backgroundColor)];
    if (layers.every((layer) => layer[3] === 1)) return layers.map((layer) => layer.slice(0, 3));
    return backgrounds(element.parentElement).flatMap((below) => layers.map((layer) => over(layer, below)));
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const judged = new Set();
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || judged.has(element) || !shown(element)) continue;
    if (element.closest("[disabled], option, .visually-hidden, script, .skip")) continue;
    judged.add(element);
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const worst = Math.min(...backgrounds(element).map((below) => contrast(over(parse(style.color), below), below)));
    if (worst < (large ? 3 : 4.5)) found.push(`contrast ${worst.toFixed(2)}: ${named(element)} ${style.color}`);
  }
  return found;
}
