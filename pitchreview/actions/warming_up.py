"""What went less well comes back as two minutes of practice, each time a little later.

1. A criterion is weak where the median of a submitted take lies in the lower half of its levels, or two
   levels under the presenter's own best. It becomes a warm-up; a good level later counts as practice.
2. When it comes back, and when it has settled, `spacing` says; it also retires when its focus is met,
   until a review is taken back without which it is not.
"""

from collections import defaultdict
from datetime import timedelta
from statistics import median
from typing import Any
from uuid import UUID

from fsrs import Rating
from sqlalchemy import ColumnElement, Select, func, select, update
from sqlalchemy.orm import Session, joinedload, selectinload

from pitchreview import db
from pitchreview.actions import spacing
from pitchreview.errors import InvalidState, NotFound
from pitchreview.models import (
    Criterion,
    Focus,
    Level,
    Pitch,
    Recording,
    RecordingState,
    Review,
    ReviewState,
    Rubric,
    Scenario,
    Score,
    Take,
    User,
    WarmUp,
    WarmUpRun,
)

SHORT_SECONDS = 120
TARGET_SECONDS = 60
# So far under the own best a level is weak, however high it stands.
FALL = 2
MOST_RUNS = 10


def after_review(session: Session, review: Review) -> None:
    """A review was published: its weak criteria come back, its good ones count as practice."""
    after_look(session, review.take)


def after_look(session: Session, take: Take) -> None:
    """The presenter has looked at the take alone. Before that this would give away what is said about it."""
    presenter = take.pitch.presenter
    if presenter is None or take.awaits_self_assessment or not take.is_submitted:
        return
    # Two reviews that come out at once take their turn.
    session.execute(select(User.id).where(User.id == presenter.id).with_for_update())
    for criterion, value in _medians(session, take).items():
        known = _of_line(session, presenter, take.pitch.team_id, criterion.line_id)
        if known is not None and _knows_of(known, take):
            continue
        if known is not None and known.retired_at is None:
            spacing.run(session, known, _rating_of(criterion, value), take)
        elif _is_weak(session, presenter, take, criterion, value):
            _bring_back(session, known, take, criterion)


def after_withdrawal(session: Session, review: Review) -> None:
    """A review was taken back: what it alone began goes with it, as long as nobody has practised it."""
    begun = select(WarmUp).where(
        WarmUp.user_id == review.take.pitch.presenter_id,
        WarmUp.line_id.in_([score.criterion.line_id for score in review.scores]),
        WarmUp.created_at >= review.published_at,
        ~WarmUp.runs.any(),
    )
    for warm_up in session.scalars(begun):
        session.delete(warm_up)
    session.flush()
    _wake_unmet(session, review.take)
    after_look(session, review.take)


def due_for(session: Session, user: User, team_id: UUID) -> list[WarmUp]:
    """What is to be practised now, the longest due first."""
    return list(session.scalars(_live(user, team_id).where(WarmUp.due_at <= db.now())))


def next_for(session: Session, user: User, team_id: UUID) -> WarmUp | None:
    """What comes next, due or not."""
    return session.scalars(_live(user, team_id).limit(1)).first()


def find(session: Session, user: User, warm_up_id: UUID) -> WarmUp | None:
    """One's own, still alive: nobody else knows of it."""
    query = select(WarmUp).where(
        WarmUp.id == warm_up_id, WarmUp.user_id == user.id, WarmUp.retired_at.is_(None)
    )
    return session.scalar(query)


def target_of(warm_up: WarmUp) -> int:
    """In seconds: a short scenario as it is, of a long one a minute."""
    whole = warm_up.scenario.target_seconds
    return whole if whole <= SHORT_SECONDS else TARGET_SECONDS


def rate(session: Session, warm_up: WarmUp, rating: int) -> None:
    """It was practised, and this is how it went: 1 again, 2 hard, 3 good, 4 easy."""
    if warm_up.retired_at is not None or warm_up.due_at > db.now():
        raise InvalidState("This warm-up is done already. It comes back by itself.")
    spacing.run(session, warm_up, Rating(rating), None)


