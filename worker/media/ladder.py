"""The rungs, decoded once and split.

Each rung is one fragmented MP4 that plays by itself and by byte ranges: a keyframe every second, closed
groups of pictures, constant frame rate, time 0, upright, square pixels, BT.709, stereo AAC of even loudness.
What is right already is not encoded again: a plain H.264 source is its own top rung, and of the lowest rung,
where it was made first to play while it grows, only the sound is made anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import ffmpeg

from pitchreview.errors import BrokenMedia
from worker.media import color, commands, profiles
from worker.media.codecs import codecs_string, plays_in_browsers
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
# These carry the times of their pictures; the others leave some to be guessed
PLAIN_CONTAINERS = ("mov", "matroska")
# What ffmpeg says when the source, not the machine, is at fault
UNDECODABLE = ("Invalid data found", "Nothing was written into output", "Error while decoding", "no packets")


@dataclass(frozen=True)
class Plan:
    """One rung to be made."""

    name: str
    width: int
    height: int
    kbps: int
    # The file whose picture is taken as it is, and the place of its stream in it; None: it is encoded
    copies: tuple[Path, int] | None = None

    @property
    def short_side(self) -> int:
        return min(self.width, self.height)


def plan_ladder(path: Path, source: Probe) -> tuple[Plan, ...]:
    """What this source becomes, lowest first; sound alone has one rung of its own."""
    video = source.video
    if video is None:
        return (Plan(AUDIO_RUNG, 0, 0, 0),)
    if not may_be_rung(source):
        return plan_rungs(video)
    side = video.short_side
    lower = [rung for rung in profiles.RUNGS if rung.short_side * profiles.OWN_SIZE_FROM <= side]
    top = Plan(f"{side}p", video.width, video.height, 0, copies=(path, video.index))
    return (*(_plan(rung, video) for rung in lower), top)


def plan_rungs(video: VideoStream) -> tuple[Plan, ...]:
    """Rungs to be encoded, by short side, lowest first, never larger than the source."""
    side = video.short_side
    fitting = [rung for rung in profiles.RUNGS if rung.short_side <= side]
    highest = fitting[-1].short_side if fitting else 0
    if side >= highest * profiles.OWN_SIZE_FROM and side < profiles.RUNGS[-1].short_side:
        fitting.append(RungProfile(even(side), own_kbps(side)))
    return tuple(_plan(rung, video) for rung in fitting)


def plan_whole(video: VideoStream) -> Plan:
    """One encoded picture of the source's own size, at most that of the highest rung."""
    scale = min(Fraction(1), Fraction(profiles.RUNGS[-1].short_side, video.short_side))
    width, height = even(video.width * scale), even(video.height * scale)
    side = min(width, height)
    factor = profiles.HIGH_RATE_FACTOR if video.fps > 30 else 1
    return Plan(f"{side}p", width, height, round(own_kbps(min(side, profiles.RUNGS[-1].short_side)) * factor))


def may_be_rung(source: Probe) -> bool:
    """Whether the picture of a source can be the top rung as it is: plain, upright, on time, easy to seek."""
    video = source.video
    if video is None or video.codec != "h264" or video.pix_fmt != "yuv420p" or not plays_in_browsers(video):
        return False
    is_upright = video.is_upright and video.sample_aspect == 1 and not video.is_interlaced
    # An edit list would have to be copied with the picture, and players read those each in their own way
    is_on_time = (
        video.start_ms <= 1
        and not video.is_trimmed
        and source.duration_ms - video.end_ms <= (profiles.DURATION_SLACK_MS)
    )
    is_plain = source.container in PLAIN_CONTAINERS and video.width % 2 == video.height % 2 == 0
    seeks_well = video.max_keyframe_gap_ms <= profiles.MAX_COPIED_KEYFRAME_GAP_MS
    return is_upright and is_on_time and is_plain and seeks_well and _is_light(source, video)


