"""Files between the media room and the rows: published with all that a page needs, and read back."""

from pathlib import Path
from typing import Any

from pitchreview.models import Rendition, RenditionKind
from worker.attempt import Attempt
from worker.media import renditions
from worker.media.renditions import ByteRange, Segment

JPEG = "image/jpeg"


def publish(work: Attempt, kind: RenditionKind, path: Path, content_type: str, **facts: Any) -> Rendition:
    """Put a file into the store; answers its row, which is still to be saved."""
    return Rendition(
        kind=kind,
        attempt=work.number,
        object_key=work.publish(path, content_type),
        content_type=content_type,
        size_bytes=path.stat().st_size,
        **{"rung": 0} | facts,
    )


def publish_film(
    work: Attempt, kind: RenditionKind, made: renditions.Rendition, *, layout: dict[str, Any] | None = None
) -> Rendition:
    """The same for a file that plays by itself."""
    return publish(
        work,
        kind,
        made.path,
        made.content_type,
        width=made.width or None,
        height=made.height or None,
        duration_ms=made.duration_ms,
        bitrate=made.bitrate,
        codecs=made.codecs or None,
        layout=layout,
    )


def publish_rung(work: Attempt, rung: renditions.Rung) -> Rendition:
    """The same for a rung, with where its segments lie."""
    return publish(
        work,
        RenditionKind.RUNG if rung.width else RenditionKind.AUDIO,
        rung.path,
        rung.content_type,
        rung=min(rung.width, rung.height),
        width=rung.width or None,
        height=rung.height or None,
        duration_ms=rung.duration_ms,
        bitrate=rung.peak_bitrate,
        codecs=rung.codecs,
        layout={
            "init": [rung.init.offset, rung.init.length],
            "segments": [[s.offset, s.length, s.duration_ms] for s in rung.segments],
            "copied": rung.is_copied,
        },
    )


def fetch_rung(work: Attempt, row: Rendition, fps: float) -> renditions.Rung:
    """A published rung, on local disk again."""
    layout = row.layout or {}
    return renditions.Rung(
        path=work.fetch(row.object_key, "rung.mp4"),
        content_type=row.content_type,
        codecs=row.codecs or "",
        width=row.width or 0,
        height=row.height or 0,
        duration_ms=row.duration_ms or 0,
        bytes=row.size_bytes,
        name=f"{row.rung}p",
        init=ByteRange(*layout["init"]),
        segments=tuple(Segment(*part) for part in layout["segments"]),
        fps=fps,
        is_copied=bool(layout.get("copied")),
    )
