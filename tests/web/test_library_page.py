"""The library page: one box, filters in the address, moments with the words that were looked for."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from pitchreview import db
from pitchreview.actions import finding, listing
from pitchreview.actions.finding import facets, pages
from pitchreview.models import Commentary, ConsentState, Feature, MissedSearch, Take, User
from tests.conftest import Cast
from tests.factories import Factory
from tests.statements import heard_by

ClientOf = Callable[[User | None], FlaskClient]
SCRIPT = {"X-Requested-With": "fetch"}
# Who is signed in, what the bell says, what waits for a review: every page asks for it.
OF_EVERY_PAGE = 3


@pytest.fixture
def take(make: Factory, cast: Cast) -> Take:
    return make.take(cast.ada, make.scenario(cast.team))


@pytest.fixture
def jonas(client_of: ClientOf, session: Session, cast: Cast) -> FlaskClient:
    session.commit()
    return client_of(cast.jonas)


def titles_on(page: TestResponse) -> list[str]:
    found = re.findall(r"<h3><a href=\"/exemplars/[^>]*>(.*?)</a></h3>", page.text)
    return [unescape(re.sub("<[^>]*>", "", title)) for title in found]


def links_on(page: TestResponse) -> dict[str, str]:
    """The filters: what each says without its number, and where it leads."""
    chips = re.findall(r'<a class="filter-chip" href="([^"]*)"[^>]*>(.*?)</a>', page.text)
    words = (re.sub(r"<span class=\"num.*|<svg.*|<[^>]*>", "", text).strip() for _, text in chips)
    return {word: unescape(href) for word, (href, _) in zip(words, chips, strict=True)}


# --- finding ----------------------------------------------------------------------------------------


def test_words_are_marked_in_title_and_why_and_stay_text(
    make: Factory, cast: Cast, take: Take, session: Session, client_of: ClientOf
) -> None:
    exemplar = make.exemplar(take, cast.mona, title="The <b>price</b> question")
    exemplar.why = "She names the price & waits."
    listing.keep(session, exemplar)
    session.commit()
    page = client_of(cast.jonas).get("/library?q=price").text
    assert "The &lt;b&gt;<mark>price</mark>&lt;/b&gt; question" in page
    assert "She names the <mark>price</mark> &amp; waits." in page
    assert "1 found" in page


def test_what_the_presenter_thought_is_found_and_leads_to_its_moment(
    make: Factory, cast: Cast, take: Take, session: Session, client_of: ClientOf
) -> None:
    exemplar = make.exemplar(take, cast.mona, from_ms=10_000, until_ms=30_000)
    exemplar.commentary.append(Commentary(author=cast.ada, at_ms=22_500, thought="I wanted to say budget."))
    listing.keep(session, exemplar)
    session.commit()
    page = client_of(cast.jonas).get("/library?q=budget").text
    assert "I wanted to say <mark>budget</mark>" in page
    assert f'href="/exemplars/{exemplar.id}?t=22.5&amp;q=budget">at 0:12</a>' in page


def test_a_filter_stays_in_the_address_replaces_its_facet_and_can_be_taken_off(
    make: Factory, cast: Cast, take: Take, jonas: FlaskClient, session: Session
) -> None:
    make.exemplar(take, cast.mona, title="For the CFO", tags=("Objection", "Buyer: CFO", "Product: Sync"))
    make.exemplar(take, cast.mona, title="For the lab", tags=("Objection", "Buyer: Lab", "Product: Sync"))
    session.commit()
    page = jonas.get("/library?q=names&tag=product:sync&tag=persona:cfo")
    assert titles_on(page) == ["For the CFO"]
    links = links_on(page)
    assert links["Buyer: Lab"] == "/library?q=names&tag=product:sync&tag=persona:lab"
    assert links["Without Buyer: CFO"] == "/library?q=names&tag=product:sync"
    assert titles_on(jonas.get(links["Buyer: Lab"])) == ["For the lab"]
    assert set(titles_on(jonas.get(links["Without Buyer: CFO"]))) == {"For the CFO", "For the lab"}


def test_more_is_shown_by_a_link_and_in_place_without_doubles_or_gaps(
    make: Factory, cast: Cast, take: Take, jonas: FlaskClient, session: Session
) -> None:
    for number in range(finding.PAGE + 3):
        make.exemplar(take, cast.mona, title=f"Price {number}")
    session.commit()
    for address in ("/library?order=newest", "/library?q=price", "/library?tag=topic:cfo"):
        first = jonas.get(address)
        (further,) = re.findall(r'href="([^"]*)" rel="next"', first.text)
        as_page = jonas.get(unescape(further))
        in_place = jonas.get(unescape(further), headers=SCRIPT)
        assert titles_on(as_page) == titles_on(in_place)
        assert "<html" not in in_place.text
        assert len({*titles_on(first), *titles_on(in_place)}) == finding.PAGE + 3
        assert 'rel="next"' not in in_place.text


def test_where_more_match_than_are_counted_the_number_says_so(
    make: Factory,
    cast: Cast,
    take: Take,
    jonas: FlaskClient,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for _ in range(3):
        make.exemplar(take, cast.mona, tags=("Demo",))
    session.commit()
    assert ">3 found<" in jonas.get("/library?q=price").text
    for module in (pages, facets):
        monkeypatch.setattr(module, "COUNTED", 2)
    page = jonas.get("/library?q=price").text
    assert ">2+ found<" in page
    assert re.search(r'href="/library\?q=price&amp;tag=stage:demo">demo</a>', page, re.IGNORECASE)


@pytest.mark.parametrize(
    "query", ["order=sideways&q=price", "q=+price++&order=", "tag=nobody:knows", "after=&q=price"]
)
def test_an_address_that_was_tampered_with_shows_what_it_can(
    make: Factory, cast: Cast, take: Take, jonas: FlaskClient, session: Session, query: str
) -> None:
    make.exemplar(take, cast.mona, title="Price first")
    session.commit()
    page = jonas.get(f"/library?{query}")
    assert page.status_code == 200
    assert titles_on(page) == ["Price first"]


def test_a_page_that_never_was_says_so(jonas: FlaskClient) -> None:
    assert jonas.get("/library?after=yesterday").status_code == 400


# --- nothing found ------------------------------------------------------------------------------------


def test_a_search_in_vain_is_noted_once_a_page_and_leads_on(
    make: Factory, cast: Cast, take: Take, jonas: FlaskClient, session: Session
) -> None:
    make.exemplar(take, cast.mona, tags=("Buyer: CFO",))
    session.commit()
    address = "/library?q=zebra&tag=persona:cfo"
    page = jonas.get(address)
    assert "Nothing here for “zebra” · Buyer: CFO yet" in page.text
    assert 'href="/library?tag=persona:cfo">Without “zebra”' in page.text
    assert 'href="/library?q=zebra">Without Buyer: CFO' in page.text
    for not_whole in (f"{address}&after=24", "/library/suggestions?q=zebra"):
        jonas.get(not_whole)
    jonas.get(address, headers=SCRIPT)
    (missed,) = session.scalars(select(MissedSearch))
    assert (missed.words, missed.tags, missed.times) == ("zebra", ["persona:cfo"], 1)


def test_an_empty_library_is_no_search_in_vain(jonas: FlaskClient, session: Session) -> None:
    for address in ("/library", "/library?order=newest"):
        assert "Nothing is held up yet" in jonas.get(address).text
    assert session.scalars(select(MissedSearch)).all() == []


# --- while one types ------------------------------------------------------------------------------------


def test_while_one_types_tags_and_moments_are_offered_that_lead_somewhere(
    make: Factory, cast: Cast, take: Take, jonas: FlaskClient, session: Session
) -> None:
    exemplar = make.exemplar(take, cast.mona, title="Price, then quiet", tags=("Objection: Price", "Demo"))
    hidden = make.exemplar(take, cast.mona, title="Pricey", consent=ConsentState.ASKED)
    session.commit()
    offered = unescape(jonas.get("/library/suggestions?q=pri&tag=stage:demo").text)
    assert 'href="/library?tag=stage:demo&tag=objection:price"' in offered
    assert f'href="/exemplars/{exemplar.id}?q=pri&tag=stage:demo"' in offered
    assert str(hidden.id) not in offered
    assert jonas.get("/library/suggestions?q=").text.strip() == ""


# --- before anybody looks for something -----------------------------------------------------------------


def test_the_moment_of_the_week_stands_first_then_pinned_shelves_then_the_newest(
    make: Factory, cast: Cast, take: Take, jonas: FlaskClient, session: Session
) -> None:
    featured, pinned, plain = (make.exemplar(take, cast.mona, title=t) for t in ("Weekly", "Pinned", "Plain"))
    make.collection(cast.team, cast.mona, plain).title = "Usual shelf"
    shelf = make.collection(cast.team, cast.mona, pinned)
    shelf.title, shelf.pinned_at = "Pinned shelf", db.now()
    monday = _monday(db.now().date())
    for week, note in ((monday, "Watch this."), (monday + timedelta(days=7), "Not yet.")):
        session.add(Feature(team_id=cast.team.id, week=week, exemplar_id=featured.id, note=note))
    session.commit()
    page = jonas.get("/library").text
    places = [page.index(words) for words in ("Watch this.", "Pinned shelf", ">Newest", "Usual shelf")]
    assert places == sorted(places)
    assert "Not yet." not in page
    assert "Moment of the week" not in jonas.get("/library?q=plain").text


def test_a_shelf_shows_nothing_that_one_may_not_watch(
    make: Factory, cast: Cast, take: Take, jonas: FlaskClient, session: Session
) -> None:
    shown, hidden = (
        make.exemplar(take, cast.mona, title=title, consent=consent)
        for title, consent in (("Shown", ConsentState.GIVEN), ("Secret", ConsentState.WITHDRAWN))
    )
    make.collection(cast.team, cast.mona, hidden).title = "Only secrets"
    make.collection(cast.team, cast.mona, shown, hidden).title = "Both"
    monday = _monday(db.now().date())
    session.add(Feature(team_id=cast.team.id, week=monday, exemplar_id=hidden.id))
    session.commit()
    page = jonas.get("/library").text
    assert "Secret" not in page
    assert "Only secrets" not in page
    assert re.search(r"Both <small>1 moment ", page)
    assert "Moment of the week" not in page


def test_a_larger_library_asks_the_database_no_more_often(
    make: Factory, cast: Cast, take: Take, client_of: ClientOf, session: Session, engine: Engine
) -> None:
    mona = client_of(cast.mona)
    shelves = [make.collection(cast.team, cast.mona) for _ in range(3)]
    featured = make.exemplar(take, cast.mona, title="Price of the week")
    for number in range(30):
        own = make.take(cast.ada, make.scenario(cast.team, f"Scenario {number}"))
        exemplar = make.exemplar(own, cast.mona, title=f"Price {number}", tags=("Demo", "Buyer: CFO"))
        shelves[number % 3].put(exemplar)
    monday = _monday(db.now().date())
    session.add(Feature(team_id=cast.team.id, week=monday, exemplar_id=featured.id))
    session.commit()
    for address in ("/library", "/library?q=price", "/library?q=price&tag=stage:demo&tag=persona:cfo"):
        with heard_by(engine) as said:
            assert mona.get(address).status_code == 200
        assert len(said) - OF_EVERY_PAGE <= 12, address


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