def _is_light(source: Probe, video: VideoStream) -> bool:
    """Not so many bits or pictures that an office line or a phone cannot keep up."""
    side = video.short_side
    if side < profiles.MIN_SIDE or side > profiles.RUNGS[-1].short_side:
        return False
    kbps = source.bytes * 8 / max(source.duration_ms, 1)
    rate = video.frames * 1000 / max(source.duration_ms, 1)
    return kbps <= own_kbps(side) * profiles.MAX_COPIED_RATE_FACTOR and rate <= profiles.MAX_COPIED_FPS


def make_ladder(
    tools: Tools,
    path: Path,
    source: Probe,
    folder: Path,
    plans: Sequence[Plan] | None = None,
    *,
    gain_db: float = 0.0,
    grows: bool = False,
    on_progress: OnProgress = ignore,
    abort: Abort = never,
) -> Ladder:
    """The whole ladder of a source, or these rungs of it, in one run of ffmpeg, each verified.

    With `grows` the playlists are written after every segment, and `on_progress` is called more often.
    """
    tools = tools.for_codec(source.video.codec) if source.video else tools
    plans = plan_ladder(path, source) if plans is None else plans
    if source.video and not all(plan.copies for plan in plans) and not tools.can_decode(source.video.codec):
        raise BrokenMedia(f"The ffmpeg of this server cannot decode {source.video.codec.upper()} video.")
    damage = DamageCount()
    reads = dict.fromkeys([path, *(plan.copies[0] for plan in plans if plan.copies)])
    try:
        commands.run_ffmpeg(
            tools,
            _compile(tools, path, source, folder, plans, gain_db, "event" if grows else "vod"),
            reads=list(reads),
            folder=folder,
            span_ms=source.duration_ms,
            every_seconds=0.25 if grows else 0.5,
            most_bytes=sum(_most_bytes(plan, source) for plan in plans) + profiles.SMALL_OUTPUT_BYTES,
            niceness=profiles.FIRST_STAGE_NICENESS if grows else profiles.SECOND_STAGE_NICENESS,
            on_progress=on_progress,
            on_complaint=damage.note,
            abort=abort,
        )
        warnings = damage.warnings(source.packets) + color.warnings(tools, source.video)
        rungs = (_describe(tools, folder, plan, path, source, abort) for plan in plans)
        return Ladder(tuple(rungs), warnings)
    except ToolFailed as failure:
        raise blame(failure, damage) from failure


