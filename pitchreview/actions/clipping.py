"""The file of a moment: its range cut out of the take, to be taken along or handed on.

It lives as long as the moment is shown as it is. Whatever ends that drops the file at once; the sweep
looks for what was missed, so that no clip outlives the consent for it.
"""

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from pitchreview import db
from pitchreview.actions import intake
from pitchreview.db import now
from pitchreview.errors import InvalidState
from pitchreview.models import (
    ConsentState,
    Exemplar,
    Recording,
    RecordingState,
    Rendition,
    RenditionKind,
    Take,
)
from pitchreview.models.exemplar import STAYS_FOR

# The short side of the picture that a phone is given: sharper ones only cost room there.
PHONE_RUNG = 720


def make(session: Session, exemplar: Exemplar) -> None:
    """Cut the moment out into a file of its own, once; a whole take is a file already."""
    if not exemplar.is_shown:
        raise InvalidState("There is a file of it only while your team can watch it.")
    if exemplar.from_ms is None or exemplar.clip is not None:
        return
    if not exemplar.take.recording.is_playable:
        raise InvalidState("The take is still being prepared. Try again when it plays.")
    # Nobody's room is taken by it, and nobody's place in the queue: it belongs to the library.
    clip = Recording(
        state=RecordingState.AWAITING_UPLOAD,
        cut_of_id=exemplar.take.recording_id,
        cut_from_ms=exemplar.from_ms,
        cut_until_ms=exemplar.until_ms,
        sources=[],
        steps=[],
        renditions=[],
    )
    exemplar.clip = clip
    session.flush()
    clip.receive(db.now())
    session.flush()
    intake.queue_due_steps(session, clip)


def make_again(session: Session, exemplar: Exemplar) -> None:
    """A file that could not be made is tried once more, from the beginning."""
    if exemplar.clip is not None and exemplar.clip.is_broken:
        drop(session, exemplar)
    make(session, exemplar)


def follow(session: Session, exemplar: Exemplar) -> None:
    """After a change: a file that shows another range goes, and is made anew where it may be."""
    clip = exemplar.clip
    if clip is None:
        return
    if (clip.cut_from_ms, clip.cut_until_ms) != (exemplar.from_ms, exemplar.until_ms):
        drop(session, exemplar)
        if exemplar.is_shown:
            make(session, exemplar)
    elif not exemplar.is_shown:
        drop(session, exemplar)


def drop(session: Session, exemplar: Exemplar) -> None:
    """Remove the file for good; the job that removes its objects joins the commit."""
    clip, exemplar.clip = exemplar.clip, None
    session.flush()
    if clip is not None:
        intake.forget_recording(session, clip)


def drop_all_of(session: Session, take: Take) -> None:
    """Remove what was cut out of a take."""
    query = select(Exemplar).where(Exemplar.take_id == take.id, Exemplar.clip_id.is_not(None))
    for exemplar in session.scalars(query):
        drop(session, exemplar)


def sweep(session: Session) -> None:
    """Remove files of moments that nobody is shown any more, and those whose moment is gone."""
    is_out = (Exemplar.published_at <= now()) & (Exemplar.consent == ConsentState.GIVEN)
    has_lapsed = Exemplar.leaving_asked_at <= now() - STAYS_FOR
    hidden = or_(
        ~is_out,
        Exemplar.published_at.is_(None),
        has_lapsed,
        Exemplar.taken_down_at.is_not(None),
        Take.deleted_at.is_not(None),
        Take.submitted_at.is_(None),
    )
    query = select(Exemplar).join(Exemplar.take).where(Exemplar.clip_id.is_not(None), hidden)
    for exemplar in session.scalars(query):
        drop(session, exemplar)
    orphans = select(Recording).where(
        Recording.cut_from_ms.is_not(None),
        ~exists().where(Exemplar.clip_id == Recording.id),
        ~exists().where(Take.recording_id == Recording.id),
    )
    for clip in session.scalars(orphans.with_for_update(skip_locked=True)):
        intake.forget_recording(session, clip)


def recording_of(exemplar: Exemplar) -> Recording | None:
    """What shows this moment and nothing else: its clip, or the take where it is all of it."""
    return exemplar.take.recording if exemplar.from_ms is None else exemplar.clip


def file_of(exemplar: Exemplar) -> Rendition | None:
    """The best file that every program plays; None as long as it is not made."""
    recording = recording_of(exemplar)
    return None if recording is None else recording.mp4


def phone_file_of(exemplar: Exemplar) -> Rendition | None:
    """What goes along on a phone: one file for good, there as soon as the moment plays."""
    recording = recording_of(exemplar)
    # Its still comes a moment after the film, and goes along with it.
    if recording is None or (recording.poster is None and not recording.is_settled):
        return None
    copies = [r for r in recording.renditions if r.kind is RenditionKind.COPY and _fits_a_phone(r)]
    if copies or not recording.is_settled:
        return next(iter(copies), None)
    rungs = [rung for rung in recording.rungs if rung.rung <= PHONE_RUNG]
    return rungs[-1] if rungs else recording.mp4


def _fits_a_phone(film: Rendition) -> bool:
    return film.content_type == "video/mp4" and min(film.width or 0, film.height or 0) <= PHONE_RUNG
