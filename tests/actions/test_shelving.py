"""Shelves: their order when two arrange at once, and the further teams that see them."""

import pytest
from sqlalchemy.orm import Session

from pitchreview.actions import consenting, recalling, shelving
from pitchreview.errors import InvalidInput, InvalidState
from pitchreview.models import Collection, ConsentState, Exemplar, Role
from tests.conftest import Cast
from tests.factories import Factory


@pytest.fixture
def moments(make: Factory, cast: Cast) -> list[Exemplar]:
    scenario = make.scenario(cast.team)
    return [make.exemplar(make.take(cast.ada, scenario), cast.mona, title=t) for t in ("One", "Two", "Three")]


@pytest.fixture
def shelf(make: Factory, cast: Cast, moments: list[Exemplar]) -> Collection:
    return make.collection(cast.team, cast.mona, *moments)


def titles(session: Session, shelf: Collection, cast: Cast) -> list[str]:
    session.expire(shelf, ["items"])
    return [exemplar.title for exemplar in shelving.shelf_of(session, shelf, cast.jonas)]


@pytest.mark.parametrize(
    ("which", "to", "order"),
    [
        (0, 2, ["Two", "Three", "One"]),
        (2, 0, ["Three", "One", "Two"]),
        (1, 1, ["One", "Two", "Three"]),
        (0, 99, ["Two", "Three", "One"]),
        (2, -5, ["Three", "One", "Two"]),
    ],
)
def test_a_moment_goes_where_it_is_put(
    session: Session,
    cast: Cast,
    shelf: Collection,
    moments: list[Exemplar],
    which: int,
    to: int,
    order: list[str],
) -> None:
    shelving.move(session, shelf, moments[which], cast.mona, to=to, seen=shelf.order_key)
    assert titles(session, shelf, cast) == order


def test_who_arranges_an_order_that_is_no_more_changes_nothing(
    session: Session, cast: Cast, shelf: Collection, moments: list[Exemplar]
) -> None:
    seen = shelf.order_key
    shelving.move(session, shelf, moments[0], cast.mona, to=1, seen=seen)
    with pytest.raises(InvalidState, match="Somebody else"):
        shelving.move(session, shelf, moments[2], cast.mona, to=0, seen=seen)
    assert titles(session, shelf, cast) == ["Two", "One", "Three"]


def test_what_a_curator_does_not_see_keeps_its_order_behind(
    session: Session, cast: Cast, shelf: Collection, moments: list[Exemplar]
) -> None:
    moments[0].taken_down_at = moments[0].created_at
    session.flush()
    shelving.move(session, shelf, moments[2], cast.mona, to=0, seen=shelf.order_key)
    assert [item.exemplar_id for item in shelf.items] == [moments[i].id for i in (2, 1, 0)]


def test_a_moment_of_another_shelf_is_not_moved(
    session: Session, make: Factory, cast: Cast, shelf: Collection
) -> None:
    other = make.exemplar(make.take(cast.ada, make.scenario(cast.team)), cast.mona)
    with pytest.raises(InvalidInput):
        shelving.move(session, shelf, other, cast.mona, to=0, seen=shelf.order_key)


def test_a_further_team_sees_a_moment_after_a_yes_to_that_team(
    session: Session, cast: Cast, shelf: Collection, moments: list[Exemplar]
) -> None:
    shelving.share(session, shelf, cast.other_team, cast.mona)
    session.flush()
    assert shelving.shelf_of(session, shelf, cast.zoe) == []
    assert consenting.questions_for(session, cast.ada) != []
    consenting.answer_team(session, moments[1], cast.other_team.id, cast.ada, ConsentState.GIVEN)
    assert shelving.shelf_of(session, shelf, cast.zoe) == [moments[1]]
    shelving.unshare(session, shelf, cast.other_team, cast.mona)
    session.flush()
    assert shelving.shelf_of(session, shelf, cast.zoe) == []
    assert moments[1].shares == []


def test_what_stands_on_two_shared_shelves_stays_shared_until_the_second_is_gone(
    session: Session, make: Factory, cast: Cast, shelf: Collection, moments: list[Exemplar]
) -> None:
    second = make.collection(cast.team, cast.mona, moments[0])
    for collection in (shelf, second):
        shelving.share(session, collection, cast.other_team, cast.mona)
    consenting.answer_team(session, moments[0], cast.other_team.id, cast.ada, ConsentState.GIVEN)
    shelving.take_off(session, shelf, moments[0], cast.mona)
    assert [share.team_id for share in moments[0].shares] == [cast.other_team.id]
    shelving.remove_collection(session, second, cast.mona)
    session.flush()
    assert moments[0].shares == []


def test_presenters_are_asked_for_what_is_put_there_later_but_not_for_drafts_or_guests(
    session: Session, make: Factory, cast: Cast, shelf: Collection
) -> None:
    shelving.share(session, shelf, cast.other_team, cast.mona)
    scenario = make.scenario(cast.team)
    new = make.exemplar(make.take(cast.ada, scenario), cast.mona)
    draft = make.exemplar(make.take(cast.ada, scenario), cast.mona, published_at=None)
    guests = make.exemplar(make.take("Grace Hall", scenario, uploaded_by=cast.mona), cast.mona)
    for exemplar in (new, draft, guests):
        shelving.put(session, shelf, exemplar, cast.mona)
    assert [len(exemplar.shares) for exemplar in (new, draft, guests)] == [1, 0, 0]


def test_a_shelf_remembers_who_changed_what(
    session: Session, make: Factory, cast: Cast, moments: list[Exemplar]
) -> None:
    paul = make.user("Paul Grant", cast.team, Role.MANAGER)
    shelf = shelving.make_collection(session, cast.team, cast.mona, title="First", description="")
    shelving.put(session, shelf, moments[0], paul)
    shelving.rename(session, shelf, paul, title="First week", description="")
    session.flush()
    renamed, put, made = recalling.history_of(session, shelf.id)
    assert [event.by and event.by.first_name for event in (made, put, renamed)] == ["Mona", "Paul", "Paul"]
    assert put.detail == {"title": "One"}
    assert [(c.what, c.before, c.after) for c in renamed.changes] == [("title", "First", "First week")]
