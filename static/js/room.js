/** The review room: the player and its lanes, the comments, the live stream, the keys. */
import "./elements/comment-composer.js";
import "./elements/comment-feed.js";
import "./elements/comment-thread.js";
import "./elements/finish-review.js";
import "./elements/kind-balance.js";
import "./elements/live-page.js";
import "./elements/live-stage.js";
import "./elements/pitch-player.js";
import "./elements/player-transport.js";
import "./elements/published-reviews.js";
import "./elements/reply-player.js";
import "./elements/reply-recorder.js";
import "./elements/take-trim.js";
import "./elements/time-line.js";
import "./elements/time-marks.js";
import { callNames } from "./lib/call-names.js";
import { openMoment } from "./lib/moment.js";
import { roomKeys } from "./lib/room-keys.js";

callNames();
roomKeys();
openMoment();
