/** Rubrics: the builder, and the clips that show a level. */
import "./elements/reorder-list.js";
import "./elements/reply-player.js";
import "./elements/rubric-builder.js";
