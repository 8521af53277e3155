"""Mona curates in real Chromium: a shelf by keys and by hand, tags in the box, several moments at once."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from pitchreview.actions import shelving
from pitchreview.models import Collection, Exemplar
from tests.factories import Factory
from tests.site import Site, barriers, person, require_a_good_page, team_of

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("second-site")]

TITLES = ["Ask first", "Stay silent", "Name a day"]


@pytest.fixture
def shelf(site: Site) -> Collection:
    """Three moments of Ada's on a shelf; nobody needs to play them here."""
    with site.session() as session:
        make, ada, mona = Factory(session, site.store), person(session, "ada"), person(session, "mona")
        take = make.take(ada, make.scenario(team_of(session), "To be arranged"))
        moments = [make.exemplar(take, mona, title=title) for title in TITLES]
        shelf = make.collection(team_of(session), mona, *moments)
        session.commit()
        return shelf


def order(site: Site, shelf: Collection) -> list[str]:
    with site.session() as session:
        collection = session.get_one(Collection, shelf.id)
        found: list[str] = [
            exemplar.title for exemplar in shelving.shelf_of(session, collection, person(session, "mona"))
        ]
        return found


def test_a_shelf_is_arranged_by_keyboard_and_by_hand_and_by_two_at_once(
    window: Callable[..., Page], site: Site, shelf: Collection
) -> None:
    page = window("mona")
    page.goto(f"/collections/{shelf.id}?arrange=1")
    handle = page.get_by_role("button", name="Move “Ask first”")
    handle.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_text("place 3 of 3", exact=True)).to_be_attached()
    with page.expect_response("**/order"):
        page.keyboard.press("Space")
    expect(handle).to_be_focused()
    expect(page.get_by_text("Ask first is at place 3 of 3 now.")).to_be_attached()
    assert order(site, shelf) == ["Stay silent", "Name a day", "Ask first"]

    # Escape leaves everything as it was.
    page.keyboard.press("Space")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Escape")
    expect(page.locator(".arrange-row h2")).to_have_text(["Stay silent", "Name a day", "Ask first"])

    grip = page.get_by_role("button", name="Move “Name a day”").bounding_box()
    top = page.locator(".arrange-row").first.bounding_box()
    assert grip and top
    page.mouse.move(grip["x"] + 10, grip["y"] + 10)
    page.mouse.down()
    page.mouse.move(top["x"] + 20, top["y"] + 4, steps=5)
    with page.expect_response("**/order"):
        page.mouse.up()
    assert order(site, shelf) == ["Name a day", "Stay silent", "Ask first"]

    with site.session() as session:
        collection, mona = session.get_one(Collection, shelf.id), person(session, "mona")
        last = session.get_one(Exemplar, collection.items[2].exemplar_id)
        shelving.move(session, collection, last, mona, to=0, seen=collection.order_key)
        session.commit()
    page.get_by_role("button", name="Down: “Name a day”").click()
    expect(page.get_by_text("Somebody else changed this collection meanwhile")).to_be_visible()
    expect(page.locator(".arrange-row h2")).to_have_text(["Ask first", "Name a day", "Stay silent"])
    with page.expect_response("**/order"):
        page.get_by_role("button", name="Down: “Ask first”").click()
    assert order(site, shelf) == ["Name a day", "Ask first", "Stay silent"]
    assert barriers(page) == []


@pytest.mark.campaign
def test_tags_are_typed_into_the_box_and_several_moments_are_changed(
    window: Callable[..., Page], site: Site, shelf: Collection
) -> None:
    page = window("mona")
    page.goto(f"/exemplars/{shelf.items[0].exemplar_id}/edit")
    box = page.get_by_label("Another tag")
    box.press_sequentially("Buyer: Head of IT, ")
    box.press_sequentially("Patience")
    box.press("Enter")
    for name in ("Head of IT", "Patience"):
        expect(page.get_by_role("checkbox", name=name, exact=True)).to_be_checked()
    expect(box).to_have_value("")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("link", name="Head of IT")).to_be_visible()

    page.goto("/library/desk?view=all")
    apply = page.get_by_role("button", name="Apply")
    expect(apply).to_be_hidden()
    for title in TITLES[:2]:
        page.get_by_role("checkbox", name=f"Choose “{title}”").first.check()
    expect(page.get_by_text("2 chosen")).to_be_visible()
    assert barriers(page) == []
    page.get_by_label("What to do").select_option("Take down")
    apply.click()
    dialog = page.get_by_role("dialog", name="Take 2 moments down?")
    dialog.get_by_role("button", name="Cancel").click()
    page.get_by_label("What to do").select_option("Add tags")
    page.get_by_label("Tags", exact=True).fill("Product: Sync")
    apply.click()
    expect(page.get_by_text("2 moments tagged.")).to_be_visible()


@pytest.mark.campaign
def test_the_pages_of_curators_are_good_ones(window: Callable[..., Page], shelf: Collection) -> None:
    exemplar_id = shelf.items[0].exemplar_id
    for address in (
        "/library/desk",
        "/library/desk?view=all",
        "/library/desk?view=ageing",
        "/library/desk/record-again",
        "/library/weeks",
        f"/library/weeks?exemplar={exemplar_id}",
        "/library/tags",
        "/library/figures",
        f"/exemplars/{exemplar_id}/edit",
        f"/exemplars/{exemplar_id}/uses",
        f"/exemplars/{exemplar_id}/history",
        f"/collections/{shelf.id}",
        f"/collections/{shelf.id}?arrange=1",
        f"/collections/{shelf.id}/history",
    ):
        require_a_good_page(window("mona"), address)
