"""Ada brings files in real Chromium: parts go to the real store, get lost, stall, go on after a reload."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import psutil
import pytest
from playwright.sync_api import Browser, Dialog, Page, Request, Route, expect
from sqlalchemy import select

from pitchreview.actions import intake
from pitchreview.config import GIBIBYTE, MEBIBYTE
from pitchreview.models import Pitch, Recording, Scenario, Source, Take
from tests.factories import Factory
from tests.site import Site, person, team_of

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]

PARTS = re.compile(r"partNumber=\d+")
PART_SIZE = 8 * MEBIBYTE
DROP = """([name, size]) => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([new Uint8Array(size).fill(7)], name, { lastModified: 1 }));
  for (const type of ["dragenter", "dragover", "drop"])
    document.body.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer }));
}"""
PASTE = """([name, size]) => {
  const clipboardData = new DataTransfer();
  clipboardData.items.add(new File([new Uint8Array(size).fill(7)], name, { lastModified: 1 }));
  const event = new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData });
  document.body.dispatchEvent(event);
}"""
FIVE_GIGABYTES = 5 * GIBIBYTE
MOST_GROWTH_MB = 150


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """Parts of 8 MiB pass through the test's own hands: that takes a moment on a busy machine."""
    expect.set_options(timeout=20_000)
    yield
    expect.set_options(timeout=15_000)


@pytest.fixture
def scenario(site: Site) -> Scenario:
    with site.session() as session:
        scenario = Factory(session, site.store).scenario(team_of(session))
        session.commit()
        return scenario


