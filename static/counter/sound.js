// Sounds of the till: a short high one for a scan that counts, two low ones for anything that needs a look.

let context = null;

function tone(frequency, from, seconds, volume) {
  const oscillator = context.createOscillator();
  const gain = context.createGain();
  oscillator.frequency.value = frequency;
  oscillator.type = "square";
  gain.gain.value = volume;
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(context.currentTime + from);
  oscillator.stop(context.currentTime + from + seconds);
}

/** `scanned` or `refused`. Silent where the browser has no sound yet: before the first touch or key. */
export function play(name) {
  try {
    context ??= new AudioContext();
    if (context.state === "suspended") context.resume();
    if (name === "scanned") tone(1760, 0, 0.06, 0.05);
    else {
      tone(220, 0, 0.16, 0.12);
      tone(175, 0.2, 0.24, 0.12);
    }
  } catch {
    // A till without a loudspeaker sells as well.
  }
}
