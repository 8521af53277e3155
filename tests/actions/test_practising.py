"""Pitches, takes and rounds: what is submitted, swapped, taken back, deleted and brought back."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import select, text
from sqlalchemy.orm import Session, sessionmaker

from pitchreview import db
from pitchreview.actions import practising, reviewing
from pitchreview.errors import InvalidInput, InvalidState
from pitchreview.models import (
    Comment,
    ConsentState,
    Exemplar,
    Pitch,
    Recording,
    RecordingState,
    Review,
    Scenario,
    Take,
)
from tests.conftest import Cast
from tests.factories import Factory
from tests.waiting import together

Sessions = sessionmaker[Session]


@pytest.fixture
def scenario(make: Factory, cast: Cast) -> Scenario:
    return make.scenario(cast.team)


@pytest.fixture
def takes(make: Factory, cast: Cast, scenario: Scenario) -> list[Take]:
    """Three practice takes of Ada's on one scenario."""
    found = [make.take(cast.ada, scenario, submitted=False) for _ in range(3)]
    make.session.commit()
    return found


# --- rounds -----------------------------------------------------------------------------------------


def test_the_first_submitted_take_is_round_one(session: Session, takes: list[Take]) -> None:
    practising.submit(session, takes[1])
    assert [take.round for take in takes] == [None, 1, None]


def test_submitting_another_take_swaps_until_a_review_begins(session: Session, takes: list[Take]) -> None:
    for take in takes:
        practising.submit(session, take)
    assert [take.round for take in takes] == [None, None, 1]


def test_a_swapped_take_is_private_again(session: Session, takes: list[Take]) -> None:
    practising.submit(session, takes[0])
    practising.share_with_team(takes[0], True)
    practising.submit(session, takes[1])
    assert (takes[0].is_submitted, takes[0].shared_with_team) == (False, False)


def test_what_others_upload_for_the_presenter_opens_a_round_of_its_own(
    session: Session, takes: list[Take]
) -> None:
    practising.submit(session, takes[0])
    practising.submit_for_presenter(session, takes[1])
    assert [take.round for take in takes] == [1, 2, None]


@pytest.mark.parametrize("begin", ["review", "comment"])
def test_once_a_review_has_begun_nothing_is_swapped(
    session: Session, make: Factory, cast: Cast, takes: list[Take], begin: str
) -> None:
    practising.submit(session, takes[0])
    if begin == "review":
        make.review(takes[0], cast.cole, published=False)
    else:
        reviewing.comment(session, takes[0], cast.cole, reviewing.NewComment("Ask.", 0))
    with pytest.raises(InvalidState, match="reviewing"):
        practising.submit(session, takes[1])
    with pytest.raises(InvalidState, match="begun to review"):
        practising.take_back(session, takes[0])
    assert [take.round for take in takes] == [1, None, None]


def test_a_peers_comment_begins_no_review(session: Session, cast: Cast, takes: list[Take]) -> None:
    practising.submit(session, takes[0])
    reviewing.comment(session, takes[0], cast.jonas, reviewing.NewComment("Nice.", 0))
    practising.submit(session, takes[1])
    assert [take.round for take in takes] == [None, 1, None]


def test_a_published_review_opens_the_next_round_and_the_old_take_stays_visible(
    session: Session, make: Factory, cast: Cast, takes: list[Take]
) -> None:
    for number, take in enumerate(takes, start=1):
        practising.submit(session, take)
        make.review(take, cast.cole)
        assert take.round == number
    assert all(take.is_submitted for take in takes)


def test_an_old_round_does_not_come_back_when_the_newer_take_is_taken_back(
    session: Session, make: Factory, cast: Cast, takes: list[Take]
) -> None:
    practising.submit(session, takes[0])
    make.review(takes[0], cast.cole)
    practising.submit(session, takes[1])
    practising.take_back(session, takes[1])
    practising.submit(session, takes[2])
    assert [take.round for take in takes] == [1, None, 2]


