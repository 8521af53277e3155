"""Ada records in the studio with a fake camera: by click and by key, with troubles on the way."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

import pitchreview
from pitchreview.config import Settings
from pitchreview.models import Scenario, Take
from tests.factories import Factory
from tests.site import CHROMIUM_FLAGS, Site, chromium, person, team_of
from tests.waiting import until
from worker.media.tools import Tools, find_tools

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]

MACHINE = Path(__file__).parents[2] / "static" / "js" / "lib" / "studio" / "machine.js"
WALK = """
async ([source, events]) => {
  const { next } = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
  const states = ["check"];
  for (const event of events) states.push(next(states.at(-1), event) ?? states.at(-1));
  return states;
}
"""
REFUSE = """
const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
window.isRefused = true;
navigator.mediaDevices.getUserMedia = (wanted) =>
  window.isRefused && wanted.video ? Promise.reject(new DOMException("", "NotAllowedError")) : open(wanted);
"""
UNPLUG = """
() => {
  const [track] = document.querySelector("studio-camera").stream.getVideoTracks();
  track.stop();
  track.dispatchEvent(new Event("ended"));
}
"""

END_SHARING = """
() => {
  const [track] = document.querySelector("studio-screen").stream.getVideoTracks();
  track.stop();
  track.dispatchEvent(new Event("ended"));
}
"""

# Where camera and screen stand in the playback, in seconds.
TIMES = (
    "[...document.querySelectorAll('[data-lead], [data-screen]')].map((video) => video.currentTime).reverse()"
)
SPEECH = Path(pitchreview.__file__).parent / "local" / "demo_clips" / "vendor-ada-1.mp4"


@pytest.fixture(scope="module")
def scenario(site: Site) -> Scenario:
    with site.session() as session:
        scenario = Factory(session, site.store).scenario(team_of(session), title="Recorded in the studio")
        scenario.set_key_messages(["Respect the choice", "One question", "A small next step"])
        session.commit()
        return scenario


def enter(page: Page, scenario: Scenario) -> None:
    page.goto(f"/scenarios/{scenario.id}/studio")
    be(page, "preview")


def be(page: Page, state: str) -> None:
    expect(page.locator("studio-room")).to_have_attribute("data-state", state, timeout=10_000)


def record(page: Page, seconds: float = 0.8) -> None:
    """By keys, without waiting for the countdown."""
    page.keyboard.press("r")
    be(page, "countdown")
    page.keyboard.press("r")
    be(page, "recording")
    page.wait_for_timeout(seconds * 1000)


def arrived_take(page: Page, site: Site) -> Take:
    page.wait_for_url("**/takes/*", timeout=15_000, wait_until="commit")
    with site.session() as session:
        return session.scalars(
            select(Take).join(Take.pitch).where(Take.id == UUID(page.url.rsplit("/", 1)[-1]))
        ).one()


def files_of(site: Site, take: Take) -> list[tuple[str, int, int]]:
    with site.session() as session:
        sources = session.get_one(Take, take.id).recording.sources
        return [(source.role, source.sequence, source.offset_ms) for source in sources]


def loudness_of(site: Site, take: Take) -> float | None:
    """In LUFS, as the worker measured what arrived."""
    with site.session() as session:
        measured = session.get_one(Take, take.id).recording.loudness
        return measured and measured["integrated_lufs"]


def loudness_of_file(tools: Tools, path: Path) -> float:
    command = [str(tools.ffmpeg), "-nostdin", "-i", str(path), "-af", "ebur128", "-f", "null", "-"]
    report = subprocess.run(command, check=True, capture_output=True, text=True).stderr
    return float(re.findall(r"I:\s+(-[\d.]+) LUFS", report)[-1])


def end_sharing(page: Page) -> None:
    """As the browser's own bar does."""
    page.evaluate(END_SHARING)


