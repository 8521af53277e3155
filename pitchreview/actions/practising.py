"""Reps practise: pitches, takes, rounds."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from pitchreview import db, queue
from pitchreview.actions import assigning, clipping, drilling, intake, replying, thinking_aloud
from pitchreview.errors import InvalidInput, InvalidState
from pitchreview.models import (
    Comment,
    ConsentState,
    Drill,
    Exemplar,
    Pitch,
    RecordingState,
    Review,
    ReviewState,
    Scenario,
    SelfAssessment,
    Take,
    User,
)
from pitchreview.queue import Task

# A deleted take can be brought back for this long; then its objects go.
UNDO_WINDOW = timedelta(minutes=10)


@dataclass(frozen=True)
class Presenter:
    """Who is seen in a take: somebody with an account, or a name."""

    user: User | None = None
    name: str = ""


def start_pitch(session: Session, scenario: Scenario, presenter: Presenter) -> Pitch:
    """The presenter's pitch on this scenario, made on first use; a name without account gets a new one."""
    if presenter.user is None:
        if not presenter.name.strip():
            raise InvalidInput("Say who presents.", field="presenter_name")
        pitch = Pitch(
            team_id=scenario.team_id, scenario=scenario, presenter_name=presenter.name.strip()[:120]
        )
        session.add(pitch)
        session.flush()
        return pitch
    # The lock on the person keeps two tabs from making two pitches.
    session.execute(select(User.id).where(User.id == presenter.user.id).with_for_update())
    pitch_of = select(Pitch).where(Pitch.scenario_id == scenario.id, Pitch.presenter_id == presenter.user.id)
    found = session.scalar(pitch_of)
    if found is not None:
        return found
    pitch = Pitch(team_id=scenario.team_id, scenario=scenario, presenter=presenter.user)
    session.add(pitch)
    session.flush()
    return pitch


def record_consent(take: Take, note: str) -> None:
    """Somebody uploads what another person presented: how did that person agree?"""
    note = note.strip()
    if not note:
        raise InvalidInput(
            "Write how the presenter agreed, for example “by e-mail on 3 May”.", field="consent_note"
        )
    take.consent_note, take.consent_at = note[:500], db.now()


def submit(session: Session, take: Take) -> None:
    """Show this take to those who give feedback, in the round that is open.

    Until somebody has begun to review the round's take it is swapped; after a published review, or
    when its take is held up as an exemplar, the next round opens.
    """
    hold_still(session, take)
    if take.is_submitted:
        return
    current = _current_of(session, take.pitch)
    drill = _drill_for(session, take, current)
    round_number = 1
    if current is not None and current.round is not None:
        round_number = _open_round(session, current, drill)
    take.submit(round_number, db.now())
    take.drill = drill
    asks_first = take.drill is not None and take.drill.self_assessment_first
    take.awaits_self_assessment = asks_first and not _is_assessed(session, take)
    session.flush()
    assigning.ask_for_reviewers(session, take)
    db.announce(session, f"take:{take.id}")


def _is_assessed(session: Session, take: Take) -> bool:
    """Its presenter has said what they think of it, before it was taken back and submitted again."""
    query = select(SelfAssessment.id).where(
        SelfAssessment.take_id == take.id, SelfAssessment.finished_at.is_not(None)
    )
    return session.scalar(query) is not None


def count_first(session: Session, take: Take) -> None:
    """Where no practice is asked for, the first take that arrives is the one that counts."""
    presenter = take.pitch.presenter
    has_arrived = take.recording.state is not RecordingState.AWAITING_UPLOAD
    if presenter is None or take.uploaded_by_id != presenter.id or not has_arrived:
        return
    drill = drilling.live_drill(session, take.pitch.scenario_id, presenter)
    if drill is None or not drilling.counts_first(session, drill, presenter):
        return
    # A take from before the drill may be under review; then this one waits, as any other would.
    with suppress(InvalidState):
        submit(session, take)


def submit_for_presenter(session: Session, take: Take) -> None:
    """Show what somebody uploaded for the presenter, in a round of its own: nothing of theirs is moved."""
    hold_still(session, take)
    current = _current_of(session, take.pitch)
    take.submit(1 + ((current and current.round) or 0), db.now())
    session.flush()


def hold_still(session: Session, take: Take) -> None:
    """Wait for whoever else moves the takes of this pitch, and see this one as they left it."""
    session.execute(select(Pitch.id).where(Pitch.id == take.pitch_id).with_for_update())
    session.refresh(take, ["round", "submitted_at", "shared_with_team", "deleted_at"])