@pytest.mark.parametrize(
    ("consent", "round_of_next"),
    [("asked", 2), ("given", 2), ("declined", 1), ("withdrawn", 1)],
)
def test_a_take_that_is_held_up_is_not_swapped_away(
    session: Session, make: Factory, cast: Cast, takes: list[Take], consent: str, round_of_next: int
) -> None:
    practising.submit(session, takes[0])
    make.exemplar(takes[0], cast.mona, consent=ConsentState(consent))
    practising.submit(session, takes[1])
    assert takes[1].round == round_of_next
    assert takes[0].is_submitted is (round_of_next == 2)


def test_a_broken_take_cannot_be_submitted(
    session: Session, make: Factory, cast: Cast, scenario: Scenario
) -> None:
    take = make.take(cast.ada, scenario, submitted=False, state=RecordingState.BROKEN)
    with pytest.raises(InvalidState):
        practising.submit(session, take)


def test_submitting_twice_changes_nothing(session: Session, takes: list[Take]) -> None:
    practising.submit(session, takes[0])
    submitted_at = takes[0].submitted_at
    practising.submit(session, takes[0])
    assert (takes[0].round, takes[0].submitted_at) == (1, submitted_at)


def test_only_a_submitted_take_is_shared(takes: list[Take]) -> None:
    with pytest.raises(InvalidState):
        practising.share_with_team(takes[0], True)


def test_rounds_of_different_people_on_one_scenario_do_not_meet(
    session: Session, make: Factory, cast: Cast, takes: list[Take], scenario: Scenario
) -> None:
    other = make.take(cast.jonas, scenario, submitted=False)
    practising.submit(session, takes[0])
    practising.submit(session, other)
    assert (takes[0].round, other.round) == (1, 1)


# --- two tabs at once -------------------------------------------------------------------------------


def in_a_tab(
    sessions: Sessions, act: Callable[[Session, Take], object], take_id: UUID
) -> Callable[[], object]:
    """What one request does: load, act, commit."""

    def request() -> None:
        with sessions() as session:
            take = session.get_one(Take, take_id)
            act(session, take)
            session.commit()

    return request


def test_of_two_takes_submitted_at_once_one_holds_the_round(
    sessions: Sessions, session: Session, takes: list[Take]
) -> None:
    ids = [take.id for take in takes]
    outcomes = together(*(in_a_tab(sessions, practising.submit, take_id) for take_id in ids))
    assert outcomes == [None, None, None]
    session.expire_all()
    assert sorted(take.round or 0 for take in takes) == [0, 0, 1]


def test_a_double_click_submits_once_also_in_a_later_round(
    sessions: Sessions, session: Session, make: Factory, cast: Cast, takes: list[Take]
) -> None:
    practising.submit(session, takes[0])
    make.review(takes[0], cast.cole)
    session.commit()
    with sessions() as slow_tab:
        seen_before = slow_tab.get_one(Take, takes[1].id)
        assert seen_before.round is None
        in_a_tab(sessions, practising.submit, takes[1].id)()
        practising.submit(slow_tab, seen_before)
        slow_tab.commit()
    session.expire_all()
    assert [take.round for take in takes] == [1, 2, None]


def test_a_review_and_a_swap_at_once_cannot_both_win(
    sessions: Sessions, session: Session, cast: Cast, takes: list[Take]
) -> None:
    practising.submit(session, takes[0])
    session.commit()
    cole_id = cast.cole.id

    def review(tab: Session, take: Take) -> None:
        reviewing.comment(tab, take, tab.get_one(type(cast.cole), cole_id), reviewing.NewComment("Ask.", 0))

    outcomes = together(
        in_a_tab(sessions, review, takes[0].id), in_a_tab(sessions, practising.submit, takes[1].id)
    )
    assert [isinstance(outcome, InvalidState) for outcome in outcomes].count(True) == 1
    session.expire_all()
    is_reviewed = session.scalar(select(Review.id)) is not None
    assert takes[0].is_submitted is is_reviewed


