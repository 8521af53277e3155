"""High dynamic range (phones film in HLG) brought to what every screen shows, as a table of colours.

A table works with every build of ffmpeg, takes a tenth of the time of its tone-mapping filters, and this is
the whole of it:

1. undo the camera's curve: how many nits would a good HDR screen show?
2. from the wide primaries of BT.2020 to those of BT.709
3. up to the knee as it was filmed; above it highlights are pressed together instead of burning out, all three
   channels alike, so that no colour turns
"""

import math
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

EDGE = 33
# What a white sheet of paper gets on an HDR screen (BT.2408); it is the white of the others
PAPER_NITS = 203.0
HLG_PEAK_NITS = 1000.0
KNEE = 0.6
GAMMA = 2.2

Color = tuple[float, float, float]

# BT.2087
BT2020_TO_BT709 = (
    (1.6605, -0.5876, -0.0728),
    (-0.1246, 1.1329, -0.0083),
    (-0.0182, -0.1006, 1.1187),
)


def write_table(transfer: str, folder: Path) -> Path:
    """The table for this curve as a `.cube` file in the job's folder."""
    path = folder / f"{transfer}.cube"
    if not path.exists():
        path.write_text(_table(transfer))
    return path


def to_screen(transfer: str, color: Color) -> Color:
    """One colour, channels from 0 to 1, as an ordinary screen should get it."""
    nits = TO_NITS[transfer](color)
    wide = [channel / PAPER_NITS for channel in nits]
    linear = [max(0.0, sum(a * b for a, b in zip(row, wide, strict=True))) for row in BT2020_TO_BT709]
    brightest = max(linear)
    squeeze = _press(brightest) / brightest if brightest else 0.0
    red, green, blue = ((channel * squeeze) ** (1 / GAMMA) for channel in linear)
    return red, green, blue


@cache
def _table(transfer: str) -> str:
    rows = [f"LUT_3D_SIZE {EDGE}"]
    rows += ["{:.5f} {:.5f} {:.5f}".format(*to_screen(transfer, color)) for color in _grid()]
    return "\n".join(rows) + "\n"


def _grid() -> Iterator[Color]:
    """Red runs fastest, as the format wants it."""
    steps = [number / (EDGE - 1) for number in range(EDGE)]
    return ((red, green, blue) for blue in steps for green in steps for red in steps)


def _press(brightness: float) -> float:
    """Straight up to the knee, then ever flatter towards 1."""
    if brightness <= KNEE:
        return brightness
    room = 1 - KNEE
    return KNEE + room * (1 - math.exp((KNEE - brightness) / room))


def _hlg_to_nits(color: Color) -> Color:
    """BT.2100: the scene's light, then the screen's own contrast."""
    scene = [_hlg_to_light(channel) for channel in color]
    luminance = 0.2627 * scene[0] + 0.6780 * scene[1] + 0.0593 * scene[2]
    gain = HLG_PEAK_NITS * luminance**0.2
    red, green, blue = (gain * channel for channel in scene)
    return red, green, blue


def _hlg_to_light(signal: float) -> float:
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    return signal**2 / 3 if signal <= 0.5 else (math.exp((signal - c) / a) + b) / 12


def _pq_to_nits(color: Color) -> Color:
    red, green, blue = (_pq_to_light(channel) for channel in color)
    return red, green, blue


def _pq_to_light(signal: float) -> float:
    """SMPTE ST 2084."""
    m1, m2 = 2610 / 16384, 2523 / 32
    c1, c2, c3 = 3424 / 4096, 2413 / 128, 2392 / 128
    root = signal ** (1 / m2)
    return float(10000 * (max(root - c1, 0.0) / (c2 - c3 * root)) ** (1 / m1))


# ffmpeg's name of a transfer curve -> what a good HDR screen makes of it
TO_NITS: dict[str, Callable[[Color], Color]] = {"arib-std-b67": _hlg_to_nits, "smpte2084": _pq_to_nits}
