"""What becomes of the light of an HDR camera."""

import subprocess

import pytest

from worker.media.ladder import make_ladder
from worker.media.probe import probe
from worker.media.tones import to_screen, write_table

CURVES = ["arib-std-b67", "smpte2084"]
PAPER = {"arib-std-b67": 0.75, "smpte2084": 0.58}


@pytest.mark.parametrize("curve", CURVES)
def test_black_stays_black(curve):
    assert to_screen(curve, (0, 0, 0)) == (0, 0, 0)


@pytest.mark.parametrize("curve", CURVES)
def test_a_sheet_of_paper_is_nearly_white(curve):
    red, green, blue = to_screen(curve, (PAPER[curve],) * 3)

    assert red == pytest.approx(0.93, abs=0.01)
    assert red == pytest.approx(green, abs=0.001) == pytest.approx(blue, abs=0.001)


@pytest.mark.parametrize("curve", CURVES)
def test_brighter_is_never_darker_and_nothing_burns_out_below_the_peak(curve):
    greys = [to_screen(curve, (step / 100,) * 3)[0] for step in range(101)]

    assert greys == sorted(greys)
    assert greys[-1] <= 1
    assert greys[75] < greys[85]


def test_skin_keeps_its_order_of_channels():
    red, green, blue = to_screen("arib-std-b67", (0.62, 0.52, 0.46))

    assert 1 > red > green > blue > 0.3


def test_a_table_holds_every_corner(tmp_path):
    lines = write_table("arib-std-b67", tmp_path).read_text().splitlines()

    assert lines[0] == "LUT_3D_SIZE 33"
    assert len(lines) == 1 + 33**3
    assert lines[1] == "0.00000 0.00000 0.00000"


def test_a_phones_hdr_arrives_with_its_brightness(tools, clips, folder):
    path = clips("hdr-paper.mov")

    made = make_ladder(tools, path, probe(tools, path), folder)

    assert made.warnings == ()
    assert average_luma(tools, made.rungs[0].path) == pytest.approx(0.93 * 255, abs=5)


def average_luma(tools, path) -> float:
    command = [str(tools.ffmpeg), "-v", "error", "-i", str(path), "-frames:v", "1", "-f", "rawvideo"]
    command += ["-pix_fmt", "gray", "-"]
    luma = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    return sum(luma) / len(luma)
