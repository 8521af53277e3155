"""What is agreed to change: proposals and their answers, one focus at a time, what the next take opens on."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from pitchreview import db
from pitchreview.actions import committing, focusing, reviewing, rubrics, withdrawing
from pitchreview.actions.committing import Proposal
from pitchreview.actions.ready_rubrics import CONVERSATION
from pitchreview.errors import InvalidInput, InvalidState
from pitchreview.models import (
    Commitment,
    CommitmentState,
    Criterion,
    Focus,
    Review,
    Rubric,
    Score,
    Take,
    User,
)
from pitchreview.permissions import commitments_visible_to
from tests.conftest import Cast
from tests.factories import DURATION_MS, Factory
from tests.waiting import together

AGREED, PARKED = CommitmentState.AGREED, CommitmentState.PARKED


@pytest.fixture
def rubric(session: Session, cast: Cast) -> Rubric:
    return rubrics.use_ready(session, cast.team.id, CONVERSATION)


@pytest.fixture
def take(make: Factory, cast: Cast, rubric: Rubric) -> Take:
    take = make.take(cast.ada, make.scenario(cast.team, rubric=rubric))
    make.comment(take, cast.cole, "Too fast", instead="Wait for her.", at_ms=12_000, until_ms=15_000)
    make.session.commit()
    return take


def propose(session: Session, take: Take, by: User, *proposals: Proposal) -> list[Commitment]:
    reviewing.comment(session, take, by, reviewing.NewComment("Ask.", 0))
    review = reviewing.publish(session, take, by, "Ask first.", proposals)
    return committing.proposals_of(session, review)


def states(*commitments: Commitment) -> list[str]:
    return [each.state.value for each in commitments]


# --- proposals --------------------------------------------------------------------------------------


def test_a_proposal_takes_words_moment_and_criterion_from_a_comment(
    session: Session, make: Factory, cast: Cast, take: Take, rubric: Rubric
) -> None:
    remark = make.comment(take, cast.cole, "Fast", instead="Slow down.", criterion=rubric.criteria[1])
    (one,) = propose(session, take, cast.cole, Proposal(comment_id=remark.id, due_on=date(2030, 1, 1)))
    assert (one.words, one.at_ms, one.criterion, one.user) == (
        "Slow down.",
        12_000,
        rubric.criteria[1],
        cast.ada,
    )
    assert one.state is CommitmentState.PROPOSED


def test_a_review_proposes_two_changes_at_most(session: Session, cast: Cast, take: Take) -> None:
    with pytest.raises(InvalidInput, match="two"):
        propose(session, take, cast.cole, *(Proposal(words) for words in "abc"))


def test_a_proposal_is_seen_once_its_review_is_out_and_not_before_the_own_look(
    session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    def seen_by(person: User) -> int:
        return len(session.scalars(commitments_visible_to(person)).all())

    review = make.review(take, cast.cole, published=False)
    committing.propose(session, review, [Proposal("Wait.")])
    assert [seen_by(p) for p in (cast.ada, cast.mona, cast.cole)] == [0, 0, 1]
    review.publish("Wait.", db.now())
    take.awaits_self_assessment = True
    session.flush()
    assert [seen_by(p) for p in (cast.ada, cast.mona, cast.jonas, cast.zoe)] == [0, 1, 0, 0]
    take.awaits_self_assessment = False
    session.flush()
    assert seen_by(cast.ada) == 1


@pytest.mark.parametrize("whose", ["another take", "another reviewer", "deleted"])
def test_a_proposal_names_a_comment_of_its_own_review(
    session: Session, make: Factory, cast: Cast, take: Take, whose: str
) -> None:
    author = cast.mona if whose == "another reviewer" else cast.cole
    where = make.take(cast.ada, make.scenario(cast.team)) if whose == "another take" else take
    remark = make.comment(where, author, deleted_at=db.now() if whose == "deleted" else None)
    with pytest.raises(InvalidInput, match="not here any more"):
        propose(session, take, cast.cole, Proposal(comment_id=remark.id))


def test_who_has_no_account_is_proposed_nothing(session: Session, make: Factory, cast: Cast) -> None:
    guest = make.take("Grace Hall", make.scenario(cast.team), uploaded_by=cast.mona)
    assert propose(session, guest, cast.cole, Proposal("Wait.")) == []


# --- answers ----------------------------------------------------------------------------------------


def test_the_presenter_agrees_in_their_own_words(session: Session, cast: Cast, take: Take) -> None:
    (one,) = propose(session, take, cast.cole, Proposal("Wait."))
    committing.agree(session, one, "  Count to   three. ", date(2030, 1, 2))
    assert (one.words, one.due_on, one.state) == ("Count to three.", date(2030, 1, 2), AGREED)
    with pytest.raises(InvalidState):
        committing.agree(session, one)


def test_the_presenter_declines_with_a_word(session: Session, cast: Cast, take: Take) -> None:
    (one,) = propose(session, take, cast.cole, Proposal("Wait."))
    committing.decline(session, one, "I did wait, at 0:12.")
    assert (one.state, one.reason) == (CommitmentState.DECLINED, "I did wait, at 0:12.")
    with pytest.raises(InvalidState):
        committing.agree(session, one)


@pytest.mark.parametrize("words", ["", "  ", "a" * 301])
def test_a_commitment_says_something_but_no_novel(
    session: Session, cast: Cast, take: Take, words: str
) -> None:
    with pytest.raises(InvalidInput):
        committing.write(session, take, cast.ada, Proposal(words))


def test_an_own_commitment_names_a_moment_of_its_take(session: Session, cast: Cast, take: Take) -> None:
    with pytest.raises(InvalidInput):
        committing.write(session, take, cast.ada, Proposal("Wait.", at_ms=DURATION_MS + 1))
    assert committing.write(session, take, cast.ada, Proposal("Wait.", at_ms=DURATION_MS)).state is AGREED


# --- one thing at a time ----------------------------------------------------------------------------


def test_the_first_criterion_becomes_the_focus_and_others_are_parked(
    session: Session, cast: Cast, take: Take, rubric: Rubric
) -> None:
    opening, asking = rubric.criteria[:2]
    first = committing.write(session, take, cast.ada, Proposal("Ask.", criterion_id=asking.id))
    other = committing.write(session, take, cast.ada, Proposal("Smile.", criterion_id=opening.id))
    loose = committing.write(session, take, cast.ada, Proposal("Drink water."))
    third = committing.write(session, take, cast.ada, Proposal("Wait.", criterion_id=asking.id))
    # Two at most are worked on at once, whatever they are about.
    assert states(first, other, loose, third) == ["agreed", "parked", "agreed", "parked"]
    committing.drop(session, loose)
    assert states(first, other, third) == ["agreed", "parked", "agreed"]
    focus = focusing.focus_of(session, cast.ada.id, cast.team.id)
    assert focus is not None
    assert focus.criterion == asking


def test_the_focus_is_changed_on_purpose_and_what_was_parked_moves_up(
    session: Session, cast: Cast, take: Take, rubric: Rubric
) -> None:
    opening, asking = rubric.criteria[:2]
    first = committing.write(session, take, cast.ada, Proposal("Ask.", criterion_id=asking.id))
    other = committing.write(session, take, cast.ada, Proposal("Smile.", criterion_id=opening.id))
    focusing.change(session, cast.ada, cast.team.id, opening, by=cast.ada)
    focusing.change(session, cast.ada, cast.team.id, opening, by=cast.ada)
    assert states(first, other) == ["parked", "agreed"]
    ended = session.scalars(select(Focus).order_by(Focus.since)).all()
    assert [(each.criterion, each.is_met) for each in ended] == [(asking, False), (opening, None)]


def test_two_good_takes_in_a_row_meet_the_focus_whatever_was_agreed(
    session: Session, make: Factory, cast: Cast, take: Take, rubric: Rubric
) -> None:
    opening, asking = rubric.criteria[:2]
    first = committing.write(session, take, cast.ada, Proposal("Ask.", criterion_id=asking.id))
    other = committing.write(session, take, cast.ada, Proposal("Smile.", criterion_id=opening.id))
    for value in (1, 3, 4):
        assert states(first, other) == ["agreed", "parked"]
        judged(make, make.take(cast.ada, take.pitch.scenario), cast.cole, asking, value)
    assert states(first, other) == ["dropped", "agreed"]
    focus = focusing.focus_of(session, cast.ada.id, cast.team.id)
    assert focus is not None
    assert focus.criterion == opening


def test_without_one_of_the_good_takes_the_focus_goes_on_with_what_was_agreed(
    session: Session, make: Factory, cast: Cast, take: Take, rubric: Rubric
) -> None:
    asking = rubric.criteria[1]
    first = committing.write(session, take, cast.ada, Proposal("Ask.", criterion_id=asking.id))
    reviews = [
        judged(make, make.take(cast.ada, take.pitch.scenario), cast.cole, asking, value)
        for value in (3, 4, 1)
    ]
    (focus,) = session.scalars(select(Focus)).all()
    # What came after it was met says nothing about whether it was.
    withdrawing.withdraw(session, reviews[2], "Too quick.")
    assert (states(first), focus.is_met) == (["dropped"], True)
    withdrawing.withdraw(session, reviews[0], "Too quick.")
    assert (states(first), first.reason, focus.is_met) == (["agreed"], "", None)
    assert focusing.focus_of(session, cast.ada.id, cast.team.id) == focus


def judged(make: Factory, take: Take, by: User, criterion: Criterion, value: int) -> Review:
    review = make.review(take, by, published=False)
    review.rubric = take.pitch.scenario.rubric
    review.scores = [Score(criterion=criterion, level=criterion.levels[value - 1])]
    return reviewing.publish(make.session, take, by, "Good.")


def test_a_focus_goes_with_the_line_through_versions_of_a_rubric(
    session: Session, cast: Cast, take: Take, rubric: Rubric
) -> None:
    asking = rubric.criteria[1]
    committing.write(session, take, cast.ada, Proposal("Ask.", criterion_id=asking.id))
    newer = Rubric(team_id=cast.team.id, name="Next", version=2, criteria=[])
    newer.criteria = [type(asking)(position=0, name="Asking first", line_id=asking.line_id, levels=[])]
    session.add(newer)
    session.flush()
    again = committing.write(session, take, cast.ada, Proposal("Wait.", criterion_id=newer.criteria[0].id))
    assert again.state is AGREED


def test_two_tabs_at_the_same_moment_begin_one_focus(
    sessions: sessionmaker[Session], session: Session, cast: Cast, take: Take, rubric: Rubric
) -> None:
    session.commit()

    def commit(criterion: int) -> None:
        with sessions() as tab:
            own = Proposal("Ask.", criterion_id=rubric.criteria[criterion].id)
            committing.write(tab, tab.get_one(Take, take.id), tab.get_one(User, cast.ada.id), own)
            tab.commit()

    together(lambda: commit(0), lambda: commit(1))
    found = session.scalars(select(Commitment.state)).all()
    assert sorted(found) == [AGREED, PARKED]


# --- the next take ----------------------------------------------------------------------------------


def test_the_next_take_opens_on_what_was_agreed_before_it(
    session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    between = make.take(cast.ada, make.scenario(cast.team, "Another"))
    one = committing.write(session, take, cast.ada, Proposal("Wait."))
    later = make.take(cast.ada, take.pitch.scenario)
    of_jonas = make.take(cast.jonas, take.pitch.scenario)
    assert committing.carried_by(session, later) == [one]
    assert [committing.carried_by(session, each) for each in (take, between, of_jonas)] == [[], [], []]
    one.agreed_at = db.now() - timedelta(days=1)
    committing.drop(session, one)
    assert committing.carried_by(session, later) == []
