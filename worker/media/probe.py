"""What is in a file, and whether it may come in; nothing is decoded to find out.

1. The first bytes choose the demuxer (`sniff`).
2. ffprobe tells the streams; counts and sizes beyond the limits are refused with a sentence.
3. The packets are walked once (`packets`): they tell the true span (MediaRecorder's WebM states none), the
   frame rate, the gaps between keyframes, and whether the file ends before it should.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from pitchreview.errors import BrokenMedia
from worker.media import commands, profiles, tones
from worker.media.errors import ToolFailed
from worker.media.numbers import fraction, seconds_or_none, whole
from worker.media.packets import Walk, walk_packets
from worker.media.process import Abort, never
from worker.media.profiles import SOURCE_LIMITS, SourceLimits
from worker.media.sniff import demuxer_for
from worker.media.tools import Tools

INTERLACED_ORDERS = ("tt", "bb", "tb", "bt")
# These state their length in an index that was written when they were complete; the others guess
SELF_MEASURED = ("mov", "matroska")
# Matroska's length counts from 0, MP4's from the first frame: a clock that starts later needs this taken off
COUNTED_FROM_ZERO = ("matroska",)
# A loss at the end that people would notice, and should be told
NOTICED_LOSS_SECONDS = 1.0
# A sound codec begins a little before 0, to warm up; nobody hears it
MAX_PRIMING_SECONDS = 0.1
TOO_LARGE = re.compile(r"Picture size (\d+)x(\d+) exceeds")

Stream = Mapping[str, Any]


@dataclass(frozen=True)
class VideoStream:
    """The picture: coded size as stored, `width` and `height` as people see it."""

    index: int
    codec: str
    profile: str
    pix_fmt: str
    coded_width: int
    coded_height: int
    width: int
    height: int
    sample_aspect: Fraction
    # Clockwise turn for display: 0, 90, 180 or 270
    rotation: int
    # The constant rate that suits it; `is_constant` tells whether it has that rate already
    fps: Fraction
    is_constant: bool
    is_interlaced: bool
    # ffmpeg's name of the transfer curve, which tells HDR; empty when the file does not say
    transfer: str
    # ffmpeg's name of the matrix; empty when the file does not say
    color_space: str
    # After the start of the recording
    start_ms: int
    end_ms: int
    frames: int
    max_frame_gap_ms: int
    max_keyframe_gap_ms: int
    # Left and right change places, before the turn
    is_mirrored: bool = False
    # An edit list hides some of its pictures: a player that knows none shows them
    is_trimmed: bool = False

    @property
    def is_upright(self) -> bool:
        return self.rotation == 0 and not self.is_mirrored

    @property
    def short_side(self) -> int:
        return min(self.width, self.height)

    @property
    def is_hdr(self) -> bool:
        return self.transfer in tones.TO_NITS


@dataclass(frozen=True)
class AudioStream:
    index: int
    codec: str
    channels: int
    sample_rate: int
    packets: int


@dataclass(frozen=True)
class Probe:
    """What is in a file."""

    # ffmpeg's demuxer: mov, matroska, avi, mpegts, mp3, wav, flac, ogg or aac
    container: str
    duration_ms: int
    bytes: int
    video: VideoStream | None
    audio: AudioStream | None
    # Where the first frame or sound lies on the file's own clock
    start_ms: int = 0
    # Sentences for the owner
    warnings: tuple[str, ...] = ()

    @property
    def packets(self) -> int:
        """How many frames there are to be damaged: pictures, or else stretches of sound."""
        if self.video is not None:
            return self.video.frames
        return self.audio.packets if self.audio is not None else 0


@dataclass(frozen=True)
class _Headers:
    """What ffprobe read from the headers of a file: claims, so far."""

    container: str
    # As the file claims; 0 when it does not say
    seconds: float
    picture: Stream | None
    sound: Stream | None

    @property
    def indexes(self) -> tuple[int, ...]:
        return tuple(_index(stream) for stream in (self.picture, self.sound) if stream is not None)


def probe(tools: Tools, path: Path, limits: SourceLimits = SOURCE_LIMITS, *, abort: Abort = never) -> Probe:
    """Look at a source; raises BrokenMedia when it cannot or may not become a pitch."""
    try:
        headers = _read_headers(tools, path, limits, abort)
        _check_headers(headers, limits)
        walks = walk_packets(tools, path, headers.container, headers.indexes, limits.max_packets, abort)
    except ToolFailed as failure:
        raise BrokenMedia(_reason(failure, limits)) from failure
    seconds, start = _span(walks)
    _check_duration(seconds, limits)
    missing = _check_completeness(headers, seconds)
    video = _video(headers.picture, walks, start, limits)
    audio = _audio(headers.sound, walks)
    if video is None and audio is None:
        raise BrokenMedia("The file holds a single picture, not a recording. Record or upload it again.")
    return Probe(
        container=headers.container,
        duration_ms=round(seconds * 1000),
        bytes=path.stat().st_size,
        video=video,
        audio=audio,
        start_ms=round(start * 1000),
        warnings=(*_warnings(video, audio), *_loss(missing)),
    )


def _read_headers(tools: Tools, path: Path, limits: SourceLimits, abort: Abort) -> _Headers:
    container = demuxer_for(path)
    arguments = ["-max_streams", str(limits.max_streams), "-of", "json", "-show_format", "-show_streams"]
    answer = commands.run_ffprobe(tools, path, container, arguments, abort=abort)
    facts = json.loads(answer.output.decode("utf-8", "replace"))
    streams = facts.get("streams", [])
    return _Headers(
        container,
        _claimed_seconds(container, facts.get("format", {})),
        _pick(streams, "video"),
        _pick(streams, "audio"),
    )


def _claimed_seconds(container: str, facts: Mapping[str, Any]) -> float:
    seconds = seconds_or_none(facts.get("duration")) or 0.0
    start = seconds_or_none(facts.get("start_time")) or 0.0
    return seconds - max(0.0, start) if container in COUNTED_FROM_ZERO else seconds


def _pick(streams: list[Stream], kind: str) -> Stream | None:
    """The track players would choose; cover art is no video, and a codec nobody knows is no track."""
    fitting = [
        stream
        for stream in streams
        if stream.get("codec_type") == kind
        and stream.get("codec_name", "unknown") not in ("unknown", "none")
        and not _is_set(stream, "attached_pic")
        and not _is_set(stream, "still_image")
    ]
    return next((stream for stream in fitting if _is_set(stream, "default")), fitting[0] if fitting else None)


def _is_set(stream: Stream, disposition: str) -> bool:
    return bool(stream.get("disposition", {}).get(disposition))


def _index(stream: Stream) -> int:
    return whole(stream.get("index"))


def _check_headers(headers: _Headers, limits: SourceLimits) -> None:
    if headers.picture is None and headers.sound is None:
        raise BrokenMedia("There is neither picture nor sound in this file. Record or upload it again.")
    _check_duration(headers.seconds, limits)
    if headers.picture is None:
        return
    width, height = whole(headers.picture.get("width")), whole(headers.picture.get("height"))
    if width * height > limits.max_pixels:
        raise BrokenMedia(_too_large(width, height))
    if width < 1 or height < 1:
        raise BrokenMedia(
            "The file claims a picture of an impossible size: it is damaged. Export or upload it again."
        )
    if min(width, height) < profiles.MIN_SIDE:
        raise BrokenMedia(
            f"The picture is only {width} × {height} pixels. Export it larger and upload it again."
        )


def _too_large(width: int | str, height: int | str) -> str:
    return (
        f"The picture is {width} × {height}; the largest that can be taken is 4K (4096 × 2176). "
        "Export it smaller and upload it again."
    )


def _check_duration(seconds: float, limits: SourceLimits) -> None:
    if seconds > limits.max_duration_seconds + limits.spare_seconds:
        raise BrokenMedia(
            f"The recording is {_length(seconds)} long; "
            f"the longest that can be taken is {_length(limits.max_duration_seconds)}."
        )


def _length(seconds: float) -> str:
    if seconds >= 3600:
        return f"{seconds / 3600:.1f} hours"
    return f"{seconds / 60:.1f} minutes" if seconds >= 120 else f"{seconds:.0f} seconds"


def _reason(failure: ToolFailed, limits: SourceLimits) -> str:
    """What ffprobe complains about, in human words."""
    if "moov atom not found" in failure.complaints:
        return (
            "The file is incomplete: it was cut off while it was recorded or copied, "
            "and its index is missing. Export or upload it again."
        )
    size = TOO_LARGE.search(failure.complaints)
    if size:
        return _too_large(size[1], size[2])
    if "max_streams" in failure.complaints:
        return (
            f"The file holds more than {limits.max_streams} tracks. "
            "Export it with one picture and one sound track."
        )
    return "The file is damaged and cannot be opened. Export or upload it again."


def _span(walks: Mapping[int, Walk]) -> tuple[float, float]:
    """How long the recording is and when it starts on the file's own clock, in seconds."""
    full = [(walk.first, walk.span) for walk in walks.values() if walk.first is not None]
    if not full:
        raise BrokenMedia("The file holds no frames: the recording ended before it began. Record it again.")
    start = min(first for first, _ in full)
    if -MAX_PRIMING_SECONDS < start < 0:
        start = 0.0
    return max(first + span for first, span in full) - start, start