def _current_of(session: Session, pitch: Pitch) -> Take | None:
    return session.scalar(
        select(Take)
        .where(Take.pitch_id == pitch.id, Take.round.is_not(None), Take.deleted_at.is_(None))
        .order_by(Take.round.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )


def _drill_for(session: Session, take: Take, current: Take | None) -> Drill | None:
    """The drill for which this take counts, once it is submitted."""
    presenter = take.pitch.presenter
    if presenter is None:
        return None
    found = drilling.live_drill(session, take.pitch.scenario_id, presenter)
    if current is None or current.drill is None or _has_published_review(session, current):
        return found
    if current.drill == found and not found.practice_allowed:
        raise InvalidState("In this drill the first take counts, and yours is in.")
    # Swapping the take of a round does not take it out of its drill, even if that is closed meanwhile.
    return found or current.drill


def _open_round(session: Session, current: Take, drill: Drill | None) -> int:
    """The take of another drill stays as it is: the next round is opened beside it."""
    assert current.round is not None
    is_for_another = current.drill is not None and drill is not None and current.drill.id != drill.id
    if is_for_another or _has_published_review(session, current) or _is_held_up(session, current):
        return current.round + 1
    if is_being_reviewed(session, current):
        raise InvalidState("Somebody is reviewing the take of this round. Wait for that feedback first.")
    round_number = current.round
    assigning.drop_all_of(session, current)
    current.take_back()
    session.flush()
    return round_number


def _has_published_review(session: Session, take: Take) -> bool:
    """Or one that was taken back since: the presenter has heard it, and goes on."""
    was_out = or_(Review.state == ReviewState.PUBLISHED, Review.withdrawn_at.is_not(None))
    query = select(Review.id).where(Review.take_id == take.id, was_out)
    return session.scalar(query.limit(1)) is not None


def _is_held_up(session: Session, take: Take) -> bool:
    refused = (ConsentState.DECLINED, ConsentState.WITHDRAWN)
    query = select(Exemplar.id).where(
        Exemplar.take_id == take.id, Exemplar.taken_down_at.is_(None), Exemplar.consent.not_in(refused)
    )
    return session.scalar(query.limit(1)) is not None


def is_being_reviewed(session: Session, take: Take) -> bool:
    """Has anybody begun a review of it?"""
    return session.scalar(select(Review.id).where(Review.take_id == take.id).limit(1)) is not None


def take_back(session: Session, take: Take) -> None:
    """Make a submitted take private again, while nobody has begun to review it."""
    hold_still(session, take)
    if is_being_reviewed(session, take):
        raise InvalidState("Somebody has begun to review this take, so it stays submitted.")
    clipping.drop_all_of(session, take)
    assigning.drop_all_of(session, take)
    take.take_back()


def share_with_team(take: Take, shared: bool) -> None:
    if not take.is_submitted:
        raise InvalidState("Submit the take first; practice takes stay yours.")
    take.shared_with_team = shared


def delete_take(session: Session, take: Take) -> None:
    """Hide a take at once; its objects follow when the time to undo is over."""
    take.deleted_at = db.now()
    clipping.drop_all_of(session, take)
    assigning.drop_all_of(session, take)
    queue.defer(
        session,
        Task.FORGET_TAKE,
        in_seconds=round(UNDO_WINDOW.total_seconds()) + 1,
        take_id=str(take.id),
    )
    db.announce(session, f"take:{take.id}")


def undelete_take(session: Session, take: Take) -> None:
    if take.deleted_at is None:
        return
    if db.now() - take.deleted_at > UNDO_WINDOW:
        raise InvalidState("It is too late to bring this take back.")
    hold_still(session, take)
    if take.round is not None and _round_is_taken(session, take):
        take.take_back()
    take.deleted_at = None
    if take.is_submitted:
        assigning.ask_for_reviewers(session, take)


def _round_is_taken(session: Session, take: Take) -> bool:
    query = select(Take.id).where(
        Take.pitch_id == take.pitch_id,
        Take.round == take.round,
        Take.deleted_at.is_(None),
        Take.id != take.id,
    )
    return session.scalar(query.limit(1)) is not None


def forget_take(session: Session, take: Take) -> None:
    """Remove the rows of a deleted take for good; the job that removes its objects joins the commit."""
    recording = take.recording
    replying.forget_all_of(session, take)
    clipping.drop_all_of(session, take)
    thinking_aloud.forget_all_of(session, take)
    session.execute(delete(Exemplar).where(Exemplar.take_id == take.id))
    session.execute(delete(Comment).where(Comment.take_id == take.id))
    session.execute(delete(Review).where(Review.take_id == take.id))
    session.execute(delete(Take).where(Take.id == take.id))
    intake.forget_recording(session, recording)
