"""Takes that experts have scored, with a reason for each level: what others set their eye by."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.errors import InvalidInput, InvalidState
from pitchreview.models import (
    Calibration,
    Criterion,
    Exemplar,
    Pitch,
    Recording,
    RecordingState,
    Rubric,
    Standard,
    StandardScore,
    Take,
    User,
)
from pitchreview.permissions import takes_visible_to

LONGEST_REASON = 1000
# So many takes are offered to choose from.
MOST_CHOICES = 30


@dataclass(frozen=True)
class Answer:
    level_id: UUID | None
    reason: str


def choices_for(session: Session, user: User, team_id: UUID) -> list[Take]:
    """Takes that can become a standard: those held up first, then the newest."""
    is_held_up = exists().where(Exemplar.take_id == Take.id, Exemplar.taken_down_at.is_(None))
    query = (
        takes_visible_to(user)
        .join(Take.recording)
        .where(
            Pitch.team_id == team_id,
            Take.submitted_at.is_not(None),
            Recording.state.in_([RecordingState.PLAYABLE, RecordingState.READY]),
            ~exists().where(Standard.take_id == Take.id),
        )
        .order_by(is_held_up.desc(), Take.submitted_at.desc())
        .limit(MOST_CHOICES)
    )
    return [take for take in session.scalars(query) if take.rubric_id is not None]


def all_of(session: Session, team_id: UUID) -> list[Standard]:
    query = select(Standard).where(Standard.team_id == team_id)
    return list(session.scalars(query.order_by(Standard.retired_at.nulls_first(), Standard.created_at)))


def standard_of(session: Session, take: Take) -> Standard | None:
    """The one that was made of this take by its present rubric."""
    return session.scalar(
        select(Standard).where(Standard.take_id == take.id, Standard.rubric_id == take.rubric_id)
    )


def rubric_of(session: Session, take: Take) -> Rubric:
    if take.rubric_id is None:
        raise InvalidState("Choose a rubric for this scenario first. Then make a standard of a take.")
    return session.get_one(Rubric, take.rubric_id)


def set_standard(
    session: Session, take: Take, by: User, answers: Mapping[UUID, Answer], *, is_check: bool
) -> Standard:
    """Make a take a standard, or say anew what it shows."""
    rubric = rubric_of(session, take)
    scores = [_answer(criterion, answers.get(criterion.id)) for criterion in rubric.criteria]
    standard = standard_of(session, take)
    if standard is None:
        standard = Standard(team_id=take.pitch.team_id, take=take, rubric=rubric, scores=[])
        session.add(standard)
    elif _was_scored(session, standard) and _levels(standard.scores) != _levels(scores):
        raise InvalidState(
            "Somebody has scored it already, so its levels stay. The reasons can still change."
        )
    standard.scores, standard.is_check, standard.set_by = scores, is_check, by
    session.flush()
    return standard


def _answer(criterion: Criterion, answer: Answer | None) -> StandardScore:
    level = next((each for each in criterion.levels if answer and each.id == answer.level_id), None)
    if answer is None or level is None:
        raise InvalidInput("Give a level for every criterion.", field=f"level-{criterion.id}")
    if not answer.reason.strip():
        raise InvalidInput(
            "Say in a sentence why: it is what others learn from.", field=f"reason-{criterion.id}"
        )
    return StandardScore(
        criterion_id=criterion.id, level_id=level.id, reason=answer.reason.strip()[:LONGEST_REASON]
    )


def _levels(scores: list[StandardScore]) -> dict[UUID, UUID]:
    return {score.criterion_id: score.level_id for score in scores}


def _was_scored(session: Session, standard: Standard) -> bool:
    return bool(session.scalar(select(exists().where(Calibration.standard_id == standard.id))))


def retire(standard: Standard) -> None:
    standard.retired_at = standard.retired_at or db.now()


def bring_back(standard: Standard) -> None:
    standard.retired_at = None