@pytest.mark.campaign
def test_from_the_scenario_it_is_two_clicks_and_the_take_can_be_played(
    as_ada: Page, site: Site, scenario: Scenario
) -> None:
    as_ada.goto(f"/scenarios/{scenario.id}")
    as_ada.get_by_role("link", name="Record", exact=True).click()
    be(as_ada, "preview")
    as_ada.get_by_role("button", name="Record").click()
    expect(as_ada.locator("studio-countdown")).to_have_text(re.compile("[321]"))
    be(as_ada, "recording")
    expect(as_ada.get_by_role("button", name="Pause")).to_be_focused()
    expect(as_ada.locator("[data-clock]")).to_have_text(re.compile("0:0[1-9]"))
    expect(as_ada.locator("studio-target")).to_contain_text("nobody cuts you off")
    as_ada.get_by_role("button", name="Pause").click()
    expect(as_ada.get_by_role("button", name="Go on")).to_be_focused()
    as_ada.get_by_role("button", name="Stop and watch").click()
    be(as_ada, "watching")
    as_ada.get_by_role("button", name="Play").click()
    expect(as_ada.get_by_label("Position in your take")).not_to_have_value("0")
    as_ada.get_by_role("button", name="Keep this take").click()
    take = arrived_take(as_ada, site)
    assert not take.is_submitted
    expect(as_ada.locator("pitch-player")).to_be_visible(timeout=15_000)


@pytest.mark.campaign
def test_by_keys_a_take_is_cancelled_paused_and_taken_back(as_ada: Page, scenario: Scenario) -> None:
    enter(as_ada, scenario)
    as_ada.keyboard.press("r")
    be(as_ada, "countdown")
    as_ada.keyboard.press("Escape")
    be(as_ada, "preview")
    record(as_ada)
    as_ada.keyboard.press(" ")
    be(as_ada, "paused")
    as_ada.keyboard.press(" ")
    be(as_ada, "recording")
    as_ada.get_by_role("button", name="Start over").click()
    be(as_ada, "preview")
    as_ada.get_by_role("button", name="Undo").click()
    be(as_ada, "watching")
    assert Axe().run(as_ada).response["violations"] == []


def test_what_was_said_is_ticked_and_the_prompter_goes_on(as_ada: Page, scenario: Scenario) -> None:
    enter(as_ada, scenario)
    line = as_ada.locator("studio-prompter p.is-now")
    expect(line).to_have_text("Respect the choice")
    as_ada.keyboard.press("1")
    expect(as_ada.get_by_role("button", name="Respect the choice")).to_have_attribute("aria-pressed", "true")
    expect(line).to_have_text("One question")
    as_ada.keyboard.press("ArrowDown")
    expect(line).to_have_text("A small next step")
    as_ada.get_by_role("tab", name="Prompter").click()
    as_ada.get_by_label("Your words").fill("Good that you have someone.\nWhat made you choose them?")
    expect(as_ada.locator("studio-prompter p")).to_have_count(2)
    as_ada.get_by_role("button", name="Off").click()
    expect(as_ada.locator("studio-prompter")).to_be_hidden()
    as_ada.reload()
    expect(as_ada.get_by_label("Your words")).to_have_value(re.compile("What made you choose them"))


def test_a_take_that_a_reload_cut_off_is_kept_recorded_on_and_submitted(
    as_ada: Page, site: Site, scenario: Scenario
) -> None:
    enter(as_ada, scenario)
    record(as_ada, 1.6)
    as_ada.on("dialog", lambda dialog: dialog.accept())
    as_ada.goto("/")
    elsewhere = as_ada.locator("studio-kept-notice")
    expect(elsewhere).to_contain_text(re.compile("We kept 0:0[12] of your take on “Recorded in the studio”"))
    elsewhere.get_by_role("link", name="Go on with it").click()
    kept = as_ada.locator("studio-kept li")
    expect(kept).to_contain_text(re.compile("We kept 0:0[12] of your take"))
    kept.get_by_role("button", name="Continue").click()
    expect(as_ada.get_by_role("button", name=re.compile("Record on from 0:0[12]"))).to_be_visible()
    be(as_ada, "preview")
    record(as_ada, 1.2)
    expect(as_ada.locator("[data-clock]")).to_have_text(re.compile("0:0[2-9]"))
    as_ada.keyboard.press("r")
    be(as_ada, "watching")
    as_ada.keyboard.press("s")
    take = arrived_take(as_ada, site)
    assert take.is_submitted
    assert [(role, sequence) for role, sequence, _ in files_of(site, take)] == [("camera", 0), ("camera", 1)]


