/** The studio: a take is recorded, kept, watched and sent. */
import "./elements/studio-camera.js";
import "./elements/studio-countdown.js";
import "./elements/studio-devices.js";
import "./elements/studio-kept.js";
import "./elements/studio-level.js";
import "./elements/studio-playback.js";
import "./elements/studio-prompter.js";
import "./elements/studio-scrubber.js";
import "./elements/studio-sending.js";
import "./elements/studio-target.js";
import "./elements/studio-ticks.js";
import "./elements/studio-room.js";
import "./elements/studio-prompter-desk.js";
