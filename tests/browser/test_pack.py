"""A meeting pack on a phone, in real Chromium: saved, watched in flight mode, gone when it has to go."""

import time
from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Page, expect

from pitchreview.actions import consenting
from pitchreview.models import ConsentState, Exemplar
from tests.factories import Factory
from tests.site import PASSWORD, Site, arrived, barriers, person, team_of, wait_until_ready

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("second-site")]

CUT_MS = 60_000
KEPT = """(async () => {
  const addresses = [];
  for (const name of await caches.keys())
    for (const { url } of await (await caches.open(name)).keys()) addresses.push(new URL(url).pathname);
  return addresses;
})()"""


def held_up(site: Site, clip: Path, tag: str) -> tuple[UUID, UUID]:
    """Three moments of a take of Ada, of which there is the file alone; one of two she will take back."""
    with site.session() as session:
        make = Factory(session, site.store)
        take = make.take(person(session, "ada"), make.scenario(team_of(session), f"Pack {tag}"))
        site.store.put_file(clip, take.recording.sources[0].object_key, "video/mp4")
        mona, tags = person(session, "mona"), (f"Buyer: {tag}",)
        goes = make.exemplar(take, mona, title=f"Goes {tag}", tags=tags, from_ms=0, until_ms=2_000)
        stays = make.exemplar(take, mona, title=f"Stays {tag}", tags=tags, from_ms=3_000, until_ms=9_000)
        make.exemplar(take, mona, title=f"Fills {tag}", tags=tags, from_ms=5_000, until_ms=8_000)
        session.commit()
        return stays.id, goes.id


def watchable(site: Site, clip: Path) -> UUID:
    """A moment of a take of Ada that plays."""
    with site.session() as session:
        make = Factory(session, site.store)
        scenario = make.scenario(team_of(session), f"Thoughts {uuid4().hex[:6]}")
        take = make.take(person(session, "ada"), scenario, recording=arrived(make, clip))
        session.commit()
        wait_until_ready(site, take)
        session.expire_all()
        exemplar = make.exemplar(take, person(session, "mona"), from_ms=3_000, until_ms=9_000)
        session.commit()
        return exemplar.id


def take_back(site: Site, exemplar_id: UUID) -> None:
    with site.session() as session:
        exemplar = session.get_one(Exemplar, exemplar_id)
        consenting.answer(session, exemplar, person(session, "ada"), ConsentState.WITHDRAWN)
        session.commit()


def kept(page: Page) -> list[str]:
    addresses: list[str] = page.evaluate(KEPT)
    return addresses


def wait_for(page: Page, is_so: Callable[[list[str]], bool]) -> None:
    """The page's script puts its caches in order by itself, a moment later."""
    deadline = time.monotonic() + 15
    while not is_so(kept(page)):
        assert time.monotonic() < deadline, kept(page)
        page.wait_for_timeout(50)


