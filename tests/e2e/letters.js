// Which letters of a text have no picture in the fonts at hand: they look exactly like one that nobody has.
(element) => {
  const canvas = new OffscreenCanvas(64, 64);
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  const style = getComputedStyle(element);
  const picture = (letter) => {
    pen.clearRect(0, 0, 64, 64);
    pen.font = `32px ${style.fontFamily}`;
    pen.textBaseline = "middle";
    pen.fillText(letter, 16, 32);
    return pen.getImageData(0, 0, 64, 64).data.join();
  };
  const nobodys = picture("\u{10fffd}");
  return [...element.textContent].filter((letter) => /[\p{L}\p{N}\p{Co}]/u.test(letter) && picture(letter) === nobodys);
}
