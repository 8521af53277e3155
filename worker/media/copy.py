"""Stage 1: a file that browsers play and seek, without encoding a single picture.

The copy keeps the timing and the turn (display matrix) of its source and nothing else: no metadata, chapters,
subtitles, data or attachments. Sound that browsers do not play in that container is encoded; that is cheap.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import ffmpeg

from worker.media import commands, profiles
from worker.media.codecs import codecs_string, plays_in_browsers
from worker.media.commands import OnProgress, ignore
from worker.media.probe import AudioStream, Probe
from worker.media.process import Abort, never
from worker.media.renditions import Rendition
from worker.media.tools import Tools
from worker.media.verify import verify_rendition

STRIPPED = {"map_metadata": -1, "map_chapters": -1, "dn": None, "sn": None}
MUXERS: dict[str, dict[str, Any]] = {
    "mp4": {"f": "mp4", "movflags": "+faststart"},
    "webm": {"f": "webm", "cues_to_front": 1},
}
# Sound that a browser plays inside each container, and what the rest is encoded to
PLAYED_SOUND = {"mp4": ("aac", "mp3", "opus"), "webm": ("opus", "vorbis")}
SOUND_ENCODERS = {"mp4": "aac", "webm": "libopus"}


def may_copy(source: Probe) -> bool:
    """Whether browsers play the picture as it is; sound alone always can be made playable at once."""
    return source.video is None or plays_in_browsers(source.video)


def copy_playable(
    tools: Tools,
    path: Path,
    source: Probe,
    folder: Path,
    *,
    on_progress: OnProgress = ignore,
    abort: Abort = never,
) -> Rendition:
    """The source as a progressive file, verified. Ask `may_copy` first."""
    container = container_for(source)
    made = folder / f"playable.{container}"
    commands.run_ffmpeg(
        tools,
        _compile(path, source, made, container),
        reads=[path],
        folder=folder,
        span_ms=source.duration_ms,
        most_bytes=source.bytes + _sound_bytes(source) + profiles.SMALL_OUTPUT_BYTES,
        on_progress=on_progress,
        abort=abort,
    )
    return _describe(tools, made, source, container, abort)


def container_for(source: Probe) -> str:
    """WebM stays WebM; everything else becomes MP4, which takes VP9 and AV1, too."""
    if source.video is None:
        is_web_sound = source.audio is not None and source.audio.codec in PLAYED_SOUND["webm"]
        return "webm" if is_web_sound else "mp4"
    if source.video.codec == "vp8":
        return "webm"
    return "webm" if source.video.codec in ("vp9", "av1") and source.container == "matroska" else "mp4"


def _compile(path: Path, source: Probe, made: Path, container: str) -> Any:
    opened = commands.open_input(path, source.container)
    streams, options = [], {**STRIPPED, **MUXERS[container]}
    if source.video is not None:
        streams.append(opened[str(source.video.index)])
        options["c:v"] = "copy"
    if source.audio is not None:
        streams.append(opened[str(source.audio.index)])
        options |= sound_options(source.audio, container)
    return ffmpeg.output(*streams, str(made), **options)


def sound_options(audio: AudioStream, container: str) -> dict[str, Any]:
    if audio.codec in PLAYED_SOUND[container]:
        return {"c:a": "copy"}
    return {
        "c:a": SOUND_ENCODERS[container],
        "b:a": f"{profiles.AUDIO_KBPS}k",
        "ac": 2,
        "ar": profiles.AUDIO_HZ,
    }


def _sound_bytes(source: Probe) -> int:
    """Sound that is encoded may take more than it did."""
    return source.duration_ms * profiles.AUDIO_KBPS // 8


def _describe(tools: Tools, made: Path, source: Probe, container: str, abort: Abort) -> Rendition:
    video = source.video
    draft = Rendition(
        path=made,
        content_type=f"{'video' if video else 'audio'}/{container}",
        codecs="",
        width=video.width if video else 0,
        height=video.height if video else 0,
        duration_ms=source.duration_ms,
        bytes=made.stat().st_size if made.exists() else 0,
    )
    seen = verify_rendition(tools, draft, source, abort=abort)
    return replace(draft, codecs=codecs_string(made, seen.video, seen.audio), duration_ms=seen.duration_ms)
