// Scanning with the tablet's own camera: the browser's detector where it has one, otherwise a reader that is loaded with its own wasm.
import { ask } from "./dialogs.js";
import { fill, make } from "./dom.js";
import { addressOf } from "./words.js";

const FORMATS = ["ean_13", "ean_8", "upc_a", "code_128", "qr_code", "data_matrix"];
/** The same code is not sold again before it left the picture for this long. */
const REST_MS = 1500;
const LOOK_MS = 120;

async function makeDetector() {
  const own = globalThis.BarcodeDetector;
  const known = own ? await own.getSupportedFormats().catch(() => []) : [];
  if (known.includes("ean_13") && known.includes("qr_code")) return new own({ formats: FORMATS.filter((each) => known.includes(each)) });
  const { BarcodeDetector, prepareZXingModule } = await import("../vendor/barcode/ponyfill.js");
  prepareZXingModule({ overrides: { locateFile: () => addressOf("vendor/barcode/zxing_reader.wasm") } });
  return new BarcodeDetector({ formats: FORMATS });
}

/** Show the camera's picture until it is closed; `onCode` gets each code once. */
export async function openCamera(till, onCode) {
  const { t } = till;
  const video = make("video", { class: "camera", playsinline: true, muted: true, "aria-label": t("camera.picture") });
  const said = make("p", { class: "sheet-text", role: "status" }, t("camera.start"));
  let stream = null;
  let isOpen = true;
  let last = { code: "", at: 0 };

  const look = async (detector) => {
    while (isOpen) {
      const codes = await detector.detect(video).catch(() => []);
      const now = performance.now();
      const code = codes[0]?.rawValue;
      if (code && isOpen) {
        const isNew = code !== last.code || now - last.at > REST_MS;
        last = { code, at: now };
        if (isNew) {
          fill(said, t("camera.read", { code }));
          onCode(code);
        }
      }
      await new Promise((next) => setTimeout(next, LOOK_MS));
    }
  };
  const start = async () => {
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } } });
      if (!isOpen) return stop();
      video.srcObject = stream;
      await video.play();
      const detector = await makeDetector();
      fill(said, t("camera.hold"));
      return look(detector);
    } catch (error) {
      return fill(said, t(error.name === "NotAllowedError" ? "camera.forbidden" : "camera.none"));
    }
  };
  const stop = () => stream?.getTracks().forEach((track) => track.stop());

  start();
  await ask(t, t("find.camera"), () => [video, said], { onCode });
  isOpen = false;
  stop();
}
