"""Many people who say much about one take: for lists, figures and pages that must stay quick."""

from uuid import UUID, uuid4

from sqlalchemy import insert
from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.models import Comment, CommentKind, Role, Take, User
from tests.factories import Factory

WORDS = (
    "You answer a question that she has not asked yet; wait until she has finished, then ask why.",
    "The number lands because you stay silent after it.",
    "Was the pause planned? It works, but it comes before the reason and not after it.",
)
KINDS = (CommentKind.TRY_INSTEAD, CommentKind.STRENGTH, CommentKind.QUESTION, None)


def people(session: Session, make: Factory, take: Take, number: int = 20) -> list[User]:
    """Coaches of the take's team."""
    team = take.pitch.scenario.team
    return [make.user(f"Coach{i} Number{i}", team, Role.COACH) for i in range(number)]


def discuss(session: Session, take: Take, speakers: list[User], number: int) -> list[UUID]:
    """So many comments over the whole take, in turns; every fifth is a range and has an answer."""
    duration = take.recording.duration_ms or 1
    step = duration / (number + 1)
    rows, answers = [], []
    for i in range(number):
        at = round(step * i)
        rows.append(_row(take, speakers[i % len(speakers)], i, at_ms=at, kind=KINDS[i % 4]))
        if i % 5 == 0:
            rows[-1]["until_ms"] = min(at + 3000, duration + 1)
            answers.append(_row(take, speakers[(i + 1) % len(speakers)], i, parent_id=rows[-1]["id"]))
    session.execute(insert(Comment), rows)
    session.execute(insert(Comment), answers)
    return [row["id"] for row in rows]


def _row(take: Take, author: User, turn: int, **more: object) -> dict[str, object]:
    nothing = {"at_ms": None, "until_ms": None, "kind": None, "parent_id": None}
    return {
        "id": uuid4(),
        "take_id": take.id,
        "author_id": author.id,
        "body": WORDS[turn % len(WORDS)],
        "published_at": db.now(),
        **nothing,
        **more,
    }