def test_a_pack_is_saved_plays_in_flight_mode_and_goes_with_consent_and_person(
    site: Site, window: Callable[..., Page], clips_folder: Path
) -> None:
    tag = f"C{uuid4().hex[:6]}"
    _stays, goes = held_up(site, clips_folder / "discovery-ada.mp4", tag)
    # A visit of its own: it ends with signing out.
    page = window(None, width=390, height=844)
    page.goto("/sign-in?next=/pack")
    page.get_by_label("E-mail").fill("jonas@example.com")
    page.locator("input[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_label("Who is there").select_option(label=tag)
    page.get_by_role("button", name="Put it together").click()
    save = page.get_by_role("button", name="Save on this device")
    expect(save).to_be_visible(timeout=CUT_MS)
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert kept(page) == []
    save.click()
    expect(page.locator("[data-when=kept]")).to_be_visible()
    media = [address for address in kept(page) if address.startswith("/media/")]
    assert len(media) == 6, "of each moment the clip and its still"
    assert {address.split("/")[1] for address in kept(page)} == {"media", "packs", "static"}
    address = page.url

    # In flight mode: what is seen is what was saved, although one moment is taken back by now.
    take_back(site, goes)
    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_role("heading", name=f"Goes {tag}")).to_be_visible()
    expect(page.get_by_role("link", name="Open it in the library")).to_have_count(0)
    moment = page.get_by_role("article", name=f"Stays {tag}")
    moment.get_by_role("button", name="Play the recording").click()
    video = moment.locator("video")
    expect(video).to_have_js_property("paused", False)
    length = video.evaluate("video => video.duration")
    assert 5.8 < length < 6.3
    video.evaluate("video => new Promise(done => { video.onseeked = done; video.currentTime = 4.5 })")
    assert video.evaluate("video => [video.currentTime >= 4.5, video.error]") == [True, None]
    ranged = "fetch(document.querySelector('video').src, {headers: {Range: 'bytes=10-19'}})"
    told = f"{ranged}.then(async a => [a.status, a.headers.get('Content-Range'), (await a.blob()).size])"
    status, content_range, size = page.evaluate(told)
    assert (status, content_range.split("/")[0], size) == (206, "bytes 10-19", 10)

    # The next contact, on whatever page.
    page.context.set_offline(False)
    page.goto("/library")
    wait_for(page, lambda left: len([a for a in left if a.startswith("/media/")]) == len(media) - 2)
    page.goto(address)
    expect(page.get_by_role("heading", name=f"Stays {tag}")).to_be_visible()
    expect(page.get_by_role("heading", name=f"Goes {tag}")).to_have_count(0)
    expect(page.locator("[data-when=kept]")).to_be_visible()

    # Over: it goes although nobody could tell.
    page.evaluate(
        """async () => {
      const [name] = (await caches.keys()).filter((each) => each.startsWith("pack:"));
      const cache = await caches.open(name);
      const at = `/packs/${name.slice(5)}/about`;
      const about = await (await cache.match(at)).json();
      await cache.put(at, Response.json({ ...about, expiresAt: new Date(0).toISOString() }));
    }"""
    )
    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_role("heading", name="This pack is over")).to_be_visible()
    assert [a for a in kept(page) if a.startswith("/media/")] == []
    page.context.set_offline(False)
    page.goto(address)
    page.get_by_role("button", name="Save on this device").click()
    expect(page.locator("[data-when=kept]")).to_be_visible()

    page.goto("/account")
    page.evaluate("document.querySelector('form[action=\"/sign-out\"]').requestSubmit()")
    page.wait_for_url("**/sign-in")
    wait_for(page, lambda left: left == [])


@pytest.mark.campaign
def test_what_the_presenter_thought_is_told_over_the_picture(
    site: Site, window: Callable[..., Page], clips_folder: Path
) -> None:
    stays = watchable(site, clips_folder / "discovery-ada.mp4")
    ada, jonas = window("ada"), window("jonas", width=390, height=844)
    ada.goto(f"/exemplars/{stays}")
    ada.get_by_text("Tell a thought").click()
    ada.locator("#at-new").fill("0:01")
    ada.get_by_label("What did you think there?").fill("Now be quiet.")
    ada.get_by_role("button", name="Say it instead").click()
    ada.get_by_role("button", name="Record", exact=True).click()
    ada.get_by_role("button", name="Start now").click()
    ada.wait_for_timeout(1200)
    ada.get_by_role("button", name="Stop", exact=True).click()
    expect(ada.get_by_role("button", name="Keep")).to_be_visible()
    ada.get_by_role("button", name="Tell it").click()
    expect(ada.get_by_role("button", name="Play along")).to_be_visible()
    with site.session() as session:
        exemplar = session.get_one(Exemplar, stays)
        (said,) = exemplar.commentary
        assert (said.at_ms, said.recording is not None) == (4_000, True)
        said.recording = None  # so that it is read, whatever the worker is at
        session.commit()

    jonas.goto(f"/exemplars/{stays}")
    voice = jonas.locator(".voice")
    video = jonas.locator("pitch-player video")
    jonas.keyboard.press("c")
    expect(jonas.get_by_role("button", name="Play along")).to_have_attribute("aria-pressed", "true")
    jonas.get_by_role("button", name="Play", exact=True).first.click()
    expect(voice).to_contain_text("Now be quiet.")
    expect(video).to_have_js_property("paused", True)
    assert 3.9 < video.evaluate("video => video.currentTime") < 5
    assert barriers(jonas) == []
    jonas.get_by_role("button", name="Stay here").click()
    jonas.get_by_role("button", name="Go on").click()
    expect(voice).to_have_count(0)
    expect(video).to_have_js_property("paused", False)
    jonas.reload()
    expect(jonas.get_by_role("button", name="Play along")).to_have_attribute("aria-pressed", "true")
    jonas.keyboard.press("c")
    expect(jonas.get_by_role("button", name="Play along")).to_have_attribute("aria-pressed", "false")
