// What is wrong with the page on paper: what nobody can press there, and what the edge of the sheet or of a box cuts off.
() => {
  const found = [];
  const shown = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const named = (element) => `<${element.localName} class="${element.className}"> ${element.textContent.trim().slice(0, 40)}`;
  for (const element of document.querySelectorAll("nav, button, input:not([type=hidden]), select, textarea"))
    if (shown(element)) found.push(`nothing to press on paper: ${named(element)}`);
  for (const element of document.querySelectorAll("body, main, main *")) {
    if (!shown(element) || element.matches(".visually-hidden, .visually-hidden *")) continue;
    const box = element.getBoundingClientRect();
    if (box.width > 1 && box.right > innerWidth + 1) found.push(`over the edge: ${named(element)}`);
    if (getComputedStyle(element).overflow !== "visible" &&
        (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1))
      found.push(`cut off: ${named(element)}`);
    const [colour, behind] = [getComputedStyle(element).color, getComputedStyle(element).backgroundColor];
    const own = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    // Browsers print no backgrounds, so that what stands white on a colour would stand white on white.
    if (own && colour.match(/\d+/g).slice(0, 3).every((part) => part > 150)) found.push(`too pale: ${named(element)}`);
    if (behind.match(/[\d.]+/g)[3] !== "0" && !["rgb(255, 255, 255)"].includes(behind)) found.push(`costs ink: ${named(element)}`);
  }
  if (!document.querySelector("main").innerText.trim()) found.push("nothing is printed");
  return found;
}
