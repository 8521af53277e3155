"""Stage 2: the rungs, decoded once and split.

Each rung is one fragmented MP4 that plays by itself and by byte ranges: a keyframe every second, closed
groups of pictures, constant frame rate, time 0, upright, square pixels, BT.709, stereo AAC of even loudness.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import ffmpeg

from pitchreview.errors import BrokenMedia
from worker.media import color, commands, profiles
from worker.media.codecs import codecs_string
from worker.media.commands import OnProgress, ignore
from worker.media.errors import OutputRefused, ToolFailed
from worker.media.playlist import read_playlist
from worker.media.probe import Probe, VideoStream
from worker.media.process import Abort, never
from worker.media.profiles import RungProfile
from worker.media.renditions import Ladder, Rung
from worker.media.tools import Tools
from worker.media.verify import DamageCount, verify_rung

AUDIO_RUNG = "audio"
# What ffmpeg says when the source, not the machine, is at fault
UNDECODABLE = ("Invalid data found", "Nothing was written into output", "Error while decoding", "no packets")


@dataclass(frozen=True)
class Plan:
    """One rung to be made."""

    name: str
    width: int
    height: int
    kbps: int


def plan_rungs(video: VideoStream) -> tuple[Plan, ...]:
    """Rungs by short side, lowest first, never larger than the source."""
    side = video.short_side
    fitting = [rung for rung in profiles.RUNGS if rung.short_side <= side]
    highest = fitting[-1].short_side if fitting else 0
    if side >= highest * profiles.OWN_SIZE_FROM and side < profiles.RUNGS[-1].short_side:
        fitting.append(RungProfile(even(side), _own_kbps(side)))
    return tuple(_plan(rung, video) for rung in fitting)


def make_ladder(
    tools: Tools,
    path: Path,
    source: Probe,
    folder: Path,
    *,
    gain_db: float = 0.0,
    on_progress: OnProgress = ignore,
    abort: Abort = never,
) -> Ladder:
    """All rungs of a source in one run of ffmpeg, each verified. Sound alone makes one rung of sound."""
    if source.video and not tools.can_decode(source.video.codec):
        raise BrokenMedia(f"The ffmpeg of this server cannot decode {source.video.codec.upper()} video.")
    plans = plan_rungs(source.video) if source.video else (Plan(AUDIO_RUNG, 0, 0, 0),)
    damage = DamageCount()
    try:
        commands.run_ffmpeg(
            tools,
            _compile(tools, path, source, folder, plans, gain_db),
            reads=[path],
            folder=folder,
            span_ms=source.duration_ms,
            on_progress=on_progress,
            on_complaint=damage.note,
            abort=abort,
        )
        warnings = damage.warnings(source.packets) + color.warnings(tools, source.video)
        return Ladder(tuple(_describe(tools, folder, plan, source, abort) for plan in plans), warnings)
    except ToolFailed as failure:
        raise _blame(failure, damage) from failure


def even(length: Fraction | float) -> int:
    """H.264 in 4:2:0 has even sides."""
    return max(profiles.MIN_SIDE, round(length / 2) * 2)


def _own_kbps(side: int) -> int:
    return next(kbps for least, kbps in profiles.OWN_SIZE_KBPS if side <= least)


def _plan(rung: RungProfile, video: VideoStream) -> Plan:
    scale = Fraction(rung.short_side, video.short_side)
    width, height = even(video.width * scale), even(video.height * scale)
    factor = profiles.HIGH_RATE_FACTOR if video.fps > 30 else 1
    return Plan(f"{rung.short_side}p", width, height, round(rung.max_kbps * factor))


def _compile(
    tools: Tools, path: Path, source: Probe, folder: Path, plans: Sequence[Plan], gain_db: float
) -> Any:
    opened = commands.open_input(path, source.container)
    pictures = _pictures(tools, opened, source, plans, folder) if source.video else [None] * len(plans)
    sounds = _sounds(opened, source, gain_db, len(plans)) if source.audio else [None] * len(plans)
    outputs = [
        _output(plan, source, folder, [stream for stream in (picture, sound) if stream is not None])
        for plan, picture, sound in zip(plans, pictures, sounds, strict=True)
    ]
    return ffmpeg.merge_outputs(*outputs)


def _pictures(tools: Tools, opened: Any, source: Probe, plans: Sequence[Plan], folder: Path) -> list[Any]:
    video = source.video
    assert video is not None
    picture = opened[str(video.index)]
    if video.is_interlaced and "bwdif" in tools.filters:
        picture = picture.filter("bwdif", mode="send_frame", deint="interlaced")
    picture = picture.filter("fps", fps=str(video.fps), start_time=0)
    if source.duration_ms - video.end_ms > profiles.DURATION_SLACK_MS:
        # A camera that stopped before its microphone: the last picture stays, so that segments have one
        missing = (source.duration_ms - video.end_ms) / 1000
        picture = picture.filter("tpad", stop_mode="clone", stop_duration=missing)
    branches = picture.filter_multi_output("split", len(plans))
    return [
        color.scale(tools, branches[k], video, plan.width, plan.height, folder)
        for k, plan in enumerate(plans)
    ]


def _sounds(opened: Any, source: Probe, gain_db: float, count: int) -> list[Any]:
    assert source.audio is not None
    ceiling = profiles.MAX_TRUE_PEAK_DB - profiles.LIMITER_MARGIN_DB
    # `async` and `first_pts` fill the holes that a recorder leaves, so that sound stays with the picture
    sound = (
        opened[str(source.audio.index)]
        .filter("aresample", profiles.AUDIO_HZ, **{"async": 1, "first_pts": 0})
        .filter("aformat", sample_fmts="fltp", channel_layouts="stereo")
        .filter("volume", f"{gain_db}dB")
        .filter("alimiter", limit=f"{ceiling}dB", level=0, latency=1)
        .filter_multi_output("asplit", count)
    )
    return [sound[k] for k in range(count)]


def _output(plan: Plan, source: Probe, folder: Path, streams: Sequence[Any]) -> Any:
    options = {**_sound_options(), **_muxer_options(folder, plan.name, source.duration_ms)}
    if source.video:
        options |= _picture_options(plan, source.video)
    return ffmpeg.output(*streams, str(_playlist(folder, plan.name)), **options)


def _picture_options(plan: Plan, video: VideoStream) -> dict[str, Any]:
    keyframe_interval = round(video.fps * profiles.KEYFRAME_SECONDS)
    return {
        "c:v": "libx264",
        "preset": profiles.PRESET,
        "crf": profiles.CRF,
        "maxrate": f"{plan.kbps}k",
        "bufsize": f"{2 * plan.kbps}k",
        "g": keyframe_interval,
        "keyint_min": keyframe_interval,
        "sc_threshold": 0,
        "flags": "+cgop",
        "threads": commands.threads(),
    }


def _sound_options() -> dict[str, Any]:
    return {"c:a": "aac", "b:a": f"{profiles.AUDIO_KBPS}k"}


def _muxer_options(folder: Path, name: str, span_ms: int) -> dict[str, Any]:
    return {
        "f": "hls",
        "hls_time": profiles.SEGMENT_SECONDS,
        "hls_playlist_type": "vod",
        "hls_flags": "single_file",
        "hls_segment_type": "fmp4",
        "hls_segment_filename": str(_file(folder, name)),
        # Otherwise everything is moved by the encoder's delay, and a comment's moment with it
        "avoid_negative_ts": "disabled",
        "map_metadata": -1,
        # A hostile clock cannot make more than the probe has seen
        "t": round(span_ms / 1000 * 1.01 + 0.5, 3),
    }


def _blame(failure: ToolFailed, damage: DamageCount) -> Exception:
    """Whether trying again can help: a kill or a full disk is the machine's, undecodable data the file's."""
    is_file = any(words in failure.complaints for words in UNDECODABLE)
    is_file |= isinstance(failure, OutputRefused) and damage.frames > 0
    if failure.was_killed or failure.ran_out_of_room or not is_file:
        return failure
    return BrokenMedia("The file is damaged and cannot be decoded. Export or upload it again.")


def _describe(tools: Tools, folder: Path, plan: Plan, source: Probe, abort: Abort) -> Rung:
    path = _file(folder, plan.name)
    init, segments = read_playlist(_playlist(folder, plan.name))
    draft = Rung(
        path=path,
        content_type="video/mp4" if source.video else "audio/mp4",
        codecs="",
        width=plan.width,
        height=plan.height,
        duration_ms=sum(part.duration_ms for part in segments),
        bytes=path.stat().st_size if path.exists() else 0,
        name=plan.name,
        init=init,
        segments=segments,
        fps=float(source.video.fps) if source.video else 0.0,
    )
    seen = verify_rung(tools, draft, source, abort=abort)
    return replace(draft, codecs=codecs_string(path, seen.video, seen.audio))


def _file(folder: Path, name: str) -> Path:
    return folder / f"{name}.mp4"


def _playlist(folder: Path, name: str) -> Path:
    return folder / f"{name}.m3u8"
