"""Finding moments: words, facets, pages, what fits while one types; and nothing that is not to be found."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.actions import consenting, finding, library, listing, tagging
from pitchreview.actions.finding import Order, Wanted, facets, pages
from pitchreview.actions.library import NewExemplar
from pitchreview.models import (
    Commentary,
    ConsentState,
    Exemplar,
    ExemplarShare,
    Facet,
    Listing,
    Membership,
    Tag,
    Take,
)
from tests.conftest import Cast
from tests.factories import Factory


@pytest.fixture
def take(make: Factory, cast: Cast) -> Take:
    take = make.take(cast.ada, make.scenario(cast.team))
    make.session.commit()
    return take


class Library:
    """The library as one person searches it."""

    def __init__(self, session: Session, cast: Cast, who: str = "jonas") -> None:
        self.session, self.cast = session, cast
        self.viewer = getattr(cast, who)
        self.team = cast.other_team if who == "zoe" else cast.team

    def tags(self, *keys: str) -> tuple[Tag, ...]:
        return tuple(tagging.by_keys(self.session, self.team.id, keys).values())

    def find(self, words: str = "", *keys: str, order: Order = Order.BEST, after: str = "") -> finding.Found:
        wanted = Wanted(words, self.tags(*keys), order, after)
        return finding.find(self.session, self.viewer, self.team, wanted)

    def titles(self, words: str = "", *keys: str) -> list[str]:
        return [hit.exemplar.title for hit in self.find(words, *keys).hits]


@pytest.fixture
def jonas(session: Session, cast: Cast) -> Library:
    return Library(session, cast)


# --- words ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        ("price", True),
        ("prices", True),
        ("PRICE question", True),
        ("silent", True),
        ('"names the range"', True),
        ("range -silent", False),
        ("CFO", True),
        ("cf", True),
        ("pri", True),
        ("ada", True),
        ("vendor", True),
        ("discovery", False),
        ("%", False),
        ("_", False),
        ("'; DROP TABLE exemplars; --", False),
        ("(", False),
        ("\\", False),
        (":*", False),
        ("a & | !", False),
        ("🎉", False),
    ],
)
def test_exemplars_are_found_by_their_words(
    jonas: Library, make: Factory, cast: Cast, take: Take, words: str, is_found: bool
) -> None:
    make.exemplar(take, cast.mona, title="Handing the price back as a question")
    assert jonas.titles(words) == (["Handing the price back as a question"] if is_found else [])


def test_what_matched_is_marked_where_it_stands(
    jonas: Library, make: Factory, cast: Cast, take: Take
) -> None:
    make.exemplar(take, cast.mona, title="The price \x02and\x03 the pause")
    hit = jonas.find("prices").hits[0]
    assert hit.title == "The \x02price\x03 and the pause"
    assert "silent" in hit.why
    assert "\x02silent\x03" in jonas.find("silent").hits[0].why


def test_the_presenters_own_thoughts_are_found_at_their_moment(
    session: Session, jonas: Library, make: Factory, cast: Cast, take: Take
) -> None:
    exemplar = make.exemplar(take, cast.mona)
    exemplar.commentary.append(
        Commentary(author=cast.ada, at_ms=12_500, thought="I nearly offered a rebate.", unsaid="")
    )
    listing.keep(session, exemplar)
    hit = jonas.find("rebates").hits[0]
    assert (hit.said.strip(), hit.at_ms) == ("I nearly offered a \x02rebate\x03.", 12_500)


def test_a_title_counts_more_than_a_reason_and_what_nobody_finished_less(
    session: Session, jonas: Library, make: Factory, cast: Cast, take: Take
) -> None:
    make.exemplar(take, cast.mona, title="Anything else", tags=())
    make.exemplar(take, cast.mona, title="Silence that works: stay silent", tags=())
    assert jonas.titles("silent") == ["Silence that works: stay silent", "Anything else"]
    left_early = make.exemplar(take, cast.mona, title="Silence that works: stay silent!", tags=())
    assert jonas.titles("silent")[-1] == "Anything else"
    left_early.opened_count = 20
    session.flush()
    assert jonas.titles("silent")[0] == "Silence that works: stay silent"
    assert jonas.titles("silent").index("Silence that works: stay silent!") > 0


# --- facets and pages -------------------------------------------------------------------------------


def test_facets_count_what_they_lead_to(jonas: Library, make: Factory, cast: Cast, take: Take) -> None:
    make.exemplar(take, cast.mona, title="A", tags=("Objection", "Buyer: CFO"))
    make.exemplar(take, cast.mona, title="B", tags=("Objection", "Buyer: IT"))
    make.exemplar(take, cast.mona, title="C", tags=("Closing", "Buyer: CFO"))

    def counts(found: finding.Found) -> dict[str, int]:
        return {e.tag.key: e.count for entries in found.facets.values() for e in entries}

    everything = {"stage:objection": 2, "stage:closing": 1, "persona:cfo": 2, "persona:it": 1}
    assert counts(jonas.find()) == everything
    assert jonas.titles("", "persona:cfo") == ["C", "A"]
    # Of the chosen facet one sees what could be chosen instead.
    assert counts(jonas.find("", "persona:cfo")) == {
        "stage:objection": 1,
        "stage:closing": 1,
        "persona:cfo": 2,
        "persona:it": 1,
    }
    assert jonas.titles("", "persona:cfo", "stage:objection") == ["A"]
    chosen = [e.tag.key for e in jonas.find("", "persona:cfo").facets[Facet.PERSONA] if e.is_chosen]
    assert chosen == ["persona:cfo"]


def test_pages_follow_each_other_without_gaps_or_doubles(
    session: Session, jonas: Library, make: Factory, cast: Cast, take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "PAGE", 3)
    same = db.now()
    for number in range(8):
        make.exemplar(
            take, cast.mona, title=f"Price {number}", published_at=same - timedelta(days=number // 3)
        )
    for words, order in (("", Order.NEWEST), ("price", Order.NEWEST), ("price", Order.BEST)):
        titles, after = [], ""
        while True:
            found = jonas.find(words, order=order, after=after)
            titles += [hit.exemplar.title for hit in found.hits]
            if not (after := found.next):
                break
        assert sorted(titles) == [f"Price {number}" for number in range(8)]
        assert found.total == 8


def test_a_count_says_when_there_are_more(
    jonas: Library, make: Factory, cast: Cast, take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (pages, facets):
        monkeypatch.setattr(module, "COUNTED", 2)
    for _ in range(3):
        make.exemplar(take, cast.mona)
    found = jonas.find()
    assert (found.total, found.is_more) == (2, True)
    assert all(e.is_more for entries in found.facets.values() for e in entries)


# --- who finds what ---------------------------------------------------------------------------------


def everything_told(library_of: Library, words: str = "price") -> list[str]:
    """Titles, counts and suggestions that a person gets to see."""
    found = library_of.find(words)
    suggested = finding.suggest(library_of.session, library_of.viewer, library_of.team, words)
    tags = finding.suggest(library_of.session, library_of.viewer, library_of.team, "sil").tags
    newest = library_of.find()
    counted = [e.tag.key for entries in newest.facets.values() for e in entries]
    titles = [hit.exemplar.title for hit in [*found.hits, *newest.hits]]
    return [
        *titles,
        *counted,
        *(tag.key for tag in tags),
        *(e.title for e in suggested.exemplars),
        *["counted"] * (found.total + newest.total),
    ]


def withdraw(session: Session, exemplar: Exemplar, cast: Cast) -> None:
    consenting.answer(session, exemplar, cast.ada, ConsentState.WITHDRAWN)


def take_down(session: Session, exemplar: Exemplar, cast: Cast) -> None:
    library.take_down(session, exemplar, cast.mona)


def take_back(session: Session, exemplar: Exemplar, cast: Cast) -> None:
    exemplar.take.take_back()


def delete(session: Session, exemplar: Exemplar, cast: Cast) -> None:
    exemplar.take.deleted_at = db.now()


def put_off(session: Session, exemplar: Exemplar, cast: Cast) -> None:
    exemplar.published_at = db.now() + timedelta(minutes=5)
    listing.keep(session, exemplar)


def make_a_draft(session: Session, exemplar: Exemplar, cast: Cast) -> None:
    exemplar.published_at = None
    listing.keep(session, exemplar)


def make_a_contrast(session: Session, exemplar: Exemplar, cast: Cast) -> None:
    model = Factory(session, None).exemplar(exemplar.take, cast.mona, title="x", tags=())  # type: ignore[arg-type]
    exemplar.contrast_to = model
    listing.keep(session, exemplar)
    library.take_down(session, model, cast.mona)


@pytest.mark.parametrize(
    "hide", [withdraw, take_down, take_back, delete, put_off, make_a_draft, make_a_contrast]
)
@pytest.mark.parametrize("is_listing_stale", [False, True])
def test_nothing_that_is_gone_is_told_of(
    session: Session, make: Factory, cast: Cast, take: Take, hide, is_listing_stale: bool
) -> None:
    exemplar = make.exemplar(take, cast.mona, title="The price", tags=("Silence",))
    everybody = [Library(session, cast, who) for who in ("ada", "jonas", "cole", "mona")]
    assert all(len(everything_told(one)) == 7 for one in everybody)
    old = session.get(Listing, (cast.team.id, exemplar.id))
    assert old is not None
    values = {column.key: getattr(old, column.key) for column in Listing.__table__.columns}
    hide(session, exemplar, cast)
    session.flush()
    session.expunge(old)
    if is_listing_stale:
        session.merge(Listing(**values))
        session.flush()
    assert [everything_told(one) for one in everybody] == [[], [], [], []]


def test_other_teams_find_nothing_until_the_presenter_said_yes_to_them(
    session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    exemplar = make.exemplar(take, cast.mona, title="The price", tags=("Silence",))
    zoe = Library(session, cast, "zoe")
    assert everything_told(zoe) == []
    exemplar.shares.append(ExemplarShare(team=cast.other_team, consent=ConsentState.ASKED))
    listing.keep(session, exemplar)
    assert everything_told(zoe) == []
    exemplar.shares[0].consent = ConsentState.GIVEN
    listing.keep(session, exemplar)
    assert zoe.titles("price") == ["The price"]
    assert zoe.titles("", "topic:silence") == ["The price"]
    assert exemplar.tags[0] not in zoe.tags("topic:silence")
    exemplar.shares[0].consent = ConsentState.WITHDRAWN
    session.flush()  # even while its row still stands
    assert everything_told(zoe) == []


def test_who_left_the_team_finds_nothing_of_it(
    session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    make.exemplar(take, cast.mona, title="The price", tags=("Silence",))
    membership = session.query(Membership).filter_by(user_id=cast.jonas.id).one()
    membership.ended_at = db.now()
    session.flush()
    assert everything_told(Library(session, cast)) == []


# --- while one types, and in vain -------------------------------------------------------------------


def test_suggestions_are_tags_and_moments_that_begin_like_this(
    session: Session, jonas: Library, make: Factory, cast: Cast, take: Take
) -> None:
    make.exemplar(take, cast.mona, title="Price anchors", tags=("Objection: too pricey", "Buyer: CFO"))
    tagging.tags_for(session, cast.team.id, tagging.read("Pricing of nothing"))
    suggested = finding.suggest(session, cast.jonas, cast.team, "pric")
    assert [tag.key for tag in suggested.tags] == ["objection:too pricey"]
    assert [exemplar.title for exemplar in suggested.exemplars] == ["Price anchors"]
    assert finding.suggest(session, cast.jonas, cast.team, "  ") == finding.Suggestions()


def test_what_is_looked_for_in_vain_is_counted_once_for_all_spellings(
    session: Session, jonas: Library, cast: Cast
) -> None:
    for words in ("Security review", "security  review"):
        finding.note_missed(session, cast.team, Wanted(words))
    finding.note_missed(session, cast.team, Wanted())
    (missed,) = finding.missed(session, cast.team)
    assert (missed.words, missed.times) == ("Security review", 2)
    assert finding.missed(session, cast.other_team) == []


def test_more_words_for_an_old_exemplar_are_found_at_once(
    session: Session, jonas: Library, make: Factory, cast: Cast, take: Take
) -> None:
    exemplar = make.exemplar(take, cast.mona)
    new = NewExemplar("Anchors", "They stick.", tagging.read("Buyer: CTO"))
    library.change(session, exemplar, cast.mona, new)
    assert jonas.titles("anchor") == jonas.titles("", "persona:cto") == ["Anchors"]
    assert jonas.titles("price") == []