def _check_completeness(headers: _Headers, seconds: float) -> float:
    """The seconds that are missing; a file whose index promises far more was cut off on its way here."""
    claimed = headers.seconds if headers.container in SELF_MEASURED else 0.0
    if seconds < claimed * profiles.MIN_DURATION_SHARE - profiles.DURATION_SLACK_MS / 1000:
        raise BrokenMedia(
            f"The file is cut off: only {seconds:.0f} of its {claimed:.0f} seconds arrived. Upload it again."
        )
    return claimed - seconds


def _loss(seconds: float) -> tuple[str, ...]:
    if seconds < NOTICED_LOSS_SECONDS:
        return ()
    return (f"The last {seconds:.0f} seconds of this recording are missing: the file was cut off.",)


def _video(
    picture: Stream | None, walks: Mapping[int, Walk], start: float, limits: SourceLimits
) -> VideoStream | None:
    walk = walks[_index(picture)] if picture else Walk()
    if picture is None or walk.first is None or walk.count < 2:
        return None  # a single picture beside a sound is its cover
    _check_frames(walk, limits)
    coded_width, coded_height = whole(picture.get("width")), whole(picture.get("height"))
    aspect, rotation = _sample_aspect(picture), _rotation(picture)
    width, height = max(1, round(coded_width * aspect)), coded_height
    if rotation in (90, 270):
        width, height = height, width
    return VideoStream(
        index=_index(picture),
        codec=str(picture["codec_name"]),
        profile=str(picture.get("profile", "")),
        pix_fmt=str(picture.get("pix_fmt", "")),
        coded_width=coded_width,
        coded_height=coded_height,
        width=width,
        height=height,
        sample_aspect=aspect,
        rotation=rotation,
        fps=walk.frame_rate,
        is_constant=walk.is_steady,
        is_interlaced=picture.get("field_order") in INTERLACED_ORDERS,
        transfer=str(picture.get("color_transfer", "")),
        color_space=str(picture.get("color_space", "")),
        start_ms=round((walk.first - start) * 1000),
        end_ms=round((walk.first + walk.span - start) * 1000),
        frames=walk.count,
        max_frame_gap_ms=round(walk.longest_gap * 1000),
        max_keyframe_gap_ms=round(walk.longest_keyframe_gap * 1000),
        is_mirrored=_is_mirrored(picture),
        is_trimmed=walk.hidden > 0,
    )


