/** The review queue: the next take is one key away. */
import { keys } from "./lib/keys.js";

const goOn = () => document.querySelector("[data-next]")?.click();

keys(window, { n: goOn, Enter: goOn });
