/** Runs a fetch again when asked, one at a time; what is asked meanwhile is one more run afterwards. */
export function oneAtATime(run) {
  let running = false;
  let again = false;
  return async function ask() {
    if (running) {
      again = true;
      return;
    }
    running = true;
    try {
      await run();
    } finally {
      running = false;
      if (again) {
        again = false;
        ask();
      }
    }
  };
}
