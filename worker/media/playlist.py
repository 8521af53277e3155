"""Reads the byte-range playlist that ffmpeg wrote beside a rung. Its facts are kept; the file is not."""

import re
from pathlib import Path

from worker.media.errors import OutputRefused
from worker.media.renditions import ByteRange, Segment

_INIT = re.compile(r'#EXT-X-MAP:.*BYTERANGE="(\d+)@(\d+)"')
_DURATION = re.compile(r"#EXTINF:([\d.]+)")
_RANGE = re.compile(r"#EXT-X-BYTERANGE:(\d+)@(\d+)")


def read_playlist(path: Path) -> tuple[ByteRange, tuple[Segment, ...]]:
    """Where the head and the segments lie; a playlist without an end was written to a full disk."""
    text = path.read_text() if path.exists() else ""
    init = _INIT.search(text)
    durations = [float(seconds) for seconds in _DURATION.findall(text)]
    ranges = [(int(length), int(offset)) for length, offset in _RANGE.findall(text)]
    if init is None or not durations or len(durations) != len(ranges) or "#EXT-X-ENDLIST" not in text:
        raise OutputRefused(f"The playlist {path.name} is incomplete.")
    milliseconds = _without_drift(durations)
    segments = tuple(
        Segment(offset, length, lasts) for (length, offset), lasts in zip(ranges, milliseconds, strict=True)
    )
    return ByteRange(int(init[2]), int(init[1])), segments


def _without_drift(durations: list[float]) -> list[int]:
    """Whole milliseconds whose running sum stays within half a millisecond of the true one."""
    total, result = 0.0, []
    for seconds in durations:
        result.append(round((total + seconds) * 1000) - round(total * 1000))
        total += seconds
    return result