@pytest.fixture
def big_file(tmp_path: Path) -> Path:
    """Two parts, the last a short one; not a video, so the worker soon says no."""
    file = tmp_path / "pitch.mp4"
    file.write_bytes(bytes(range(256)) * (PART_SIZE // 256) + b"the end")
    return file


def small_file(folder: Path, name: str = "small.mp4") -> Path:
    file = folder / name
    file.write_bytes(name.encode() * 1000)
    return file


def open_scenario(page: Page, scenario: Scenario) -> None:
    page.goto(f"/scenarios/{scenario.id}")


def choose(page: Page, *files: Path) -> None:
    page.locator("input[data-choose]").set_input_files(list(files))


def arrive(page: Page) -> None:
    page.wait_for_url("**/takes/*", timeout=30_000, wait_until="commit")


class Hold:
    """Keeps parts on their way, unanswered, until it is let go; what was held stays so."""

    def __init__(self, page: Page, which: str) -> None:
        self.is_holding = True
        page.route(re.compile(which), self._answer)

    def _answer(self, route: Route) -> None:
        if not self.is_holding:
            route.continue_()

    def let_go(self) -> None:
        self.is_holding = False


def row(page: Page, name: str) -> Any:
    return page.locator("upload-row").filter(has_text=name)


def the_source(site: Site, scenario: Scenario) -> Source:
    """The one file that came in for this scenario, with its recording."""
    with site.session() as session:
        query = (
            select(Source)
            .join(Take, Take.recording_id == Source.recording_id)
            .join(Take.pitch)
            .where(Pitch.scenario_id == scenario.id)
        )
        return session.scalars(query).one()


def count_parts(page: Page) -> list[str]:
    """The parts that the page sends from now on."""
    sent: list[str] = []

    def note(request: Request) -> None:
        if request.method == "PUT" and (found := PARTS.search(request.url)):
            sent.append(found.group())

    page.on("request", note)
    return sent


@pytest.mark.campaign  # the tray tells when it can be watched, and each player test plays one
def test_a_recording_is_uploaded_and_plays_on_its_own_page(
    as_ada: Page, scenario: Scenario, clips_folder: Path
) -> None:
    open_scenario(as_ada, scenario)
    choose(as_ada, clips_folder / "email-ada.mp4")
    arrive(as_ada)
    expect(as_ada.locator("pitch-player video")).to_be_visible(timeout=30_000)


@pytest.mark.campaign  # as does the one below of which a part was lost
def test_a_file_of_several_parts_arrives_whole(
    as_ada: Page, site: Site, scenario: Scenario, big_file: Path
) -> None:
    sent = count_parts(as_ada)
    open_scenario(as_ada, scenario)
    choose(as_ada, big_file)
    arrive(as_ada)
    source = the_source(site, scenario)
    assert sorted(sent) == ["partNumber=1", "partNumber=2"]
    assert site.store.stat(source.object_key).size_bytes == big_file.stat().st_size
    last = site.store.read_range(source.object_key, source.size_bytes - 7, source.size_bytes - 1)
    assert last == b"the end"


def test_a_file_dropped_anywhere_on_the_page_is_taken(as_ada: Page, site: Site, scenario: Scenario) -> None:
    open_scenario(as_ada, scenario)
    as_ada.evaluate("customElements.whenDefined('upload-drop').then(() => true)")
    as_ada.evaluate(DROP, ["dropped.webm", 1234])
    arrive(as_ada)
    assert the_source(site, scenario).file_name == "dropped.webm"


def test_what_is_chosen_dropped_or_pasted_is_shown_before_it_has_arrived(
    as_ada: Page, scenario: Scenario, clips_folder: Path, tmp_path: Path
) -> None:
    Hold(as_ada, "partNumber=")
    open_scenario(as_ada, scenario)
    choose(as_ada, clips_folder / "email-ada.mp4")
    chosen = row(as_ada, "email-ada.mp4")
    expect(chosen).to_contain_text(re.compile(r"\d:\d\d · \d+ (KB|MB)"))
    expect(chosen.locator("canvas")).to_be_visible()
    chosen.get_by_role("button", name="Play email-ada.mp4").click()
    expect(chosen.locator("video")).to_have_js_property("paused", False)
    chosen.get_by_role("button", name="Stop email-ada.mp4").click()
    expect(chosen.locator("video")).to_be_hidden()

    as_ada.evaluate(PASTE, ["pasted.webm", 1234])
    expect(row(as_ada, "pasted.webm").get_by_role("button", name="Pause")).to_be_visible()
    as_ada.evaluate(PASTE, ["image.png", 1234])
    expect(as_ada.get_by_text("image.png, is neither a video nor a sound file")).to_be_visible()
    drop_from_disk(as_ada, tmp_path)
    expect(as_ada.get_by_text(f"{tmp_path.name} is a folder. Open it")).to_be_visible()
    expect(as_ada.locator("upload-row")).to_have_count(2)


def drop_from_disk(page: Page, *paths: Path) -> None:
    """As a person does it: what a script makes up is never a folder."""
    hand = page.context.new_cdp_session(page)
    data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        hand.send("Input.dispatchDragEvent", {"type": kind, "x": 300, "y": 300, "data": data})


def test_a_part_that_is_lost_or_damaged_on_its_way_is_sent_again(
    as_ada: Page, site: Site, scenario: Scenario, big_file: Path
) -> None:
    sent: list[str] = []

    def lose_then_damage(route: Route) -> None:
        sent.append(route.request.headers["content-md5"])
        if len(sent) == 1:
            return route.abort("connectionreset")
        return route.continue_(post_data=b"THE END") if len(sent) == 2 else route.continue_()

    as_ada.route(re.compile("partNumber=2"), lose_then_damage)
    open_scenario(as_ada, scenario)
    choose(as_ada, big_file)
    arrive(as_ada)
    source = the_source(site, scenario)
    last = site.store.read_range(source.object_key, source.size_bytes - 7, source.size_bytes - 1)
    assert (len(sent), last) == (3, b"the end")


@pytest.mark.campaign
def test_an_address_that_has_expired_is_signed_again(
    as_ada: Page, site: Site, scenario: Scenario, big_file: Path
) -> None:
    tries: list[str] = []

    def expire_first(route: Route) -> None:
        tries.append(route.request.url)
        if len(tries) > 1:
            return route.continue_()
        return route.fulfill(status=403, headers={"Access-Control-Allow-Origin": "*"}, body="expired")

    as_ada.route(re.compile("partNumber=2"), expire_first)
    signings: list[str] = []
    as_ada.on("request", lambda request: signings.append(request.url))
    open_scenario(as_ada, scenario)
    choose(as_ada, big_file)
    arrive(as_ada)
    assert len(tries) == 2
    assert (
        len([url for url in signings if url.endswith("/parts")]) == 2
    )  # both at once, then the one that had expired
    assert the_source(site, scenario).has_arrived


@pytest.mark.campaign
def test_a_part_that_stands_still_is_given_up_and_sent_again(
    as_ada: Page, site: Site, scenario: Scenario, big_file: Path
) -> None:
    held: list[Route] = []
    as_ada.route(re.compile("partNumber=2"), lambda route: route.continue_() if held else held.append(route))
    as_ada.clock.install()
    open_scenario(as_ada, scenario)
    choose(as_ada, big_file)
    # The other parts are through: only the one that stands still is left.
    expect(row(as_ada, "pitch.mp4")).to_contain_text("99 %")
    as_ada.clock.run_for(160_000)
    as_ada.clock.run_for(10_000)
    arrive(as_ada)
    assert the_source(site, scenario).has_arrived


def test_after_a_reload_only_what_is_missing_is_sent(
    as_ada: Page, site: Site, scenario: Scenario, big_file: Path
) -> None:
    hold = Hold(as_ada, "partNumber=2")
    open_scenario(as_ada, scenario)
    choose(as_ada, big_file)
    expect(row(as_ada, "pitch.mp4")).to_contain_text("99 %")
    as_ada.on("dialog", lambda dialog: dialog.accept())
    hold.let_go()
    sent = count_parts(as_ada)
    as_ada.reload()
    offer = as_ada.get_by_text("Continue uploading pitch.mp4: choose the file again")
    expect(offer).to_be_visible()
    as_ada.locator("input[data-again]").set_input_files(big_file)
    arrive(as_ada)
    assert sent == ["partNumber=2"]
    assert the_source(site, scenario).has_arrived


@pytest.mark.campaign
def test_another_file_is_not_taken_for_the_unfinished_one(
    as_ada: Page, scenario: Scenario, big_file: Path, tmp_path: Path
) -> None:
    leave_unfinished(as_ada, scenario, big_file)
    as_ada.locator("input[data-again]").set_input_files(small_file(tmp_path))
    expect(as_ada.get_by_text("That is another file.")).to_be_visible()
    expect(as_ada.get_by_text("Continue uploading pitch.mp4")).to_be_visible()


@pytest.mark.campaign
def test_an_unfinished_upload_can_be_discarded(
    as_ada: Page, site: Site, scenario: Scenario, big_file: Path
) -> None:
    leave_unfinished(as_ada, scenario, big_file)
    source = the_source(site, scenario)
    as_ada.get_by_role("button", name="Discard").click()
    with as_ada.expect_response(lambda response: response.request.method == "DELETE") as gone:
        as_ada.locator(".toast").get_by_role("button", name="Dismiss").click()
    assert gone.value.status == 204
    with site.session() as session:
        assert session.get(Source, source.id) is None
    as_ada.reload()
    expect(as_ada.locator("input[data-choose]")).to_be_attached()
    expect(as_ada.get_by_text("Continue uploading")).to_have_count(0)


def leave_unfinished(page: Page, scenario: Scenario, file: Path) -> None:
    hold = Hold(page, "partNumber=")
    open_scenario(page, scenario)
    choose(page, file)
    expect(row(page, file.name)).to_contain_text("0 %")
    page.get_by_role("button", name="Pause").click()
    hold.let_go()
    page.reload()
    expect(page.get_by_text(f"Continue uploading {file.name}")).to_be_visible()


@pytest.mark.campaign
def test_a_pause_keeps_what_has_arrived(as_ada: Page, site: Site, scenario: Scenario, big_file: Path) -> None:
    hold = Hold(as_ada, "partNumber=2")
    open_scenario(as_ada, scenario)
    choose(as_ada, big_file)
    expect(row(as_ada, "pitch.mp4")).to_contain_text("99 %")
    as_ada.get_by_role("button", name="Pause").click()
    expect(row(as_ada, "pitch.mp4")).to_contain_text("What has arrived is safe")
    hold.let_go()
    sent = count_parts(as_ada)
    as_ada.get_by_role("button", name="Go on").click()
    arrive(as_ada)
    assert sent == ["partNumber=2"]
    assert the_source(site, scenario).has_arrived


@pytest.mark.campaign
def test_discarding_can_be_undone(as_ada: Page, site: Site, scenario: Scenario, big_file: Path) -> None:
    hold = Hold(as_ada, "partNumber=2")
    open_scenario(as_ada, scenario)
    choose(as_ada, big_file)
    expect(row(as_ada, "pitch.mp4")).to_contain_text("99 %")
    as_ada.get_by_role("button", name="Discard").click()
    expect(row(as_ada, "pitch.mp4")).to_be_hidden()
    hold.let_go()
    as_ada.get_by_role("button", name="Undo").click()
    arrive(as_ada)
    assert the_source(site, scenario).has_arrived


def test_one_wrong_file_does_not_hold_up_the_others(as_ada: Page, scenario: Scenario, tmp_path: Path) -> None:
    open_scenario(as_ada, scenario)
    empty = tmp_path / "empty.mp4"
    empty.touch()
    choose(as_ada, small_file(tmp_path, "notes.txt"), small_file(tmp_path, "good.mp4"), empty)
    expect(row(as_ada, "notes.txt")).to_contain_text("Not a video or a sound file that we know")
    expect(row(as_ada, "empty.mp4")).to_contain_text("This file is empty.")
    expect(row(as_ada, "good.mp4").get_by_role("link", name="Open the take")).to_be_visible()
    expect(as_ada).to_have_url(re.compile(r"/scenarios/"))


def test_the_tray_follows_a_file_to_the_end_of_its_work(
    as_ada: Page, scenario: Scenario, clips_folder: Path, tmp_path: Path
) -> None:
    open_scenario(as_ada, scenario)
    choose(as_ada, clips_folder / "email-ada.mp4", small_file(tmp_path, "broken.mp4"))
    expect(row(as_ada, "email-ada.mp4")).to_contain_text("It can be watched already", timeout=30_000)
    expect(row(as_ada, "broken.mp4")).to_contain_text("This file cannot be played", timeout=30_000)


@pytest.mark.campaign
def test_leaving_the_page_while_a_file_is_on_its_way_is_asked_about(
    as_ada: Page, scenario: Scenario, big_file: Path
) -> None:
    Hold(as_ada, "partNumber=")
    open_scenario(as_ada, scenario)
    choose(as_ada, big_file)
    expect(row(as_ada, "pitch.mp4")).to_contain_text("0 %")
    as_ada.locator("h1").click()  # browsers ask only after a gesture
    asked: list[str] = []

    def go_on(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    as_ada.on("dialog", go_on)
    as_ada.reload()
    assert asked == ["beforeunload"]


def test_when_the_server_is_away_the_upload_waits_and_goes_on(
    as_ada: Page, site: Site, scenario: Scenario, big_file: Path
) -> None:
    refused: list[str] = []

    def away(route: Route) -> None:
        refused.append(route.request.url)
        route.abort("connectionrefused") if len(refused) <= 3 else route.continue_()

    as_ada.route("**/completion", away)
    as_ada.clock.install()
    open_scenario(as_ada, scenario)
    choose(as_ada, big_file)
    expect(row(as_ada, "pitch.mp4")).to_contain_text("It goes on by itself")
    while len(refused) <= 3:
        as_ada.clock.run_for(5_000)
        as_ada.wait_for_timeout(50)
    arrive(as_ada)
    assert the_source(site, scenario).has_arrived


def test_a_manager_uploads_for_somebody_else_only_with_their_consent(
    as_mona: Page, site: Site, scenario: Scenario, tmp_path: Path
) -> None:
    open_scenario(as_mona, scenario)
    as_mona.get_by_text("Somebody else presents").click()
    choose(as_mona, small_file(tmp_path, "call.mp4"))
    expect(as_mona.get_by_text("Choose who presents.")).to_be_visible()
    expect(as_mona.get_by_label("Who presents?")).to_be_focused()
    as_mona.get_by_label("Who presents?").select_option(label="Somebody without an account")
    as_mona.get_by_label("Their name").fill("Tomas Berg")
    as_mona.get_by_label("How did they agree?").fill("By e-mail on 3 May")
    as_mona.get_by_role("button", name="Upload call.mp4").click()
    arrive(as_mona)
    with site.session() as session:
        take = session.get(Take, UUID(as_mona.url.rsplit("/", 1)[-1]))
        assert take is not None
        assert take.pitch.presented_by == "Tomas Berg"
        assert take.consent_note == "By e-mail on 3 May"
        assert take.uploaded_by_id == person(session, "mona").id


def test_a_rep_is_not_offered_to_upload_for_others(as_ada: Page, scenario: Scenario) -> None:
    open_scenario(as_ada, scenario)
    expect(as_ada.get_by_role("heading", name="Upload a take")).to_be_visible()
    expect(as_ada.get_by_text("Somebody else presents")).to_have_count(0)


def test_the_file_is_chosen_by_keyboard_from_the_head_of_the_page(
    as_ada: Page, scenario: Scenario, tmp_path: Path
) -> None:
    open_scenario(as_ada, scenario)
    with as_ada.expect_file_chooser() as chooser:
        as_ada.get_by_role("link", name="Upload a take").press("Enter")
    chooser.value.set_files(small_file(tmp_path))
    arrive(as_ada)


def test_on_a_phone_a_file_comes_in_as_well(
    window: Callable[..., Page], site: Site, scenario: Scenario, tmp_path: Path
) -> None:
    phone = window("ada", width=390, height=844, has_touch=True, is_mobile=True)
    open_scenario(phone, scenario)
    choose(phone, small_file(tmp_path, "IMG_0042.MOV"))
    arrive(phone)
    source = the_source(site, scenario)
    assert source.file_name == "IMG_0042.MOV"
    assert source.has_arrived


@pytest.mark.campaign
@pytest.mark.timeout(1800)
def test_five_gigabytes_arrive_byte_for_byte_and_the_tab_stays_small(
    as_ada: Page, browser: Browser, site: Site, scenario: Scenario, tmp_path: Path
) -> None:
    """The file is sparse, with marks at its ends and where numbers of 31 and 32 bits are at theirs."""
    free, needed = shutil.disk_usage(site.data).free, 3 * FIVE_GIGABYTES
    assert free > needed, f"This test needs {needed:,} free bytes at {site.data}, and there are {free:,}."
    marks = {0: b"the beginning", 2**31 - 5: b"31 bits end", 2**32 - 5: b"32 bits end"}
    marks[FIVE_GIGABYTES - 7] = b"the end"
    file = sparse_file(tmp_path / "five-gigabytes.mp4", FIVE_GIGABYTES, marks)
    open_scenario(as_ada, scenario)
    choose(as_ada, file)
    expect(row(as_ada, file.name)).to_contain_text("1 %", timeout=120_000)
    sizes = [renderers_mb(browser)]
    while "/takes/" not in as_ada.url:
        as_ada.wait_for_timeout(2000)
        sizes.append(renderers_mb(browser))
    source = the_source(site, scenario)
    try:
        assert source.size_bytes == site.store.stat(source.object_key).size_bytes == FIVE_GIGABYTES
        for at, mark in marks.items():
            assert site.store.read_range(source.object_key, at, at + len(mark) - 1) == mark
        assert max(sizes) - sizes[0] < MOST_GROWTH_MB, sizes
    finally:
        with site.session() as session:
            intake.cancel(session, session.get_one(Recording, source.recording_id))
            session.commit()
        site.store.delete([source.object_key])


def sparse_file(path: Path, size: int, marks: dict[int, bytes]) -> Path:
    with path.open("wb") as out:
        out.truncate(size)
        for at, mark in marks.items():
            out.seek(at)
            out.write(mark)
    return path


def renderers_mb(browser: Browser) -> float:
    asked = browser.new_browser_cdp_session()
    processes = asked.send("SystemInfo.getProcessInfo")["processInfo"]
    asked.detach()
    pages = [process["id"] for process in processes if process["type"] == "renderer"]
    return sum(psutil.Process(page).memory_info().rss for page in pages) / 1e6
