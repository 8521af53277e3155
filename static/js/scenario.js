/** The page of a scenario: files come in. */
import "./elements/before-after.js";
import "./elements/reply-player.js";
import "./elements/upload-drop.js";