def test_two_first_takes_at_once_share_one_pitch(
    sessions: Sessions, session: Session, cast: Cast, scenario: Scenario
) -> None:
    session.commit()

    def start() -> UUID:
        with sessions() as tab:
            presenter = practising.Presenter(user=tab.get_one(type(cast.ada), cast.ada.id))
            pitch = practising.start_pitch(tab, tab.get_one(Scenario, scenario.id), presenter)
            tab.commit()
            return pitch.id

    first, second, third = together(start, start, start)
    assert first == second == third
    assert len(session.scalars(select(Pitch)).all()) == 1


# --- presenters without account ---------------------------------------------------------------------


def test_a_guest_needs_a_name_and_a_note_how_they_agreed(
    session: Session, takes: list[Take], scenario: Scenario
) -> None:
    with pytest.raises(InvalidInput):
        practising.start_pitch(session, scenario, practising.Presenter(name="  "))
    with pytest.raises(InvalidInput):
        practising.record_consent(takes[0], "  ")
    practising.record_consent(takes[0], " By e-mail on 3 May ")
    assert takes[0].consent_note == "By e-mail on 3 May"
    assert takes[0].consent_at is not None


def test_two_guests_of_one_name_are_two_people(session: Session, scenario: Scenario) -> None:
    guest = practising.Presenter(name="Grace Hall")
    assert practising.start_pitch(session, scenario, guest) is not practising.start_pitch(
        session, scenario, guest
    )


# --- deleting ---------------------------------------------------------------------------------------


def jobs(session: Session) -> list[str]:
    return list(session.scalars(text("SELECT task_name FROM procrastinate_jobs ORDER BY id")))


def test_a_deleted_take_can_be_brought_back_for_ten_minutes(session: Session, takes: list[Take]) -> None:
    practising.submit(session, takes[0])
    practising.delete_take(session, takes[0])
    assert takes[0].is_deleted
    practising.undelete_take(session, takes[0])
    assert (takes[0].is_deleted, takes[0].round) == (False, 1)
    practising.delete_take(session, takes[0])
    with time_machine.travel(db.now() + timedelta(minutes=11)), pytest.raises(InvalidState):
        practising.undelete_take(session, takes[0])


def test_a_take_that_comes_back_leaves_the_round_to_its_successor(
    session: Session, takes: list[Take]
) -> None:
    practising.submit(session, takes[0])
    practising.delete_take(session, takes[0])
    practising.submit(session, takes[1])
    practising.undelete_take(session, takes[0])
    session.flush()
    assert [take.round for take in takes] == [None, 1, None]


def test_the_objects_of_a_deleted_take_go_only_after_the_time_to_undo(
    session: Session, takes: list[Take]
) -> None:
    practising.delete_take(session, takes[0])
    session.commit()
    (job,) = session.execute(text("SELECT task_name, scheduled_at - now() AS wait FROM procrastinate_jobs"))
    assert job.task_name == "forget_take"
    assert job.wait > timedelta(minutes=9)


def test_forgetting_takes_every_row_of_a_take_and_nothing_of_others(
    session: Session, make: Factory, cast: Cast, takes: list[Take]
) -> None:
    gone, stays = takes[0], takes[1]
    for take in (gone, stays):
        remark = make.comment(take, cast.cole)
        remark.rewrite("Ask twice.", "", None)
        make.reply(remark, cast.ada)
        make.review(take, cast.cole)
        make.collection(cast.team, cast.mona, make.exemplar(take, cast.mona))
    session.commit()
    practising.forget_take(session, gone)
    session.commit()
    for noun, left in ((Take, 2), (Recording, 2), (Comment, 2), (Review, 1), (Exemplar, 1)):
        assert len(session.scalars(select(noun)).all()) == left, noun
    assert jobs(session) == ["delete_objects"]
