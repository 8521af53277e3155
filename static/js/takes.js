/** Pages that list takes: what is still in work follows by itself. */
import "./elements/live-page.js";
import "./elements/live-part.js";
