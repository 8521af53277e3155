"""A stretch of a recording: exactly where it was asked for, and nothing of the rest is left in it."""

import json
import subprocess

import pytest

from tests.media import clap_times
from tests.worker.media.moments import observed
from worker.media.cut import Stretch, cut
from worker.media.ladder import may_be_rung
from worker.media.probe import probe

ONE_FRAME = 0.034
MOST_OFFSET = 0.020


def cut_of(tools, path, folder, from_ms, until_ms):
    return cut(tools, path, probe(tools, path), Stretch(from_ms, until_ms), folder)


def pictures(tools, path):
    """The checksums of the picture's packets, in the order in which they lie in the file."""
    asked = ["-v", "error", "-select_streams", "v:0", "-show_packets", "-show_data_hash", "md5"]
    command = [tools.ffprobe, *asked, "-of", "json", path]
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    return [packet["data_hash"] for packet in json.loads(answer)["packets"]]


@pytest.mark.parametrize(("name", "keyframe"), [("clapper.mp4", 1.0), ("clapper.webm", 2.0)])
def test_a_cut_at_a_keyframe_takes_the_pictures_as_they_are(tools, clips, folder, name, keyframe):
    whole = clips(name)

    made = cut_of(tools, whole, folder, round(1000 * keyframe) + 60, 2900)

    assert set(pictures(tools, made.path)) < set(pictures(tools, whole))
    # A picture after the end is kept where one before it refers to it
    assert made.duration_ms / 1000 == pytest.approx(2.9 - keyframe, abs=0.07)
    flashes, beeps = observed(tools, made.path, folder / "sound.pcm")
    assert flashes == pytest.approx([at - keyframe for at in clap_times() if at >= keyframe], abs=ONE_FRAME)
    assert beeps == pytest.approx(flashes, abs=MOST_OFFSET)


def test_a_cut_elsewhere_begins_exactly(tools, clips, folder):
    whole = clips("clapper.mp4")

    made = cut_of(tools, whole, folder, 640, 2800)

    assert not set(pictures(tools, made.path)) & set(pictures(tools, whole))
    assert made.duration_ms == pytest.approx(2160, abs=40)
    flashes, beeps = observed(tools, made.path, folder / "sound.pcm")
    assert flashes == pytest.approx([at - 0.64 for at in clap_times()], abs=ONE_FRAME)
    assert beeps == pytest.approx(flashes, abs=MOST_OFFSET)
    assert may_be_rung(probe(tools, made.path))


@pytest.mark.campaign
@pytest.mark.parametrize(
    "name",
    [
        *(
            "clapper-phone.mov",
            "clapper-ntsc.mp4",
            "clapper-uneven.mov",
            "clapper-late.mp4",
            "clapper-late.ts",
        ),
        *("clapper-negative.mkv", "clapper.webm", "clapper.mp4"),
    ],
)
@pytest.mark.parametrize("from_ms", [0, 333, 640, 1000])
def test_whatever_came_is_cut_where_it_was_asked_for(tools, clips, folder, name, from_ms):
    whole = clips(name)
    made = cut_of(tools, whole, folder, from_ms, 2800)

    begins = (2800 - made.duration_ms) / 1000
    assert begins == pytest.approx(from_ms / 1000, abs=0.12)
    flashes, beeps = observed(tools, made.path, folder / "sound.pcm")
    assert beeps[-1:] == pytest.approx(flashes[-1:], abs=MOST_OFFSET)
    assert flashes[-1] == pytest.approx(2.5 - from_ms / 1000, abs=ONE_FRAME + 0.1)


@pytest.mark.campaign
def test_sound_alone_is_cut_exactly(tools, clips, folder):
    made = cut_of(tools, clips("whisper.m4a"), folder, 500, 2500)

    assert (made.content_type, made.width) == ("audio/mp4", 0)
    assert made.duration_ms == pytest.approx(2000, abs=45)
