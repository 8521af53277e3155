"""What recording and sending cost: from stop to playable, beside curl, after breaks, and in the tab's memory.

    python -m bench.upload [--minutes 3] [--breaks 20] [--megabytes 512]

Runs the whole product on a folder that is thrown away, and real Chromium with a fake camera. A take is
recorded in the studio for so many minutes; meanwhile the memory of the tab is watched. A file goes up
through the page and, as the same parts, by curl; another is broken off by reloads again and again.
The last line is JSON: `stop_to_playable_s` (median of the takes), `upload_vs_curl` (time of the page
divided by time of curl), `resumed_identical` (files whose bytes came out equal, of all that were
broken off), `tab_memory_growth_mb` (from half a minute after the start to the end).
"""

import argparse
import hashlib
import json
import os
import random
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import psutil
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select

from pitchreview.config import MEBIBYTE
from pitchreview.models import Recording, Scenario, Source, Take
from tests import site as sites
from tests.factories import Factory
from tests.site import Site, team_of

LANES = 3
SHORT_TAKES, SHORT_SECONDS = 3, 10
SETTLED_SECONDS = 30
BROKEN_OFF_MEGABYTES = 64
# Slow enough to be broken off on the way.
BROKEN_OFF_BYTES_PER_SECOND = 24 * MEBIBYTE


@dataclass(frozen=True)
class Studio:
    site: Site
    browser: Browser
    folder: Path

    def scenario(self, title: str) -> UUID:
        with self.site.session() as session:
            scenario: Scenario = Factory(session, self.site.store).scenario(team_of(session), title=title)
            session.commit()
            return scenario.id

    def page(self) -> Page:
        context = self.browser.new_context(base_url=self.site.url)
        page = context.new_page()
        page.goto("/sign-in")
        page.get_by_label("E-mail").fill("ada@example.com")
        page.locator("input[name=password]").fill(sites.PASSWORD)
        page.locator("form button[type=submit]").first.click()
        page.wait_for_url(f"{self.site.url}/")
        return page

    def renderers_mb(self) -> float:
        session = self.browser.new_browser_cdp_session()
        found = session.send("SystemInfo.getProcessInfo")["processInfo"]
        session.detach()
        pids = [process["id"] for process in found if process["type"] == "renderer"]
        return sum(psutil.Process(pid).memory_info().rss for pid in pids) / 1e6


def main() -> None:
    options = _options()
    with _studio() as studio:
        takes = [_record(studio, seconds=SHORT_SECONDS)[0] for _ in range(SHORT_TAKES)]
        print("short takes, stop to playable:", takes, flush=True)
        long_take, growth_mb = _record(studio, seconds=60 * options.minutes)
        print(f"{options.minutes:g} minutes: {long_take} s, the tab grew by {growth_mb} MB", flush=True)
        ratio = _beside_curl(studio, options.megabytes)
        resumed = _resumed(studio, options.breaks, random.Random(options.seed))
    figures = {
        "stop_to_playable_s": statistics.median([*takes, long_take]),
        "stop_to_playable_long_s": long_take,
        "upload_vs_curl": ratio,
        "resumed_identical": resumed,
        "tab_memory_growth_mb": growth_mb,
    }
    print(json.dumps(figures))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=3)
    parser.add_argument("--breaks", type=int, default=20)
    parser.add_argument("--megabytes", type=int, default=512)
    parser.add_argument("--seed", type=int, default=4)
    return parser.parse_args()


@contextmanager
def _studio() -> Iterator[Studio]:
    with (
        tempfile.TemporaryDirectory(prefix="bench-upload-") as folder,
        sites.running_site(Path(folder) / "site") as site,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=sites.chromium(), args=list(sites.CHROMIUM_FLAGS)
        )
        yield Studio(site, browser, Path(folder))
        browser.close()


def _record(studio: Studio, *, seconds: float) -> tuple[float, float]:
    """Seconds from the press on "stop" until the server can play it, and by how much the tab grew."""
    page, scenario_id = studio.page(), studio.scenario("A take")
    page.goto(f"/scenarios/{scenario_id}/studio")
    _press(page, "record")
    page.locator("studio-room[data-state=countdown]").wait_for()
    _press(page, "counted")
    page.locator("studio-room[data-state=recording]").wait_for()
    early = min(SETTLED_SECONDS, seconds / 2)
    page.wait_for_timeout(1000 * early)
    before = studio.renderers_mb()
    page.wait_for_timeout(1000 * (seconds - early))
    growth = studio.renderers_mb() - before
    stopped = time.time()
    _press(page, "stop")
    _press(page, "keep")
    page.wait_for_url("**/takes/*", wait_until="commit")
    playable = _playable_at(studio.site, scenario_id)
    page.context.close()
    return round(playable - stopped, 2), round(growth, 1)


