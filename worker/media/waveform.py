"""How loud a recording is from moment to moment: one byte each, for a timeline to draw."""

import sys
from array import array
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

from worker.media import profiles

LOUDEST = 32768
BYTES_PER_SAMPLE = 2
# The root makes quiet speech visible beside loud speech
SCALE = [min(255, round(255 * sqrt(peak / LOUDEST))) for peak in range(LOUDEST + 1)]


@dataclass(frozen=True)
class Waveform:
    """`count` bytes from 0 to 255, each the root of the loudest sample of its `interval_ms`."""

    path: Path
    interval_ms: int
    count: int


def make_waveform(samples: Path, made: Path) -> Waveform:
    """From samples (16 bits, mono, `WAVEFORM_HZ`) to peaks, a minute at a time in constant memory."""
    interval_samples = profiles.WAVEFORM_HZ * profiles.WAVEFORM_INTERVAL_MS // 1000
    step = interval_samples * BYTES_PER_SAMPLE
    with samples.open("rb") as source, made.open("wb") as sink:
        while chunk := source.read(step * 60_000 // profiles.WAVEFORM_INTERVAL_MS):
            sink.write(bytes(_peak(chunk[start : start + step]) for start in range(0, len(chunk), step)))
    return Waveform(made, profiles.WAVEFORM_INTERVAL_MS, made.stat().st_size)


def _peak(chunk: bytes) -> int:
    values = array("h", chunk[: len(chunk) // BYTES_PER_SAMPLE * BYTES_PER_SAMPLE])
    if sys.byteorder == "big":
        values.byteswap()
    return SCALE[max(max(values, default=0), -min(values, default=0))]
