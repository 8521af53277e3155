/** What a presenter thought: the second layer of an exemplar, and telling it. */
import "./elements/reply-player.js";
import "./elements/second-layer.js";
import "./elements/thought-form.js";