def _press(page: Page, act: str) -> None:
    page.locator(f'studio-room [data-act="{act}"]:visible').first.click()


def _playable_at(site: Site, scenario_id: UUID) -> float:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        recording = _source(site, scenario_id).recording
        if recording.playable_at:
            return recording.playable_at.timestamp()
        time.sleep(0.05)
    raise TimeoutError("The take did not become playable.")


def _source(site: Site, scenario_id: UUID) -> Source:
    with site.session() as session:
        query = select(Source).join(Recording).join(Take).join(Take.pitch).filter_by(scenario_id=scenario_id)
        source = session.scalars(query).one()
        assert source.recording
        return source


def _beside_curl(studio: Studio, megabytes: int) -> float:
    file = _random_file(studio.folder / "large.mp4", megabytes)
    page, scenario_id = studio.page(), studio.scenario("A large file")
    page.goto(f"/scenarios/{scenario_id}")
    started = time.monotonic()
    page.locator("input[data-choose]").set_input_files(file)
    page.wait_for_url("**/takes/*", timeout=600_000, wait_until="commit")
    by_page = time.monotonic() - started
    page.context.close()
    by_curl = _by_curl(studio, file, _source(studio.site, scenario_id).part_size)
    file.unlink()
    print(f"{megabytes} MB: {by_page:.2f} s by the page, {by_curl:.2f} s by curl", flush=True)
    return round(by_page / by_curl, 2)


def _by_curl(studio: Studio, file: Path, part_size: int) -> float:
    """The same parts, as many at once, to addresses that are signed before the clock starts."""
    parts = studio.folder / "parts"
    parts.mkdir()
    subprocess.run(["split", "-b", str(part_size), "-d", "-a", "4", str(file), f"{parts}/"], check=True)
    store, key = studio.site.store, "bench/large"
    upload_id = store.begin_multipart(key, "application/octet-stream")
    paths = sorted(parts.iterdir())
    signed = [store.sign_part(key, upload_id, n, host="127.0.0.1") for n in range(1, len(paths) + 1)]

    def put(path: Path, address: str) -> None:
        subprocess.run(
            ["curl", "-sf", "-o", os.devnull, "-H", "Expect:", "-T", str(path), address], check=True
        )

    started = time.monotonic()
    with ThreadPoolExecutor(LANES) as pool:
        list(pool.map(put, paths, signed))
    store.complete_multipart(key, upload_id, store.list_parts(key, upload_id))
    seconds = time.monotonic() - started
    store.delete([key])
    shutil.rmtree(parts)
    return seconds


def _resumed(studio: Studio, breaks: int, chance: random.Random) -> str:
    """Break files off by reloads, so many in all; answers how many of the files came out equal."""
    equal = files = done = 0
    while done < breaks:
        file = _random_file(studio.folder / f"broken-{files}.mp4", BROKEN_OFF_MEGABYTES)
        scenario_id = studio.scenario(f"A file that is broken off, {files}")
        done += _send_with_breaks(studio, file, scenario_id, breaks - done, chance)
        source = _source(studio.site, scenario_id)
        arrived = studio.site.store.read_range(source.object_key, 0, source.size_bytes - 1)
        equal += hashlib.sha256(arrived).digest() == hashlib.sha256(file.read_bytes()).digest()
        files += 1
        file.unlink()
    print(f"{done} breaks, {equal} of {files} files identical", flush=True)
    return f"{equal}/{files}"


def _send_with_breaks(studio: Studio, file: Path, scenario_id: UUID, most: int, chance: random.Random) -> int:
    page = studio.page()
    page.on("dialog", lambda dialog: dialog.accept())
    network = page.context.new_cdp_session(page)
    network.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": 0,
            "downloadThroughput": -1,
            "uploadThroughput": BROKEN_OFF_BYTES_PER_SECOND,
        },
    )
    page.goto(f"/scenarios/{scenario_id}")
    page.locator("input[data-choose]").set_input_files(file)
    breaks = 0
    while breaks < most:
        page.wait_for_timeout(chance.uniform(300, 1200))
        if "/takes/" in page.url:
            break
        page.reload()
        breaks += 1
        again = page.locator("input[data-again]")
        again.wait_for(state="attached")
        again.set_input_files(file)
    page.wait_for_url("**/takes/*", timeout=120_000, wait_until="commit")
    page.context.close()
    return breaks


def _random_file(path: Path, megabytes: int) -> Path:
    with path.open("wb") as out:
        for _ in range(megabytes):
            out.write(os.urandom(MEBIBYTE))
    return path


if __name__ == "__main__":
    main()