def test_screen_and_camera_become_one_take_in_the_chosen_layout(
    as_ada: Page, site: Site, scenario: Scenario
) -> None:
    enter(as_ada, scenario)
    as_ada.get_by_role("button", name="Screen and camera").click()
    expect(as_ada.locator("studio-live .pictures")).to_have_attribute("data-layout", "corner")
    until(lambda: as_ada.evaluate("document.querySelector('studio-live').isSharing"))
    be(as_ada, "preview")
    record(as_ada, 1.2)
    end_sharing(as_ada)
    be(as_ada, "watching")
    expect(as_ada.locator('[data-notice="screen-ended"]')).to_contain_text("all of it is kept")
    as_ada.get_by_role("button", name="Side by side").click()
    as_ada.get_by_role("button", name="Keep this take").click()
    take = arrived_take(as_ada, site)
    (camera, _, at_zero), (screen, _, offset_ms) = files_of(site, take)
    assert (camera, screen, at_zero) == ("camera", "screen", 0)
    assert 0 <= offset_ms < 2_000
    with site.session() as session:
        assert session.get_one(Take, take.id).recording.layout == "side_by_side"


@pytest.mark.campaign
def test_screen_and_camera_are_kept_together_and_can_be_played_in_the_end(
    as_ada: Page, site: Site, scenario: Scenario
) -> None:
    enter(as_ada, scenario)
    as_ada.get_by_role("button", name="Screen and camera").click()
    until(lambda: as_ada.evaluate("document.querySelector('studio-live').isSharing"))
    be(as_ada, "preview")
    record(as_ada, 3)
    as_ada.on("dialog", lambda dialog: dialog.accept())
    as_ada.reload()
    as_ada.get_by_role("button", name="Watch it").click()
    be(as_ada, "watching")
    as_ada.get_by_role("button", name="Play").click()
    until(lambda: as_ada.evaluate(TIMES)[0] > 1.5)
    camera_at, screen_at = as_ada.evaluate(TIMES)
    as_ada.get_by_role("button", name="Keep this take").click()
    take = arrived_take(as_ada, site)
    _, (_, _, screen_after_ms) = files_of(site, take)
    assert abs(camera_at - screen_at - screen_after_ms / 1000) < 0.35
    expect(as_ada.locator("pitch-player")).to_be_visible(timeout=30_000)
    with site.session() as session:
        recording = session.get_one(Take, take.id).recording
        assert recording.is_playable
        assert 1_500 < (recording.duration_ms or 0) < 4_500


@pytest.mark.campaign
def test_the_limit_of_a_drill_is_told_and_ends_the_take(as_ada: Page, site: Site, scenario: Scenario) -> None:
    with site.session() as session:
        kept = session.get_one(Scenario, scenario.id)
        Factory(session, site.store).drill(kept, person(session, "mona"), limit_seconds=12)
        session.commit()
    enter(as_ada, scenario)
    record(as_ada, 3)
    expect(as_ada.locator("studio-target")).to_contain_text("The take ends by itself in 0:0")
    expect(as_ada.locator("[aria-live=assertive]")).to_have_text(re.compile("10 seconds left"))
    be(as_ada, "watching")
    expect(as_ada.locator('[data-notice="drill-limit"]')).to_contain_text("The take ended by itself")
    expect(as_ada.locator("[data-whole]")).to_have_text(re.compile("0:1[12]"))


@pytest.mark.campaign
def test_a_wish_to_submit_outlives_a_lost_network_and_a_closed_page(
    as_ada: Page, site: Site, scenario: Scenario
) -> None:
    as_ada.route(re.compile("partNumber="), lambda route: route.abort("internetdisconnected"))
    enter(as_ada, scenario)
    record(as_ada, 1.2)
    as_ada.keyboard.press("r")
    be(as_ada, "watching")
    as_ada.keyboard.press("s")
    be(as_ada, "sending")
    as_ada.wait_for_timeout(500)
    as_ada.unroute(re.compile("partNumber="))
    as_ada.reload()
    as_ada.get_by_role("button", name="Open it").click()
    assert arrived_take(as_ada, site).is_submitted


