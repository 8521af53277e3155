"""How far apart two players drift that are watched side by side, on a processor that is slow.

    python -m bench.compare_drift [--slower 4]

Real Chromium plays two real takes for more than twenty seconds, with pauses, seeks, another speed and a
change of sound in between, its processor slowed down. Each picture that is shown tells its own time; where
one side is at the moment when a picture of the other is shown is reckoned from its two pictures around it.
The last line is JSON: `drift_p95_ms` over all pictures of the stretches in which both play, `drift_p50_ms`.
"""

import argparse
import json
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from pitchreview.local.demo_story import CLIPS_FOLDER
from tests import site as sites
from tests.factories import Factory
from tests.site import Site, arrived, person, team_of

CLIPS = ("vendor-ada-1.mp4", "vendor-ada-2.mp4")
# Keys and how long both play after each: play, on, pause and play, the other sound, back, faster, as before
ACTS = (("k", 6), ("l", 3), ("k", 0.5), ("k", 4), ("s", 3), ("j", 4), (">", 3), ("<", 2), ("j", 4))

WATCH = """() => {
  const videos = [...document.querySelectorAll("side-by-side video")];
  const shown = [[], []];
  let stretch = 0;
  videos.forEach((video, side) => {
    for (const name of ["play", "pause", "seeking", "seeked"]) {
      video.addEventListener(name, () => (stretch += 1));
    }
    const see = (_, { mediaTime, expectedDisplayTime: at }) => {
      const isUnderWay = videos.every(({ paused, seeking }) => !paused && !seeking);
      if (isUnderWay) shown[side].push({ at, ms: mediaTime * 1000, stretch });
      video.requestVideoFrameCallback(see);
    };
    video.requestVideoFrameCallback(see);
  });
  window.driftsSoFar = () => {
    const found = [];
    const [left, right] = shown;
    let place = 0;
    for (const { at, ms, stretch } of left) {
      while (place + 1 < right.length && right[place + 1].at < at) place += 1;
      const [before, after] = [right[place], right[place + 1]];
      if (!after || before.at > at || before.stretch !== stretch || after.stretch !== stretch) continue;
      const share = (at - before.at) / Math.max(1, after.at - before.at);
      found.push(before.ms + (after.ms - before.ms) * share - ms);
    }
    return found;
  };
}"""
CAN_PLAY = "[...document.querySelectorAll('side-by-side video')].every(({ readyState }) => readyState >= 3)"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--slower", type=float, default=4)
    slower = parser.parse_args().slower
    with (
        tempfile.TemporaryDirectory(prefix="bench-drift-") as folder,
        sites.running_site(Path(folder) / "site") as site,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=sites.chromium(), args=list(sites.CHROMIUM_FLAGS)
        )
        drifts = watch(site, browser, slower)
        browser.close()
    print(f"{len(drifts)} pictures, at most {max(drifts):.0f} ms apart", flush=True)
    print(json.dumps({"drift_p50_ms": round(statistics.median(drifts)), "drift_p95_ms": round(p95(drifts))}))


def measure(site: Site, browser: Browser, slower: float = 4) -> float:
    """The drift in milliseconds that 95 of 100 pictures keep below."""
    return p95(watch(site, browser, slower))


def watch(site: Site, browser: Browser, slower: float) -> list[float]:
    """How far apart the two were at each picture."""
    address = _two_takes(site)
    if "ada" not in site.states:
        site.states["ada"] = sites.sign_in(site, browser, "ada")
    context = browser.new_context(
        base_url=site.url, viewport={"width": 1440, "height": 900}, storage_state=site.states["ada"]
    )
    page = context.new_page()
    page.goto(address)
    _wait_until_it_can_play(page)
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})
    page.evaluate(WATCH)
    for key, seconds in ACTS:
        page.keyboard.press(key)
        page.wait_for_timeout(seconds * 1000)
    drifts = [abs(drift) for drift in page.evaluate("window.driftsSoFar()")]
    context.close()
    return drifts


def _two_takes(site: Site) -> str:
    with site.session() as session:
        make = Factory(session, site.store)
        scenario = make.scenario(team_of(session), "Watched side by side")
        takes = [
            make.take(
                person(session, "ada"),
                scenario,
                submitted=False,
                recording=arrived(make, CLIPS_FOLDER / clip),
            )
            for clip in CLIPS
        ]
        session.commit()
        for take in takes:
            sites.wait_until_ready(site, take)
        left, right = (f"take:{take.id}" for take in takes)
        return f"/compare/{left}/{right}"


def _wait_until_it_can_play(page: Page) -> None:
    for _ in range(200):
        if page.evaluate(CAN_PLAY):
            return
        page.wait_for_timeout(100)
    raise TimeoutError("The two videos did not load.")


def p95(drifts: list[float]) -> float:
    return statistics.quantiles(drifts, n=20)[-1]


if __name__ == "__main__":
    main()
