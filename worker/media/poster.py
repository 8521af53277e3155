"""One picture that stands for a recording before it plays."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import ffmpeg

from pitchreview.errors import BrokenMedia
from worker.media import color, commands, profiles
from worker.media.errors import ToolFailed
from worker.media.ladder import even
from worker.media.probe import AudioStream, Probe, VideoStream
from worker.media.process import Abort, never
from worker.media.renditions import Picture
from worker.media.tools import Tools
from worker.media.verify import verify_jpeg

JPEG = {
    "c:v": "mjpeg",
    "q:v": 4,
    "frames:v": 1,
    "f": "image2",
    "update": 1,
    "map_metadata": -1,
    # Lets a place without a picture be empty instead of failing the others
    "strict": "unofficial",
}
# What ffmpeg says when it had nothing to draw
UNDECODABLE = "received no packets"
FROM_THE_START: list[dict[str, Any]] = [{}]
WAVEFORM_SIZE = (960, 540)
WAVEFORM_COLOR = "0x8fa3b8"
WAVEFORM_GROUND = "0x161b22"


def make_poster(tools: Tools, path: Path, source: Probe, folder: Path, *, abort: Abort = never) -> Picture:
    """The fullest of a few moments; where there is no picture that can be decoded, the waveform."""
    if source.video is None or not tools.can_decode(source.video.codec):
        return _make_waveform(tools, path, source, folder, abort)
    tools = tools.for_codec(source.video.codec)
    width, height = _size(source.video)
    candidates = _candidates(tools, path, source, folder, (width, height), abort)
    # A dark, blurred or empty picture needs few bytes, a face in good light many
    best = max(candidates, key=lambda candidate: candidate.stat().st_size)
    made = best.replace(folder / "poster.jpg")
    for candidate in candidates:
        candidate.unlink(missing_ok=True)
    verify_jpeg(made)
    return Picture(made, width, height)


def _size(video: VideoStream) -> tuple[int, int]:
    scale = min(Fraction(1), Fraction(profiles.POSTER_SHORT_SIDE, video.short_side))
    return even(video.width * scale), even(video.height * scale)


def _candidates(
    tools: Tools, path: Path, source: Probe, folder: Path, size: tuple[int, int], abort: Abort
) -> Sequence[Path]:
    """Pictures from the usual places; where a strange clock or damage hides them all, the very first one."""
    assert source.video is not None
    for seeks in (_seeks(source.video, source.duration_ms), FROM_THE_START):
        found = _grab(tools, path, source, folder, size, seeks, abort)
        if found:
            return found
    raise BrokenMedia("The picture of this file cannot be decoded. Export or upload it again.")


def _grab(
    tools: Tools,
    path: Path,
    source: Probe,
    folder: Path,
    size: tuple[int, int],
    seeks: Sequence[dict[str, Any]],
    abort: Abort,
) -> Sequence[Path]:
    """One picture for each seek that finds one."""
    assert source.video is not None
    outputs, files = [], []
    for number, seek in enumerate(seeks):
        opened = commands.open_input(path, source.container, an=None, **seek)
        # A keyframe from before the place has a time below 0 and would be thrown away
        picture = opened[str(source.video.index)].filter("setpts", "PTS-STARTPTS")
        picture = color.scale(tools, picture, source.video, *size, folder)
        files.append(folder / f"candidate-{number}.jpg")
        outputs.append(_jpeg(picture, files[-1]))
    try:
        commands.run_ffmpeg(
            tools,
            ffmpeg.merge_outputs(*outputs),
            reads=[path],
            folder=folder,
            span_ms=source.duration_ms,
            abort=abort,
        )
    except ToolFailed as failure:
        if UNDECODABLE not in failure.complaints:
            raise
    return [file for file in files if file.exists()]


def _seeks(video: VideoStream, duration_ms: int) -> list[dict[str, Any]]:
    """How to get at the places without decoding what nobody looks at: seconds matter before the player opens.

    Dense keyframes: the one before each place. Sparse ones: exact moments close to the beginning.
    """
    if video.max_keyframe_gap_ms <= profiles.DENSE_KEYFRAMES_MS:
        moments = [share * duration_ms for share in profiles.POSTER_PLACES]
        return [{"ss": _exact(at), "noaccurate_seek": None, "skip_frame": "nokey"} for at in moments]
    early = [min(at, duration_ms / 2) for at in profiles.EARLY_PLACES_MS]
    return [{"ss": _exact(at), "t": 0.5} for at in early]


def _exact(milliseconds: float) -> float:
    return round(milliseconds / 1000, 3)


def _make_waveform(tools: Tools, path: Path, source: Probe, folder: Path, abort: Abort) -> Picture:
    width, height = WAVEFORM_SIZE
    made = folder / "poster.jpg"
    picture = ffmpeg.input(f"color=c={WAVEFORM_GROUND}:s={width}x{height}", f="lavfi")
    if source.audio is not None:
        picture = picture.overlay(_wave(commands.open_input(path, source.container, vn=None), source.audio))
    commands.run_ffmpeg(
        tools,
        _jpeg(picture.filter("format", "yuv420p"), made),
        reads=[path],
        folder=folder,
        span_ms=source.duration_ms,
        abort=abort,
    )
    verify_jpeg(made)
    return Picture(made, width, height)


def _wave(opened: Any, audio: AudioStream) -> Any:
    size = "{}x{}".format(*WAVEFORM_SIZE)
    sound = opened[str(audio.index)].filter("aformat", channel_layouts="mono")
    return sound.filter("showwavespic", size=size, colors=WAVEFORM_COLOR, scale="sqrt")


def _jpeg(picture: Any, file: Path) -> Any:
    return ffmpeg.output(picture, str(file), **JPEG)
