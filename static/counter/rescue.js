// The rescue file: what waits or was set aside, signed as it is, for the office to take in when this device cannot send.
import { NAME, readQueue } from "./schema.js";

/**
 * The file's content. Works with a database that could not be opened or upgraded (F26); taking it in twice is once.
 * @param {string} [name]
 * @returns {Promise<{ format: string, device: string, till: Object|null, made_at: string, entries: import("./store.js").Envelope[] }>}
 */
export async function rescue(name = NAME) {
  const { device, entries } = await readQueue(name);
  return {
    format: "etalase-rescue-1",
    device: device?.device ?? "",
    till: device?.till ?? null,
    made_at: new Date().toISOString(),
    // A buyer's number stays out of a file that is copied about.
    entries: entries.map(({ id, sequence, body, signature }) => ({ id, sequence, body, signature, phone: "" })),
  };
}

/**
 * Let the person save it.
 * @param {string} [name]
 * @returns {Promise<{ name: string, count: number }>}
 */
export async function saveRescue(name = NAME) {
  const content = await rescue(name);
  const file = `etalase-rescue-${content.device || "till"}-${content.made_at.slice(0, 19).replace(/[:T]/g, "-")}.json`;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify(content)], { type: "application/json" }));
  link.download = file;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  return { name: file, count: content.entries.length };
}
