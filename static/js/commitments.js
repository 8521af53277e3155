/** What I work on: the moments before and after are played in place. */
import "./elements/before-after.js";
