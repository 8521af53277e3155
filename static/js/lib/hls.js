/** hls.js, fetched only by a page that plays a stream and a browser that cannot do so by itself. */
import workerFile from "hls.js/dist/hls.worker.js?file";

/** The Hls class, and the address of its worker (our content policy allows no blob: workers). */
export async function loadHls() {
  const { default: Hls } = await import("hls.js/light");
  return { Hls, workerPath: new URL(workerFile, import.meta.url).href };
}
