"""Ada records in real Chromium: whatever breaks, her take is kept, sent while it grows, and arrives whole.

The recorder's modules are loaded one by one, as they are written, so that each can be asked by itself.
"""

import hashlib
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import pairwise
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, Route
from sqlalchemy import select

from pitchreview.config import MEBIBYTE, Settings
from pitchreview.models import Pitch, RecordingState, Scenario, Source, Take
from tests.factories import Factory
from tests.site import CHROMIUM_FLAGS, PASSWORD, Site, chromium, team_of
from tests.waiting import until
from worker.media.tools import find_tools

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("second-site")]

ROOT = Path(__file__).parents[2]
PART_SIZE = 8 * MEBIBYTE
PACKAGES = {
    "idb": "idb/build/index.js",
    "@noble/hashes/legacy.js": "@noble/hashes/legacy.js",
    "hash-wasm": "hash-wasm/dist/index.esm.js",
}

OPEN = """
async () => {
  const load = (name) => import(`/as-written/static/js/lib/studio/${name}.js`);
  Object.assign(window, await load("chunk-store"), await load("growing-upload"), await load("take-recorder"));
  Object.assign(window, await load("formats"), await load("devices"), await load("kept"));
  window.store = await openChunkStore();
  window.viewer = document.querySelector("[data-viewer]").dataset.viewer;
  window.place = `${location.pathname}/recordings`;
}
"""
# Bytes that are the same for the same place, and differ from place to place.
FILL = """
window.fill = (from, length) => {
  const bytes = new Uint32Array(Math.ceil(length / 4));
  for (let index = 0; index < bytes.length; index += 1) bytes[index] = Math.imul(from + index, 2654435761);
  return bytes.buffer.slice(0, length);
};
"""
NEW_TAKE = """
async (length) => {
  const file = { mimeType: "video/webm", container: "webm" };
  window.take = await store.create({ place, viewer, title: "A take", ...file });
  window.upload = new GrowingUpload(store, take.id);
  window.states = [];
  upload.addEventListener("change", () => states.at(-1) === upload.state || states.push(upload.state));
  if (length) await store.append(take.id, fill(0, length));
}
"""
RECORD = """
async () => {
  window.stream = await openDevices();
  window.recorder = new TakeRecorder(store, take.id);
  recorder.addEventListener("chunk", () => upload.grew());
  await recorder.start(stream, bestFormat((type) => MediaRecorder.isTypeSupported(type)));
}
"""
# How many pictures the camera has given so far.
FRAMES = "stream.getVideoTracks()[0].stats.deliveredFrames"
HASH = """
async () => {
  const bytes = await (await store.read(take.id, 0, await store.size(take.id))).arrayBuffer();
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
"""
KEPT = """
async () => {
  const takes = await keptTakes(store, viewer);
  return takes.map(({ bytes, durationMs, title }) => ({ bytes, durationMs, title }));
}
"""


@pytest.fixture
def scenario(site: Site) -> Scenario:
    with site.session() as session:
        scenario = Factory(session, site.store).scenario(team_of(session), title="Recorded pitch")
        session.commit()
        return scenario


@pytest.fixture
def ada(as_ada: Page, scenario: Scenario) -> Iterator[Page]:
    """Ada's window with the recorder's modules in it."""
    enter(as_ada, scenario)
    yield as_ada


def enter(page: Page, scenario: Scenario, site_url: str = "") -> None:
    page.route("**/as-written/**", give_source)
    page.goto(f"{site_url}/scenarios/{scenario.id}")
    page.evaluate(FILL)
    page.evaluate(OPEN)


def give_source(route: Route) -> None:
    path, _, query = route.request.url.partition("/as-written/")[2].partition("?")
    if query == "file":
        address = f"/as-written/{path}"
        return route.fulfill(content_type="text/javascript", body=f"export default {address!r};")
    script = (ROOT / path).read_text()
    script = re.sub(
        r'from "([@\w][^"]*)"', lambda found: f'from "/as-written/node_modules/{PACKAGES[found[1]]}"', script
    )
    return route.fulfill(content_type="text/javascript", body=script)


def wait_for(page: Page, condition: str) -> None:
    """Playwright's own way needs eval, which our content policy forbids."""
    page.evaluate(f"""async () => {{
      for (const end = Date.now() + 15_000; !({condition}); ) {{
        if (Date.now() > end) throw new Error(`The upload is ${{upload.state}}: ${{upload.message}}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }}
    }}""")


def the_source(site: Site, scenario: Scenario) -> Source:
    with site.session() as session:
        query = (
            select(Source)
            .join(Take, Take.recording_id == Source.recording_id)
            .join(Take.pitch)
            .where(Pitch.scenario_id == scenario.id)
        )
        source = session.scalars(query).one()
        assert source.recording
        return source


