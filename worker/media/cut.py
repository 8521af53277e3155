"""A stretch of a recording as a file of its own, in which nothing of the rest is left.

Where a group of pictures begins at its first moment the packets are copied as they are; else it is encoded,
exactly. Sound alone is always encoded: that is cheap.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import ffmpeg

from pitchreview.errors import BrokenMedia
from worker.media import color, commands, copy, ladder, profiles
from worker.media.codecs import codecs_string
from worker.media.commands import OnProgress, ignore
from worker.media.errors import OutputRefused, ToolFailed
from worker.media.numbers import seconds_or_none
from worker.media.packets import PATIENT_BYTES_PER_SECOND
from worker.media.probe import Probe, VideoStream
from worker.media.process import Abort, Limits, never
from worker.media.renditions import Rendition
from worker.media.tools import Tools
from worker.media.verify import MAX_START_MS, DamageCount, verify_footage

# Packets that begin this much before the keyframe belong to what is cut away
HAIR_SECONDS = 0.0005


@dataclass(frozen=True)
class Stretch:
    """On the clock of the recording."""

    from_ms: int
    until_ms: int

    @property
    def span_ms(self) -> int:
        return self.until_ms - self.from_ms


def cut(
    tools: Tools,
    path: Path,
    source: Probe,
    stretch: Stretch,
    folder: Path,
    *,
    on_progress: OnProgress = ignore,
    abort: Abort = never,
) -> Rendition:
    """This stretch of the file, verified."""
    entry = _find_entry(tools, path, source, stretch, abort)
    if entry is not None:
        try:
            return _copy(tools, path, source, stretch, entry, folder, abort)
        except ToolFailed as failure:
            if failure.was_killed or failure.ran_out_of_room:
                raise
    return _encode(tools, path, source, stretch, folder, on_progress, abort)


@dataclass
class _Entry:
    """The keyframe nearest to a wanted moment, in seconds on the own clock of the file."""

    wanted: float
    end: float
    at: float | None = None
    # Packets since the keyframe, and how many of them it takes to show all pictures before the end
    packets: int = 0
    needed: int = 0

    def take(self, at: float, is_keyframe: bool) -> None:
        if is_keyframe and (self.at is None or abs(at - self.wanted) < abs(self.at - self.wanted)):
            self.at, self.packets, self.needed = at, 0, 0
        if self.at is None or at < self.at:
            return
        self.packets += 1
        if at < self.end:
            self.needed = self.packets


def _find_entry(tools: Tools, path: Path, source: Probe, stretch: Stretch, abort: Abort) -> _Entry | None:
    """Where a group of pictures begins close to the wanted moment; None: nowhere."""
    video = source.video
    if video is None or video.is_trimmed or not copy.may_copy(source):
        return None
    entry = _Entry((source.start_ms + stretch.from_ms) / 1000, (source.start_ms + stretch.until_ms) / 1000)

    def take(line: str) -> bool:
        time, _, flags = line.partition(",")
        at = seconds_or_none(time)
        if at is not None:
            entry.take(at, "K" in flags)
        return True

    commands.run_ffprobe(
        tools,
        path,
        source.container,
        ["-select_streams", str(video.index), "-show_entries", "packet=pts_time,flags", "-of", "csv=p=0"],
        limits=Limits(wall_seconds=60 + path.stat().st_size / PATIENT_BYTES_PER_SECOND),
        on_line=take,
        abort=abort,
    )
    is_near = entry.at is not None and abs(entry.at - entry.wanted) * 1000 <= profiles.CUT_SLACK_MS
    return entry if is_near and entry.needed else None


def _copy(
    tools: Tools, path: Path, source: Probe, stretch: Stretch, entry: _Entry, folder: Path, abort: Abort
) -> Rendition:
    assert source.video is not None and entry.at is not None
    container = copy.container_for(source)
    made = folder / f"footage.{container}"
    span_ms = stretch.until_ms + source.start_ms - round(entry.at * 1000)
    begins = f"{entry.at - HAIR_SECONDS:.6f}"
    opened = commands.open_input(path, source.container, ss=begins, seek_timestamp=1)
    streams = [opened[str(part.index)] for part in (source.video, source.audio) if part is not None]
    # The time alone would let in pictures after the end: those are stored before the ones that refer to them
    options = {"c": "copy", "copypriorss": 0, "t": span_ms / 1000, "frames:v": entry.needed}
    if source.audio is not None:
        options |= copy.sound_options(source.audio, container)
    commands.run_ffmpeg(
        tools,
        ffmpeg.output(*streams, str(made), **copy.STRIPPED, **copy.MUXERS[container], **options),
        reads=[path],
        folder=folder,
        span_ms=span_ms,
        most_bytes=source.bytes + profiles.SMALL_OUTPUT_BYTES,
        abort=abort,
    )
    size = (source.video.width, source.video.height)
    return _describe(tools, made, f"video/{container}", size, span_ms, source, abort)


def _encode(
    tools: Tools,
    path: Path,
    source: Probe,
    stretch: Stretch,
    folder: Path,
    on_progress: OnProgress,
    abort: Abort,
) -> Rendition:
    video, made, damage = source.video, folder / "footage.mp4", DamageCount()
    if video is not None:
        if not tools.can_decode(video.codec):
            raise BrokenMedia(f"The ffmpeg of this server cannot decode {video.codec.upper()} video.")
        tools = tools.for_codec(video.codec)
    plan = ladder.plan_whole(video) if video is not None else None
    streams, options = [], {**copy.STRIPPED, **copy.MUXERS["mp4"]}
    begins = (source.start_ms + stretch.from_ms) / 1000
    opened = commands.open_input(path, source.container, ss=f"{begins:.6f}", seek_timestamp=1)
    if video is not None and plan is not None:
        streams.append(_picture(tools, opened, video, plan, stretch, folder))
        options |= {"c:v": "libx264", **ladder.picture_options(plan.kbps, video.fps)}
    if source.audio is not None:
        streams.append(_sound(opened, source.audio.index, stretch))
        options |= ladder.sound_options()
    rate = (plan.kbps if plan else 0) + profiles.AUDIO_KBPS
    try:
        commands.run_ffmpeg(
            tools,
            ffmpeg.output(*streams, str(made), t=stretch.span_ms / 1000, **options),
            reads=[path],
            folder=folder,
            span_ms=stretch.span_ms,
            most_bytes=round(stretch.span_ms * rate // 8 * profiles.RUNG_SLACK) + profiles.SMALL_OUTPUT_BYTES,
            on_progress=on_progress,
            on_complaint=damage.note,
            abort=abort,
        )
        size = (plan.width, plan.height) if plan else (0, 0)
        kind = "video/mp4" if plan else "audio/mp4"
        return _describe(tools, made, kind, size, stretch.span_ms, source, abort)
    except ToolFailed as failure:
        raise ladder.blame(failure, damage) from failure


def _picture(
    tools: Tools, opened: Any, video: VideoStream, plan: ladder.Plan, stretch: Stretch, folder: Path
) -> Any:
    """Where the last picture began before the end, or the camera stopped first, it stays."""
    picture = opened[str(video.index)]
    if video.is_interlaced and "bwdif" in tools.filters:
        picture = picture.filter("bwdif", mode="send_frame", deint="interlaced")
    timed = picture.filter("fps", fps=str(video.fps), start_time=0).filter("tpad", stop_mode="clone", stop=-1)
    trimmed = timed.filter("trim", end=stretch.span_ms / 1000)
    return color.scale(tools, trimmed, video, plan.width, plan.height, folder)


def _sound(opened: Any, index: int, stretch: Stretch) -> Any:
    seconds = stretch.span_ms / 1000
    return (
        opened[str(index)]
        .filter("aresample", profiles.AUDIO_HZ, **{"async": 1, "first_pts": 0})
        .filter("aformat", sample_fmts="fltp", channel_layouts="stereo")
        .filter("apad", whole_dur=seconds)
        .filter("atrim", end=seconds)
    )


def _describe(
    tools: Tools, made: Path, kind: str, size: tuple[int, int], span_ms: int, source: Probe, abort: Abort
) -> Rendition:
    draft = Rendition(
        path=made,
        content_type=kind,
        codecs="",
        width=size[0],
        height=size[1],
        duration_ms=span_ms,
        bytes=made.stat().st_size if made.exists() else 0,
    )
    seen = verify_footage(tools, draft, has_sound=source.audio is not None, abort=abort)
    if seen.video is not None and (seen.video.is_trimmed or seen.video.start_ms > MAX_START_MS):
        raise OutputRefused(f"{made.name} does not begin with its first picture.")
    return replace(draft, codecs=codecs_string(made, seen.video, seen.audio), duration_ms=seen.duration_ms)
