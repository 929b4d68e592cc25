// The scan page: the camera's picture until a code is read, which then goes the same way as a typed one.

const FORMATS = ["qr_code", "ean_13", "ean_8", "upc_a", "code_128", "data_matrix"];
const LOOK_MS = 150;

const box = document.querySelector("[data-scan]");
if (box && navigator.mediaDevices?.getUserMedia) begin(box);

function begin(box) {
  const [video, button, said] = [box.querySelector("video"), box.querySelector("button"), box.querySelector("p")];
  box.hidden = false;
  button.addEventListener("click", async () => {
    button.hidden = true;
    said.textContent = box.dataset.wait;
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } } });
      addEventListener("pagehide", () => stream.getTracks().forEach((track) => track.stop()));
      video.srcObject = stream;
      video.hidden = false;
      await video.play();
      const detector = await makeDetector(box.dataset);
      said.textContent = box.dataset.hold;
      send(await look(detector, video));
      stream.getTracks().forEach((track) => track.stop());
    } catch (error) {
      video.hidden = true;
      button.hidden = false;
      said.textContent = error.name === "NotAllowedError" ? box.dataset.forbidden : box.dataset.none;
    }
  });
}

/** The browser's own reader, or the one that the till uses. */
async function makeDetector({ reader, wasm }) {
  const own = globalThis.BarcodeDetector;
  const known = own ? await own.getSupportedFormats().catch(() => []) : [];
  if (known.includes("qr_code")) return new own({ formats: FORMATS.filter((each) => known.includes(each)) });
  const { BarcodeDetector, prepareZXingModule } = await import(reader);
  prepareZXingModule({ overrides: { locateFile: () => wasm } });
  return new BarcodeDetector({ formats: FORMATS });
}

/** The first code that is seen. */
async function look(detector, video) {
  for (;;) {
    const codes = await detector.detect(video).catch(() => []);
    if (codes[0]?.rawValue) return codes[0].rawValue;
    await new Promise((next) => setTimeout(next, LOOK_MS));
  }
}

function send(code) {
  const form = document.querySelector(".scan-form");
  form.elements.code.value = code;
  form.requestSubmit();
}
