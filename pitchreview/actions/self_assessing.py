"""Ask before tell: the presenter looks at the own take with the reviewers' yardstick before hearing them.

It is saved as one goes and finished once; from then on it stays, and what others said is open.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from pitchreview import db
from pitchreview.actions import drafting, practising, proving, telling, warming_up
from pitchreview.actions.scoring import Verdict
from pitchreview.errors import InvalidInput, InvalidState
from pitchreview.models import Criterion, Level, Rubric, SelfAssessment, SelfScore, Take, User
from pitchreview.permissions import Act, may

LONGEST = 500
PARTS = ("strength", "to_try", "question")


@dataclass(frozen=True)
class Thought:
    """One of the three things a presenter says, and the moment it stands at."""

    words: str = ""
    at_ms: int | None = None


def assessment_of(session: Session, take: Take) -> SelfAssessment | None:
    query = (
        select(SelfAssessment)
        .where(SelfAssessment.take_id == take.id)
        .options(selectinload(SelfAssessment.scores).joinedload(SelfScore.level))
    )
    return session.scalar(query)


def rubric_of(session: Session, take: Take, assessment: SelfAssessment | None) -> Rubric | None:
    """The one it began with, else the take's; with all its levels."""
    rubric_id = (assessment and assessment.rubric_id) or take.rubric_id
    if rubric_id is None:
        return None
    whole = selectinload(Rubric.criteria).selectinload(Criterion.levels)
    return session.scalar(select(Rubric).where(Rubric.id == rubric_id).options(whole))


def save(
    session: Session, take: Take, thoughts: Mapping[str, Thought], levels: Mapping[UUID, UUID]
) -> SelfAssessment:
    """Keep what the presenter has so far: thoughts by part, levels by criterion."""
    assessment = _held(session, take)
    for part in PARTS:
        thought = _clean(take, part, thoughts.get(part, Thought()))
        setattr(assessment, part, thought.words)
        setattr(assessment, f"{part}_ms", thought.at_ms)
    rubric = rubric_of(session, take, assessment)
    known = {level.id: level for criterion in rubric.criteria for level in criterion.levels} if rubric else {}
    given = [known.get(level_id) for level_id in levels.values()]
    chosen = dict(zip(levels, given, strict=True))
    if any(level is None or level.criterion_id != criterion_id for criterion_id, level in chosen.items()):
        raise InvalidInput("Choose levels from the sheet.", field="levels")
    assessment.scores = []
    session.flush()
    assessment.scores = [
        SelfScore(criterion_id=level.criterion_id, level=level) for level in given if level is not None
    ]
    session.flush()
    return assessment


def finish(session: Session, take: Take) -> None:
    """The presenter is done: it stays as it is, and what others said reaches them now."""
    assessment = _held(session, take)
    rubric = rubric_of(session, take, assessment)
    missing = [part for part in ("strength", "to_try") if not getattr(assessment, part)]
    if missing:
        raise InvalidInput(
            "Name one strength and one thing to try; a few words are enough.", field=missing[0]
        )
    if rubric is not None and len(assessment.scores) < len(rubric.criteria):
        raise InvalidInput("Give yourself a level for each criterion.", field="levels")
    assessment.finished_at = db.now()
    if take.awaits_self_assessment:
        take.awaits_self_assessment = False
        session.flush()
        telling.tell_opened(session, take)
        proving.settle(session, take)
        proving.tell_opened(session, take)
        warming_up.after_look(session, take)
    session.flush()
    db.announce(session, f"take:{take.id}", "comments")
    db.announce(session, f"take:{take.id}", "reviews")


def shown_to(session: Session, take: Take, viewer: User) -> SelfAssessment | None:
    """What the presenter thinks, for themselves, and for who has said what they think."""
    assessment = assessment_of(session, take)
    if assessment is None or assessment.finished_at is None:
        return None
    if take.pitch.presenter_id == viewer.id:
        return assessment
    review = drafting.review_of(session, take, viewer)
    has_spoken = review is not None and review.is_published and may(viewer, Act.READ_SCORES, take)
    return assessment if has_spoken else None


@dataclass(frozen=True)
class Gap:
    """What the presenter gave for a criterion beside the middle of what others gave."""

    level: Level
    steps: float | None  # above the others; below it is negative, None: nobody else gave a level


def gaps_of(assessment: SelfAssessment, verdicts: list[Verdict]) -> dict[UUID, Gap]:
    """By the line of the criterion, which is the same in every version of a rubric."""
    others = {verdict.criterion.line_id: verdict.median for verdict in verdicts}
    found = {}
    for own in assessment.scores:
        median = others.get(own.criterion.line_id)
        found[own.criterion.line_id] = Gap(own.level, None if median is None else own.level.value - median)
    return found


def _held(session: Session, take: Take) -> SelfAssessment:
    """Begun if need be, and held against a second tab."""
    practising.hold_still(session, take)
    if not take.is_submitted:
        raise InvalidState("Submit the take first; you look at what others will see.")
    assessment = assessment_of(session, take)
    if assessment is None:
        assessment = SelfAssessment(take=take, rubric_id=take.rubric_id, scores=[])
        session.add(assessment)
        session.flush()
    if assessment.finished_at is not None:
        raise InvalidState("You have finished this; it stays as it is.")
    return assessment


def _clean(take: Take, part: str, thought: Thought) -> Thought:
    end = take.recording.duration_ms
    if thought.at_ms is not None and (thought.at_ms < 0 or (end is not None and thought.at_ms > end)):
        raise InvalidInput("That moment is not in this take.", field=f"{part}_ms")
    return replace(thought, words=" ".join(thought.words.split())[:LONGEST])
