"""Whether what was agreed is seen in a later take, and what a review that is taken back leaves behind."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from pitchreview.actions import (
    committing,
    focusing,
    practising,
    proving,
    reading,
    reviewing,
    rubrics,
    telling,
    withdrawing,
)
from pitchreview.actions.committing import Proposal
from pitchreview.actions.proving import Answer
from pitchreview.actions.ready_rubrics import CONVERSATION
from pitchreview.errors import InvalidInput, InvalidState
from pitchreview.models import (
    Commitment,
    CommitmentState,
    Criterion,
    Focus,
    NotificationKind,
    Proof,
    Review,
    Take,
    User,
    Verdict,
)
from pitchreview.permissions import notifications_visible_to, proofs_visible_to
from tests.conftest import Cast
from tests.factories import DURATION_MS, Factory

FIXED, CLOSER, NOT_YET = Verdict.FIXED, Verdict.CLOSER, Verdict.NOT_YET


@pytest.fixture
def before(make: Factory, cast: Cast) -> Take:
    rubric = rubrics.use_ready(make.session, cast.team.id, CONVERSATION)
    return make.take(cast.ada, make.scenario(cast.team, rubric=rubric))


@pytest.fixture
def opening(before: Take) -> Criterion:
    """What Ada did not agree to work on."""
    rubric = before.pitch.scenario.rubric
    assert rubric is not None
    return rubric.criteria[0]


@pytest.fixture
def agreed(session: Session, cast: Cast, before: Take) -> Commitment:
    asking = before.pitch.scenario.rubric.criteria[1]  # type: ignore[union-attr]
    own = Proposal("Wait after the question.", criterion_id=asking.id, at_ms=12_000)
    return committing.write(session, before, cast.ada, own)


@pytest.fixture
def after(make: Factory, cast: Cast, before: Take, agreed: Commitment) -> Take:
    take = make.take(cast.ada, before.pitch.scenario)
    make.session.commit()
    return take


def publish(session: Session, take: Take, by: User, commitment: Commitment, verdict: Verdict) -> None:
    proving.answer(session, take, by, commitment, Answer(verdict, 3000))
    reviewing.comment(session, take, by, reviewing.NewComment("Good.", 0))
    reviewing.publish(session, take, by, "Go on.")


def told(session: Session, user: User) -> list[NotificationKind]:
    return [row.kind for row in session.scalars(notifications_visible_to(user))]


def test_an_answer_is_its_reviewers_alone_until_the_review_is_out(
    session: Session, cast: Cast, agreed: Commitment, after: Take
) -> None:
    def seen_by(*people: User) -> list[int]:
        return [len(session.scalars(proofs_visible_to(person)).all()) for person in people]

    everybody = (cast.cole, cast.ada, cast.mona, cast.jonas, cast.zoe)
    proving.answer(session, after, cast.cole, agreed, Answer(CLOSER, 3000, "Twice."))
    assert seen_by(*everybody) == [1, 0, 0, 0, 0]
    publish(session, after, cast.cole, agreed, FIXED)
    assert seen_by(*everybody) == [1, 1, 1, 0, 0]
    assert agreed.state is CommitmentState.FIXED
    assert NotificationKind.PROVED in told(session, cast.ada)
    with pytest.raises(InvalidState):
        proving.answer(session, after, cast.cole, agreed, None)


@pytest.mark.parametrize("verdict", [CLOSER, NOT_YET])
def test_what_is_not_fixed_is_carried_on(
    session: Session, make: Factory, cast: Cast, agreed: Commitment, after: Take, verdict: Verdict
) -> None:
    publish(session, after, cast.cole, agreed, verdict)
    assert agreed.state is CommitmentState.AGREED
    third = make.take(cast.ada, after.pitch.scenario)
    assert committing.carried_by(session, third) == [agreed]


def test_one_who_sees_it_fixed_closes_it_and_the_focus_is_met(
    session: Session, cast: Cast, agreed: Commitment, after: Take
) -> None:
    publish(session, after, cast.mona, agreed, NOT_YET)
    publish(session, after, cast.cole, agreed, FIXED)
    assert agreed.state is CommitmentState.FIXED
    assert focusing.focus_of(session, cast.ada.id, cast.team.id) is None
    assert [answer.judged_by for answer in proving.answers_of(session, after, cast.ada)[agreed.id]] == [
        cast.mona,
        cast.cole,
    ]


def test_an_answer_can_be_changed_and_taken_back_before(
    session: Session, cast: Cast, agreed: Commitment, after: Take
) -> None:
    for said in (Answer(FIXED, 1000), Answer(CLOSER, 2000)):
        proving.answer(session, after, cast.cole, agreed, said)
    assert [(p.verdict, p.at_ms) for p in session.scalars(select(Proof))] == [(CLOSER, 2000)]
    proving.answer(session, after, cast.cole, agreed, None)
    assert session.scalars(select(Proof)).all() == []


def test_an_answer_is_about_what_was_agreed_before_and_a_moment_of_the_take(
    session: Session, cast: Cast, before: Take, agreed: Commitment, after: Take
) -> None:
    with pytest.raises(InvalidInput):
        proving.answer(session, after, cast.cole, agreed, Answer(FIXED, DURATION_MS + 1))
    with pytest.raises(InvalidInput):
        proving.answer(session, before, cast.cole, agreed, Answer(FIXED, 1000))


def test_nothing_takes_effect_before_the_own_look(
    session: Session, cast: Cast, agreed: Commitment, after: Take
) -> None:
    after.awaits_self_assessment = True
    publish(session, after, cast.cole, agreed, FIXED)
    assert agreed.state is CommitmentState.AGREED
    assert told(session, cast.ada) == []
    assert proving.answers_of(session, after, cast.ada) == {}


def test_the_fix_rate_counts_what_was_looked_at(
    session: Session, make: Factory, cast: Cast, before: Take, agreed: Commitment, after: Take
) -> None:
    asking = agreed.criterion
    assert asking is not None
    unseen = committing.write(session, before, cast.ada, Proposal("Smile."))
    second = committing.write(session, before, cast.ada, Proposal("Ask.", criterion_id=asking.id))
    third = make.take(cast.ada, after.pitch.scenario)
    publish(session, after, cast.cole, agreed, FIXED)
    committing.drop(session, unseen)
    publish(session, third, cast.cole, second, CLOSER)
    (rate,) = proving.fix_rate(session, cast.team.id)
    assert (rate.name, rate.fixed, rate.judged, rate.percent) == (asking.name, 1, 2, 50)
    assert proving.fix_rate(session, cast.team.id, cast.jonas.id) == []
    assert proving.fix_rate(session, cast.other_team.id) == []


# --- taking a review back ---------------------------------------------------------------------------


def test_a_review_that_is_taken_back_leaves_no_word_but_its_trace(
    session: Session, cast: Cast, agreed: Commitment, after: Take
) -> None:
    remark = reviewing.comment(session, after, cast.cole, reviewing.NewComment("Fast.", 0))
    proving.answer(session, after, cast.cole, agreed, Answer(FIXED, 3000))
    review = reviewing.publish(session, after, cast.cole, "Go on.", [Proposal("Smile."), Proposal("Pause.")])
    reviewing.reply(session, remark, cast.ada, "I will.", None)
    taken_on, _ = committing.proposals_of(session, review)
    committing.agree(session, taken_on)
    session.commit()
    withdrawing.withdraw(session, review, "I had mixed up two takes.")
    session.commit()
    assert reading.threads_of(session, after, cast.ada) == []
    assert [c.words for c in committing.of_person(session, cast.ada, cast.team.id, cast.ada)] == [
        "Smile.",
        "Wait after the question.",
    ]
    assert agreed.state is CommitmentState.AGREED
    assert [r.withdrawal_reason for r in reviewing.reviews_of(session, after, cast.ada)] == [
        "I had mixed up two takes."
    ]
    assert told(session, cast.ada) == [NotificationKind.REVIEW_WITHDRAWN]
    with pytest.raises(InvalidState):
        withdrawing.withdraw(session, review, "Again.")


def test_it_is_begun_again_with_everything_in_it(
    session: Session, cast: Cast, agreed: Commitment, after: Take
) -> None:
    remark = reviewing.comment(session, after, cast.cole, reviewing.NewComment("Fast.", 0))
    proving.answer(session, after, cast.cole, agreed, Answer(FIXED, 3000))
    review = reviewing.publish(session, after, cast.cole, "Go on.", [Proposal("Smile.")])
    answer = reviewing.reply(session, remark, cast.ada, "I will.", None)
    withdrawing.withdraw(session, review, "I had mixed up two takes.")
    withdrawing.begin_again(session, review)
    reviewing.publish(session, after, cast.cole, "Go on, slowly.", [Proposal("Smile more.")])
    assert remark.is_published
    assert answer.is_published
    assert [each.words for each in committing.proposals_of(session, review)] == ["Smile more."]
    assert agreed.state is CommitmentState.FIXED


def test_what_another_reviewer_proved_stays_proved(
    session: Session, cast: Cast, agreed: Commitment, after: Take
) -> None:
    publish(session, after, cast.mona, agreed, FIXED)
    publish(session, after, cast.cole, agreed, FIXED)
    (review,) = (r for r in reviewing.reviews_of(session, after, cast.cole) if r.reviewer == cast.cole)
    withdrawing.withdraw(session, review, "Too quick.")
    assert agreed.state is CommitmentState.FIXED


def test_who_goes_on_with_a_review_that_was_taken_back_begins_it_again(
    session: Session, cast: Cast, after: Take
) -> None:
    reviewing.comment(session, after, cast.cole, reviewing.NewComment("Fast.", 0))
    review = reviewing.publish(session, after, cast.cole, "Go on.")
    withdrawing.withdraw(session, review, "Too quick.")
    again = reviewing.comment(session, after, cast.cole, reviewing.NewComment("And loud.", 0))
    assert not again.is_published
    assert reviewing.publish(session, after, cast.cole, "Slower.").is_published


@pytest.fixture
def met(session: Session, cast: Cast, agreed: Commitment, after: Take) -> Review:
    """Cole saw it fixed, and the focus is met."""
    publish(session, after, cast.cole, agreed, FIXED)
    (review,) = reviewing.reviews_of(session, after, cast.cole)
    return review


def focus_of_ada(session: Session, cast: Cast) -> Focus | None:
    return focusing.focus_of(session, cast.ada.id, cast.team.id)


def test_the_focus_that_a_review_had_met_goes_on_without_it(
    session: Session, cast: Cast, agreed: Commitment, met: Review
) -> None:
    (focus,) = session.scalars(select(Focus)).all()
    since = focus.since
    assert (focus.is_met, focus_of_ada(session, cast)) == (True, None)
    withdrawing.withdraw(session, met, "Too quick.")
    assert session.scalars(select(Focus)).all() == [focus]
    assert (focus.is_met, focus.ended_at, focus.since) == (None, None, since)
    assert agreed.state is CommitmentState.AGREED
    withdrawing.begin_again(session, met)
    reviewing.publish(session, met.take, cast.cole, "Go on.")
    assert (focus.is_met, focus_of_ada(session, cast)) == (True, None)


def test_what_is_worked_on_by_now_stays_though_the_focus_before_it_was_not_met(
    session: Session, cast: Cast, before: Take, opening: Criterion, agreed: Commitment, met: Review
) -> None:
    other = committing.write(session, before, cast.ada, Proposal("Smile.", criterion_id=opening.id))
    withdrawing.withdraw(session, met, "Too quick.")
    now = focus_of_ada(session, cast)
    assert now is not None and now.criterion == opening
    assert (other.state, agreed.state) == (CommitmentState.AGREED, CommitmentState.PARKED)
    first = session.scalars(select(Focus).order_by(Focus.since)).first()
    assert first is not None and first.is_met is False


def test_a_focus_that_a_coach_ended_stays_ended(
    session: Session, cast: Cast, before: Take, opening: Criterion, agreed: Commitment, after: Take
) -> None:
    proving.answer(session, after, cast.cole, agreed, Answer(FIXED, 3000))
    focusing.change(session, cast.ada, cast.team.id, opening, by=cast.cole)
    reviewing.comment(session, after, cast.cole, reviewing.NewComment("Good.", 0))
    review = reviewing.publish(session, after, cast.cole, "Go on.")
    assert agreed.state is CommitmentState.FIXED
    withdrawing.withdraw(session, review, "Too quick.")
    now = focus_of_ada(session, cast)
    assert now is not None and (now.criterion, now.set_by) == (opening, cast.cole)
    first = session.scalars(select(Focus).order_by(Focus.since)).first()
    assert first is not None and first.ended_at is not None and first.is_met is False
    assert agreed.state is CommitmentState.PARKED


def test_a_focus_that_another_reviewer_saw_met_stays_met(
    session: Session, cast: Cast, agreed: Commitment, after: Take
) -> None:
    publish(session, after, cast.mona, agreed, FIXED)
    publish(session, after, cast.cole, agreed, FIXED)
    for review in reviewing.reviews_of(session, after, cast.mona):
        assert focus_of_ada(session, cast) is None
        withdrawing.withdraw(session, review, "Too quick.")
    assert focus_of_ada(session, cast) is not None, "nobody says so any more"


def test_after_feedback_that_was_taken_back_the_next_round_opens(
    session: Session, make: Factory, cast: Cast, after: Take
) -> None:
    reviewing.comment(session, after, cast.cole, reviewing.NewComment("Fast.", 0))
    withdrawing.withdraw(session, reviewing.publish(session, after, cast.cole, "Go on."), "Too quick.")
    third = make.take(cast.ada, after.pitch.scenario, submitted=False)
    practising.submit(session, third)
    assert (after.round, third.round) == (2, 3)


def test_a_notification_of_it_says_why(session: Session, cast: Cast, after: Take) -> None:
    reviewing.comment(session, after, cast.cole, reviewing.NewComment("Fast.", 0))
    review = reviewing.publish(session, after, cast.cole, "Go on.")
    withdrawing.withdraw(session, review, "Too quick.")
    found = telling.told(session, cast.ada, start=0, most=5)
    assert list(telling.words_of(session, found).values()) == ["Too quick."]
