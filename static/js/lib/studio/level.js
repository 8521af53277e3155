/**
 * How loud the microphone is: `value` from 0 to 1, told by "level" ten times a second; "silence" when nothing was heard
 * for some seconds, "sound" when something is heard again.
 */
const EVERY_MS = 100;
const FLOOR_DB = -60;
// Speech is above this; a quiet room, a muted or a dead microphone below.
const SILENCE_DB = -50;

export class MicrophoneLevel extends EventTarget {
  value = 0;
  isSilent = false;

  #context = new AudioContext();
  #analyser;
  #samples;
  #timer;
  #heardAt = performance.now();
  #silentAfterMs;

  constructor(stream, { silentAfterMs = 5_000 } = {}) {
    super();
    this.#silentAfterMs = silentAfterMs;
    this.#analyser = new AnalyserNode(this.#context, { fftSize: 2048 });
    this.#samples = new Float32Array(this.#analyser.fftSize);
    this.#context.createMediaStreamSource(new MediaStream(stream.getAudioTracks())).connect(this.#analyser);
    this.#context.resume();
    this.#timer = setInterval(() => this.#measure(), EVERY_MS);
  }

  stop() {
    clearInterval(this.#timer);
    this.#context.close();
  }

  #measure() {
    // A context that may not run yet hears nothing, which says nothing of the microphone.
    if (this.#context.state !== "running") {
      this.#heardAt = performance.now();
      return;
    }
    this.#analyser.getFloatTimeDomainData(this.#samples);
    const decibels = loudness(this.#samples);
    this.value = Math.min(1, Math.max(0, 1 - decibels / FLOOR_DB));
    this.dispatchEvent(new Event("level"));
    if (decibels > SILENCE_DB) this.#heardAt = performance.now();
    this.#tellSilence(performance.now() - this.#heardAt >= this.#silentAfterMs);
  }

  #tellSilence(isSilent) {
    if (isSilent === this.isSilent) return;
    this.isSilent = isSilent;
    this.dispatchEvent(new Event(isSilent ? "silence" : "sound"));
  }
}

function loudness(samples) {
  const power = samples.reduce((total, sample) => total + sample * sample, 0) / samples.length;
  return power > 0 ? 10 * Math.log10(power) : -Infinity;
}