def _check_frames(walk: Walk, limits: SourceLimits) -> None:
    if walk.longest_gap > limits.max_frame_gap_seconds:
        raise BrokenMedia(
            f"The picture stands still for {walk.longest_gap / 60:.0f} minutes in one place; "
            f"at most {limits.max_frame_gap_seconds // 60} can be taken. Record or export it again."
        )
    rate = walk.count / max(walk.span, 1.0)
    if rate > limits.max_frames_per_second:
        raise BrokenMedia(
            f"The video has {rate:.0f} frames per second; "
            f"at most {limits.max_frames_per_second} can be taken."
        )


def _sample_aspect(picture: Stream) -> Fraction:
    aspect = fraction(picture.get("sample_aspect_ratio"))
    # Beyond these it is a broken header, not an anamorphic picture
    return aspect if Fraction(1, 4) <= aspect <= 4 else Fraction(1)


def _rotation(picture: Stream) -> int:
    """ffprobe tells the display matrix counter-clockwise, from -180 to 180."""
    for data in picture.get("side_data_list", []):
        if "rotation" in data:
            return round(-(seconds_or_none(data["rotation"]) or 0.0) / 90) % 4 * 90
    return 0


def _is_mirrored(picture: Stream) -> bool:
    """ffprobe's rotation leaves it out; the display matrix tells it by a negative determinant."""
    for data in picture.get("side_data_list", []):
        rows = [
            line.split(":")[-1].split() for line in str(data.get("displaymatrix", "")).split("\n") if line
        ]
        if len(rows) == 3 and all(len(row) == 3 for row in rows):
            (a, b, _), (c, d, _), _ = ([whole(number) for number in row] for row in rows)
            return a * d - b * c < 0
    return False


def _audio(sound: Stream | None, walks: Mapping[int, Walk]) -> AudioStream | None:
    if sound is None or walks[_index(sound)].first is None:
        return None
    return AudioStream(
        index=_index(sound),
        codec=str(sound["codec_name"]),
        channels=whole(sound.get("channels")),
        sample_rate=whole(sound.get("sample_rate")),
        packets=walks[_index(sound)].count,
    )


def _warnings(video: VideoStream | None, audio: AudioStream | None) -> tuple[str, ...]:
    if video is None:
        return ("There is no picture in this recording: it is played as sound.",)
    if audio is None:
        return ("There is no sound in this recording.",)
    return ()
