/** The pages of those who choose: holding a moment up, arranging a shelf, the desk. */
import "./elements/range-picker.js";
import "./elements/reorder-list.js";
import "./elements/tag-field.js";
import "./elements/tick-all.js";
