// The camera reads a barcode where the browser can; the field it fills is the one that a scanner types into.
for (const form of document.querySelectorAll("[data-scan]")) {
  const button = form.querySelector("[data-camera]");
  const video = form.querySelector("video");
  const field = form.querySelector("input[type=search]");
  if (!button || !("BarcodeDetector" in window) || !navigator.mediaDevices) continue;
  button.hidden = false;
  let stream = null;
  const stop = () => {
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
    video.hidden = true;
  };
  button.addEventListener("click", async () => {
    if (stream) { stop(); return; }
    try {
      const detector = new BarcodeDetector({ formats: ["ean_13", "ean_8", "code_128", "qr_code"] });
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      video.srcObject = stream;
      video.hidden = false;
      await video.play();
      const look = async () => {
        if (!stream) return;
        const [found] = await detector.detect(video).catch(() => []);
        if (found) {
          field.value = found.rawValue.slice(0, 60);
          stop();
          form.requestSubmit();
          return;
        }
        setTimeout(look, 200);
      };
      look();
    } catch {
      stop();
      button.hidden = true;
      field.focus();
    }
  });
  addEventListener("pagehide", stop);
}

// A signature drawn with finger, pen or mouse becomes the data of one path; without a script the code does the same.
for (const form of document.querySelectorAll("[data-signature]")) {
  const pad = form.querySelector(".signature-pad");
  const path = pad.querySelector("path");
  const field = form.querySelector("input[name=signature]");
  const { width, height } = pad.viewBox.baseVal;
  form.hidden = false;
  let drawn = "";
  let last = "";
  const point = (event) => {
    const box = pad.getBoundingClientRect();
    const x = Math.round(Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1) * width);
    const y = Math.round(Math.min(Math.max((event.clientY - box.top) / box.height, 0), 1) * height);
    return `${x} ${y}`;
  };
  const add = (mark, event) => {
    const here = point(event);
    if (mark === "L" && here === last || drawn.length > 19000) return;
    last = here;
    drawn += mark + here;
    path.setAttribute("d", drawn);
    field.value = drawn;
  };
  pad.addEventListener("pointerdown", (event) => { pad.setPointerCapture(event.pointerId); add("M", event); });
  pad.addEventListener("pointermove", (event) => { if (pad.hasPointerCapture(event.pointerId)) add("L", event); });
  form.addEventListener("reset", () => { drawn = last = field.value = ""; path.setAttribute("d", ""); });
}
