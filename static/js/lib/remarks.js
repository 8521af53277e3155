/** Comments beside two players: the time of one shows both players there, Shift and click repeats it. */
import { on } from "./dom.js";

const LASTS_MS = 5000;

export function openRemarks() {
  on(document.body, "click", "[data-remark] [data-go]", (event, button) => {
    const pair = document.querySelector("side-by-side");
    const { remark, at, until } = button.closest("[data-remark]").dataset;
    const place = remark === "left" ? 0 : 1;
    if (!pair) return;
    pair.querySelector("line-up").close();
    pair.hear(place);
    pair.open(place, Number(at));
    if (event.shiftKey) pair.loop(pair.both.atMs, pair.both.atMs + (until ? Number(until) - Number(at) : LASTS_MS));
    pair.scrollIntoView({ block: "nearest" });
  });
}
