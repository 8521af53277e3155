"""Reads the byte-range playlist that ffmpeg wrote beside a rung. Its facts are kept; the file is not."""

import re
from pathlib import Path

from worker.media.errors import OutputRefused
from worker.media.renditions import ByteRange, Segment

_INIT = re.compile(r'#EXT-X-MAP:.*BYTERANGE="(\d+)@(\d+)"')
_DURATION = re.compile(r"#EXTINF:([\d.]+)")
# A segment counts when the line after it, its address, is there as a whole
_SEGMENT = re.compile(r"#EXTINF:([\d.]+),\n#EXT-X-BYTERANGE:(\d+)@(\d+)\n[^#\n]+\n")


def read_playlist(path: Path) -> tuple[ByteRange, tuple[Segment, ...]]:
    """Where the head and the segments lie; a playlist without an end was written to a full disk."""
    text = path.read_text() if path.exists() else ""
    init, segments = _read(text)
    if init is None or not segments or "#EXT-X-ENDLIST" not in text:
        raise OutputRefused(f"The playlist {path.name} is incomplete.")
    if len(_DURATION.findall(text)) != len(segments):
        raise OutputRefused(f"The playlist {path.name} is incomplete.")
    return init, segments


def read_finished(path: Path) -> tuple[ByteRange | None, tuple[Segment, ...]]:
    """The same of a playlist that is still being written: what it lists so far."""
    return _read(path.read_text()) if path.exists() else (None, ())


def _read(text: str) -> tuple[ByteRange | None, tuple[Segment, ...]]:
    init = _INIT.search(text)
    listed = _SEGMENT.findall(text)
    milliseconds = _without_drift([float(seconds) for seconds, _, _ in listed])
    segments = tuple(
        Segment(int(offset), int(length), lasts)
        for (_, length, offset), lasts in zip(listed, milliseconds, strict=True)
    )
    return (ByteRange(int(init[2]), int(init[1])) if init else None), segments


def _without_drift(durations: list[float]) -> list[int]:
    """Whole milliseconds whose running sum stays within half a millisecond of the true one."""
    total, result = 0.0, []
    for seconds in durations:
        result.append(round((total + seconds) * 1000) - round(total * 1000))
        total += seconds
    return result
