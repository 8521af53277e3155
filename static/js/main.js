/** What every page has: the small elements, and the behaviour that attributes of the page ask for. */
import "./elements/auto-submit.js";
import "./elements/copy-button.js";
import "./elements/drop-menu.js";
import "./elements/flash-toasts.js";
import "./elements/name-filter.js";
import "./elements/notification-bell.js";
import "./elements/tab-set.js";
import "./elements/theme-toggle.js";
import "./elements/time-ago.js";
import "./elements/told-list.js";
import { confirmForms } from "./lib/confirm.js";
import { openDialogs } from "./lib/dialogs.js";
import { focusKeys } from "./lib/keys.js";
import { recall } from "./lib/memory.js";
import { openSheets } from "./lib/sheet.js";
import { submitOnce } from "./lib/submit-once.js";

openDialogs();
openSheets();
confirmForms();
submitOnce();
focusKeys();
// What is kept for a meeting is asked after at every contact, so that what was taken back goes from here as well.
if (recall("packs") && navigator.onLine) import("./lib/packs/keeping.js").then(({ askAfterAll }) => askAfterAll());
