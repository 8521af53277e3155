"""The results of a drill as a table: who submitted, when, and what reviewers and they themselves gave."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, contains_eager

from pitchreview import db
from pitchreview.actions import drilling
from pitchreview.models import (
    Criterion,
    Drill,
    Level,
    Pitch,
    Review,
    ReviewState,
    Score,
    SelfAssessment,
    SelfScore,
    Take,
    User,
)


@dataclass(frozen=True)
class Cell:
    """A criterion of one take."""

    level: float | None  # the median of the reviewers
    spread: int  # highest minus lowest
    own: int | None  # what the presenter gave, where they assessed themselves


@dataclass(frozen=True)
class Result:
    person: User
    due_at: datetime
    take: Take | None
    reviewers: int
    cells: list[Cell]  # one for each criterion of the table
    overall: float | None  # the mean of the levels by weight, in levels

    @property
    def submitted_at(self) -> datetime | None:
        return self.take.submitted_at if self.take else None

    @property
    def is_missing(self) -> bool:
        """Nothing is submitted, and its date is over."""
        return self.take is None and self.due_at <= db.now()

    @property
    def is_late(self) -> bool:
        return self.submitted_at is not None and self.submitted_at > self.due_at


@dataclass(frozen=True)
class Results:
    drill: Drill
    criteria: list[Criterion]
    rows: list[Result]

    @property
    def submitted(self) -> list[Result]:
        return [row for row in self.rows if row.take]


def results_of(session: Session, drill: Drill) -> Results:
    """People with their newest take for the drill; who did it without being asked to stands there, too."""
    takes = _newest_takes(session, drill)
    people = drilling.people_of(session, drill)
    known = {person.id for person in people}
    others = [take.pitch.presenter for key, take in takes.items() if key not in known]
    criteria = list(drill.rubric.criteria) if drill.rubric else []
    given, own = _given(session, drill), _own(session, drill)
    rows = [
        _result(drill, person, takes.get(person.id), criteria, given, own)
        for person in [*people, *(person for person in others if person)]
    ]
    return Results(drill, criteria, rows)


def _newest_takes(session: Session, drill: Drill) -> dict[UUID, Take]:
    """By presenter: the newest that they submitted for it."""
    query = (
        select(Take)
        .join(Take.pitch)
        .where(
            Take.drill_id == drill.id,
            Take.submitted_at.is_not(None),
            Take.deleted_at.is_(None),
            Pitch.presenter_id.is_not(None),
        )
        .ext(distinct_on(Pitch.presenter_id))
        .order_by(Pitch.presenter_id, Take.submitted_at.desc())
        .options(contains_eager(Take.pitch).joinedload(Pitch.presenter))
    )
    return {take.pitch.presenter_id: take for take in session.scalars(query) if take.pitch.presenter_id}


def _result(
    drill: Drill,
    person: User,
    take: Take | None,
    criteria: list[Criterion],
    given: dict[UUID, dict[UUID, dict[UUID, int]]],
    own: dict[UUID, dict[UUID, int]],
) -> Result:
    # take -> review -> line of the rubric -> level
    reviews = given[take.id] if take else {}
    mine = own[take.id] if take else {}
    cells = []
    for criterion in criteria:
        values = [scores[criterion.line_id] for scores in reviews.values() if criterion.line_id in scores]
        level = float(median(values)) if values else None
        spread = max(values) - min(values) if values else 0
        cells.append(Cell(level, spread, mine.get(criterion.line_id)))
    return Result(person, drill.due_for(person), take, len(reviews), cells, _overall(criteria, cells))


def _overall(criteria: list[Criterion], cells: list[Cell]) -> float | None:
    pairs = [
        (criterion.weight, cell.level)
        for criterion, cell in zip(criteria, cells, strict=True)
        if cell.level is not None
    ]
    weight = sum(weight for weight, _ in pairs)
    return sum(weight * level for weight, level in pairs) / weight if weight else None


def _given(session: Session, drill: Drill) -> dict[UUID, dict[UUID, dict[UUID, int]]]:
    query = (
        select(Review.take_id, Review.id, Criterion.line_id, Level.value)
        .select_from(Review)
        .join(Take, Review.take_id == Take.id)
        .outerjoin(Score, Score.review_id == Review.id)
        .outerjoin(Criterion, Score.criterion_id == Criterion.id)
        .outerjoin(Level, Score.level_id == Level.id)
        .where(Take.drill_id == drill.id, Review.state == ReviewState.PUBLISHED)
    )
    found: dict[UUID, dict[UUID, dict[UUID, int]]] = defaultdict(lambda: defaultdict(dict))
    for take_id, review_id, line_id, value in session.execute(query):
        scores = found[take_id][review_id]
        if line_id is not None:
            scores[line_id] = value
    return found


def _own(session: Session, drill: Drill) -> dict[UUID, dict[UUID, int]]:
    query = (
        select(SelfAssessment.take_id, Criterion.line_id, Level.value)
        .select_from(SelfAssessment)
        .join(SelfAssessment.take)
        .join(Pitch, Take.pitch_id == Pitch.id)
        .join(SelfScore, SelfScore.assessment_id == SelfAssessment.id)
        .join(Criterion, SelfScore.criterion_id == Criterion.id)
        .join(Level, SelfScore.level_id == Level.id)
        .where(Take.drill_id == drill.id, SelfAssessment.finished_at.is_not(None))
    )
    found: dict[UUID, dict[UUID, int]] = defaultdict(dict)
    for take_id, line_id, value in session.execute(query):
        found[take_id][line_id] = value
    return found
