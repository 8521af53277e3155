"""Several reviewers as one, the middle and how far apart; disputes about levels, comments that hurt."""

import pytest
from sqlalchemy.orm import Session

from pitchreview.actions import disputing, flagging, reviewing, rubrics, scoring, withdrawing
from pitchreview.actions.ready_rubrics import CONVERSATION
from pitchreview.errors import InvalidInput, InvalidState
from pitchreview.models import (
    Criterion,
    Level,
    NotificationKind,
    Review,
    Role,
    Rubric,
    Score,
    Take,
    User,
)
from pitchreview.permissions import Act, disputes_visible_to, flags_visible_to, may, notifications_visible_to
from tests.conftest import Cast
from tests.factories import Factory


@pytest.fixture
def rubric(session: Session, cast: Cast) -> Rubric:
    return rubrics.use_ready(session, cast.team.id, CONVERSATION)


@pytest.fixture
def take(make: Factory, cast: Cast, rubric: Rubric) -> Take:
    take = make.take(cast.ada, make.scenario(cast.team, rubric=rubric))
    make.session.commit()
    return take


def give(make: Factory, take: Take, by: User, rubric: Rubric, *values: int) -> Review:
    review = make.review(take, by)
    review.rubric = rubric
    review.scores = [
        Score(criterion=criterion, level=criterion.levels[value - 1])
        for criterion, value in zip(rubric.criteria, values, strict=False)
    ]
    make.session.flush()
    return review


def told(session: Session, user: User) -> list[NotificationKind]:
    return [row.kind for row in session.scalars(notifications_visible_to(user))]


def test_the_middle_counts_and_how_far_apart_it_lies(
    session: Session, make: Factory, cast: Cast, take: Take, rubric: Rubric
) -> None:
    lead = make.user("Lena Fischer", cast.team, Role.COACH)
    reviews = [
        give(make, take, by, rubric, *values)
        for by, values in ((cast.cole, (4, 3)), (cast.mona, (3, 4)), (lead, (1,)))
    ]
    first, second = scoring.verdicts_of(session, reviews)
    assert (first.median, first.spread, first.is_wide) == (3, 3, True)
    assert (second.median, second.spread, second.is_wide) == (3.5, 1, False)
    assert len(second.given) == 2


def test_everything_together_weighs_criteria_and_reaches_from_lowest_to_highest(
    session: Session, make: Factory, cast: Cast
) -> None:
    short = Criterion(position=0, name="Short", weight=3, levels=levels(3))
    long = Criterion(position=1, name="Long", weight=1, levels=levels(5))
    rubric = Rubric(team_id=cast.team.id, name="Uneven", criteria=[short, long])
    session.add(rubric)
    take = make.take(cast.ada, make.scenario(cast.team, rubric=rubric))
    review = give(make, take, cast.cole, rubric, 3, 1)
    overall = scoring.overall_of(scoring.verdicts_of(session, [review]))
    # Three quarters of the way from 1 to 5.
    assert overall == scoring.Overall(4.0, 5)
    assert scoring.overall_of([]) is None


def levels(number: int) -> list[Level]:
    return [Level(value=value, name=str(value)) for value in range(1, number + 1)]


def test_a_review_that_was_taken_back_counts_nowhere(
    session: Session, make: Factory, cast: Cast, take: Take, rubric: Rubric
) -> None:
    give(make, take, cast.mona, rubric, 4)
    withdrawing.withdraw(session, give(make, take, cast.cole, rubric, 1), "Too quick.")
    published = [r for r in reviewing.reviews_of(session, take, cast.ada) if r.is_published]
    (verdict,) = scoring.verdicts_of(session, published)
    assert (verdict.median, len(verdict.given)) == (4, 1)


# --- disputes ---------------------------------------------------------------------------------------


