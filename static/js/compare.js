/** Side by side: two players on one clock, and what was said about both. */
import "./elements/both-bar.js";
import "./elements/both-transport.js";
import "./elements/key-sheet.js";
import "./elements/line-up.js";
import "./elements/side-by-side.js";
import { compareKeys } from "./lib/compare-keys.js";
import { openRemarks } from "./lib/remarks.js";

compareKeys();
openRemarks();
