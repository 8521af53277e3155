/** The page of a scenario: files come in. */
import "./elements/upload-drop.js";