def test_a_level_is_looked_at_again_and_what_it_was_is_kept(
    session: Session, make: Factory, cast: Cast, take: Take, rubric: Rubric
) -> None:
    review, criterion = give(make, take, cast.cole, rubric, 1, 2), rubric.criteria[0]
    raised = disputing.dispute(session, review, criterion.id, cast.ada, "At 0:12 I do ask.")
    assert told(session, cast.cole) == [NotificationKind.DISPUTED]
    with pytest.raises(InvalidState):
        disputing.dispute(session, review, criterion.id, cast.ada, "Really.")
    disputing.answer(session, raised, cast.cole, criterion.levels[2].id, "You do; I had missed it.")
    assert (raised.was_level, scoring.verdicts_of(session, [review])[0].median) == (criterion.levels[0], 3)
    assert told(session, cast.ada) == [NotificationKind.DISPUTE_ANSWERED]
    with pytest.raises(InvalidState):
        disputing.answer(session, raised, cast.mona, None, "It stays.")


def test_a_manager_may_answer_and_nobody_else(
    session: Session, make: Factory, cast: Cast, take: Take, rubric: Rubric
) -> None:
    review, criterion = give(make, take, cast.cole, rubric, 1), rubric.criteria[0]
    raised = disputing.dispute(session, review, criterion.id, cast.ada, "At 0:12 I do ask.")
    people = (cast.ada, cast.jonas, cast.cole, cast.mona, cast.zoe)
    assert [may(person, Act.ANSWER_DISPUTE, raised) for person in people] == [False, False, True, True, False]
    seen = [bool(session.scalars(disputes_visible_to(person)).all()) for person in people]
    assert seen == [True, False, True, True, False]
    disputing.answer(session, raised, cast.mona, None, "The level describes it.")
    assert raised.was_level is None


def test_only_a_level_that_was_given_is_disputed_and_with_a_reason(
    session: Session, make: Factory, cast: Cast, take: Take, rubric: Rubric
) -> None:
    review = give(make, take, cast.cole, rubric, 1)
    with pytest.raises(InvalidInput):
        disputing.dispute(session, review, rubric.criteria[0].id, cast.ada, "  ")
    with pytest.raises(InvalidInput):
        disputing.dispute(session, review, rubric.criteria[1].id, cast.ada, "Why?")
    withdrawing.withdraw(session, review, "Too quick.")
    with pytest.raises(InvalidState):
        disputing.dispute(session, review, rubric.criteria[0].id, cast.ada, "Why?")


# --- comments that hurt -----------------------------------------------------------------------------


def test_managers_hear_of_a_comment_that_hurts_and_its_author_does_not(
    session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    remark = make.comment(take, cast.cole, "As always.")
    raised = flagging.flag(session, remark, cast.ada, "This is not about the take.")
    assert flagging.flag(session, remark, cast.ada, "Again.") is raised
    assert (told(session, cast.mona), told(session, cast.cole)) == ([NotificationKind.FLAGGED], [])
    seen = [
        len(session.scalars(flags_visible_to(p)).all()) for p in (cast.mona, cast.cole, cast.ada, cast.zoe)
    ]
    assert seen == [1, 0, 0, 0]
    flagging.settle(session, raised, cast.mona, hides=False, words="We talked.")
    assert not remark.is_deleted
    assert told(session, cast.ada) == [NotificationKind.FLAG_SETTLED]


def test_a_comment_that_was_taken_away_is_not_brought_back_by_its_author(
    session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    remark = make.comment(take, cast.cole, "As always.")
    flagging.settle(
        session, flagging.flag(session, remark, cast.ada, ""), cast.mona, hides=True, words="Not here."
    )
    assert remark.is_deleted
    with pytest.raises(InvalidState, match="manager"):
        reviewing.undelete_comment(session, remark)


def test_the_only_manager_does_not_judge_themselves(
    session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    remark = make.comment(take, cast.mona, "As always.")
    with pytest.raises(InvalidState, match="only manager"):
        flagging.flag(session, remark, cast.ada, "")
    make.user("Lena Fischer", cast.team, Role.MANAGER)
    flagging.flag(session, remark, cast.ada, "")
    assert session.scalars(flags_visible_to(cast.mona)).all() == []
