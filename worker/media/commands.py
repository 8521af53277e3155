"""What every ffmpeg and ffprobe command of ours has in common."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import ffmpeg

from worker.media import process, profiles
from worker.media.process import Abort, Limits, OnLine, Outcome, never
from worker.media.tools import Tools

OnProgress = Callable[[float], None]

PROBE_LIMITS = Limits(wall_seconds=30, stall_seconds=30)


def ignore(percent: float) -> None:
    """The progress of a run that nobody follows."""


def guarded(demuxer: str) -> dict[str, Any]:
    """Options before an input: only local files, only this demuxer, no picture larger than allowed."""
    return {
        "protocol_whitelist": "file",
        "format_whitelist": demuxer,
        "max_pixels": profiles.SOURCE_LIMITS.max_pixels,
        "f": demuxer,
    }


def open_input(path: Path, demuxer: str, **options: Any) -> Any:
    """An input of ffmpeg-python with all guards on."""
    return ffmpeg.input(str(path), **guarded(demuxer), threads=threads(), **options)


def threads() -> int:
    return min(os.cpu_count() or 1, profiles.MAX_THREADS)


def wall_seconds(span_ms: int) -> float:
    """Twenty times the length of the recording, and never less than two minutes."""
    return max(120.0, 20 * span_ms / 1000)


def run_ffmpeg(
    tools: Tools,
    outputs: Any,
    *,
    reads: Sequence[Path],
    folder: Path,
    span_ms: int,
    verbosity: str = "warning",
    every_seconds: float = 0.5,
    most_bytes: int = profiles.SMALL_OUTPUT_BYTES,
    niceness: int = profiles.FIRST_STAGE_NICENESS,
    on_progress: OnProgress = ignore,
    on_complaint: Callable[[str], None] | None = None,
    abort: Abort = never,
) -> Outcome:
    """Run what ffmpeg-python compiled; `span_ms` of media stand for 100 percent, told `every_seconds`.

    `most_bytes` is how much it may write; more raises WroteTooMuch.
    """
    argv = [str(tools.ffmpeg), "-nostdin", "-hide_banner", "-y", "-v", f"repeat+{verbosity}"]
    # How much damage is too much is decided by what can be shown of the file, not by ffmpeg's own measure
    argv += ["-max_error_rate", "1"]
    argv += ["-filter_threads", str(threads()), "-filter_complex_threads", str(threads())]
    argv += ["-progress", "pipe:1", "-stats_period", str(every_seconds), "-nostats"]
    return process.run(
        tools,
        [*argv, *ffmpeg.get_args(outputs)],
        limits=Limits(
            wall_seconds(span_ms), file_bytes=most_bytes, folder_bytes=most_bytes, niceness=niceness
        ),
        reads=reads,
        folder=folder,
        on_line=progress_reader(span_ms, on_progress),
        on_complaint=on_complaint,
        abort=abort,
    )


def run_ffprobe(
    tools: Tools,
    path: Path,
    demuxer: str,
    arguments: Sequence[str],
    *,
    limits: Limits = PROBE_LIMITS,
    on_line: OnLine | None = None,
    abort: Abort = never,
) -> Outcome:
    """Ask ffprobe about one file, with the same guards as ffmpeg."""
    argv = [str(tools.ffprobe), "-hide_banner", "-v", "error"]
    for name, value in guarded(demuxer).items():
        argv += [f"-{name}", str(value)]
    argv += [*arguments, "-i", str(path)]
    return process.run(tools, argv, limits=limits, reads=[path], on_line=on_line, abort=abort)


def progress_reader(span_ms: int, on_progress: OnProgress) -> OnLine:
    """Reads `-progress` lines. ffmpeg repeats itself while it hangs: only a new value is a sign of life."""
    last: dict[str, str] = {}
    furthest = 0.0

    def read(line: str) -> bool:
        nonlocal furthest
        name, _, value = line.partition("=")
        if name not in ("out_time_us", "total_size", "frame") or last.get(name) == value:
            return False
        last[name] = value
        percent = _percent(value, span_ms) if name == "out_time_us" else 0.0
        if percent > furthest:  # several outputs take turns, and one may be behind another
            furthest = percent
            on_progress(percent)
        return True

    return read


def _percent(microseconds: str, span_ms: int) -> float:
    """`N/A`, and a little below 0, before the first frame."""
    if not microseconds.isdigit():
        return 0.0
    return min(int(microseconds) / 10 / max(span_ms, 1), 100.0)