def stored_hash(site: Site, source: Source) -> str:
    content = site.store.read_range(source.object_key, 0, source.size_bytes - 1)
    return hashlib.sha256(content).hexdigest()


def test_the_best_format_of_each_browser_is_chosen(ada: Page) -> None:
    choose = """([known, audioOnly]) =>
      bestFormat((type) => known.some((start) => type.startsWith(start)), { audioOnly })"""
    linux = ["video/webm", 'video/mp4;codecs="avc1.42E01F,opus"', 'audio/webm;codecs="opus"']
    table = [
        (["video/mp4", "video/webm"], False, 'video/mp4;codecs="avc1.42E01F,mp4a.40.2"', "mp4", 1000),
        (linux, False, 'video/webm;codecs="avc1,opus"', "webm", 2000),
        (['video/mp4;codecs="avc1.42E01F,opus"'], False, 'video/mp4;codecs="avc1.42E01F,opus"', "mp4", 1000),
        (['video/webm;codecs="vp'], False, 'video/webm;codecs="vp9,opus"', "webm", 2000),
        (['video/webm;codecs="vp8'], False, 'video/webm;codecs="vp8,opus"', "webm", 2000),
        (linux, True, 'audio/webm;codecs="opus"', "webm", None),
        (["audio/mp4"], True, 'audio/mp4;codecs="mp4a.40.2"', "m4a", None),
        ([], False, "", "webm", 2000),
    ]
    for known, audio_only, mime_type, container, keyframes_ms in table:
        chosen = ada.evaluate(choose, [known, audio_only])
        assert (chosen["mimeType"], chosen["container"]) == (mime_type, container)
        assert chosen["options"].get("videoKeyFrameIntervalDuration") == keyframes_ms


def test_trouble_with_devices_has_one_of_five_names(ada: Page) -> None:
    ask = """async (name) => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", name));
      return openDevices().catch(({ kind }) => kind);
    }"""
    names = ["NotAllowedError", "NotFoundError", "NotReadableError", "OverconstrainedError"]
    assert [ada.evaluate(ask, name) for name in names] == ["denied", "none", "busy", "gone"]


@pytest.mark.parametrize("has_files", [True, False], ids=["files", "database"])
def test_what_is_appended_is_read_back_while_it_grows_and_after(
    as_ada: Page, scenario: Scenario, has_files: bool
) -> None:
    if not has_files:
        as_ada.add_init_script("delete StorageManager.prototype.getDirectory")
    enter(as_ada, scenario)
    as_ada.evaluate(NEW_TAKE, 0)
    said = as_ada.evaluate("""async () => {
      const text = async (from, until) => (await store.read(take.id, from, until)).text();
      const bytes = (words) => new TextEncoder().encode(words).buffer;
      const keep = (words) => store.append(take.id, bytes(words));
      const sizes = [await keep("Good that "), await keep("you ask")];
      const growing = await text(5, 13);
      await store.seal(take.id);
      const sealed = [await text(5, 13), await text(0, 100), await store.size(take.id)];
      await store.remove(take.id);
      return [take.keeper, sizes, growing, sealed, await store.list()];
    }""")
    keeper = "files" if has_files else "database"
    assert said == [keeper, [10, 17], "that you", ["that you", "Good that you ask", 17], []]


def test_a_take_is_recorded_without_its_pauses_and_becomes_playable(
    ada: Page, site: Site, scenario: Scenario
) -> None:
    ada.evaluate(NEW_TAKE, 0)
    ada.evaluate(RECORD)
    ada.evaluate("() => { upload.begin() }")
    ada.wait_for_timeout(1300)
    ada.evaluate("recorder.pause()")
    ada.wait_for_timeout(1000)
    ada.evaluate("recorder.resume()")
    ada.wait_for_timeout(600)
    ada.evaluate("recorder.stop()")
    assert 1700 <= ada.evaluate("recorder.durationMs") <= 2700
    kept = ada.evaluate(HASH)
    ada.evaluate("upload.finish()")
    assert ada.evaluate("upload.state") == "arrived"
    assert ada.evaluate("store.list()") == []
    source = the_source(site, scenario)
    assert stored_hash(site, source) == kept
    until(lambda: the_source(site, scenario).recording.state is not RecordingState.RECEIVED, seconds=15)
    recording = the_source(site, scenario).recording
    assert recording.state in (RecordingState.PLAYABLE, RecordingState.READY)
    assert 1500 <= (recording.duration_ms or 0) <= 3000


