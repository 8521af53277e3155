/** The pages of one exemplar: watching its moment, choosing it. */
import "./elements/moment-player.js";
import "./elements/range-picker.js";
