"""What presenters thought at a moment of an exemplar, and what they chose not to say: its second layer."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.actions import accounts, intake, listing, replying
from pitchreview.errors import InvalidInput
from pitchreview.models import Commentary, Exemplar, Take, User

LONGEST_THOUGHT = 1000
MOST_THOUGHTS = 40


@dataclass(frozen=True)
class NewThought:
    at_ms: int | None  # into the exemplar, as people read it there
    thought: str
    unsaid: str = ""
    recording_id: UUID | None = None  # spoken: then the thought is its gist


def tell(session: Session, exemplar: Exemplar, author: User, new: NewThought) -> Commentary:
    """Say what one thought there; who switches the second layer on hears of it at that moment."""
    if len(exemplar.commentary) >= MOST_THOUGHTS:
        raise InvalidInput(f"{MOST_THOUGHTS} thoughts are as many as one moment carries. Take one out first.")
    said = Commentary(author=author, at_ms=0, thought="")
    _write(session, exemplar, author, said, new)
    exemplar.commentary.append(said)
    _keep(session, exemplar, author, "told a thought")
    return said


def change(session: Session, said: Commentary, author: User, new: NewThought) -> None:
    _write(session, said.exemplar, author, said, new)
    said.edited_at = db.now()
    _keep(session, said.exemplar, author, "changed a thought")


def _write(session: Session, exemplar: Exemplar, author: User, said: Commentary, new: NewThought) -> None:
    thought = new.thought.strip()
    if not thought:
        raise InvalidInput("Say in a line what you thought there.", field="thought")
    said.at_ms = (exemplar.from_ms or 0) + _inside(exemplar, new.at_ms)
    said.thought, said.unsaid = thought[:LONGEST_THOUGHT], new.unsaid.strip()[:LONGEST_THOUGHT]
    if new.recording_id is not None:
        spoken = replying.unused(session, author, new.recording_id)
        _forget_spoken(session, said)
        said.recording = spoken


def _inside(exemplar: Exemplar, at_ms: int | None) -> int:
    """Where in the exemplar it belongs; raises `InvalidInput` for a moment that is not in it."""
    if at_ms is None:
        raise InvalidInput("Say when that was, such as 0:12.", field="at")
    if at_ms < 0 or at_ms > (exemplar.duration_ms or 0):
        raise InvalidInput("That moment is not in this part.", field="at")
    return at_ms


def take_out(session: Session, said: Commentary, author: User) -> None:
    """It goes for good, with what was spoken in it."""
    exemplar = said.exemplar
    _forget_spoken(session, said)
    exemplar.commentary.remove(said)
    _keep(session, exemplar, author, "took a thought out")


def _keep(session: Session, exemplar: Exemplar, author: User, act: str) -> None:
    """It is searched, and found under the exemplar."""
    session.flush()
    session.refresh(exemplar, ["commentary"])
    listing.keep(session, exemplar)
    accounts.note(session, act, actor=author, subject=str(exemplar.id))


def _forget_spoken(session: Session, said: Commentary) -> None:
    recording, said.recording = said.recording, None
    if recording is not None:
        session.flush()
        intake.forget_recording(session, recording)


def forget_all_of(session: Session, take: Take) -> None:
    """Remove what was spoken over exemplars of a take, with the take itself."""
    query = (
        select(Commentary)
        .join(Commentary.exemplar)
        .where(Exemplar.take_id == take.id, Commentary.recording_id.is_not(None))
    )
    for said in session.scalars(query):
        _forget_spoken(session, said)


def shown(exemplar: Exemplar) -> list[Commentary]:
    """What belongs to the part that is shown; its range may have been changed since."""
    begins = exemplar.from_ms or 0
    ends = begins + (exemplar.duration_ms or 0)
    return [said for said in exemplar.commentary if begins <= said.at_ms <= ends]
