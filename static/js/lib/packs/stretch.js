/** A part of a kept file, as a store answers to `Range`: players seek by it. */

/** 206 with the bytes that are asked for; 416 when there are none such; the whole where the range is not understood. */
export async function stretchOf(response, range) {
  const asked = /^bytes=(\d*)-(\d*)$/.exec(range.trim());
  if (!asked || asked[0] === "bytes=-") return response;
  const blob = await response.blob();
  const [first, last] = boundsOf(asked, blob.size);
  const headers = { "Accept-Ranges": "bytes", "Content-Type": response.headers.get("Content-Type") };
  if (first > last || first >= blob.size) {
    return new Response(null, { status: 416, headers: { ...headers, "Content-Range": `bytes */${blob.size}` } });
  }
  return new Response(blob.slice(first, last + 1), {
    status: 206,
    headers: { ...headers, "Content-Length": last - first + 1, "Content-Range": `bytes ${first}-${last}/${blob.size}` },
  });
}

/** First and last byte; "bytes=-500" are the last ones. */
function boundsOf([, from, until], size) {
  if (from === "") return [Math.max(0, size - Number(until)), size - 1];
  return [Number(from), until === "" ? size - 1 : Math.min(Number(until), size - 1)];
}
