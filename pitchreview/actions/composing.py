"""What presenters make of a practice take: a shorter one, or screen and camera put together otherwise."""

from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.actions import intake, practising, quota
from pitchreview.config import Settings
from pitchreview.errors import InvalidInput, InvalidState
from pitchreview.models import Layout, Recording, RecordingState, Take, User

SHORTEST_CUT_MS = 1000
# A typed end may lie this much behind the last picture: it is told in tenths of a second
SLACK_MS = 500


def trim(session: Session, settings: Settings, take: Take, by: User, from_ms: int, until_ms: int) -> Take:
    """A new practice take of this stretch; the whole one stays as it is, and its presenter's alone."""
    practising.hold_still(session, take)
    if take.is_submitted:
        raise InvalidState("This take is submitted. Take it back first, then make a shorter one.")
    whole = take.recording
    if not whole.is_playable or whole.duration_ms is None:
        raise InvalidState("This take cannot be cut before it can be played.")
    until_ms = _fitting(whole.duration_ms, from_ms, until_ms)
    quota.claim(session, settings, by, _likely_bytes(whole, until_ms - from_ms), team_id=take.pitch.team_id)
    recording = Recording(
        state=RecordingState.AWAITING_UPLOAD,
        cut_of_id=whole.id,
        cut_from_ms=from_ms,
        cut_until_ms=until_ms,
        recorded_by_id=by.id,
        sources=[],
        steps=[],
        renditions=[],
    )
    shorter = Take(
        pitch=take.pitch,
        recording=recording,
        uploaded_by_id=by.id,
        number=intake.next_number(session, take.pitch),
        consent_note=take.consent_note,
        consent_at=take.consent_at,
    )
    session.add(shorter)
    session.flush()
    recording.receive(db.now())
    session.flush()
    intake.queue_due_steps(session, recording)
    return shorter


def _fitting(duration_ms: int, from_ms: int, until_ms: int) -> int:
    """The end, at most that of the take; raises `InvalidInput` for a stretch that is none."""
    if not 0 <= from_ms < duration_ms:
        raise InvalidInput("The shorter take has to begin inside this one.", field="from_ms")
    if until_ms > duration_ms + SLACK_MS:
        raise InvalidInput("The shorter take has to end inside this one.", field="until_ms")
    until_ms = min(until_ms, duration_ms)
    if until_ms - from_ms < SHORTEST_CUT_MS:
        raise InvalidInput("Leave at least a second.", field="until_ms")
    if from_ms == 0 and until_ms == duration_ms:
        raise InvalidInput("That is all of this take. Choose where the shorter one begins or ends.")
    return until_ms


def _likely_bytes(whole: Recording, span_ms: int) -> int:
    """Its share of what the whole one takes."""
    size = whole.footage.size_bytes if whole.footage else whole.size_bytes
    return max(1, size * span_ms // max(whole.duration_ms or 0, 1))


def arrange(session: Session, take: Take, layout: Layout) -> None:
    """Put screen and camera together in another way; what is there plays until that is done."""
    practising.hold_still(session, take)
    if take.is_submitted:
        raise InvalidState("This take is submitted. Take it back first, then put it together anew.")
    take.recording.arrange(layout)
    session.flush()
    intake.queue_due_steps(session, take.recording)
    intake.announce_recording(session, take.recording)
