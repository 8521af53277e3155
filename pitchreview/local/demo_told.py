"""What the people of the demo team have asked each other, find in their notifications and marked in takes."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from pitchreview.local import demo_story as story
from pitchreview.models import BeatStart, Notification, NotificationKind, Request, Take, User

Ago = Callable[[float], datetime]

# What is older has been seen.
UNREAD_DAYS = 5


def add(session: Session, take: Take, told: story.Take, users: dict[str, User], ago: Ago) -> None:
    for ask in told.asks:
        presenter, asked = users[told.presenter or ""], users[ask.whom]
        session.add(
            Request(
                take=take,
                asked_by=presenter,
                asked=asked,
                question=ask.question,
                due_at=ago(-ask.due_in_days),
                created_at=ago(ask.days_ago),
            )
        )
        session.add(_message(NotificationKind.REQUEST, take, presenter, asked, ask.days_ago, ago))
    for review in told.reviews:
        if review.published_days_ago is not None and told.presenter:
            reviewer, presenter = users[review.by], users[told.presenter]
            days = review.published_days_ago
            session.add(_message(NotificationKind.FEEDBACK_READY, take, reviewer, presenter, days, ago))

    session.add_all(
        BeatStart(take_id=take.id, beat_id=beat.id, at_ms=story.moment(story.clip(told.clip), words)[0])
        for beat, words in zip(take.pitch.scenario.beats, told.parts, strict=False)
        if words
    )


def _message(
    kind: NotificationKind, take: Take, actor: User, user: User, days: float, ago: Ago
) -> Notification:
    is_read = days > UNREAD_DAYS
    return Notification(
        kind=kind,
        take=take,
        actor=actor,
        user=user,
        created_at=ago(days),
        read_at=ago(days - 0.1) if is_read else None,
    )