def _most_bytes(plan: Plan, source: Probe) -> int:
    """What a rung may take on disk at the most."""
    picture = plan.copies[0].stat().st_size if plan.copies else source.duration_ms * plan.kbps // 8
    return round((picture + source.duration_ms * profiles.AUDIO_KBPS // 8) * profiles.RUNG_SLACK)


def even(length: Fraction | float) -> int:
    """H.264 in 4:2:0 has even sides."""
    return max(profiles.MIN_SIDE, round(length / 2) * 2)


def own_kbps(side: int) -> int:
    return next(kbps for least, kbps in profiles.OWN_SIZE_KBPS if side <= least)


def _plan(rung: RungProfile, video: VideoStream) -> Plan:
    scale = Fraction(rung.short_side, video.short_side)
    width, height = even(video.width * scale), even(video.height * scale)
    factor = profiles.HIGH_RATE_FACTOR if video.fps > 30 else 1
    return Plan(f"{rung.short_side}p", width, height, round(rung.max_kbps * factor))


def _compile(
    tools: Tools,
    path: Path,
    source: Probe,
    folder: Path,
    plans: Sequence[Plan],
    gain_db: float,
    playlist_type: str,
) -> Any:
    opened = commands.open_input(path, source.container)
    encoded = [plan for plan in plans if not plan.copies]
    pictures = dict(zip(encoded, _pictures(tools, opened, source, encoded, folder), strict=True))
    sounds = _sounds(opened, source, gain_db, len(plans))
    outputs = []
    for plan, sound in zip(plans, sounds, strict=True):
        picture = _copied(opened, path, plan) if plan.copies else pictures[plan]
        streams = [part for part in (picture, sound) if part is not None]
        outputs.append(_output(plan, source, folder, streams, playlist_type))
    return ffmpeg.merge_outputs(*outputs)


def _copied(opened: Any, path: Path, plan: Plan) -> Any:
    assert plan.copies is not None
    file, index = plan.copies
    return (opened if file == path else commands.open_input(file, "mov"))[str(index)]


def _pictures(tools: Tools, opened: Any, source: Probe, plans: Sequence[Plan], folder: Path) -> list[Any]:
    """One decode, a branch for each rung that is encoded."""
    video = source.video
    if video is None or not plans:
        return [None] * len(plans)
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
    if source.audio is None:
        return [None] * count
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


def _output(plan: Plan, source: Probe, folder: Path, streams: Sequence[Any], playlist_type: str) -> Any:
    options = {**sound_options(), **_muxer_options(folder, plan.name, source.duration_ms, playlist_type)}
    if plan.copies:
        options["c:v"] = "copy"
    elif source.video:
        options |= picture_options(plan.kbps, source.video.fps)
    return ffmpeg.output(*streams, str(playlist_in(folder, plan.name)), **options)


def picture_options(kbps: int, fps: Fraction) -> dict[str, Any]:
    """H.264 that every browser plays and seeks."""
    keyframe_interval = round(fps * profiles.KEYFRAME_SECONDS)
    return {
        "c:v": "libx264",
        "preset": profiles.PRESET,
        "crf": profiles.CRF,
        "maxrate": f"{kbps}k",
        "bufsize": f"{2 * kbps}k",
        "g": keyframe_interval,
        "keyint_min": keyframe_interval,
        "sc_threshold": 0,
        "flags": "+cgop",
        "threads": commands.threads(),
    }


def sound_options() -> dict[str, Any]:
    return {"c:a": "aac", "b:a": f"{profiles.AUDIO_KBPS}k"}


def _muxer_options(folder: Path, name: str, span_ms: int, playlist_type: str) -> dict[str, Any]:
    return {
        "f": "hls",
        "hls_time": profiles.SEGMENT_SECONDS,
        "hls_playlist_type": playlist_type,
        "hls_flags": "single_file",
        "hls_segment_type": "fmp4",
        "hls_segment_filename": str(file_in(folder, name)),
        # Otherwise everything is moved by the encoder's delay, and a comment's moment with it
        "avoid_negative_ts": "disabled",
        "map_metadata": -1,
        # A hostile clock cannot make more than the probe has seen
        "t": round(span_ms / 1000 * 1.01 + 0.5, 3),
    }


def blame(failure: ToolFailed, damage: DamageCount) -> Exception:
    """Whether trying again can help: a kill or a full disk is the machine's, undecodable data the file's."""
    is_file = any(words in failure.complaints for words in UNDECODABLE)
    is_file |= isinstance(failure, OutputRefused) and damage.frames > 0
    if failure.was_killed or failure.ran_out_of_room or not is_file:
        return failure
    return BrokenMedia("The file is damaged and cannot be decoded. Export or upload it again.")


def _describe(tools: Tools, folder: Path, plan: Plan, source_path: Path, source: Probe, abort: Abort) -> Rung:
    path = file_in(folder, plan.name)
    init, segments = read_playlist(playlist_in(folder, plan.name))
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
        is_copied=plan.copies is not None and plan.copies[0] == source_path,
    )
    seen = verify_rung(tools, draft, source, abort=abort)
    return replace(draft, codecs=codecs_string(path, seen.video, seen.audio))


def file_in(folder: Path, name: str) -> Path:
    return folder / f"{name}.mp4"


def playlist_in(folder: Path, name: str) -> Path:
    return folder / f"{name}.m3u8"
