"""What people see and hear of it: the right moment, the right loudness, pictures as good as a plain encode's.

Outputs are decoded by ffmpeg on their own clock, as a player does it; a rung both as a file and through its
playlist.
"""

import re
from fractions import Fraction
from pathlib import Path

import pytest

from tests.media import clap_times
from tests.worker.media.moments import ffmpeg, observed
from worker.media import ladder, profiles
from worker.media.copy import copy_playable, may_copy
from worker.media.ladder import make_ladder
from worker.media.loudness import listen
from worker.media.probe import probe

ONE_FRAME = 0.034
MOST_OFFSET = 0.020
NTSC = Fraction(30000, 1001)

# --- moments --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "rate"),
    [
        ("clapper.mp4", 30),
        ("clapper-phone.mov", 30),
        ("clapper-ntsc.mp4", NTSC),
        ("clapper-uneven.mov", 30),
        ("clapper-late.mp4", 30),
        ("clapper-late.ts", 30),
        ("clapper-negative.mkv", 30),
        ("clapper.webm", 30),
    ],
)
def test_a_moment_stays_where_it_was(tools, clips, folder, name, rate):
    require_moments(tools, clips(name), folder, clap_times(rate))


@pytest.mark.parametrize("name", ["clapper.mp4", "clapper-phone.mov"])
def test_a_moment_of_a_trimmed_clip_counts_from_its_visible_beginning(tools, clips, folder, name):
    require_moments(tools, clips.trimmed(name, 0.5), folder, [at - 0.5 for at in clap_times()])


def require_moments(tools, path: Path, folder: Path, times: list[float]) -> None:
    """All that is made of a clapper flashes and beeps at these times."""
    source = probe(tools, path)
    rungs = make_ladder(tools, path, source, folder).rungs
    made = [folder / f"{rung.name}.{kind}" for rung in rungs for kind in ("mp4", "m3u8")]
    if may_copy(source):
        made.append(copy_playable(tools, path, source, folder).path)
    for output in made:
        flashes, beeps = observed(tools, output, folder / "sound.pcm")
        assert flashes == pytest.approx(times, abs=ONE_FRAME), output.name
        assert beeps == pytest.approx(flashes, abs=MOST_OFFSET), output.name


# --- loudness -------------------------------------------------------------------------------------


@pytest.mark.parametrize("change_db", [-15, 0, 15])
def test_speech_comes_out_as_loud_as_the_rest_of_the_web(tools, clips_folder, folder, change_db):
    path = folder.parent / "speech.wav"
    ffmpeg(
        tools,
        "-t",
        "12",
        "-i",
        clips_folder / "discovery-ada.mp4",
        "-vn",
        "-af",
        f"volume={change_db}dB",
        path,
    )
    source = probe(tools, path)
    before = listen(tools, path, source, folder).loudness

    (rung,) = make_ladder(tools, path, source, folder, gain_db=before.gain_db).rungs

    after = listen(tools, rung.path, probe(tools, rung.path), folder).loudness
    assert after.integrated_lufs == pytest.approx(profiles.TARGET_LUFS, abs=1)
    assert after.true_peak_db <= profiles.MAX_TRUE_PEAK_DB


# --- pictures -------------------------------------------------------------------------------------


def test_a_rung_looks_like_a_plain_encode_at_the_same_settings(tools, clips_folder, folder):
    path = folder.parent / "face.mov"
    ffmpeg(
        tools, "-t", "3", "-i", clips_folder / "discovery-ada.mp4", "-c:v", "mjpeg", "-q:v", "2", "-an", path
    )
    source = probe(tools, path)
    plan = ladder.plan_rungs(source.video)[0]
    size = f"scale={plan.width}:{plan.height}"

    made = make_ladder(tools, path, source, folder, [plan]).rungs[0]

    plain = folder.parent / "plain.mp4"
    rate = f"-maxrate {plan.kbps}k -bufsize {2 * plan.kbps}k -g {round(source.video.fps)} -sc_threshold 0"
    settings = f"-c:v libx264 -preset {profiles.PRESET} -crf {profiles.CRF} -pix_fmt yuv420p {rate}"
    ffmpeg(tools, "-i", path, "-vf", size, *settings.split(), plain)
    assert likeness(tools, made.path, path, size) >= likeness(tools, plain, path, size) - 0.003


def likeness(tools, made: Path, source: Path, size: str) -> float:
    """SSIM, from 0 to 1."""
    compare = f"[0:v]format=yuv420p[made];[1:v]{size},format=yuv420p[wanted];[made][wanted]ssim=stats_file=-"
    report = ffmpeg(tools, "-i", made, "-i", source, "-lavfi", compare, "-f", "null", "-").decode()
    frames = [float(found) for found in re.findall(r"All:(\S+)", report)]
    return sum(frames) / len(frames)
