"""Exemplars: holding up, asking the presenter, finding, shelves."""

import pytest
from sqlalchemy.orm import Session

from pitchreview.actions import consenting, library, shelving, tagging
from pitchreview.actions.library import NewExemplar
from pitchreview.errors import InvalidInput, InvalidState
from pitchreview.models import ConsentState, Exemplar, Take
from pitchreview.permissions import exemplars_visible_to
from tests.conftest import Cast
from tests.factories import DURATION_MS, Factory

NEW = NewExemplar(title="Silence after the price", why="She waits.", tags=tagging.read("Objection"))


@pytest.fixture
def take(make: Factory, cast: Cast) -> Take:
    take = make.take(cast.ada, make.scenario(cast.team))
    make.session.commit()
    return take


def browse(session: Session, cast: Cast, who: str) -> list[Exemplar]:
    return list(session.scalars(exemplars_visible_to(getattr(cast, who))))


# --- consent ----------------------------------------------------------------------------------------


def test_the_team_sees_an_exemplar_only_after_the_presenters_yes(
    session: Session, cast: Cast, take: Take
) -> None:
    exemplar = library.hold_up(session, take, cast.mona, NEW)
    assert exemplar.waits_for_consent
    assert consenting.questions_for(session, cast.ada) == [exemplar]
    assert [browse(session, cast, who) for who in ("jonas", "cole", "zoe", "olga")] == [[], [], [], []]
    assert browse(session, cast, "mona") == browse(session, cast, "ada") == [exemplar]
    consenting.answer(session, exemplar, cast.ada, ConsentState.GIVEN)
    assert consenting.questions_for(session, cast.ada) == []
    assert [browse(session, cast, who) for who in ("jonas", "cole")] == [[exemplar], [exemplar]]
    assert browse(session, cast, "zoe") == []


@pytest.mark.parametrize("answer", [ConsentState.DECLINED, ConsentState.WITHDRAWN])
def test_a_no_acts_at_once(
    session: Session, make: Factory, cast: Cast, take: Take, answer: ConsentState
) -> None:
    exemplar = make.exemplar(take, cast.mona)
    shelf = make.collection(cast.team, cast.mona, exemplar)
    assert shelving.shelf_of(session, shelf, cast.jonas) == [exemplar]
    consenting.answer(session, exemplar, cast.ada, answer)
    assert not exemplar.is_shown
    assert browse(session, cast, "jonas") == shelving.shelf_of(session, shelf, cast.jonas) == []
    consenting.answer(session, exemplar, cast.ada, ConsentState.GIVEN)
    assert browse(session, cast, "jonas") == [exemplar]


@pytest.mark.parametrize(
    ("from_ms", "until_ms", "is_asked_again"),
    [(12_000, 18_000, False), (10_000, 20_000, False), (9_000, 20_000, True), (None, None, True)],
)
def test_showing_more_of_somebody_asks_them_again(
    make: Factory, cast: Cast, take: Take, from_ms: int | None, until_ms: int | None, is_asked_again: bool
) -> None:
    exemplar = make.exemplar(take, cast.mona, from_ms=10_000, until_ms=20_000)
    library.change(
        make.session, exemplar, cast.mona, NewExemplar("Silence", "She waits.", [], from_ms, until_ms)
    )
    assert exemplar.waits_for_consent is is_asked_again


def test_an_answer_is_yes_or_no_and_only_a_yes_can_be_withdrawn(
    session: Session, cast: Cast, take: Take
) -> None:
    exemplar = library.hold_up(session, take, cast.mona, NEW)
    for nonsense in (ConsentState.ASKED, ConsentState.WITHDRAWN):
        with pytest.raises(InvalidInput):
            consenting.answer(session, exemplar, cast.ada, nonsense)


def test_ones_own_take_needs_no_question(session: Session, make: Factory, cast: Cast) -> None:
    own = make.take(cast.mona, make.scenario(cast.team))
    assert library.hold_up(session, own, cast.mona, NEW).is_shown


