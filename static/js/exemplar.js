/** The pages of one exemplar: watching its moment, choosing it. */
import "./elements/exemplar-visit.js";
import "./elements/keys-switch.js";
import "./elements/moment-player.js";
import "./elements/range-picker.js";
import "./elements/take-over.js";
import { momentKeys } from "./lib/moment-keys.js";

momentKeys();
