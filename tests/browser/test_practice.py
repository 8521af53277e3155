"""Scenarios, pitches and lists of takes, as reps, coaches and managers work with them.

The site is shared with the other browser tests, so these people have a team of their own:
Rosa presents, Ken coaches, Dana manages; Nils manages a team in which nothing is yet.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update
from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.actions import intake
from pitchreview.models import Drill, Recording, RecordingState, Role, Scenario, Take, Team, User
from tests.factories import Factory
from tests.site import PASSWORD, Site, require_a_good_page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("second-site")]

Window = Callable[..., Page]


@dataclass
class World:
    session: Session
    make: Factory
    team: Team
    rosa: User
    ken: User
    dana: User
    scenario: Scenario
    practice: Take
    reviewed: Take

    @property
    def pitch_address(self) -> str:
        return f"/pitches/{self.practice.pitch_id}"


@pytest.fixture(scope="module")
def people(site: Site) -> None:
    with site.session() as session:
        make = Factory(session, site.store)
        team = make.team("Alps")
        make.user("Rosa Conti", team, Role.REP, password=PASSWORD)
        make.user("Ken Mori", team, Role.COACH, password=PASSWORD)
        make.user("Dana Levi", team, Role.MANAGER, password=PASSWORD)
        make.user("Noor Dahl", make.team("New team"), Role.MANAGER, password=PASSWORD)
        session.commit()


@pytest.fixture
def world(site: Site, people: None) -> Iterator[World]:
    """A scenario of its own for each test, with a practice take and one that was reviewed."""
    with site.session() as session:
        make = Factory(session, site.store)
        rosa, ken, dana = (_find(session, name) for name in ("rosa", "ken", "dana"))
        team = rosa.active_memberships[0].team
        scenario = make.scenario(
            team, "Prove it works here", buyer="Head of plant", situation="Second visit."
        )
        reviewed = make.take(rosa, scenario)
        make.review(reviewed, ken)
        make.comment(reviewed, ken)
        practice = make.take(rosa, scenario, submitted=False)
        session.commit()
        yield World(session, make, team, rosa, ken, dana, scenario, practice, reviewed)
        session.execute(update(Scenario).where(Scenario.id == scenario.id).values(archived_at=db.now()))
        session.commit()


def _find(session: Session, name: str) -> User:
    found = session.query(User).filter_by(email=f"{name}@example.com").one()
    assert isinstance(found, User)
    return found


# --- every page -------------------------------------------------------------------------------------

# Each page is looked at every time, and its other faces in `make campaign`.
PAGES = (
    pytest.param("rosa", "/scenarios", marks=pytest.mark.campaign),
    pytest.param("dana", "/scenarios?stage=closing", marks=pytest.mark.campaign),
    pytest.param("noor", "/scenarios", marks=pytest.mark.campaign),
    ("rosa", "/scenarios/{scenario}"),
    pytest.param("dana", "/scenarios/{scenario}", marks=pytest.mark.campaign),
    pytest.param("dana", "/scenarios/{scenario}/edit", marks=pytest.mark.campaign),
    pytest.param("dana", "/scenarios/new", marks=pytest.mark.campaign),
    pytest.param("rosa", "/pitches/{pitch}", marks=pytest.mark.campaign),
    pytest.param("ken", "/pitches/{pitch}", marks=pytest.mark.campaign),
    pytest.param("rosa", "/takes", marks=pytest.mark.campaign),
    pytest.param("dana", "/takes?show=feedback", marks=pytest.mark.campaign),
    ("ken", "/team/takes"),
    pytest.param("noor", "/team/takes", marks=pytest.mark.campaign),
    pytest.param("ken", "/team/takes?state=reviewed", marks=pytest.mark.campaign),
)


@pytest.mark.parametrize(("who", "address"), PAGES)
def test_every_page_is_accessible_and_fits_a_phone(
    world: World, window: Window, who: str, address: str
) -> None:
    address = address.format(scenario=world.scenario.id, pitch=world.practice.pitch_id)
    require_a_good_page(window(who, reduced_motion="reduce", color_scheme="light"), address)


# --- scenarios --------------------------------------------------------------------------------------


def test_a_manager_writes_a_scenario_and_nothing_typed_is_lost_on_the_way(
    world: World, window: Window
) -> None:
    page = window("dana")
    page.goto("/scenarios/new?from=blank")
    page.get_by_label("Title").fill("Why now?")
    page.get_by_label("Stage of the sale").select_option("closing")
    page.get_by_label("Target time").fill("1:45")
    page.get_by_label("Prompt").fill("Call me again next year.")
    page.get_by_label("Key messages").fill("The cost of waiting\nA small first step")
    page.get_by_label("Parts").fill("Hook 0:15\nValue")
    page.get_by_role("button", name="Save scenario").click()
    expect(page.locator(".field-error")).to_contain_text("This one has none: Value")
    expect(page.get_by_label("Key messages")).to_have_value("The cost of waiting\nA small first step")
    expect(page.get_by_label("Stage of the sale")).to_have_value("closing")

    page.get_by_label("Parts").fill("Hook 0:15\nValue 1:30")
    page.get_by_role("button", name="Save scenario").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Why now?")
    expect(page.locator(".brief-says blockquote")).to_have_text("Call me again next year.")
    expect(page.locator(".beat-lane li")).to_have_text(["Hook0:15", "Value1:30"])
    expect(page.get_by_text("A small first step")).to_be_visible()


def test_the_stage_of_the_sale_is_chosen_in_the_address(world: World, window: Window) -> None:
    page = window("rosa")
    page.goto("/scenarios")
    page.get_by_role("navigation", name="Stage of the sale").get_by_role("link", name="Objection").click()
    expect(page).to_have_url(re.compile(r"/scenarios\?stage=objection$"))
    expect(page.get_by_role("link", name="Prove it works here")).to_be_visible()
    page.goto("/scenarios?stage=demo")
    expect(page.get_by_text("No scenario for demo yet")).to_be_visible()


def test_a_manager_sets_a_drill_and_the_rep_reads_its_focus(world: World, window: Window) -> None:
    manager = window("dana")
    manager.goto(f"/scenarios/{world.scenario.id}")
    manager.get_by_role("link", name="Set a drill").click()
    manager.get_by_label("Due on").fill("2020-01-01")
    manager.get_by_label("Focus").fill("Ask before you tell")
    manager.get_by_role("button", name="Set the drill").click()
    expect(manager.get_by_text("Choose a day that is still to come.")).to_be_visible()
    expect(manager.get_by_label("Focus")).to_have_value("Ask before you tell")
    manager.get_by_label("Due on").fill("2099-12-31")
    manager.get_by_text("Some people").click()
    manager.get_by_role("group", name="Whom it is for").get_by_label("Rosa").check()
    manager.get_by_role("button", name="Set the drill").click()
    expect(manager.get_by_role("heading", name="Who has done it")).to_contain_text("0 of 1")

    rep = window("rosa")
    rep.goto(f"/scenarios/{world.scenario.id}")
    drill = rep.locator(".drill-banner")
    expect(drill).to_contain_text("Ask before you tell")
    expect(drill.get_by_role("button")).to_have_count(0)


def test_a_rep_reads_that_the_drill_is_done(world: World, window: Window) -> None:
    world.reviewed.drill = Drill(
        team_id=world.team.id,
        scenario_id=world.scenario.id,
        due_at=db.now(),
        due_on=db.now().date(),
        created_at=world.reviewed.submitted_at,
    )
    world.session.commit()
    page = window("rosa")
    page.goto(f"/scenarios/{world.scenario.id}")
    expect(page.locator(".drill-banner")).to_contain_text("You have submitted")


@pytest.mark.campaign
def test_a_scenario_that_is_put_away_takes_no_uploads_until_it_is_back(world: World, window: Window) -> None:
    page = window("dana")
    page.goto(f"/scenarios/{world.scenario.id}")
    page.get_by_label("More about this scenario").click()
    page.get_by_role("button", name="Put away").click()
    page.get_by_role("dialog").get_by_role("button", name="Put away").click()
    expect(page.get_by_text("This scenario is put away")).to_be_visible()
    expect(page.locator("upload-drop")).to_have_count(0)
    page.get_by_role("button", name="Bring it back").click()
    expect(page.locator("upload-drop")).to_be_visible()


# --- takes ------------------------------------------------------------------------------------------


@pytest.mark.campaign  # who reads which numbers is in tests/web/test_take_numbers
def test_the_presenter_sees_all_takes_with_numbers_and_others_only_rounds(
    world: World, window: Window
) -> None:
    own = window("rosa")
    own.goto(world.pitch_address)
    expect(own.locator(".take-card h3")).to_have_text(["Take 2", "Take 1"])
    expect(own.locator(".take-card").first).to_contain_text("Only you")
    expect(own.locator(".take-card").last).to_contain_text("1 comment")

    coach = window("ken")
    coach.goto(world.pitch_address)
    expect(coach.locator(".take-card h3")).to_have_text(["Round 1"])
    expect(coach.locator("main")).not_to_contain_text(re.compile("take 2|take 1", re.IGNORECASE))


def test_a_take_is_submitted_from_its_card_and_taken_back(world: World, window: Window) -> None:
    page = window("rosa")
    page.goto(world.pitch_address)
    page.get_by_role("button", name="Submit Take 2 for feedback").click()
    page.wait_for_url("**/takes/*")
    page.goto(world.pitch_address)
    expect(page.locator(".take-card").first).to_contain_text("Round 2")
    page.get_by_label("More about Take 2").click()
    page.get_by_role("button", name="Take back").click()
    page.wait_for_url("**/takes/*")
    page.goto(world.pitch_address)
    expect(page.locator(".take-card").first).to_contain_text("Only you")


@pytest.mark.campaign
def test_deleting_a_take_can_be_undone(world: World, window: Window) -> None:
    page = window("rosa")
    page.goto(world.pitch_address)
    page.get_by_label("More about Take 2").click()
    page.get_by_role("button", name="Delete take").click()
    expect(page.locator(".take-card h3")).to_have_text(["Take 1"])
    page.get_by_role("button", name="Undo").click()
    page.wait_for_url(f"**/takes/{world.practice.id}")
    page.goto(world.pitch_address)
    expect(page.locator(".take-card h3")).to_have_text(["Take 2", "Take 1"])


@pytest.mark.campaign  # what each filter lists is in tests/web/test_lists
def test_my_takes_are_filtered_in_the_address(world: World, window: Window) -> None:
    page = window("rosa")
    page.goto("/takes")
    choices = page.get_by_role("navigation", name="Which takes")
    choices.get_by_role("link", name="Practice").click()
    expect(page).to_have_url(re.compile(r"show=practice"))
    expect(page.locator(f"#take-{world.practice.id}")).to_be_visible()
    expect(page.locator(f"#take-{world.reviewed.id}")).to_have_count(0)
    choices.get_by_role("link", name="With feedback").click()
    expect(page.locator(f"#take-{world.reviewed.id}")).to_contain_text("Reviewed")
    expect(page.locator(f"#take-{world.practice.id}")).to_have_count(0)


@pytest.mark.campaign  # what each filter lists is in tests/web/test_lists
def test_a_coach_filters_what_the_team_has_submitted(world: World, window: Window) -> None:
    page = window("ken")
    page.goto("/team/takes")
    page.get_by_label("Scenario", exact=True).select_option(str(world.scenario.id))
    expect(page).to_have_url(re.compile(f"scenario={world.scenario.id}"))
    expect(page.locator(".queue-row")).to_have_count(1)
    expect(page.locator(".queue-row")).to_contain_text("Reviewed")
    page.get_by_label("Feedback").select_option("waiting")
    expect(page.get_by_text("No take fits")).to_be_visible()
    page.get_by_role("link", name="Clear").click()
    expect(page).to_have_url(re.compile("/team/takes$"))


def test_a_card_follows_its_file_while_it_is_in_work(world: World, window: Window) -> None:
    take = world.make.take(world.rosa, world.scenario, submitted=False, state=RecordingState.RECEIVED)
    take.recording.steps = []  # nothing for the worker to heal
    world.session.commit()
    page = window("rosa")
    page.goto(world.pitch_address)
    followed = page.locator(f"#take-{take.id}")
    expect(followed).to_contain_text("Checking")
    page.wait_for_timeout(500)  # the live stream opens
    _break(world, take.recording)
    expect(followed).to_contain_text("Cannot be played")
    expect(followed).to_contain_text("The file is cut off.")
    expect(followed.get_by_role("button", name="Try again: Take 3")).to_be_visible()


def _break(world: World, recording: Recording) -> None:
    recording.break_down("The file is cut off.")
    intake.announce_recording(world.session, recording)
    world.session.commit()


@pytest.mark.campaign
def test_a_new_team_reads_what_to_do_first(people: None, window: Window) -> None:
    page = window("noor")
    page.goto("/scenarios")
    page.get_by_role("link", name="Write the first scenario").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("New scenario")


@pytest.mark.campaign
def test_a_take_whose_file_has_not_arrived_is_on_no_list(world: World, window: Window) -> None:
    unfinished = world.make.take(world.rosa, world.scenario, state=RecordingState.AWAITING_UPLOAD)
    world.session.commit()
    for who, address in (("rosa", "/takes"), ("rosa", world.pitch_address), ("ken", "/team/takes")):
        page = window(who)
        page.goto(address)
        expect(page.locator(f"a[href='/takes/{world.reviewed.id}']")).to_have_count(1)
        expect(page.locator(f"a[href='/takes/{unfinished.id}']")).to_have_count(0)
