/** The page of a meeting pack, with and without a connection. */
import "./elements/live-page.js";
import "./elements/live-part.js";
import "./elements/meeting-pack.js";
import "./elements/reply-player.js";
import "./elements/warm-up-timer.js";
import { followConnection } from "./lib/packs/connection.js";

followConnection();
