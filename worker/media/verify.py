"""Nothing is believed until ffprobe has seen it: ffmpeg ends with 0 on a full disk and on half a file.

A refused output is the tool's failure, and trying again may help. What cannot be blamed on the tool (a source
with more damage than anybody should be shown) is BrokenMedia.
"""

import re
from dataclasses import replace
from pathlib import Path

from pitchreview.errors import BrokenMedia
from worker.media import profiles
from worker.media.errors import OutputRefused
from worker.media.probe import Probe, VideoStream, probe
from worker.media.process import Abort, never
from worker.media.renditions import ByteRange, Rendition, Rung, Segment
from worker.media.tools import Tools

JPEG_START, JPEG_END = b"\xff\xd8", b"\xff\xd9"
# One line per packet that cannot be decoded, one per frame that was patched up
_DAMAGE = re.compile(r"Error submitting packet to decoder|corrupt decoded frame|Skipping invalid undecodable")
# A first frame may come this late: half a frame at ten per second
MAX_START_MS = 50
# Our own outputs are as long as their source was allowed to be, whatever the settings of the day
OWN_LIMITS = replace(profiles.SOURCE_LIMITS, max_duration_seconds=10**9)


class DamageCount:
    """Counts damaged frames among ffmpeg's complaints while it decodes a source."""

    def __init__(self) -> None:
        self.frames = 0

    def note(self, complaint: str) -> None:
        if _DAMAGE.search(complaint):
            self.frames += 1

    def warnings(self, total_frames: int) -> tuple[str, ...]:
        """What to tell the owner; raises BrokenMedia when there is too much of it."""
        if self.frames > max(1, total_frames) * profiles.MAX_DAMAGED_SHARE:
            raise BrokenMedia(
                f"The file is damaged: {self.frames} of about {total_frames} frames cannot be shown. "
                "Export or upload it again."
            )
        if self.frames:
            return ("A few frames of this recording are damaged; there the picture may break for a moment.",)
        return ()


def verify_rendition(tools: Tools, made: Rendition, source: Probe, *, abort: Abort = never) -> Probe:
    """Whether it plays from end to end at the size it claims; what ffprobe found in it."""
    seen = _look(tools, made.path, abort)
    require_span(seen.duration_ms, source.duration_ms, made.path.name)
    _require_content(made, seen, has_sound=source.audio is not None)
    return seen


def _require_content(made: Rendition, seen: Probe, *, has_sound: bool) -> None:
    size = (seen.video.width, seen.video.height) if seen.video else (0, 0)
    if abs(size[0] - made.width) > 1 or abs(size[1] - made.height) > 1:
        raise OutputRefused(f"{made.path.name} is {size[0]}x{size[1]} instead of {made.width}x{made.height}.")
    if has_sound and seen.audio is None:
        raise OutputRefused(f"{made.path.name} has lost its sound.")
    if seen.bytes != made.bytes:
        raise OutputRefused(f"{made.path.name} changed its size from {made.bytes} to {seen.bytes} bytes.")


def verify_footage(tools: Tools, made: Rendition, *, has_sound: bool, abort: Abort = never) -> Probe:
    """The same for what has no single source: whether all of it is there, as large and as long as planned."""
    seen = _look(tools, made.path, abort)
    require_span(seen.duration_ms, made.duration_ms, made.path.name)
    _require_content(made, seen, has_sound=has_sound)
    return seen


def verify_rung(tools: Tools, rung: Rung, source: Probe, *, abort: Abort = never) -> Probe:
    """All of the above, and whether its playlist, its clock and its keyframes are what a player relies on."""
    seen = verify_rendition(tools, rung, source, abort=abort)
    _require_gapless(rung.path.name, rung.init, rung.segments, seen.bytes)
    longest = max(part.duration_ms for part in rung.segments)
    listed = sum(part.duration_ms for part in rung.segments)
    if abs(listed - seen.duration_ms) > longest:
        raise OutputRefused(f"The playlist of {rung.name} lists {listed} of {seen.duration_ms} ms.")
    if seen.start_ms > MAX_START_MS:
        raise OutputRefused(f"{rung.name} starts at {seen.start_ms} ms instead of 0.")
    if seen.video is not None:
        gap_ms = profiles.MAX_COPIED_KEYFRAME_GAP_MS if rung.is_copied else 1000 * profiles.KEYFRAME_SECONDS
        _require_even_picture(rung.name, seen.video, 1.5 * gap_ms)
    return seen


def require_span(made_ms: int, source_ms: int, name: str) -> None:
    """Refuse an output that is shorter than the source it was made from, or longer than it can be."""
    least = source_ms * profiles.MIN_DURATION_SHARE - profiles.DURATION_SLACK_MS
    most = source_ms / profiles.MIN_DURATION_SHARE + 1000
    if not least <= made_ms <= most:
        raise OutputRefused(f"{name} holds {made_ms} of {source_ms} ms.")


def verify_jpeg(path: Path) -> None:
    """A JPEG that a full disk or a kill cut short has no end mark."""
    content = path.read_bytes() if path.exists() else b""
    if not content.startswith(JPEG_START) or not content.endswith(JPEG_END):
        raise OutputRefused(f"{path.name} is not a whole picture.")


def _look(tools: Tools, path: Path, abort: Abort) -> Probe:
    """ffprobe's view of our own output: what would be the uploader's fault is the tool's here."""
    try:
        return probe(tools, path, OWN_LIMITS, abort=abort)
    except (BrokenMedia, FileNotFoundError) as error:
        raise OutputRefused(f"{path.name} cannot be opened: {error}") from error


def _require_gapless(name: str, init: ByteRange, segments: tuple[Segment, ...], size: int) -> None:
    """Head and segments follow each other without a hole and end where the file ends."""
    position = init.offset + init.length
    for part in segments:
        if part.offset != position:
            raise OutputRefused(f"The playlist of {name} has a hole at byte {position}.")
        position += part.length
    if position != size:
        raise OutputRefused(f"The playlist of {name} ends at byte {position} of {size}.")


def _require_even_picture(name: str, video: VideoStream, longest_gap_ms: float) -> None:
    """What a player counts on: upright square pixels from the first moment, keyframes close together."""
    if video.start_ms > MAX_START_MS or video.rotation or video.sample_aspect != 1:
        raise OutputRefused(f"The picture of {name} starts late, or is turned or stretched.")
    if video.max_keyframe_gap_ms > longest_gap_ms:
        raise OutputRefused(f"{name} has {video.max_keyframe_gap_ms} ms between keyframes.")
