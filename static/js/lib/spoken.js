/** A form that may carry a recording: what is spoken arrives before its words, under the name `recording_id`. */
import { bring } from "./replies.js";

/** Goes on with sending the form once its recording has arrived; `say` tells how far it is. */
export async function sendSpoken(event, form, say) {
  const recorder = form.querySelector("reply-recorder");
  if (recorder?.isBusy) {
    event.preventDefault();
    return say("Stop the recording first.");
  }
  const reply = recorder?.keep();
  if (!reply) return;
  event.preventDefault();
  try {
    form.recording_id.value = await bring(reply, { progress: (percent) => say(`Sending your recording, ${percent} %`) });
    recorder.posted();
    form.submit();
  } catch (error) {
    say(error.message);
  }
}