def retire_met(session: Session) -> None:
    """What somebody worked on until it was met need not come back."""
    session.execute(update(WarmUp).where(WarmUp.retired_at.is_(None), _was_met()).values(retired_at=db.now()))


def _wake_unmet(session: Session, take: Take) -> None:
    """The other way round: what retired because of a focus that is not met after all."""
    has_settled = WarmUp.runs.any(WarmUpRun.done_at == WarmUp.retired_at)
    session.execute(
        update(WarmUp)
        .where(
            WarmUp.user_id == take.pitch.presenter_id,
            WarmUp.team_id == take.pitch.team_id,
            WarmUp.retired_at.is_not(None),
            ~has_settled,
            ~_was_met(),
        )
        .values(retired_at=None)
        .execution_options(synchronize_session="fetch")
    )


def _was_met() -> ColumnElement[bool]:
    return (
        select(Focus.id)
        .join(Focus.criterion)
        .where(
            Focus.user_id == WarmUp.user_id,
            Focus.team_id == WarmUp.team_id,
            Focus.is_met.is_(True),
            Focus.ended_at > WarmUp.created_at,
            Criterion.line_id == WarmUp.line_id,
        )
        .exists()
    )


# --- what ---------------------------------------------------------------------------------------


def _medians(session: Session, take: Take) -> dict[Criterion, float]:
    """By criterion: the middle of what published reviews of this take gave."""
    rows = session.execute(
        select(Criterion, Level.value)
        .select_from(Score)
        .join(Review, Score.review_id == Review.id)
        .join(Score.criterion)
        .join(Score.level)
        .where(Review.take_id == take.id, Review.state == ReviewState.PUBLISHED)
        .order_by(Criterion.position)
    )
    given: dict[Criterion, list[int]] = defaultdict(list)
    for criterion, value in rows:
        given[criterion].append(value)
    return {criterion: median(values) for criterion, values in given.items()}


def _is_weak(session: Session, person: User, take: Take, criterion: Criterion, value: float) -> bool:
    if _place(criterion, value) < 0.5:
        return True
    best = session.scalar(
        select(func.max(Level.value))
        .select_from(Score)
        .join(Review, Score.review_id == Review.id)
        .join(Score.criterion)
        .join(Score.level)
        .join(Review.take)
        .join(Take.pitch)
        .where(
            Criterion.line_id == criterion.line_id,
            Review.state == ReviewState.PUBLISHED,
            Pitch.presenter_id == person.id,
            Pitch.team_id == take.pitch.team_id,
            Take.id != take.id,
            Take.deleted_at.is_(None),
        )
    )
    return best is not None and best - value >= FALL


def _place(criterion: Criterion, value: float) -> float:
    """Between the lowest level, 0, and the highest, 1."""
    values = [level.value for level in criterion.levels]
    if len(values) < 2:
        return 1.0
    return (value - values[0]) / (values[-1] - values[0])


def _rating_of(criterion: Criterion, value: float) -> Rating:
    """What a level says about how well it went."""
    place = _place(criterion, value)
    if place < 0.25:
        return Rating.Again
    if place < 0.5:
        return Rating.Hard
    return Rating.Good if place < 1 else Rating.Easy


def _knows_of(warm_up: WarmUp, take: Take) -> bool:
    """A take counts once, however many review it; the one that began it is no practice."""
    is_older = take.submitted_at is None or take.submitted_at <= warm_up.created_at
    return is_older or any(run.take_id == take.id for run in warm_up.runs)


def _bring_back(session: Session, known: WarmUp | None, take: Take, criterion: Criterion) -> None:
    now, first = db.now(), timedelta(days=spacing.FIXED_DAYS[0])
    scenario = _short_scenario(session, take.pitch.scenario, criterion)
    if known is None:
        known = WarmUp(
            team_id=take.pitch.team_id, user_id=take.pitch.presenter_id, line_id=criterion.line_id, runs=[]
        )
        session.add(known)
    known.criterion, known.scenario = criterion, scenario
    known.card, known.step, known.retired_at = None, 0, None
    # One that comes back begins anew.
    known.created_at, known.due_at, known.runs = now, now + first, []
    session.flush()


