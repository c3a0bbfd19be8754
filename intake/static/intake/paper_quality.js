// A photo looked at before it is sent: blurred, too dark, too small, an edge cut off. The server measures again.
// Blur is the variance of the Laplacian on a grey copy 640 pixels wide, with the limits of intake/inspection/quality.py.
"use strict";
window.WardpostQuality = (() => {
  const WIDTH = 640, SHARP_FROM = 60, BRIGHT_FROM = 70, SMALL_UNDER = 900, PLAIN_UNDER = 6;
  const LARGEST_SIDE = 3000;

  const drawn = (bitmap, width, height) => {
    const canvas = document.createElement("canvas");
    canvas.width = width;
    canvas.height = height;
    canvas.getContext("2d").drawImage(bitmap, 0, 0, width, height);
    return canvas;
  };

  const greyOf = (canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    const grey = new Float32Array(canvas.width * canvas.height);
    for (let i = 0; i < grey.length; i += 1) grey[i] = 0.299 * data[4 * i] + 0.587 * data[4 * i + 1] + 0.114 * data[4 * i + 2];
    return grey;
  };

  const spread = (values) => {
    let sum = 0, squares = 0;
    for (const value of values) { sum += value; squares += value * value; }
    const mean = sum / values.length;
    return { mean, variance: squares / values.length - mean * mean };
  };

  const laplacian = (grey, width, height) => {
    const edges = [];
    for (let y = 1; y < height - 1; y += 1) {
      for (let x = 1; x < width - 1; x += 1) {
        const at = y * width + x;
        const value = grey[at - 1] + grey[at + 1] + grey[at - width] + grey[at + width] - 4 * grey[at];
        edges.push(Math.max(-128, Math.min(127, value)));
      }
    }
    return edges;
  };

  // A sheet on a darker table shows table on all four sides; paper that reaches one side, while another shows table, is cut.
  const isCut = (grey, width, height) => {
    const bright = [...grey].sort((a, b) => a - b)[Math.floor(grey.length * 0.9)];
    const isPaper = (value) => value > bright * 0.8;
    const side = (count, at) => {
      let paper = 0;
      for (let i = 0; i < count; i += 1) paper += isPaper(grey[at(i)]) ? 1 : 0;
      return paper / count;
    };
    const sides = [side(width, (x) => 2 * width + x), side(width, (x) => (height - 3) * width + x),
      side(height, (y) => y * width + 2), side(height, (y) => y * width + width - 3)];
    return sides.some((share) => share > 0.6) && sides.some((share) => share < 0.1);
  };

  const noticed = (bitmap) => {
    const found = Math.max(bitmap.width, bitmap.height) < SMALL_UNDER ? ["small"] : [];
    const width = Math.min(WIDTH, bitmap.width), height = Math.max(3, Math.round(bitmap.height * width / bitmap.width));
    if (width < 8) return found;
    const grey = greyOf(drawn(bitmap, width, height));
    const light = spread(grey);
    if (light.mean < BRIGHT_FROM) found.push("dark");
    if (light.variance >= PLAIN_UNDER ** 2) {
      if (spread(laplacian(grey, width, height)).variance < SHARP_FROM) found.push("blurred");
      if (isCut(grey, width, height)) found.push("cut");
    }
    return found;
  };

  // Null: the browser cannot draw it (HEIC on a laptop, PDF); the server looks all the same.
  const bitmapOf = async (file) => {
    if (!file.type.startsWith("image/")) return null;
    try { return await createImageBitmap(file, { imageOrientation: "from-image" }); } catch { return null; }
  };

  const look = async (file) => {
    const bitmap = await bitmapOf(file);
    return bitmap ? noticed(bitmap) : [];
  };

  // A phone's 12 megapixels are more than a page needs; a slow line thanks for every one less.
  const lighter = async (file) => {
    const bitmap = await bitmapOf(file);
    if (!bitmap || Math.max(bitmap.width, bitmap.height) <= LARGEST_SIDE) return file;
    const scale = LARGEST_SIDE / Math.max(bitmap.width, bitmap.height);
    const canvas = drawn(bitmap, Math.round(bitmap.width * scale), Math.round(bitmap.height * scale));
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.88));
    return blob && blob.size < file.size ? new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" }) : file;
  };

  const words = (codes) => {
    const said = document.getElementById("quality-words").dataset;
    return codes.map((code) => said[code]).join(" ");
  };

  return { look, lighter, words, noticed };
})();
