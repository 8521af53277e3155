"""Finding a moment and watching it, by keyboard: typed, walked, narrowed, leafed through, taken over.

The site is shared with the other browser tests, so these people have a team of their own: Nora presents,
Timo is another rep, Vito manages.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from pitchreview.actions import listing
from pitchreview.models import (
    Commentary,
    Exemplar,
    Recording,
    RenditionKind,
    Role,
    Takeaway,
    Viewing,
)
from tests.factories import Factory
from tests.site import PASSWORD, Site, barriers, person

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("second-site")]

Window = Callable[..., Page]
CLIP, CLIP_MS = "price-priya-2.mp4", 26_000
THOUGHT_MS = 10_000
TITLES = ("Names the range, then waits", "Asks who else signs", "Hands the price back")


@pytest.fixture(scope="module")
def moments(site: Site, clips_folder: Path) -> list[Exemplar]:
    """Three moments of one take; in the newest of them Nora tells what she thought."""
    with site.session() as session:
        make = Factory(session, site.store)
        team = make.team("Baltics")
        nora, _, vito = (
            make.user(name, team, role, password=PASSWORD)
            for name, role in (("Nora Kask", Role.REP), ("Timo Saar", Role.REP), ("Vito Ozols", Role.MANAGER))
        )
        take = make.take(nora, make.scenario(team), recording=_filmed(make, site, clips_folder))
        tags = (("Buyer: CFO",), ("Buyer: Lab",), ("Buyer: CFO", "Objection: Price"))
        made = [
            make.exemplar(take, vito, title=title, tags=borne, from_ms=4_000, until_ms=12_000)
            for title, borne in zip(TITLES, tags, strict=True)
        ]
        thought = "I almost offered a rebate."
        made[-1].commentary.append(Commentary(author=nora, at_ms=THOUGHT_MS, thought=thought))
        listing.keep(session, made[-1])
        session.commit()
        return made


def _filmed(make: Factory, site: Site, clips_folder: Path) -> Recording:
    """A recording that plays a real clip."""
    recording: Recording = make.recording()
    recording.duration_ms = CLIP_MS
    copy = next(r for r in recording.renditions if r.kind is RenditionKind.COPY)
    site.store.put_file(clips_folder / CLIP, copy.object_key, "video/mp4")
    recording.renditions = [copy]
    return recording


def test_a_moment_is_found_by_keyboard_and_the_way_back_is_the_same(
    moments: list[Exemplar], window: Window
) -> None:
    page = window("timo")
    page.goto("/library")
    page.keyboard.press("/")
    page.keyboard.type("pri")
    box, options = page.get_by_role("combobox"), page.get_by_role("option")
    expect(options).to_have_text([re.compile("^Price"), re.compile(TITLES[2])])
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    assert barriers(page) == []
    # Suggestions that come late replace those that somebody walks through.
    options.first.evaluate("(option) => option.setAttribute('data-before', '')")
    box.dispatch_event("input")
    expect(page.locator("[data-before]")).to_have_count(0)
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    expect(page.locator("[aria-selected=true]")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(box).to_have_value("pri")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/library\?tag=objection:price$"))

    box.fill("names")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Without Price").or_(
        page.get_by_role("link", name="Without Objection")
    ).click()
    expect(page).to_have_url(re.compile(r"/library\?q=names$"))
    page.get_by_role("link", name="Buyer: CFO").click()
    expect(page.locator(".hits h3")).to_have_text([re.compile("."), re.compile(".")])
    found = page.url

    first, second = page.locator(".hits h3").all_inner_texts()
    page.get_by_role("link", name=first).press("Enter")
    _require_open(page, first)
    page.keyboard.press("j")
    _require_open(page, second)
    page.keyboard.press("k")
    _require_open(page, first)
    page.get_by_role("navigation", name="Where you are").get_by_role("link").last.click()
    expect(page).to_have_url(found)


def _require_open(page: Page, title: str) -> None:
    """It is there, and so are its scripts: they draw the transport and listen to keys."""
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.locator("[data-transport]")).to_be_visible()


@pytest.mark.campaign
def test_a_moment_begins_where_it_was_found_and_asks_at_its_end(
    moments: list[Exemplar], window: Window, site: Site
) -> None:
    page = window("timo")
    page.goto("/library?q=rebate")
    page.get_by_role("link", name="at 0:06").click()
    _require_open(page, TITLES[2])
    now = page.locator("[data-now]")
    expect(now).to_have_text("0:06")
    page.keyboard.press(" ")
    expect(page.locator("take-over")).to_have_class(re.compile("is-asking"))
    expect(now).to_have_text("0:08")
    page.get_by_label("What would you take over?").fill("Her silence.")
    page.get_by_role("button", name="Keep it").click()
    expect(page.locator(".take-over")).to_contain_text("Kept.")
    with site.session() as session:
        assert _viewed(session, moments[-1]) == "finished"
        takeaway = session.scalars(select(Takeaway)).one()
        assert (takeaway.words, takeaway.exemplar_id) == ("Her silence.", moments[-1].id)
    page.get_by_role("button", name="Record my version").click()
    expect(page).to_have_url(re.compile(rf"/studio\?after={moments[-1].id}$"))
    expect(page.locator(".studio-brief")).to_contain_text("Her silence.")


def _viewed(session: Session, exemplar: Exemplar) -> str:
    viewing = session.get_one(Viewing, (exemplar.id, person(session, "timo").id))
    counted = session.get_one(Exemplar, exemplar.id)
    assert (counted.opened_count, counted.finished_count) == (1, 1)
    return "finished" if viewing.finished_at else "opened"
