"""What a team measures and says, in the browser: a rubric built by keyboard, and the buyer recorded.

The site is shared with the other browser tests, so Thea has a team of her own, which she manages.
"""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from pitchreview.actions import messages
from pitchreview.actions.messages import Card
from pitchreview.models import MessageKind, Role, Rubric
from tests.factories import Factory
from tests.site import PASSWORD, Site, require_a_good_page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("second-site")]

Window = Callable[..., Page]
PRICE = Card(
    MessageKind.OBJECTION, "Too expensive", "You cost more.", "Than what?", ("Tell me more",), ("cheap",)
)


@pytest.fixture(scope="module")
def card_address(site: Site) -> str:
    with site.session() as session:
        make = Factory(session, site.store)
        team = make.team("Standards")
        thea = make.user("Thea Moen", team, Role.MANAGER, password=PASSWORD)
        card = messages.write(session, team.id, PRICE, thea)
        session.commit()
        return f"/messages/{card.id}"


@pytest.fixture
def session(site: Site) -> Iterator[Session]:
    with site.session() as session:
        yield session


def titles(page: Page) -> list[str]:
    return page.locator(".builder-line [data-said]").all_inner_texts()


def test_a_rubric_is_built_by_keyboard_and_a_reload_loses_nothing(
    card_address: str, window: Window, session: Session
) -> None:
    page = window("thea", reduced_motion="reduce")
    page.goto("/rubrics/new?from=sales-conversation")
    page.get_by_label("Name", exact=True).fill("Our talks")
    page.locator("[data-handle]").first.focus()
    for key in ("Space", "ArrowDown", "ArrowDown", "Space"):
        page.keyboard.press(key)
    expect(page.locator("[data-handle]").nth(2)).to_be_focused()
    assert titles(page)[:3] == ["Asking before telling", "Value in their words", "Opening"]

    page.locator('[data-level="5"]').fill("Rare")
    page.locator(".builder-line summary").first.press("Enter")
    expect(page.locator(".builder-line").first.locator("textarea:visible")).to_have_count(5)
    page.locator('[data-level="5"]').fill("")
    page.locator(".builder-line").first.get_by_label("Counts").select_option("3 times")
    page.get_by_role("button", name="Add a criterion").press("Enter")
    expect(page.locator(".builder-line").last.locator("[data-name]")).to_be_focused()
    page.keyboard.type("Listens")
    expect(page.locator(".builder-line [data-said]").last).to_have_text("Listens")
    for number in range(4):
        page.locator(".builder-line").last.locator("textarea:visible").nth(number).fill(f"Waits {number} s.")
    page.locator(".builder-line").nth(3).locator("summary").press("Enter")
    page.locator(".builder-line").nth(3).get_by_role("button", name="Remove").press("Enter")

    built = ["Asking before telling", "Value in their words", "Opening", "Next step", "Listens"]
    page.wait_for_timeout(600)
    page.reload()
    expect(page.get_by_text("Your draft is back")).to_be_visible()
    assert titles(page) == built
    page.get_by_role("button", name="Preview").press("Enter")
    sheet = page.get_by_role("dialog", name="As a reviewer sees it")
    expect(sheet.get_by_text("Waits 3 s.")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Save rubric").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Our talks")

    (made,) = session.query(Rubric).filter_by(name="Our talks")
    assert [each.name for each in made.criteria] == built
    assert [each.weight for each in made.criteria] == [3, 1, 1, 1, 1]
    page.goto("/rubrics/new?from=sales-conversation")
    expect(page.get_by_text("Your draft is back")).to_be_hidden()


PAGES = (
    "/rubrics/new?from=one-minute-pitch",
    pytest.param("{card}", marks=pytest.mark.campaign),
    pytest.param("/messages", marks=pytest.mark.campaign),
    pytest.param("/messages/new", marks=pytest.mark.campaign),
    pytest.param("{card}/edit", marks=pytest.mark.campaign),
    pytest.param("/rubrics", marks=pytest.mark.campaign),
    pytest.param("/scenarios/new", marks=pytest.mark.campaign),
    pytest.param("/scenarios/new?from=discovery-cfo", marks=pytest.mark.campaign),
)


@pytest.mark.parametrize("address", PAGES)
def test_every_page_is_accessible_and_fits_a_phone(card_address: str, window: Window, address: str) -> None:
    page = window("thea", reduced_motion="reduce", color_scheme="light")
    require_a_good_page(page, address.format(card=card_address))


@pytest.mark.campaign
def test_a_buyer_is_recorded_with_the_scenario_and_heard_in_the_studio(
    card_address: str, window: Window
) -> None:
    page = window("thea", permissions=["camera", "microphone"])
    page.goto("/scenarios/new?from=no-budget")
    page.get_by_role("button", name="Ask it in front of the camera").click()
    page.get_by_role("button", name="Record", exact=True).click()
    page.get_by_role("button", name="Start now").click()
    page.wait_for_timeout(4000)
    page.get_by_role("button", name="Stop").click()
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_text("Save the scenario, and your team can hear it.")).to_be_visible()
    page.get_by_role("button", name="Save scenario").click()
    expect(page).to_have_url(re.compile(r"/scenarios/[0-9a-f]{8}-"), timeout=20_000)
    player = page.locator(".brief-card reply-player")
    for _ in range(40):
        if player.count():
            break
        page.wait_for_timeout(500)
        page.reload()
    page.goto(f"{page.url}/studio")
    asks = page.locator("buyer-asks")
    asks.get_by_role("button", name="Play the recording").click()
    expect(asks.get_by_role("button", name="Pause")).to_be_visible()
    page.get_by_role("button", name="Record", exact=True).click()
    expect(asks.get_by_role("button", name="Play the recording")).to_be_visible(timeout=1000)
