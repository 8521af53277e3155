/** How much I have not heard of yet, for every bell of this page: counted once, whenever my topic changed. */
import { announce } from "./announce.js";
import { askJSON } from "./http.js";
import { LiveStream } from "./live.js";
import { oneAtATime } from "./refetch.js";

const bells = new Set();
let unread = null;

/** The first bell makes the page listen, unless it follows other things already and hears of this as well. */
export function addBell(bell) {
  bells.add(bell);
  if (bells.size > 1) return;
  document.addEventListener("live-message", ({ detail }) => detail.topic === bell.dataset.topic && refresh());
  if (document.querySelector("live-page")) return;
  const tell = (detail) => document.dispatchEvent(new CustomEvent("live-message", { detail }));
  new LiveStream(bell.dataset.live, [bell.dataset.topic], tell).start();
}

const refresh = oneAtATime(async () => {
  const [{ dataset }] = bells;
  // Who looks at a take hears at once what is told of it.
  const isSeen = dataset.read && !document.hidden && document.hasFocus();
  const answer = await (isSeen ? askJSON(dataset.read, { method: "POST" }) : askJSON(dataset.src)).catch(() => null);
  if (answer === null) return;
  if (unread !== null && answer.unread > unread) announce(answer.unread === 1 ? "One unread notification." : `${answer.unread} unread notifications.`);
  unread = answer.unread;
  for (const bell of bells) bell.show(unread);
});