def _short_scenario(session: Session, own: Scenario, criterion: Criterion) -> Scenario:
    """One of the team that is short and looks at this criterion; else the same one, a minute of it."""
    looks_at_it = Rubric.criteria.any(Criterion.line_id == criterion.line_id)
    query = (
        select(Scenario)
        .join(Scenario.rubric)
        .where(
            Scenario.team_id == own.team_id,
            Scenario.archived_at.is_(None),
            Scenario.target_seconds <= SHORT_SECONDS,
            looks_at_it,
        )
        .order_by((Scenario.id == own.id).desc(), Scenario.target_seconds, Scenario.id)
    )
    return session.scalars(query.limit(1)).first() or own


def _of_line(session: Session, person: User, team_id: UUID, line_id: UUID) -> WarmUp | None:
    query = select(WarmUp).where(
        WarmUp.user_id == person.id, WarmUp.team_id == team_id, WarmUp.line_id == line_id
    )
    return session.scalar(query)


def _live(user: User, team_id: UUID) -> Any:
    return (
        select(WarmUp)
        .where(
            WarmUp.user_id == user.id,
            WarmUp.team_id == team_id,
            WarmUp.retired_at.is_(None),
            WarmUp.scenario.has(Scenario.archived_at.is_(None)),
        )
        .options(
            joinedload(WarmUp.scenario),
            joinedload(WarmUp.criterion).options(selectinload(Criterion.levels)),
        )
        .order_by(WarmUp.due_at, WarmUp.id)
    )


# --- recorded -----------------------------------------------------------------------------------


def recorded_for(session: Session, warm_up: WarmUp) -> Take | None:
    """The newest practice take since it was due that nobody has said of how it went."""
    query = _recorded(warm_up.user_id).where(WarmUp.id == warm_up.id)
    return session.scalars(query.order_by(Take.created_at.desc()).limit(1)).first()


def behind(session: Session, take: Take) -> WarmUp | None:
    """The warm-up that a practice take was made for and not rated yet; of several the longest due."""
    query = _recorded(take.pitch.presenter_id).where(Take.id == take.id).with_only_columns(WarmUp)
    return session.scalars(query.order_by(WarmUp.due_at, WarmUp.id).limit(1)).first()


def rate_recorded(session: Session, warm_up: WarmUp, rating: int, take_id: UUID) -> None:
    """It was practised in this take; any other than one's own of it since it was due is not found."""
    take = session.scalar(_recorded(warm_up.user_id).where(WarmUp.id == warm_up.id, Take.id == take_id))
    if take is None:
        raise NotFound("This take is gone, or it is not of this warm-up.")
    rate(session, warm_up, rating)
    warm_up.runs[-1].take = take


def runs_of(session: Session, user: User, team_id: UUID) -> list[tuple[WarmUpRun, str, UUID | None]]:
    """What somebody practised lately: how it went, the criterion, and the take while there is one."""
    query = (
        select(WarmUpRun, Criterion.name, Take.id)
        .join(WarmUp, WarmUpRun.warm_up_id == WarmUp.id)
        .join(WarmUp.criterion)
        .outerjoin(Take, (WarmUpRun.take_id == Take.id) & Take.deleted_at.is_(None))
        .where(WarmUp.user_id == user.id, WarmUp.team_id == team_id)
        .order_by(WarmUpRun.done_at.desc())
        .limit(MOST_RUNS)
    )
    return [(run, name, take_id) for run, name, take_id in session.execute(query)]


def _recorded(user_id: UUID | None) -> Select[Take]:
    """Somebody's practice takes of what they are to warm up, made since it was due, and no run's yet."""
    return (
        select(Take)
        .join(Take.pitch)
        .join(Take.recording)
        .join(WarmUp, WarmUp.scenario_id == Pitch.scenario_id)
        .where(
            WarmUp.user_id == user_id,
            WarmUp.retired_at.is_(None),
            Pitch.presenter_id == user_id,
            Take.created_at >= WarmUp.due_at,
            Take.submitted_at.is_(None),
            Take.deleted_at.is_(None),
            Recording.state != RecordingState.AWAITING_UPLOAD,
            ~select(WarmUpRun.id).where(WarmUpRun.take_id == Take.id).exists(),
        )
    )
