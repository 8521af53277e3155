"""Ask before tell: the presenter's own look, finished once, and read beside what others saw."""

import pytest
from sqlalchemy.orm import Session

from pitchreview.actions import practising, proving, reviewing, rubrics, scoring, self_assessing
from pitchreview.actions.ready_rubrics import CONVERSATION
from pitchreview.actions.self_assessing import Thought
from pitchreview.errors import InvalidInput, InvalidState
from pitchreview.models import Review, Rubric, Score, Take, User
from pitchreview.permissions import notifications_visible_to
from tests.conftest import Cast
from tests.factories import DURATION_MS, Factory

THOUGHTS = {"strength": Thought("The start", 0), "to_try": Thought("Wait."), "question": Thought("Too long?")}


@pytest.fixture
def rubric(session: Session, cast: Cast) -> Rubric:
    return rubrics.use_ready(session, cast.team.id, CONVERSATION)


@pytest.fixture
def take(make: Factory, cast: Cast, rubric: Rubric) -> Take:
    take = make.take(cast.ada, make.scenario(cast.team, rubric=rubric))
    take.awaits_self_assessment = True
    make.session.commit()
    return take


def review(make: Factory, take: Take, by: User, rubric: Rubric, *values: int) -> Review:
    review = make.review(take, by)
    review.rubric = rubric
    review.scores = [
        Score(criterion=criterion, level=criterion.levels[value - 1])
        for criterion, value in zip(rubric.criteria, values, strict=False)
    ]
    make.session.flush()
    return review


def look(session: Session, take: Take, rubric: Rubric, *values: int) -> None:
    levels = {
        criterion.id: criterion.levels[value - 1].id
        for criterion, value in zip(rubric.criteria, values, strict=True)
    }
    self_assessing.save(session, take, THOUGHTS, levels)
    self_assessing.finish(session, take)


def test_it_is_kept_as_one_goes_and_the_last_word_counts(
    session: Session, take: Take, rubric: Rubric
) -> None:
    first, second = rubric.criteria[:2]
    self_assessing.save(session, take, {"strength": Thought("The start", 0)}, {first.id: first.levels[0].id})
    self_assessing.save(session, take, THOUGHTS, {second.id: second.levels[2].id})
    session.expire_all()
    kept = self_assessing.assessment_of(session, take)
    assert kept is not None
    assert (kept.strength, kept.strength_ms, kept.question_ms) == ("The start", 0, None)
    assert [(score.criterion_id, score.level.value) for score in kept.scores] == [(second.id, 3)]


def test_it_names_a_strength_and_a_try_and_every_level(session: Session, take: Take, rubric: Rubric) -> None:
    with pytest.raises(InvalidInput, match="one strength"):
        self_assessing.finish(session, take)
    self_assessing.save(session, take, THOUGHTS, {})
    with pytest.raises(InvalidInput, match="each criterion"):
        self_assessing.finish(session, take)
    assert take.awaits_self_assessment


def test_levels_and_moments_are_of_this_take(session: Session, take: Take, rubric: Rubric) -> None:
    first, second = rubric.criteria[:2]
    with pytest.raises(InvalidInput, match="sheet"):
        self_assessing.save(session, take, {}, {first.id: second.levels[0].id})
    with pytest.raises(InvalidInput, match="moment"):
        self_assessing.save(session, take, {"strength": Thought("Late", DURATION_MS + 1)}, {})


def test_once_it_is_finished_it_stays_and_the_feedback_opens(
    session: Session, make: Factory, cast: Cast, take: Take, rubric: Rubric
) -> None:
    make.review(take, cast.cole)
    assert reviewing.reviews_of(session, take, cast.ada) == []
    look(session, take, rubric, 2, 2, 2, 2, 2)
    assert len(reviewing.reviews_of(session, take, cast.ada)) == 1
    assert [row.kind for row in session.scalars(notifications_visible_to(cast.ada))] == ["feedback_ready"]
    with pytest.raises(InvalidState):
        self_assessing.save(session, take, {}, {})
    assert proving.answers_of(session, take, cast.ada) == {}


def test_reviewers_read_it_only_after_their_own_word(
    session: Session, make: Factory, cast: Cast, take: Take, rubric: Rubric
) -> None:
    look(session, take, rubric, 2, 2, 2, 2, 2)
    make.review(take, cast.cole)
    make.review(take, cast.mona, published=False)

    def reads(person: User) -> bool:
        return self_assessing.shown_to(session, take, person) is not None

    people = (cast.ada, cast.cole, cast.mona, cast.jonas)
    assert [reads(person) for person in people] == [True, True, False, False]


def test_the_gap_is_to_the_middle_of_the_others(
    session: Session, make: Factory, cast: Cast, take: Take, rubric: Rubric
) -> None:
    look(session, take, rubric, 2, 4, 1, 1, 1)
    reviews = [review(make, take, cast.cole, rubric, 4, 2), review(make, take, cast.mona, rubric, 3, 2)]
    verdicts = scoring.verdicts_of(session, reviews)
    assessment = self_assessing.assessment_of(session, take)
    assert assessment is not None
    gaps = self_assessing.gaps_of(assessment, verdicts)
    assert [gaps[criterion.line_id].steps for criterion in rubric.criteria[:3]] == [-1.5, 2.0, None]


def test_who_takes_a_take_back_and_submits_it_again_is_not_asked_twice(
    session: Session, make: Factory, cast: Cast, take: Take, rubric: Rubric
) -> None:
    drill = make.drill(take.pitch.scenario, cast.mona)
    drill.self_assessment_first = True
    look(session, take, rubric, 2, 2, 2, 2, 2)
    practising.take_back(session, take)
    practising.submit(session, take)
    assert not take.awaits_self_assessment
    another = make.take(cast.jonas, take.pitch.scenario, submitted=False)
    practising.submit(session, another)
    assert another.awaits_self_assessment