@pytest.mark.campaign
def test_a_refused_submission_is_said_and_the_take_stays_private(
    as_ada: Page, site: Site, scenario: Scenario
) -> None:
    words = "Somebody is reviewing the take of this round."
    refusal = {"error": {"message": words, "field": None}}
    as_ada.route(re.compile("/submission$"), lambda route: route.fulfill(status=409, json=refusal))
    enter(as_ada, scenario)
    record(as_ada, 1.2)
    as_ada.keyboard.press("r")
    be(as_ada, "watching")
    as_ada.get_by_role("button", name="Keep and submit").click()
    be(as_ada, "done")
    expect(as_ada.locator("[data-arrived]")).to_contain_text(words)
    as_ada.get_by_role("button", name="Open the take").click()
    assert not arrived_take(as_ada, site).is_submitted


@pytest.mark.campaign
def test_real_speech_arrives_as_loud_as_it_was_spoken(
    browser: Browser,
    window: Callable[..., Page],
    site: Site,
    settings: Settings,
    scenario: Scenario,
    tmp_path: Path,
) -> None:
    tools, speech = find_tools(Settings()), tmp_path / "speech.wav"
    spoken = ["-i", str(SPEECH), "-t", "10", "-vn", "-ac", "1", "-ar", "48000", str(speech)]
    subprocess.run([str(tools.ffmpeg), "-v", "error", *spoken], check=True)
    window("ada")
    speaking = browser.browser_type.launch(
        executable_path=chromium(),
        args=[*CHROMIUM_FLAGS, f"--use-file-for-fake-audio-capture={speech}"],
    )
    page = speaking.new_context(base_url=site.url, storage_state=site.states["ada"]).new_page()
    enter(page, scenario)
    record(page, 9)
    page.keyboard.press("r")
    be(page, "watching")
    page.keyboard.press("k")
    take = arrived_take(page, site)
    speaking.close()
    heard = until(lambda: loudness_of(site, take), seconds=30)
    assert abs(heard - loudness_of_file(tools, speech)) < 8


def test_an_unplugged_camera_ends_the_take_and_keeps_it(as_ada: Page, scenario: Scenario) -> None:
    enter(as_ada, scenario)
    record(as_ada)
    as_ada.evaluate(UNPLUG)
    be(as_ada, "watching")
    expect(as_ada.locator('[data-notice="lost"]')).to_contain_text("What you said until then is kept.")


def test_without_a_camera_there_is_a_sentence_and_a_way_on(as_ada: Page, scenario: Scenario) -> None:
    as_ada.add_init_script(REFUSE)
    as_ada.goto(f"/scenarios/{scenario.id}/studio")
    be(as_ada, "blocked")
    trouble = as_ada.locator(".studio-trouble:visible")
    expect(trouble).to_contain_text("The browser keeps camera and microphone closed")
    upload = trouble.get_by_role("link", name="Upload a file")
    expect(upload).to_have_attribute("href", f"/scenarios/{scenario.id}#upload")
    trouble.get_by_role("button", name="Record sound only").click()
    be(as_ada, "preview")
    expect(as_ada.locator("studio-camera")).to_contain_text("Sound only")
    as_ada.evaluate("window.isRefused = false")
    as_ada.get_by_role("button", name="Camera", exact=True).click()
    be(as_ada, "preview")
    expect(as_ada.locator("studio-camera video")).to_be_visible()


def test_on_a_phone_the_record_button_is_under_the_thumb(
    window: Callable[..., Page], scenario: Scenario
) -> None:
    phone = window("ada", width=390, height=844, has_touch=True, is_mobile=True)
    enter(phone, scenario)
    assert phone.evaluate("document.documentElement.scrollWidth") == 390
    box = phone.get_by_role("button", name="Record").bounding_box()
    assert box is not None
    assert (box["height"] >= 44, box["y"] > 700, box["y"] + box["height"] <= 844) == (True, True, True)
    assert Axe().run(phone).response["violations"] == []


WALKS = {
    "ready record counted pause resume stop": "preview countdown recording paused recording saving",
    "ready record cancel": "preview countdown preview",
    "blocked record check ready": "blocked blocked check preview",
    "ready watch again ready": "preview watching check preview",
    "ready record counted again watch": "preview countdown recording preview watching",
    "ready watch keep failed keep keep arrived": "preview watching sending watching sending sending done",
}


def test_each_event_leads_to_one_state(window: Callable[..., Page]) -> None:
    page = window(None)
    source = MACHINE.read_text(encoding="utf-8")
    walked = {events: page.evaluate(WALK, [source, events.split()]) for events in WALKS}
    assert {events: " ".join(states[1:]) for events, states in walked.items()} == WALKS