def test_a_lost_device_and_a_full_disk_are_told(ada: Page) -> None:
    ada.evaluate(NEW_TAKE, 0)
    ada.evaluate(RECORD)
    told = ada.evaluate("""async () => {
      const hear = (name) => new Promise((resolve) => recorder.addEventListener(name, resolve));
      const [lost, trouble] = [hear("lost-device"), hear("trouble")];
      stream.getAudioTracks()[0].dispatchEvent(new Event("ended"));
      store.append = () => Promise.reject(new StorageError("full"));
      const kinds = [(await lost).detail.kind, (await trouble).detail.kind];
      await recorder.stop();
      return [...kinds, recorder.state];
    }""")
    assert told == ["audio", "full", "stopped"]


@pytest.mark.campaign  # a crash is survived in test_replies, a reload in test_studio
def test_after_a_crash_of_the_tab_everything_but_the_last_chunk_is_there(
    ada: Page, site: Site, scenario: Scenario
) -> None:
    ada.evaluate(NEW_TAKE, 0)
    ada.evaluate(RECORD)
    ada.evaluate("() => { upload.begin() }")
    ada.wait_for_timeout(2600)
    bytes_before, duration_before = ada.evaluate("[recorder.bytes, recorder.durationMs]")
    context = ada.context
    with pytest.raises(Error):
        ada.goto("chrome://crash")
    again = context.new_page()
    enter(again, scenario)
    [kept] = again.evaluate(KEPT)
    assert kept["title"] == "A take"
    assert kept["bytes"] >= bytes_before > 0
    assert kept["durationMs"] >= duration_before - 1500
    again.evaluate(
        "async () => { window.kept = (await keptTakes(store, viewer))[0]; window.upload = kept.continue(); }"
    )
    wait_for(again, "upload.state === 'arrived'")
    assert the_source(site, scenario).size_bytes == kept["bytes"]
    until(lambda: the_source(site, scenario).recording.duration_ms is not None, seconds=15)
    assert (the_source(site, scenario).recording.duration_ms or 0) >= duration_before - 1500


@pytest.mark.campaign
def test_after_a_crash_no_frame_is_missing_but_those_of_the_last_chunk(
    ada: Page, site: Site, scenario: Scenario, tmp_path: Path
) -> None:
    ada.evaluate(NEW_TAKE, 0)
    ada.evaluate(RECORD)
    before = ada.evaluate(FRAMES)
    ada.wait_for_timeout(5000)
    recorded = ada.evaluate(FRAMES) - before
    context = ada.context
    with pytest.raises(Error):
        ada.goto("chrome://crash")
    again = context.new_page()
    enter(again, scenario)
    again.evaluate(
        "async () => { window.kept = (await keptTakes(store, viewer))[0]; window.upload = kept.continue(); }"
    )
    wait_for(again, "upload.state === 'arrived'")
    source, file = the_source(site, scenario), tmp_path / "kept.webm"
    file.write_bytes(site.store.read_range(source.object_key, 0, source.size_bytes - 1))
    shown = frame_times(file)
    between = [later - earlier for earlier, later in pairwise(shown)]
    # A chunk is a second of 20 frames; the camera is asked about a moment before the crash.
    assert recorded - 30 <= len(shown) <= recorded + 10
    assert max(between) < 0.3


