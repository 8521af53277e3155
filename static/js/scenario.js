/** The page of a scenario: files come in. */
import "./elements/reply-player.js";
import "./elements/upload-drop.js";
