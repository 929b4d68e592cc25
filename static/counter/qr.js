// QR symbols as drawings: black on a white ground of their own, also on a dark screen.
import { qrModules } from "./qr_symbol.js";

const SVG = "http://www.w3.org/2000/svg";
/** Modules of white around the symbol; scanners need four (ISO/IEC 18004). */
const QUIET_ZONE = 4;

/** The symbol for `text`, as large as the place it is put in. */
export function drawQr(text) {
  const rows = qrModules(text);
  const size = rows.length + 2 * QUIET_ZONE;
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("viewBox", `0 0 ${size} ${size}`);
  drawing.setAttribute("shape-rendering", "crispEdges");
  drawing.setAttribute("aria-hidden", "true");
  const ground = document.createElementNS(SVG, "path");
  ground.setAttribute("fill", "#fff");
  ground.setAttribute("d", `M0 0h${size}v${size}H0z`);
  const dark = document.createElementNS(SVG, "path");
  dark.setAttribute("fill", "#000");
  dark.setAttribute("d", rows.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x + QUIET_ZONE} ${y + QUIET_ZONE}h1v1h-1z` : ""))).join(""));
  drawing.append(ground, dark);
  return drawing;
}
