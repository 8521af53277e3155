/** Pages outside the studio that tell of takes which this browser kept. */
import "./elements/studio-kept-notice.js";
