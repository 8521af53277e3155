"""How loud a recording is, as a whole and from moment to moment, and by how much to turn it up or down.

One pass over the sound alone: the measurement (EBU R128), and beside it few enough samples for the waveform.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ffmpeg

from worker.media import commands, profiles
from worker.media.commands import OnProgress, ignore
from worker.media.errors import OutputRefused
from worker.media.probe import Probe
from worker.media.process import Abort, never
from worker.media.tools import Tools
from worker.media.waveform import Waveform, make_waveform

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


@dataclass(frozen=True)
class Heard:
    loudness: Loudness
    waveform: Waveform


def listen(
    tools: Tools,
    path: Path,
    source: Probe,
    folder: Path,
    *,
    on_progress: OnProgress = ignore,
    abort: Abort = never,
) -> Heard | None:
    """What can be told about the sound of a source; None when there is none."""
    if source.audio is None:
        return None
    samples = folder / "samples.pcm"
    opened = commands.open_input(path, source.container, vn=None, sn=None, dn=None)
    branches = opened[str(source.audio.index)].filter_multi_output("asplit", 2)
    outcome = commands.run_ffmpeg(
        tools,
        ffmpeg.merge_outputs(_measurement(branches[0]), _samples(branches[1], samples)),
        reads=[path],
        folder=folder,
        span_ms=source.duration_ms,
        verbosity="info",
        on_progress=on_progress,
        abort=abort,
    )
    heard = Heard(_read(outcome.complaints), make_waveform(samples, folder / "waveform.bin"))
    samples.unlink()
    return heard


def _measurement(sound: Any) -> Any:
    measured = sound.filter("aformat", channel_layouts="stereo").filter(
        "ebur128", peak="true", framelog="verbose"
    )
    return ffmpeg.output(measured, "-", f="null")


def _samples(sound: Any, path: Path) -> Any:
    """On the clock of the recording: sound that begins late has silence before it."""
    sampled = sound.filter("aresample", profiles.WAVEFORM_HZ, **{"async": 1, "first_pts": 0})
    return ffmpeg.output(sampled, str(path), f="s16le", ac=1)


def _read(report: str) -> Loudness:
    """The last summary counts: a filter that is set up anew halfway leaves an empty one behind."""
    integrated, peaks = _INTEGRATED.findall(report), _PEAK.findall(report)
    if not integrated or not peaks:
        raise OutputRefused("The loudness report is missing.", complaints=report)
    return Loudness(_decibels(integrated[-1]), _decibels(peaks[-1]))


def _decibels(word: str) -> float:
    return -120.0 if word in ("-inf", "nan") else float(word)
