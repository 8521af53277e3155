/** Writing a scenario. */
import "./elements/brief-form.js";
