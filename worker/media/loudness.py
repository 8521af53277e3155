"""How loud a recording is, and by how much to turn it up or down."""

import re
from dataclasses import dataclass
from pathlib import Path

import ffmpeg

from worker.media import commands, profiles
from worker.media.commands import OnProgress, ignore
from worker.media.errors import OutputRefused
from worker.media.probe import Probe
from worker.media.process import Abort, never
from worker.media.tools import Tools

# ebur128 says -70 for silence, and -inf for the peak of digital silence
SILENCE_LUFS = -69.0
_INTEGRATED = re.compile(r"\bI:\s+(-?[\d.]+|-inf|nan) LUFS")
_PEAK = re.compile(r"\bPeak:\s+(-?[\d.]+|-inf|nan) dBFS")


@dataclass(frozen=True)
class Loudness:
    """EBU R128, of the stereo mix that is published."""

    integrated_lufs: float
    true_peak_db: float

    @property
    def is_silent(self) -> bool:
        return self.integrated_lufs <= SILENCE_LUFS

    @property
    def gain_db(self) -> float:
        """Towards the target, as far as the limiter can hold the peaks without being heard."""
        if self.is_silent:
            return 0.0
        wanted = profiles.TARGET_LUFS - self.integrated_lufs
        bearable = profiles.MAX_TRUE_PEAK_DB - self.true_peak_db + profiles.MAX_LIMITING_DB
        return round(min(wanted, bearable, profiles.MAX_GAIN_DB), 2)

    @property
    def warnings(self) -> tuple[str, ...]:
        if self.is_silent:
            return ("The sound of this recording is silent. Was the right microphone chosen?",)
        short = profiles.TARGET_LUFS - self.integrated_lufs - self.gain_db
        if short > 1:
            return (f"This recording is quiet and stays {short:.0f} dB below the usual loudness.",)
        return ()


def measure_loudness(
    tools: Tools,
    path: Path,
    source: Probe,
    folder: Path,
    *,
    on_progress: OnProgress = ignore,
    abort: Abort = never,
) -> Loudness | None:
    """One pass over the sound alone; None when there is none."""
    if source.audio is None:
        return None
    opened = commands.open_input(path, source.container, vn=None, sn=None, dn=None)
    sound = (
        opened[str(source.audio.index)]
        .filter("aformat", channel_layouts="stereo")
        .filter("ebur128", peak="true", framelog="verbose")
    )
    outcome = commands.run_ffmpeg(
        tools,
        ffmpeg.output(sound, "-", f="null"),
        reads=[path],
        folder=folder,
        span_ms=source.duration_ms,
        verbosity="info",
        on_progress=on_progress,
        abort=abort,
    )
    return _read(outcome.complaints)


def _read(report: str) -> Loudness:
    """The last summary counts: a filter that is set up anew halfway leaves an empty one behind."""
    integrated, peaks = _INTEGRATED.findall(report), _PEAK.findall(report)
    if not integrated or not peaks:
        raise OutputRefused("The loudness report is missing.", complaints=report)
    return Loudness(_decibels(integrated[-1]), _decibels(peaks[-1]))


def _decibels(word: str) -> float:
    return -120.0 if word in ("-inf", "nan") else float(word)
