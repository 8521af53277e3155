"""When a warm-up comes back: each time a little later, until it sits.

1. Few of them come back after 2, 7 and 21 days; from the fifth on `fsrs` says when, within 60 days.
2. It retires after three good runs in a row with three weeks before each.
"""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, cast

from fsrs import Card, Rating, Scheduler
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.models import Take, WarmUp, WarmUpRun

# With fewer than this a schedule of one's own has too little to learn from.
FEW = 5
FIXED_DAYS = (2, 7, 21)
LONGEST_DAYS = 60
LONG_GAP = timedelta(days=21)
GOOD_RUNS = 3

# Practice of a whole skill is a matter of days: there are no steps of minutes.
_SCHEDULER = Scheduler(
    maximum_interval=LONGEST_DAYS, learning_steps=(), relearning_steps=(), enable_fuzzing=False
)


def run(session: Session, warm_up: WarmUp, rating: Rating, take: Take | None) -> None:
    now = db.now()
    warm_up.runs.append(WarmUpRun(rating=rating.value, take=take, done_at=now))
    warm_up.step = 0 if rating is Rating.Again else warm_up.step + (rating is not Rating.Hard)
    warm_up.due_at = now + _wait(session, warm_up, rating, now)
    if _has_settled(warm_up):
        warm_up.retired_at = now
    session.flush()


def _wait(session: Session, warm_up: WarmUp, rating: Rating, now: datetime) -> timedelta:
    living = select(func.count()).where(WarmUp.user_id == warm_up.user_id, WarmUp.retired_at.is_(None))
    if (session.scalar(living) or 0) < FEW:
        warm_up.card = None
        return timedelta(days=FIXED_DAYS[min(warm_up.step, len(FIXED_DAYS) - 1)])
    card, _ = _SCHEDULER.review_card(_card_of(warm_up), rating, now)
    warm_up.card = cast(dict[str, Any], card.to_dict())
    return card.due - now


def _card_of(warm_up: WarmUp) -> Card:
    """Its memory; where there is none yet, what came before this run makes it."""
    if warm_up.card is not None:
        return Card.from_dict(cast(Any, warm_up.card))
    card = Card(card_id=0)
    for run in warm_up.runs[:-1]:
        card, _ = _SCHEDULER.review_card(card, Rating(run.rating), run.done_at)
    return card


def _has_settled(warm_up: WarmUp) -> bool:
    times = [warm_up.created_at, *(run.done_at for run in warm_up.runs)]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    last = list(zip(warm_up.runs, gaps, strict=True))[-GOOD_RUNS:]
    return len(last) == GOOD_RUNS and all(
        run.rating >= Rating.Good.value and gap >= LONG_GAP for run, gap in last
    )
