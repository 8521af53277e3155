/** Keeps the screen awake while something long runs; where browsers cannot (plain HTTP, older ones) nothing happens. */

/** Answers a function to be told, any number of times, whether it is needed now. */
export function keepAwake() {
  let isNeeded = false;
  let lock = null;
  const ask = async () => {
    if (!isNeeded || lock || document.hidden || !navigator.wakeLock) return;
    lock = await navigator.wakeLock.request("screen").catch(() => null);
    lock?.addEventListener("release", () => (lock = null));
    if (!isNeeded) lock?.release();
  };
  // The browser takes the lock back whenever the page is hidden.
  document.addEventListener("visibilitychange", ask);
  return (needed) => {
    isNeeded = needed;
    if (needed) ask();
    else lock?.release();
  };
}
