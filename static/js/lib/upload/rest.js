/** Waits, but not longer than until one of these events of the window; rejects when the signal aborts. */
export function rest(milliseconds, signal, ...wakes) {
  return new Promise((resolve, reject) => {
    const ended = new AbortController();
    const end = (settle) => () => {
      clearTimeout(timer);
      ended.abort();
      settle();
    };
    const timer = setTimeout(end(resolve), milliseconds);
    for (const wake of wakes) addEventListener(wake, end(resolve), { signal: ended.signal });
    signal.addEventListener("abort", end(() => reject(signal.reason)), { signal: ended.signal });
  });
}
