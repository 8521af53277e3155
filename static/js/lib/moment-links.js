/** Links with data-shows="milliseconds" lead to a moment of the take on this page: the player shows it at once. */
import { on } from "./dom.js";
import { thePlayer } from "./player.js";

export function followMoments(root = document) {
  on(root, "click", "a[data-shows]", (event, link) => {
    const player = thePlayer();
    if (!player || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    player.show(Number(link.dataset.shows));
  });
}
