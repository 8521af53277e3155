"""Stage 1: playable without encoding, and with nothing in it that nobody asked for."""

import json

import pytest

from tests.worker.media import fakes
from worker.media import commands
from worker.media.copy import copy_playable, may_copy
from worker.media.errors import OutputRefused
from worker.media.probe import probe


def copied(tools, path, folder):
    return copy_playable(tools, path, probe(tools, path), folder)


@pytest.mark.parametrize(
    ("name", "content_type", "codecs"),
    [
        ("talk.mp4", "video/mp4", "avc1.42c01e,mp4a.40.2"),
        ("silent.mp4", "video/mp4", "avc1.42c00d"),
        ("odd.webm", "video/webm", "vp8,opus"),
        ("camcorder.ts", "video/mp4", "avc1.42c00d,mp4a.40.2"),
        ("tagged.mkv", "video/mp4", "avc1.42c00d,mp4a.40.2"),
        ("sound.m4a", "audio/mp4", "mp4a.40.2"),
        ("sound.mp3", "audio/mp4", "mp4a.69"),
        ("sound.wav", "audio/mp4", "mp4a.40.2"),
        ("sound.ogg", "audio/webm", "opus"),
        ("covered.mp3", "audio/mp4", "mp4a.69"),
    ],
)
def test_what_browsers_play_is_copied_into_their_container(tools, clips, folder, name, content_type, codecs):
    made = copied(tools, clips(name), folder)

    assert (made.content_type, made.codecs) == (content_type, codecs)
    assert made.bytes == made.path.stat().st_size


@pytest.mark.parametrize("name", ["phone.mov", "hdr.mov", "high-422.mp4", "old.avi"])
def test_what_browsers_do_not_play_has_to_wait_for_the_ladder(tools, clips, name):
    assert not may_copy(probe(tools, clips(name)))


def test_a_recording_from_a_browser_gets_a_length_and_can_be_searched(tools, clips, folder):
    made = copied(tools, clips.live(), folder)

    answer = commands.run_ffprobe(tools, made.path, "matroska", ["-show_format", "-of", "json"])
    assert float(json.loads(answer.output)["format"]["duration"]) == pytest.approx(2.0, abs=0.05)
    assert made.path.read_bytes().index(b"\x1c\x53\xbb\x6b") < 1000  # the cues lie in front


def test_a_copy_keeps_the_turn_of_the_phone(tools, clips, folder):
    made = copied(tools, clips.turned(90), folder)

    assert (made.width, made.height) == (360, 640)
    assert probe(tools, made.path).video.rotation == 90


def test_a_copy_keeps_the_timing_of_uneven_frames(tools, clips, folder):
    made = copied(tools, clips("uneven.mp4"), folder)

    assert probe(tools, made.path).video.frames == probe(tools, clips("uneven.mp4")).video.frames


def test_the_index_of_a_copy_lies_in_front(tools, clips, folder):
    content = copied(tools, clips("talk.mp4"), folder).path.read_bytes()

    assert content.index(b"moov") < content.index(b"mdat")


def test_a_copy_says_nothing_about_where_and_by_whom(tools, clips, folder):
    content = copied(tools, clips("tagged.mkv"), folder).path.read_bytes()

    assert b"secret" not in content
    assert b"home" not in content


def test_a_tool_that_claims_success_with_half_of_it_is_not_believed(tools, clips, folder):
    source = clips("faststart.mp4")
    short = folder / "short.mp4"
    short.write_bytes(clips("talk.mp4").read_bytes())
    liar = fakes.unsandboxed(tools, fakes.script(folder, fakes.COPIES.format(short)))

    with pytest.raises(OutputRefused, match=r"holds 20\d\d of 40\d\d ms"):
        copy_playable(liar, source, probe(tools, source), folder)


def test_a_tool_that_claims_success_without_any_output_is_not_believed(tools, clips, folder):
    source = clips("talk.mp4")
    liar = fakes.unsandboxed(tools, fakes.script(folder, "exit 0"))

    with pytest.raises(OutputRefused):
        copy_playable(liar, source, probe(tools, source), folder)
