/** The account page. */
import "./elements/own-zone.js";
