"""Watching exemplars: who saw how much of them, and what people want to take over into takes of their own."""

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import InstrumentedAttribute, Session

from pitchreview import db
from pitchreview.errors import InvalidInput, InvalidState
from pitchreview.models import Exemplar, Take, Takeaway, User, Viewing
from pitchreview.permissions import Act, may

# Who saw so much of it has seen it: the last breath is often left out
FINISHED_SHARE = 0.9
LONGEST_WORDS = 1000


def look(session: Session, exemplar: Exemplar, viewer: User, into_ms: int, *, begins: bool) -> None:
    """Somebody watches and has come so far; `begins` with the first playing of an opened page.

    People are counted, and each of them once. Who is seen in it and who curates it are not its audience.
    """
    if not exemplar.is_shown or may(viewer, Act.CONSENT, exemplar) or may(viewer, Act.CURATE, exemplar):
        return
    into_ms = min(max(0, into_ms), exemplar.duration_ms or 0)
    if _saw(session, exemplar, viewer, into_ms, begins):
        _count(session, exemplar, Exemplar.opened_count)
    duration_ms = exemplar.duration_ms
    if duration_ms and into_ms >= FINISHED_SHARE * duration_ms and _finished(session, exemplar, viewer):
        _count(session, exemplar, Exemplar.finished_count)


def _saw(session: Session, exemplar: Exemplar, viewer: User, into_ms: int, begins: bool) -> bool:
    """Is it for the first time?"""
    now = db.now()
    new = insert(Viewing).values(
        exemplar_id=exemplar.id,
        user_id=viewer.id,
        first_at=now,
        last_at=now,
        times=1,
        furthest_ms=into_ms,
    )
    again = {
        "last_at": now,
        "times": Viewing.times + int(begins),
        "furthest_ms": func.greatest(Viewing.furthest_ms, into_ms),
    }
    added = session.execute(
        new.on_conflict_do_nothing(index_elements=["exemplar_id", "user_id"]).returning(Viewing.user_id)
    )
    if added.scalar() is not None:
        return True
    session.execute(
        update(Viewing).where(Viewing.exemplar_id == exemplar.id, Viewing.user_id == viewer.id).values(again)
    )
    return False


def _finished(session: Session, exemplar: Exemplar, viewer: User) -> bool:
    """Is it for the first time?"""
    changed = session.execute(
        update(Viewing)
        .where(
            Viewing.exemplar_id == exemplar.id,
            Viewing.user_id == viewer.id,
            Viewing.finished_at.is_(None),
        )
        .values(finished_at=db.now())
        .returning(Viewing.user_id)
    )
    return changed.scalar() is not None


def _count(session: Session, exemplar: Exemplar, column: InstrumentedAttribute[int]) -> None:
    session.execute(update(Exemplar).where(Exemplar.id == exemplar.id).values({column: column + 1}))


# --- taking over -------------------------------------------------------------------------------------


def takeaway_of(session: Session, exemplar: Exemplar, user: User) -> Takeaway | None:
    return session.scalar(
        select(Takeaway).where(Takeaway.exemplar_id == exemplar.id, Takeaway.user_id == user.id)
    )


def take_over(session: Session, exemplar: Exemplar, user: User, words: str) -> Takeaway:
    """What this person wants to take over, in their own words; only they see it."""
    if not exemplar.is_shown:
        raise InvalidState("It does not stand in the library any more.")
    words = words.strip()
    if len(words) > LONGEST_WORDS:
        raise InvalidInput(f"One thought is enough: at most {LONGEST_WORDS:,} letters.", field="words")
    return _kept(session, exemplar, user, {"words": words})


def tried(session: Session, exemplar: Exemplar, take: Take) -> None:
    """The presenter recorded their own version after watching it."""
    user = take.pitch.presenter
    if user is not None:
        _kept(session, exemplar, user, {"take_id": take.id})


def _kept(session: Session, exemplar: Exemplar, user: User, said: dict[str, object]) -> Takeaway:
    """One for each exemplar and person, also when two tabs save at once."""
    session.flush()
    said = said | {"changed_at": db.now()}
    new = insert(Takeaway).values({"exemplar_id": exemplar.id, "user_id": user.id, "words": ""} | said)
    statement = new.on_conflict_do_update(index_elements=["exemplar_id", "user_id"], set_=said)
    kept = session.scalars(statement.returning(Takeaway), execution_options={"populate_existing": True})
    return kept.one()