def frame_times(file: Path) -> list[float]:
    """When each frame of the picture is shown, in seconds."""
    asked = ["-v", "error", "-select_streams", "v", "-show_entries", "packet=pts_time", "-of", "csv=p=0"]
    command = [str(find_tools(Settings()).ffprobe), *asked, str(file)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return sorted(float(line.strip(",")) for line in answer.splitlines() if line)


@pytest.mark.campaign
def test_a_take_outlives_a_browser_that_was_killed(
    as_ada: Page, browser: Browser, site: Site, scenario: Scenario, tmp_path: Path
) -> None:
    cookies = site.states["ada"]["cookies"]
    with own_browser(browser, tmp_path) as context:
        context.add_cookies(cookies)
        enter(page := context.pages[0], scenario, site.url)
        page.evaluate(NEW_TAKE, 0)
        page.evaluate(RECORD)
        page.wait_for_timeout(1600)
        bytes_before = page.evaluate("recorder.bytes")
        kill_browser(tmp_path)
    with own_browser(browser, tmp_path) as context:
        context.add_cookies(cookies)
        enter(page := context.pages[0], scenario, site.url)
        [kept] = page.evaluate(KEPT)
        assert kept["bytes"] >= bytes_before > 0
        assert page.evaluate("async () => (await store.list())[0].keeper") == "files"


@contextmanager
def own_browser(browser: Browser, profile: Path) -> Iterator[BrowserContext]:
    """A browser that keeps things on the disk; the windows of the other tests keep them in memory."""
    context = browser.browser_type.launch_persistent_context(
        profile, executable_path=chromium(), args=list(CHROMIUM_FLAGS)
    )
    yield context
    with suppress(Error):
        context.close()


def kill_browser(profile: Path) -> None:
    children = psutil.Process().children(recursive=True)
    ours = [child for child in children if f"--user-data-dir={profile}" in child.cmdline()]
    for process in ours:
        process.kill()


@pytest.mark.campaign
def test_a_take_that_another_tab_works_on_is_not_offered(ada: Page, scenario: Scenario) -> None:
    ada.evaluate(NEW_TAKE, 100)
    other = ada.context.new_page()
    enter(other, scenario)
    assert other.evaluate(KEPT) == []
    ada.close()
    until(lambda: len(other.evaluate(KEPT)) == 1)
    other.evaluate("async () => (await keptTakes(store, viewer))[0].discard()")
    assert other.evaluate(KEPT) == []


def test_whole_parts_leave_while_the_take_grows_and_the_tail_at_its_end(
    ada: Page, site: Site, scenario: Scenario
) -> None:
    ada.evaluate(NEW_TAKE, PART_SIZE - 100)
    ada.evaluate("() => { upload.begin() }")
    wait_for(ada, "upload.state === 'sending'")
    with ada.expect_response(re.compile("partNumber=1"), timeout=10_000):
        ada.evaluate("async () => { await store.append(take.id, fill(7, 1000)); upload.grew(); }")
    with ada.expect_response(re.compile("partNumber=2"), timeout=10_000):
        ada.evaluate("async () => { await store.seal(take.id); upload.grew(); }")
    kept = ada.evaluate(HASH)
    ada.evaluate("upload.finish()")
    assert ada.evaluate("upload.state") == "arrived"
    source = the_source(site, scenario)
    assert source.size_bytes == PART_SIZE + 900
    assert stored_hash(site, source) == kept


@pytest.mark.campaign
def test_while_the_network_is_gone_it_rests_and_then_goes_on(
    ada: Page, site: Site, scenario: Scenario
) -> None:
    hears_nothing = True

    def cut(route: Route) -> None:
        route.abort("internetdisconnected") if hears_nothing else route.continue_()

    ada.route(re.compile("partNumber="), cut)
    ada.evaluate(NEW_TAKE, 1000)
    kept = ada.evaluate(HASH)
    ada.evaluate("() => { upload.finish() }")
    try_at_once = "dispatchEvent(new Event('online'))"
    wait_for(ada, f"{try_at_once} && upload.state === 'resting'")
    hears_nothing = False
    wait_for(ada, f"{try_at_once} && upload.state === 'arrived'")
    assert stored_hash(site, the_source(site, scenario)) == kept


@pytest.mark.campaign
def test_who_was_signed_out_signs_in_elsewhere_and_it_goes_on(
    ada: Page, site: Site, scenario: Scenario
) -> None:
    ada.evaluate(NEW_TAKE, 1000)
    ada.evaluate("() => { upload.begin() }")
    wait_for(ada, "upload.state === 'sending'")
    ada.context.clear_cookies()
    ada.evaluate("() => { upload.finish() }")
    wait_for(ada, "upload.state === 'signed-out'")
    sign_in_anew(ada)
    ada.evaluate("dispatchEvent(new Event('focus'))")
    wait_for(ada, "upload.state === 'arrived'")
    assert the_source(site, scenario).has_arrived


def sign_in_anew(page: Page) -> None:
    other = page.context.new_page()
    other.goto("/sign-in")
    other.get_by_label("E-mail").fill("ada@example.com")
    other.locator("input[name=password]").fill(PASSWORD)
    other.locator("form button[type=submit]").first.click()
    other.wait_for_url(re.compile(r"/$"))
    other.close()


@pytest.mark.campaign
def test_an_upload_that_the_store_dropped_begins_anew(ada: Page, site: Site, scenario: Scenario) -> None:
    ada.evaluate(NEW_TAKE, 1000)
    ada.evaluate("async () => { await store.update(take.id, { upload: `/uploads/${take.id}` }); }")
    ada.evaluate("upload.finish()")
    assert ada.evaluate("upload.state") == "arrived"
    assert the_source(site, scenario).size_bytes == 1000


def test_a_discarded_take_is_gone_here_and_there(ada: Page, site: Site, scenario: Scenario) -> None:
    ada.evaluate(NEW_TAKE, 1000)
    ada.evaluate("() => { upload.begin() }")
    wait_for(ada, "upload.state === 'sending'")
    assert the_source(site, scenario).is_open
    ada.evaluate("upload.discard()")
    assert ada.evaluate("store.list()") == []
    with site.session() as session:
        assert (
            session.scalars(select(Take).join(Take.pitch).where(Pitch.scenario_id == scenario.id)).all() == []
        )
