"""Rubrics to choose from, the levels that a review gives, and short answers to its comments."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from pitchreview import db
from pitchreview.actions import (
    practising,
    queueing,
    reacting,
    reviewing,
    rubrics,
    scoring,
    self_assessing,
)
from pitchreview.actions.ready_rubrics import CONVERSATION, LEVELS, ONE_MINUTE, READY_RUBRICS
from pitchreview.actions.reviewing import NewComment
from pitchreview.actions.self_assessing import Thought
from pitchreview.errors import InvalidInput, InvalidState, NotAllowed
from pitchreview.models import Criterion, ReactionKind, Request, Rubric, Take
from tests.conftest import Cast
from tests.factories import Factory
from tests.waiting import together


@pytest.fixture
def rubric(session: Session, cast: Cast) -> Rubric:
    return rubrics.use_ready(session, cast.team.id, CONVERSATION)


@pytest.fixture
def take(session: Session, make: Factory, cast: Cast, rubric: Rubric) -> Take:
    take = make.take(cast.ada, make.scenario(cast.team, rubric=rubric))
    session.commit()
    return take


def give(session: Session, take: Take, who: object, criterion: Criterion, value: int | None) -> None:
    level = None if value is None else criterion.levels[value - 1].id
    scoring.score(session, take, who, criterion.id, level)  # type: ignore[arg-type]


# --- the yardstick ----------------------------------------------------------------------------------


@pytest.mark.parametrize("ready", READY_RUBRICS, ids=lambda ready: ready.key)
def test_every_level_of_a_ready_rubric_says_what_it_looks_like(ready: rubrics.ReadyRubric) -> None:
    assert 4 <= len(ready.criteria) <= 6
    for criterion in ready.criteria:
        assert criterion.about.endswith("?")
        assert len(set(criterion.anchors)) == len(LEVELS) == 4


def test_a_ready_rubric_is_made_once_for_a_team_when_it_is_first_chosen(session: Session, cast: Cast) -> None:
    offered = [choice.value for choice in rubrics.choices(session, cast.team.id)]
    assert offered == [CONVERSATION.key, ONE_MINUTE.key]
    made = rubrics.chosen(session, cast.team.id, ONE_MINUTE.key)
    assert made is not None
    assert [criterion.name for criterion in made.criteria] == [each.name for each in ONE_MINUTE.criteria]
    assert rubrics.chosen(session, cast.team.id, ONE_MINUTE.key) is made
    assert rubrics.chosen(session, cast.team.id, str(made.id)) is made
    assert [choice.value for choice in rubrics.choices(session, cast.team.id)] == [
        str(made.id),
        CONVERSATION.key,
    ]


def test_two_managers_who_choose_it_at_once_get_the_same(
    sessions: sessionmaker[Session], session: Session, cast: Cast
) -> None:
    session.commit()

    def choose() -> object:
        with sessions() as tab:
            made = rubrics.use_ready(tab, cast.team.id, CONVERSATION)
            tab.commit()
            return made.id

    assert len(set(together(choose, choose))) == 1
    assert len(session.scalars(select(Rubric)).all()) == 1


def test_a_rubric_of_another_team_cannot_be_chosen(session: Session, cast: Cast, rubric: Rubric) -> None:
    with pytest.raises(InvalidInput):
        rubrics.chosen(session, cast.other_team.id, str(rubric.id))
    with pytest.raises(InvalidInput):
        rubrics.chosen(session, cast.team.id, "nonsense")


def test_a_review_keeps_the_rubric_it_began_with(session: Session, cast: Cast, take: Take) -> None:
    reviewing.comment(session, take, cast.cole, NewComment("Ask.", 0))
    take.pitch.scenario.rubric = rubrics.use_ready(session, cast.team.id, ONE_MINUTE)
    session.flush()
    for reviewer, name in ((cast.cole, CONVERSATION.name), (cast.mona, ONE_MINUTE.name)):
        sheet = scoring.sheet_of(session, take, reviewer)
        assert sheet is not None
        assert sheet.rubric.name == name


# --- levels -----------------------------------------------------------------------------------------


def test_a_level_is_given_changed_and_taken_back(
    session: Session, cast: Cast, take: Take, rubric: Rubric
) -> None:
    first = rubric.criteria[0]
    for value in (1, 4, None, 2):
        give(session, take, cast.cole, first, value)
        sheet = scoring.sheet_of(session, take, cast.cole)
        assert sheet is not None
        assert (sheet.lines[0].level and sheet.lines[0].level.value) == value
    assert (sheet.given, len(sheet.missing)) == (1, len(rubric.criteria) - 1)


def test_a_low_level_wants_a_moment_that_shows_it(
    session: Session, cast: Cast, take: Take, rubric: Rubric
) -> None:
    low, high = rubric.criteria[0], rubric.criteria[1]
    give(session, take, cast.cole, low, 2)
    give(session, take, cast.cole, high, 3)
    sheet = scoring.sheet_of(session, take, cast.cole)
    assert sheet is not None
    assert [line.criterion for line in sheet.unshown] == [low]
    reviewing.comment(session, take, cast.cole, NewComment("Here.", 0)).criterion = low
    session.flush()
    sheet = scoring.sheet_of(session, take, cast.cole)
    assert sheet is not None
    assert (sheet.unshown, sheet.lines[0].comments) == ([], 1)


def test_levels_freeze_when_the_review_is_published(
    session: Session, cast: Cast, take: Take, rubric: Rubric
) -> None:
    give(session, take, cast.cole, rubric.criteria[0], 3)
    reviewing.publish(session, take, cast.cole, "Ask first.")
    with pytest.raises(InvalidState):
        give(session, take, cast.cole, rubric.criteria[0], 4)


def test_a_level_belongs_to_its_criterion_and_its_criterion_to_the_rubric(
    session: Session, cast: Cast, take: Take, rubric: Rubric
) -> None:
    other = rubrics.use_ready(session, cast.team.id, ONE_MINUTE).criteria[0]
    with pytest.raises(InvalidInput):
        scoring.score(session, take, cast.cole, other.id, other.levels[0].id)
    with pytest.raises(InvalidInput):
        scoring.score(session, take, cast.cole, rubric.criteria[0].id, rubric.criteria[1].levels[0].id)


def test_published_levels_stand_side_by_side_and_drafts_do_not(
    session: Session, cast: Cast, take: Take, rubric: Rubric
) -> None:
    for reviewer, value in ((cast.cole, 2), (cast.mona, 4)):
        give(session, take, reviewer, rubric.criteria[0], value)
    reviewing.publish(session, take, cast.cole, "Ask first.")
    verdicts = scoring.verdicts_of(session, reviewing.reviews_of(session, take, cast.ada))
    assert [[given.level.value for given in verdict.given] for verdict in verdicts] == [[2]]
    reviewing.publish(session, take, cast.mona, "Go on.")
    (verdict,) = scoring.verdicts_of(session, reviewing.reviews_of(session, take, cast.ada))
    assert [(given.reviewer, given.level.value) for given in verdict.given] == [
        (cast.cole, 2),
        (cast.mona, 4),
    ]


# --- looking at one's own take first ----------------------------------------------------------------


def test_a_drill_can_ask_presenters_to_look_first(session: Session, make: Factory, cast: Cast) -> None:
    scenario = make.scenario(cast.team)
    drill = make.drill(scenario, cast.mona)
    drill.self_assessment_first = True
    take = make.take(cast.ada, scenario, submitted=False)
    practising.submit(session, take)
    review = make.review(take, cast.cole)
    assert reviewing.reviews_of(session, take, cast.ada) == []
    assert reviewing.reviews_of(session, take, cast.mona) == [review]
    thoughts = {"strength": Thought("I asked first."), "to_try": Thought("Wait longer.")}
    self_assessing.save(session, take, thoughts, {})
    self_assessing.finish(session, take)
    assert reviewing.reviews_of(session, take, cast.ada) == [review]

    drill.closed_at = db.now()
    later = make.take(cast.jonas, scenario, submitted=False)
    practising.submit(session, later)
    assert not later.awaits_self_assessment


# --- who waits --------------------------------------------------------------------------------------


def ask(session: Session, take: Take, whom: object, days: int | None = None) -> Request:
    due_at = None if days is None else db.now() + timedelta(days=days)
    request = Request(take=take, asked_by_id=take.pitch.presenter_id, asked=whom, due_at=due_at)
    session.add(request)
    session.flush()
    return request


def test_what_somebody_was_asked_about_comes_first_by_its_date(
    session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    undated, soon, late = (make.take(cast.ada, make.scenario(cast.team)) for _ in range(3))
    ask(session, undated, cast.cole)
    ask(session, late, cast.cole, days=5)
    ask(session, soon, cast.cole, days=1)
    queue = queueing.waiting_for(session, cast.cole, cast.team.id)
    assert queue == [soon, late, undated, take]
    asked = queueing.asked_about(session, cast.cole, queue)
    assert set(asked) == {soon.id, late.id, undated.id}


def test_a_rep_who_is_asked_finds_it_until_it_is_answered(session: Session, cast: Cast, take: Take) -> None:
    assert queueing.waiting_for(session, cast.jonas, cast.team.id) == []
    request = ask(session, take, cast.jonas)
    assert queueing.waiting_for(session, cast.jonas, cast.team.id) == [take]
    request.answered_at = db.now()
    session.flush()
    assert queueing.waiting_for(session, cast.jonas, cast.team.id) == []


# --- short answers ----------------------------------------------------------------------------------


def said(session: Session, remark: object) -> list[tuple[ReactionKind, str]]:
    session.refresh(remark, ["reactions"])
    return [(each.kind, each.reason) for each in remark.reactions]  # type: ignore[attr-defined]


def test_what_helped_is_said_with_a_reason_and_taken_back(
    session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    remark = make.comment(take, cast.cole)
    reacting.react(session, remark, cast.ada, ReactionKind.HELPFUL)
    reacting.react(session, remark, cast.ada, ReactionKind.HELPFUL, " I will \n use it ")
    assert said(session, remark) == [(ReactionKind.HELPFUL, "I will use it")]
    reacting.react(session, remark, cast.ada, ReactionKind.HELPFUL)
    assert said(session, remark) == []


def test_nobody_answers_themselves_and_only_the_presenter_says_that_it_helped(
    session: Session, make: Factory, cast: Cast, take: Take
) -> None:
    remark = make.comment(take, cast.cole)
    with pytest.raises(NotAllowed):
        reacting.react(session, remark, cast.cole, ReactionKind.THANKS)
    with pytest.raises(NotAllowed):
        reacting.react(session, remark, cast.mona, ReactionKind.HELPFUL)
    reacting.react(session, remark, cast.mona, ReactionKind.AGREE)
    assert said(session, remark) == [(ReactionKind.AGREE, "")]
    remark.deleted_at = db.now()
    with pytest.raises(InvalidState):
        reacting.react(session, remark, cast.mona, ReactionKind.AGREE)
