"""Home, library, team, account and sign-in, as people meet them.

The site is shared with the other browser tests, so these people have a team of their own:
Ida presents, Kurt coaches, Vera manages, Olga runs the site.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from pitchreview.models import (
    Collection,
    ConsentState,
    Exemplar,
    Recording,
    RenditionKind,
    Role,
    Scenario,
    Take,
    Team,
    User,
)
from tests.factories import Factory
from tests.site import PASSWORD, Site, person, require_a_good_page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("second-site")]

Window = Callable[..., Page]
CLIP = "price-priya-2.mp4"
CLIP_MS = 26_000
PART_MS = (4_000, 12_000)
EARLY = re.compile("0:0[1-6]")


@dataclass
class World:
    """The team of these tests with one thing of each kind."""

    session: Session
    make: Factory
    team: Team
    ida: User
    kurt: User
    vera: User
    scenario: Scenario
    first_take: Take
    second_take: Take
    exemplar: Exemplar
    collection: Collection


@pytest.fixture(scope="module")
def world(site: Site, clips_folder: Path) -> Iterator[World]:
    with site.session() as session:
        make = Factory(session, site.store)
        team = make.team("Nordics")
        ida = make.user("Ida Holm", team, Role.REP, password=PASSWORD)
        kurt = make.user("Kurt Brandt", team, Role.COACH, password=PASSWORD)
        vera = make.user("Vera Lund", team, Role.MANAGER, password=PASSWORD)
        make.user("Olga Berg", password=PASSWORD, is_operator=True)
        scenario = make.scenario(team, "That is over our budget")
        make.drill(scenario, vera)
        for _ in range(3):
            make.take(ida, scenario, submitted=False)
        first = make.take(ida, scenario, recording=_filmed(make, site, clips_folder))
        make.review(first, kurt)
        second = make.take(ida, scenario, recording=_filmed(make, site, clips_folder))
        exemplar = make.exemplar(first, vera, from_ms=PART_MS[0], until_ms=PART_MS[1])
        collection = make.collection(team, vera, exemplar)
        session.commit()
        yield World(session, make, team, ida, kurt, vera, scenario, first, second, exemplar, collection)


def _filmed(make: Factory, site: Site, clips_folder: Path) -> Recording:
    """A recording that plays a real clip."""
    recording: Recording = make.recording()
    recording.duration_ms = CLIP_MS
    copy = next(r for r in recording.renditions if r.kind is RenditionKind.COPY)
    site.store.put_file(clips_folder / CLIP, copy.object_key, "video/mp4")
    recording.renditions = [copy]
    return recording


# --- every page -------------------------------------------------------------------------------------

# Each page is looked at every time, and its other faces in `make campaign`.
PAGES = (
    pytest.param(None, "/sign-in", marks=pytest.mark.campaign),
    pytest.param(None, "/forgotten-password", marks=pytest.mark.campaign),
    ("ida", "/"),
    pytest.param("kurt", "/", marks=pytest.mark.campaign),
    pytest.param("vera", "/", marks=pytest.mark.campaign),
    pytest.param("ida", "/review", marks=pytest.mark.campaign),
    ("kurt", "/review"),
    pytest.param("ida", "/library", marks=pytest.mark.campaign),
    pytest.param("vera", "/library", marks=pytest.mark.campaign),
    pytest.param("vera", "/library?q=zebra", marks=pytest.mark.campaign),
    pytest.param("ida", "/pack", marks=pytest.mark.campaign),
    pytest.param("ida", "/packs/over", marks=pytest.mark.campaign),
    pytest.param("ida", "/library?q=silent&tag=topic:cfo", marks=pytest.mark.campaign),
    ("ida", "/exemplars/{exemplar}"),
    pytest.param("vera", "/exemplars/{exemplar}/edit", marks=pytest.mark.campaign),
    pytest.param("vera", "/takes/{take}/exemplars/new", marks=pytest.mark.campaign),
    pytest.param("vera", "/collections/{collection}", marks=pytest.mark.campaign),
    pytest.param("ida", "/team", marks=pytest.mark.campaign),
    pytest.param("vera", "/team", marks=pytest.mark.campaign),
    pytest.param("vera", "/team/reviews", marks=pytest.mark.campaign),
    pytest.param("vera", "/standards", marks=pytest.mark.campaign),
    pytest.param("vera", "/standards/new", marks=pytest.mark.campaign),
    pytest.param("kurt", "/review/time", marks=pytest.mark.campaign),
    pytest.param("kurt", "/calibration", marks=pytest.mark.campaign),
    pytest.param("vera", "/team/invitations", marks=pytest.mark.campaign),
    pytest.param("ida", "/account", marks=pytest.mark.campaign),
    pytest.param("olga", "/", marks=pytest.mark.campaign),
    pytest.param("olga", "/operator", marks=pytest.mark.campaign),
)


@pytest.mark.parametrize(("who", "address"), PAGES)
def test_every_page_is_accessible_and_fits_a_phone(
    world: World, window: Window, who: str | None, address: str
) -> None:
    address = address.format(
        exemplar=world.exemplar.id, collection=world.collection.id, take=world.second_take.id
    )
    require_a_good_page(window(who, reduced_motion="reduce", color_scheme="light"), address)


# --- signing in and joining -------------------------------------------------------------------------


def test_a_wrong_password_says_so_beside_the_field_and_keeps_the_address(window: Window) -> None:
    page = window(None)
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill("nobody@example.com")
    page.get_by_label("Password").fill("not-the-password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".field-error")).to_have_text("The address or the password is not right.")
    expect(page.get_by_label("E-mail")).to_have_value("nobody@example.com")
    expect(page.get_by_label("Password")).to_be_focused()


@pytest.mark.campaign
def test_a_manager_invites_many_at_once_and_one_of_them_joins(world: World, window: Window) -> None:
    page = window("vera")
    page.goto("/team/invitations")
    page.get_by_label("E-mail addresses").fill("Finn <finn@example.com>, ida@example.com\nnonsense@x")
    page.get_by_label("Coach").check()
    page.get_by_role("button", name="Make invitations").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("One invitation is ready")
    expect(page.get_by_text("Is in the team already.")).to_be_visible()
    link = page.get_by_label("finn@example.com").input_value()

    finn = window(None)
    finn.goto(link)
    finn.get_by_label("Your name").fill("Finn Aas")
    finn.get_by_label("Choose a password").fill("short")
    finn.get_by_role("button", name="Join the team").evaluate("button => button.form.noValidate = true")
    finn.get_by_role("button", name="Join the team").click()
    expect(finn.locator(".field-error")).to_have_text("Use at least 10 characters.")
    expect(finn.get_by_label("Your name")).to_have_value("Finn Aas")
    finn.get_by_label("Choose a password").fill("quite-long-enough")
    finn.get_by_role("button", name="Join the team").click()
    expect(finn.get_by_role("heading", level=1)).to_contain_text(", Finn")
    assert person(world.session, "finn").role_in(world.team.id) is Role.COACH


# --- home -------------------------------------------------------------------------------------------


def test_a_coach_sees_what_waits_by_round_and_never_how_many_attempts_there_were(
    world: World, window: Window
) -> None:
    page = window("kurt")
    page.goto("/")
    row = page.get_by_role("listitem").filter(has_text="That is over our budget").first
    expect(row).to_contain_text("Ida Holm")
    expect(row).to_contain_text("round 2")
    expect(page.locator("main")).not_to_contain_text(re.compile(r"take \d"))
    page.get_by_role("link", name="Start reviewing").click()
    expect(page).to_have_url(re.compile(f"/takes/{world.second_take.id}$"))


def test_a_rep_finds_the_drill_and_the_one_thing_that_was_said(world: World, window: Window) -> None:
    page = window("ida")
    page.goto("/")
    expect(page.get_by_role("link", name="Ask one question before you name a feature.")).to_be_visible()
    page.get_by_role("link", name="Practise", exact=True).last.click()
    expect(page).to_have_url(re.compile("/(scenarios|takes)"))


# --- the library ------------------------------------------------------------------------------------


def test_an_exemplar_plays_its_own_part_stops_and_begins_again(world: World, window: Window) -> None:
    page = window("kurt")
    page.goto(f"/exemplars/{world.exemplar.id}")
    now = page.locator("[data-now]")
    controls = page.locator(".moment-transport")
    controls.get_by_role("button", name="Play").click()
    expect(now).to_have_text(EARLY)
    assert 4.9 < _clock(page) < 12
    page.get_by_label("Position in this moment").evaluate(
        "slider => { slider.value = 7500; slider.dispatchEvent(new Event('input', { bubbles: true })) }"
    )
    expect(controls.get_by_role("button", name="Play")).to_be_visible()
    expect(now).to_have_text("0:08")
    assert 11.9 < _clock(page) < 12.5
    controls.get_by_role("button", name="Play").click()
    expect(now).to_have_text(EARLY)
    assert _clock(page) < 12


def _clock(page: Page) -> float:
    return float(page.evaluate("document.querySelector('video').currentTime"))


def test_a_manager_marks_a_part_by_hand_and_the_presenter_says_yes_then_takes_it_back(
    world: World, window: Window
) -> None:
    page = window("vera")
    page.goto(f"/takes/{world.second_take.id}/exemplars/new")
    _go_to(page, 2)
    page.get_by_role("button", name="Starts here").click()
    _go_to(page, 5.5)
    page.get_by_role("button", name="Ends here").click()
    page.get_by_label("Title").fill("Names the range, then waits")
    page.get_by_label("Why it works").fill("Nobody fills the silence for her.")
    page.get_by_label("Until").fill("never")
    page.get_by_role("button", name="Ask Ida").click()
    expect(page.locator(".field-error")).to_have_text("Write a time like 1:23.")
    expect(page.get_by_label("Why it works")).to_have_value("Nobody fills the silence for her.")
    page.get_by_label("Until").fill("0:05.5")
    page.get_by_role("button", name="Ask Ida").click()
    expect(page.get_by_text("Ida has not answered yet")).to_be_visible()
    address = page.url

    ida = window("ida")
    ida.goto("/")
    ida.get_by_role("button", name="Yes, show it").click()
    expect(ida.get_by_text("Thank you.")).to_be_visible()
    kurt = window("kurt")
    assert kurt.goto(address).status == 200  # type: ignore[union-attr]
    expect(kurt.get_by_role("heading", level=1)).to_have_text("Names the range, then waits")

    ida.goto(address)
    ida.get_by_role("button", name="Take my consent back").click()
    ida.get_by_role("dialog").get_by_role("button", name="Take it back").click()
    expect(ida.get_by_text("Nobody else can watch it")).to_be_visible()
    assert kurt.goto(address).status == 404  # type: ignore[union-attr]
    made = world.session.get_one(Exemplar, UUID(address.rpartition("/")[2]))
    assert (made.from_ms, made.until_ms, made.consent) == (2000, 5500, ConsentState.WITHDRAWN)


def _go_to(page: Page, seconds: float) -> None:
    page.locator("video").evaluate(
        "(video, at) => new Promise((done) => { video.onseeked = done; video.currentTime = at })", seconds
    )


# --- team, account, site ----------------------------------------------------------------------------


@pytest.mark.campaign
def test_a_role_changes_by_choosing_it_and_a_member_can_be_brought_back(world: World, window: Window) -> None:
    world.make.user("Nils Berg", world.team, Role.REP, password=PASSWORD)
    world.session.commit()
    page = window("vera")
    page.goto("/team")
    page.get_by_label("Role of Nils Berg").select_option("coach")
    expect(page.get_by_text("Nils Berg is now a coach.")).to_be_visible()
    page.get_by_role("button", name="Deactivate Nils Berg").click()
    page.get_by_role("dialog").get_by_role("button", name="Deactivate").click()
    expect(page.get_by_text("Nils Berg can no longer see this team.")).to_be_visible()
    page.get_by_role("button", name="Bring back Nils Berg").click()
    expect(page.get_by_text("Nils Berg is back in the team.")).to_be_visible()


@pytest.mark.campaign
def test_the_account_offers_the_zone_of_this_browser_and_signs_another_one_out(
    world: World, window: Window
) -> None:
    other = window(None)
    other.goto("/sign-in")
    other.get_by_label("E-mail").fill("kurt@example.com")
    other.get_by_label("Password").fill(PASSWORD)
    other.get_by_role("button", name="Sign in").click()
    expect(other.get_by_role("heading", level=1)).to_contain_text(", Kurt")

    page = window("kurt", timezone_id="Asia/Tokyo")
    page.goto("/account")
    page.get_by_role("button", name="Use Asia/Tokyo, as this browser does").click()
    page.get_by_role("form", name="You").get_by_role("button", name="Save").click()
    expect(page.get_by_label("Time zone")).to_have_value("Asia/Tokyo")
    expect(page.get_by_text("this browser · from 127.0.0.1")).to_be_visible()
    page.get_by_role("button", name="Sign out all others").click()
    expect(page.get_by_text("Every other browser is signed out.")).to_be_visible()
    other.reload()
    expect(other).to_have_url(re.compile("/sign-in"))


@pytest.mark.campaign
def test_the_operator_hands_out_a_password_link_that_works_once(world: World, window: Window) -> None:
    world.make.user("Tove Dahl", world.team, Role.REP, password="the-old-password")
    world.session.commit()
    page = window("olga")
    page.goto("/operator")
    page.get_by_role("button", name="Password link for Tove Dahl").click()
    page.get_by_role("dialog").get_by_role("button", name="Make the link").click()
    link = page.get_by_label("Link for tove@example.com").input_value()

    tove = window(None)
    tove.goto(link)
    tove.locator("input[name=password]").fill("a-brand-new-password")
    tove.get_by_role("button", name="Set password").click()
    expect(tove.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert tove.goto(link).status == 404  # type: ignore[union-attr]
