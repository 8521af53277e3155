"""Media addresses: rights are checked here, then the browser is sent to the object store.

The answer may be kept for less time than the signed address works, so pages stay quick and a right
that was taken away bites within minutes.
"""

from uuid import UUID

from flask import Blueprint, Response, redirect, url_for
from flask.typing import ResponseReturnValue

from pitchreview.errors import NotFound
from pitchreview.models import LiveSegment, Recording, Rendition, RenditionKind
from pitchreview.web import find, playlists
from pitchreview.web.auth import login_required
from pitchreview.web.context import host_name, settings, store

bp = Blueprint("media", __name__, url_prefix="/media")

# Seconds by which a kept answer ends before the address it names.
_MARGIN_SECONDS = 60


@bp.get("/<uuid:recording_id>/<uuid:rendition_id>")
@login_required
def show(recording_id: UUID, rendition_id: UUID) -> ResponseReturnValue:
    rendition = _rendition(find.recording(recording_id), rendition_id)
    return _send_to_store(rendition.object_key, rendition.content_type)


@bp.get("/<uuid:recording_id>/growing.m3u8")
@login_required
def growing(recording_id: UUID) -> ResponseReturnValue:
    """The lowest rung while it is made; it ends when the rung is whole."""
    recording = find.recording(recording_id)
    if len(recording.growing) < 2:
        raise NotFound("This recording is not being made any more, or not yet; load the page again.")

    def address_of(segment: LiveSegment) -> str:
        return url_for("media.live_segment", recording_id=recording.id, segment_id=segment.id)

    body = playlists.growing(recording.growing, address_of, is_whole=bool(recording.rungs))
    response = _text(body, playlists.HLS_TYPE)
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/<uuid:recording_id>/live/<uuid:segment_id>")
@login_required
def live_segment(recording_id: UUID, segment_id: UUID) -> ResponseReturnValue:
    recording = find.recording(recording_id)
    found = next((segment for segment in recording.live_segments if segment.id == segment_id), None)
    if found is None:
        raise NotFound("This stretch is part of a whole file by now; load the page again.")
    return _send_to_store(found.object_key, "video/mp4")


@bp.get("/<uuid:recording_id>/master.m3u8")
@login_required
def ladder(recording_id: UUID) -> ResponseReturnValue:
    recording = find.recording(recording_id)
    if not recording.rungs:
        raise NotFound("The qualities of this recording are not made yet.")

    def address_of(rung: Rendition) -> str:
        return url_for("media.rung", recording_id=recording.id, rendition_id=rung.id)

    return _text(playlists.ladder(recording, address_of), playlists.HLS_TYPE)


@bp.get("/<uuid:recording_id>/<uuid:rendition_id>.m3u8")
@login_required
def rung(recording_id: UUID, rendition_id: UUID) -> ResponseReturnValue:
    rendition = _rendition(find.recording(recording_id), rendition_id)
    if rendition.kind is not RenditionKind.RUNG:
        raise NotFound("This rendition has no playlist.")
    address = url_for("media.show", recording_id=recording_id, rendition_id=rendition_id)
    return _text(playlists.rung(rendition, address), playlists.HLS_TYPE)


@bp.get("/<uuid:recording_id>/storyboard.vtt")
@login_required
def storyboard(recording_id: UUID) -> ResponseReturnValue:
    recording = find.recording(recording_id)
    sprite = recording.storyboard
    if sprite is None:
        raise NotFound("The storyboard of this recording is not made yet.")
    address = url_for("media.show", recording_id=recording.id, rendition_id=sprite.id)
    return _text(playlists.storyboard(recording, sprite, address), playlists.VTT_TYPE)


def _rendition(recording: Recording, rendition_id: UUID) -> Rendition:
    found = next((r for r in recording.renditions if r.id == rendition_id), None)
    if found is None:
        raise NotFound("This quality does not exist any more; load the page again.")
    return found


def _send_to_store(object_key: str, content_type: str) -> ResponseReturnValue:
    seconds = settings().media_url_seconds
    response = redirect(
        store().sign_get(object_key, host=host_name(), seconds=seconds, content_type=content_type)
    )
    _keep(response)  # type: ignore[arg-type]
    return response


def _text(body: str, content_type: str) -> Response:
    response = Response(body, content_type=content_type)
    _keep(response)
    return response


def _keep(response: Response) -> None:
    seconds = max(0, settings().media_url_seconds - _MARGIN_SECONDS)
    response.headers["Cache-Control"] = f"private, max-age={seconds}"
