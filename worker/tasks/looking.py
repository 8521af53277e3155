"""What is in a source: looked at once, in stage 1, and known to the steps after it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import select

from pitchreview.models import Recording
from worker.attempt import Attempt
from worker.media.probe import Probe, probe
from worker.media.profiles import SourceLimits, limits_of

_PROBES = TypeAdapter(Probe)
# Where the whole of it lies in `Recording.probe`, beside the facts that pages ask for
KEY = "source"
# A recorder stops when it is told to, and then gives out what it still holds
REPLY_SPARE_SECONDS = 5


def look(work: Attempt, path: Path) -> Probe:
    """Raises BrokenMedia when it cannot or may not become a pitch."""
    return probe(work.workshop.tools, path, _limits(work), abort=work.should_stop)


def _limits(work: Attempt) -> SourceLimits:
    settings = work.workshop.settings
    with work.workshop.sessions() as session:
        is_reply = session.scalar(select(Recording.is_reply).where(Recording.id == work.recording_id))
    if not is_reply:
        return limits_of(settings)
    return replace(
        limits_of(settings), max_duration_seconds=settings.reply_seconds, spare_seconds=REPLY_SPARE_SECONDS
    )


def recall(work: Attempt, path: Path) -> Probe:
    """What stage 1 saw in this very file; it is looked at anew where an older version kept less of it."""
    with work.workshop.sessions() as session:
        kept = session.scalar(select(Recording.probe).where(Recording.id == work.recording_id))
    try:
        known = _PROBES.validate_python((kept or {}).get(KEY))
    except ValidationError:
        return look(work, path)
    return known if known.bytes == path.stat().st_size else look(work, path)


def as_json(found: Probe) -> dict[str, Any]:
    """The facts that pages ask for, and all of it for the later steps."""
    picture, sound = found.video, found.audio
    return {
        "container": found.container,
        "fps": float(picture.fps) if picture else None,
        "video_codec": picture.codec if picture else None,
        "rotation": picture.rotation if picture else 0,
        "max_keyframe_gap_ms": picture.max_keyframe_gap_ms if picture else None,
        "audio_codec": sound.codec if sound else None,
        "channels": sound.channels if sound else None,
        KEY: _PROBES.dump_python(found, mode="json"),
    }
