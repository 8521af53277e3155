/** The library: finding a moment. */
import "./elements/more-hits.js";
import "./elements/type-ahead.js";
