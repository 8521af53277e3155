"""Rungs between the media room and the rows: published with all that a playlist needs, and read back."""

from pitchreview.models import Rendition, RenditionKind
from worker.attempt import Attempt
from worker.media import renditions
from worker.media.renditions import ByteRange, Segment


def publish_rung(work: Attempt, rung: renditions.Rung) -> Rendition:
    """Put the file into the store; answers its row, which is still to be saved."""
    is_picture = rung.width > 0
    return Rendition(
        kind=RenditionKind.RUNG if is_picture else RenditionKind.AUDIO,
        rung=min(rung.width, rung.height),
        attempt=work.number,
        object_key=work.publish(rung.path, rung.content_type),
        content_type=rung.content_type,
        size_bytes=rung.bytes,
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
