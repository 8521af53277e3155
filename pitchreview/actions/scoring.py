"""Levels given for the criteria of a rubric.

While a review is a draft they are a sheet; what everybody gave is read side by side afterwards.
"""

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from pitchreview.actions import drafting
from pitchreview.errors import InvalidInput, InvalidState
from pitchreview.models import Comment, Criterion, Level, Review, ReviewState, Rubric, Score, Take, User


@dataclass(frozen=True)
class Line:
    """A criterion on a reviewer's sheet."""

    criterion: Criterion
    level: Level | None
    comments: int  # the reviewer's moments of this criterion

    @property
    def wants_moment(self) -> bool:
        """A low level that nothing in the take shows yet."""
        return self.level is not None and not self.comments and self.criterion.is_low(self.level)


@dataclass(frozen=True)
class Sheet:
    rubric: Rubric
    lines: list[Line]

    @property
    def missing(self) -> list[Line]:
        return [line for line in self.lines if line.level is None]

    @property
    def unshown(self) -> list[Line]:
        return [line for line in self.lines if line.wants_moment]

    @property
    def given(self) -> int:
        return len(self.lines) - len(self.missing)


@dataclass(frozen=True)
class Given:
    """What one reviewer gave for one criterion, in a published review."""

    reviewer: User
    level: Level
    review: Review


@dataclass(frozen=True)
class Verdict:
    """All levels for one criterion, side by side."""

    criterion: Criterion
    given: list[Given]

    @property
    def median(self) -> float:
        """The middle of what was given: one stern or kind reviewer does not move it."""
        return statistics.median(each.level.value for each in self.given)

    @property
    def spread(self) -> int:
        """How many levels lie between the lowest and the highest that was given."""
        values = [each.level.value for each in self.given]
        return max(values) - min(values)

    @property
    def is_wide(self) -> bool:
        """So far apart that one more pair of eyes helps."""
        return self.spread > AGREE_WITHIN


# Neighbouring levels are agreement.
AGREE_WITHIN = 1


@dataclass(frozen=True)
class Overall:
    """All criteria together, each with its weight, on the scale of the criterion that has most levels."""

    value: float
    of: int


def is_wide_apart(session: Session, take: Take) -> bool:
    """Do published reviews differ so much on a criterion that one more pair of eyes helps?"""
    published = select(Review).where(Review.take_id == take.id, Review.state == ReviewState.PUBLISHED)
    return any(verdict.is_wide for verdict in verdicts_of(session, session.scalars(published).all()))


def overall_of(verdicts: list[Verdict]) -> Overall | None:
    """The weighted middle of one rubric's criteria; None before anybody gave a level."""
    rubric_ids = [verdict.criterion.rubric_id for verdict in verdicts]
    # Where a take was judged by two versions of a rubric, the one with most lines speaks for it.
    common = next((rubric_id for rubric_id, _ in Counter(rubric_ids).most_common(1)), None)
    counted = [verdict for verdict in verdicts if verdict.criterion.rubric_id == common]
    if not counted:
        return None
    of = max(len(verdict.criterion.levels) for verdict in counted)
    weights = sum(verdict.criterion.weight for verdict in counted)
    share = sum(_share(verdict) * verdict.criterion.weight for verdict in counted) / weights
    return Overall(round(1 + share * (of - 1), 1), of)


def _share(verdict: Verdict) -> float:
    """How far the way from the lowest level to the highest is gone."""
    return (verdict.median - 1) / max(1, len(verdict.criterion.levels) - 1)


def sheet_of(session: Session, take: Take, reviewer: User) -> Sheet | None:
    """The sheet of somebody who reviews; None where there is no rubric."""
    review = drafting.review_of(session, take, reviewer)
    rubric = _rubric(session, take, review)
    if rubric is None:
        return None
    levels = {score.criterion_id: score.level for score in review.scores} if review else {}
    counts = _comments_by_criterion(session, take, reviewer)
    lines = [Line(each, levels.get(each.id), counts.get(each.id, 0)) for each in rubric.criteria]
    return Sheet(rubric, lines)


def score(session: Session, take: Take, reviewer: User, criterion_id: UUID, level_id: UUID | None) -> None:
    """Give a level for a criterion, or take it back; it begins the review if nothing did before."""
    review = drafting.held_review(session, take, reviewer)
    if review.is_done:
        raise InvalidState("Your review is done, and its levels stay as they are.")
    rubric = _rubric(session, take, review)
    criterion = next((each for each in rubric.criteria if each.id == criterion_id), None) if rubric else None
    if criterion is None:
        raise InvalidInput("That criterion is not in the rubric of this review.", field="criterion_id")
    level = next((each for each in criterion.levels if each.id == level_id), None)
    if level is None and level_id is not None:
        raise InvalidInput("Choose one of the levels.", field="level_id")
    # A review that began before its scenario had a rubric takes it up with the first level.
    review.rubric = rubric
    review.scores = [each for each in review.scores if each.criterion_id != criterion_id]
    session.flush()
    if level is not None:
        review.scores.append(Score(criterion=criterion, level=level))
    session.flush()


def verdicts_of(session: Session, reviews: Iterable[Review]) -> list[Verdict]:
    """What published reviews gave, criterion by criterion, in the order of their rubrics."""
    ids = [review.id for review in reviews]
    scored = session.scalars(
        select(Review)
        .where(Review.id.in_(ids))
        .options(
            selectinload(Review.reviewer),
            selectinload(Review.scores).joinedload(Score.level),
            selectinload(Review.rubric).selectinload(Rubric.criteria).selectinload(Criterion.levels),
        )
        .order_by(Review.published_at)
    ).all()
    given: dict[UUID, list[Given]] = defaultdict(list)
    for review in scored:
        for each in review.scores:
            given[each.criterion_id].append(Given(review.reviewer, each.level, review))
    rubrics = {review.rubric.id: review.rubric for review in scored if review.rubric}
    criteria = [criterion for rubric in rubrics.values() for criterion in rubric.criteria]
    return [Verdict(criterion, given[criterion.id]) for criterion in criteria if given[criterion.id]]


def _rubric(session: Session, take: Take, review: Review | None) -> Rubric | None:
    """The one the review began with, else the scenario's; with all its levels."""
    own = review and review.rubric_id
    rubric_id = own or take.rubric_id
    if rubric_id is None:
        return None
    whole = selectinload(Rubric.criteria).selectinload(Criterion.levels)
    return session.scalar(select(Rubric).where(Rubric.id == rubric_id).options(whole))


def _comments_by_criterion(session: Session, take: Take, author: User) -> dict[UUID, int]:
    rows = session.execute(
        select(Comment.criterion_id, func.count())
        .where(
            Comment.take_id == take.id,
            Comment.author_id == author.id,
            Comment.criterion_id.is_not(None),
            Comment.deleted_at.is_(None),
            ~Comment.is_private,
        )
        .group_by(Comment.criterion_id)
    )
    return {criterion_id: number for criterion_id, number in rows if criterion_id is not None}