def test_somebody_without_account_was_asked_at_the_upload(
    session: Session, make: Factory, cast: Cast
) -> None:
    guests = make.take("Grace Hall", make.scenario(cast.team), uploaded_by=cast.mona)
    assert library.hold_up(session, guests, cast.mona, NEW).is_shown
    guests.consent_at = None
    with pytest.raises(InvalidState):
        library.hold_up(session, guests, cast.mona, NEW)


def test_what_is_taken_down_is_gone_for_everybody(
    session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    exemplar = make.exemplar(take, cast.mona)
    library.take_down(session, exemplar, cast.mona)
    assert [browse(session, cast, who) for who in ("ada", "jonas", "mona")] == [[], [], []]


# --- words and ranges -------------------------------------------------------------------------------


@pytest.mark.parametrize("missing", ["title", "why"])
def test_an_exemplar_says_what_it_is_and_why_it_works(
    session: Session, cast: Cast, take: Take, missing: str
) -> None:
    words = {"title": "A", "why": "B", "tags": []} | {missing: " \n "}
    with pytest.raises(InvalidInput) as refusal:
        library.hold_up(session, take, cast.mona, NewExemplar(**words))
    assert refusal.value.field == missing


@pytest.mark.parametrize(
    ("from_ms", "until_ms"),
    [(0, None), (None, 1000), (1000, 1000), (2000, 1000), (-1, 1000), (0, DURATION_MS + 10_000)],
)
def test_a_range_lies_in_its_take(
    session: Session, cast: Cast, take: Take, from_ms: int | None, until_ms: int | None
) -> None:
    with pytest.raises(InvalidInput):
        library.hold_up(session, take, cast.mona, NewExemplar("A", "B", [], from_ms, until_ms))


def test_a_range_may_begin_at_the_very_start(session: Session, cast: Cast, take: Take) -> None:
    exemplar = library.hold_up(session, take, cast.mona, NewExemplar("A", "B", [], 0, 1000))
    session.commit()
    session.expire_all()
    assert (exemplar.from_ms, exemplar.until_ms, exemplar.duration_ms) == (0, 1000, 1000)


def test_changing_words_keeps_tags_that_stay(session: Session, make: Factory, cast: Cast, take: Take) -> None:
    exemplar = make.exemplar(take, cast.mona, tags=("CFO", "Price"))
    session.commit()
    library.change(session, exemplar, cast.mona, NewExemplar("New", "Words", tagging.read("Price, silence")))
    session.commit()
    session.expire_all()
    assert [tag.name for tag in exemplar.tags] == ["Price", "silence"]


# --- shelves ----------------------------------------------------------------------------------------


def test_a_shelf_keeps_its_order_and_holds_each_thing_once(
    session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    first, second, third = (make.exemplar(take, cast.mona, title=title) for title in "ABC")
    shelf = make.collection(cast.team, cast.mona, first, second, third)
    shelf.put(first)
    assert shelving.shelf_of(session, shelf, cast.jonas) == [first, second, third]
    shelf.drop(second)
    session.flush()
    shelf.put(second)
    session.flush()
    assert shelving.shelf_of(session, shelf, cast.jonas) == [first, third, second]


def test_placing_lets_it_stand_on_exactly_the_ticked_shelves(
    session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    exemplar = make.exemplar(take, cast.mona)
    old, new = make.collection(cast.team, cast.mona, exemplar), make.collection(cast.team, cast.mona)
    shelving.place(session, exemplar, [old, new], [new], cast.mona)
    assert (old.holds(exemplar), new.holds(exemplar)) == (False, True)


def test_a_collection_has_a_title(session: Session, cast: Cast) -> None:
    with pytest.raises(InvalidInput):
        shelving.make_collection(session, cast.team, cast.mona, title="  ", description="")
