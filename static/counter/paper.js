// The hidden sheet that the browser prints: rows as monospaced lines, codes as drawings, and a page as long as the receipt.

import { qrModules } from "./qr_symbol.js";

const SVG = "http://www.w3.org/2000/svg";
/** Millimetres: the paper and what of it a printer reaches, by columns; a character is 1.5 mm wide, as on the printer itself. */
const PAPERS = { 32: { paper: 58, inner: 48 }, 42: { paper: 80, inner: 64 }, 48: { paper: 80, inner: 72 } };
const HEIGHTS = { plain: 3.5, strong: 3.5, double: 7, qr: 30 };
const ABOVE = 3;
/** The blade or the edge to tear at stands behind the print head. */
const BELOW = 12;

/** Put rows onto the sheet. The page gets an explicit height: Chromium ignores `58mm auto`. */
export function fillPaper(rows, columns) {
  const { paper, inner } = PAPERS[columns];
  const sheet = document.getElementById("print-paper") ?? newSheet();
  const length = rows.reduce((sum, [style]) => sum + HEIGHTS[style], ABOVE + BELOW);
  sheet.style.setProperty("--print-width", `${inner}mm`);
  sheet.style.setProperty("--print-edge", `${(paper - inner) / 2}mm`);
  sheet.replaceChildren(...rows.map(drawn));
  sizePage(paper, Math.ceil(length));
  return { width: paper, height: Math.ceil(length) };
}

/** Open the browser's dialog; its title is what a saved file is called. */
export function printPaper(title) {
  const before = document.title;
  document.title = title;
  window.print();
  document.title = before;
}

function newSheet() {
  const sheet = document.createElement("section");
  sheet.id = "print-paper";
  sheet.setAttribute("aria-hidden", "true");
  document.body.append(sheet);
  return sheet;
}

function sizePage(width, height) {
  for (const style of document.styleSheets) {
    for (const rule of style.cssRules) {
      if (rule instanceof CSSPageRule) rule.style.setProperty("size", `${width}mm ${height}mm`);
    }
  }
}

function drawn([style, text]) {
  const row = document.createElement("div");
  row.className = `print-row print-${style}`;
  if (style === "qr") row.append(drawQr(text));
  else row.textContent = text || "\u00a0";
  return row;
}

/** The symbol as one path of squares, with the white border that scanners need (ISO/IEC 18004). */
export function drawQr(text) {
  const modules = qrModules(text);
  const size = modules.length + 8;
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${size} ${size}`);
  svg.setAttribute("shape-rendering", "crispEdges");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", modules.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x + 4} ${y + 4}h1v1h-1z` : ""))).join(""));
  svg.append(path);
  return svg;
}
