"""Stage 2: the rungs, and what a player may count on."""

import re
from dataclasses import replace

import pytest

from pitchreview.errors import BrokenMedia
from tests.worker.media import fakes
from worker.media import ladder, profiles
from worker.media.errors import Aborted, OutputRefused, ToolFailed
from worker.media.ladder import make_ladder, plan_rungs
from worker.media.loudness import listen
from worker.media.probe import probe
from worker.media.verify import DamageCount


def climbed(tools, path, folder, **options):
    return make_ladder(tools, path, probe(tools, path), folder, **options)


def encoded(tools, path, folder, **options):
    """All rungs encoded, also of a source that could be its own."""
    source = probe(tools, path)
    return make_ladder(tools, path, source, folder, plan_rungs(source.video), **options)


def planned(tools, clips, width, height, fps=30):
    video = probe(tools, clips("talk.mp4")).video
    return [
        (rung.name, rung.width, rung.height)
        for rung in plan_rungs(replace(video, width=width, height=height, fps=fps))
    ]


@pytest.mark.parametrize(
    ("size", "rungs"),
    [
        ((1920, 1080), [("360p", 640, 360), ("720p", 1280, 720), ("1080p", 1920, 1080)]),
        ((1080, 1920), [("360p", 360, 640), ("720p", 720, 1280), ("1080p", 1080, 1920)]),
        ((3840, 2160), [("360p", 640, 360), ("720p", 1280, 720), ("1080p", 1920, 1080)]),
        ((1280, 720), [("360p", 640, 360), ("720p", 1280, 720)]),
        ((640, 480), [("360p", 480, 360), ("480p", 640, 480)]),
        ((960, 540), [("360p", 640, 360), ("540p", 960, 540)]),
        ((640, 360), [("360p", 640, 360)]),
        ((641, 361), [("360p", 640, 360)]),
        ((321, 181), [("180p", 320, 180)]),
        ((64, 36), [("36p", 64, 36)]),
    ],
)
def test_rungs_go_by_the_short_side_and_never_above_the_source(tools, clips, size, rungs):
    assert planned(tools, clips, *size) == rungs


def test_a_fast_picture_may_take_more(tools, clips):
    video = probe(tools, clips("talk.mp4")).video

    assert plan_rungs(replace(video, fps=60))[0].kbps > plan_rungs(video)[0].kbps


def test_a_rung_is_what_a_player_counts_on(tools, clips, folder):
    (rung,) = encoded(tools, clips("talk.mp4"), folder).rungs
    seen = probe(tools, rung.path)

    assert (rung.name, rung.content_type, rung.codecs) == ("360p", "video/mp4", "avc1.64001e,mp4a.40.2")
    assert (seen.start_ms, seen.video.start_ms) == (0, 0)
    assert seen.video.max_keyframe_gap_ms == 1000
    assert (seen.video.pix_fmt, seen.video.color_space) == ("yuv420p", "bt709")
    assert seen.video.is_constant
    assert (seen.audio.codec, seen.audio.channels, seen.audio.sample_rate) == ("aac", 2, 48000)
    assert rung.duration_ms == sum(part.duration_ms for part in rung.segments) == 2000


def test_the_ranges_of_a_rung_cover_its_file_and_begin_with_a_fragment(tools, clips, folder):
    (rung,) = climbed(tools, clips("faststart.mp4"), folder).rungs
    content = rung.path.read_bytes()

    assert [part.duration_ms for part in rung.segments] == [2000, 2000]
    assert content[rung.init.offset : rung.init.length][4:8] == b"ftyp"
    for part in rung.segments:
        assert re.search(b"sidx|moof", content[part.offset : part.offset + 8])
    assert rung.segments[-1].offset + rung.segments[-1].length == len(content)
    assert rung.peak_bitrate >= rung.bitrate


@pytest.mark.parametrize("degrees", [90, 270])
def test_a_turned_phone_is_encoded_upright(tools, clips, folder, degrees):
    (rung,) = climbed(tools, clips.turned(degrees), folder).rungs

    assert (rung.width, rung.height) == (360, 640)
    assert probe(tools, rung.path).video.rotation == 0


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("portrait.mp4", (360, 640)),
        ("odd.webm", (320, 180)),
        ("anamorphic.mp4", (524, 288)),
        ("phone.mov", (320, 180)),
        ("hdr.mov", (320, 180)),
        ("high-422.mp4", (320, 180)),
        ("old.avi", (320, 180)),
        ("camcorder.ts", (320, 180)),
        ("silent.mp4", (320, 180)),
        ("surround.mp4", (320, 180)),
        ("tiny.mp4", (64, 36)),
        ("negative.mkv", (320, 180)),
    ],
)
def test_whatever_comes_in_leaves_as_the_same_kind_of_rung(tools, clips, folder, name, size):
    (rung,) = climbed(tools, clips(name), folder).rungs

    assert (rung.width, rung.height) == size


def test_a_recording_from_a_browser_becomes_a_rung(tools, clips, folder):
    (rung,) = climbed(tools, clips.live(), folder).rungs

    assert rung.duration_ms == pytest.approx(2000, abs=60)


def test_several_rungs_come_from_one_run_lowest_first(tools, clips, folder):
    told: list[float] = []

    made = climbed(tools, clips("hd.mp4"), folder, on_progress=told.append)

    assert [rung.name for rung in made.rungs] == ["360p", "720p"]
    assert told == sorted(told)
    assert told[-1] > 90


@pytest.mark.parametrize(
    ("name", "rate"), [("uneven.mp4", 30), ("slow-motion.mp4", 60), ("ntsc.mp4", 30000 / 1001)]
)
def test_a_rung_has_a_constant_rate(tools, clips, folder, name, rate):
    (rung,) = encoded(tools, clips(name), folder).rungs
    video = probe(tools, rung.path).video

    assert video.is_constant
    assert float(video.fps) == pytest.approx(rate)
    assert rung.fps == pytest.approx(rate)


def test_a_picture_that_starts_late_still_starts_at_zero(tools, clips, folder):
    source = probe(tools, clips("late-picture.mp4"))
    (rung,) = climbed(tools, clips("late-picture.mp4"), folder).rungs
    seen = probe(tools, rung.path)

    assert (seen.start_ms, seen.video.start_ms) == (0, 0)
    assert rung.duration_ms == pytest.approx(source.duration_ms, abs=60)


def test_a_picture_that_ends_early_stays_until_the_sound_ends(tools, clips, folder):
    (rung,) = climbed(tools, clips("short-picture.mp4"), folder).rungs

    assert probe(tools, rung.path).video.end_ms == pytest.approx(6000, abs=100)
    assert len(rung.segments) == 3


def test_sound_alone_makes_one_rung_of_sound(tools, clips, folder):
    (rung,) = climbed(tools, clips("sound.mp3"), folder).rungs

    assert (rung.name, rung.content_type, rung.codecs) == ("audio", "audio/mp4", "mp4a.40.2")
    assert (rung.width, rung.height) == (0, 0)
    assert rung.segments


def test_a_whisper_is_brought_to_the_usual_loudness(tools, clips, folder):
    path = clips("whisper.m4a")
    source = probe(tools, path)
    before = listen(tools, path, source, folder).loudness

    (rung,) = make_ladder(tools, path, source, folder, gain_db=before.gain_db).rungs

    after = listen(tools, rung.path, probe(tools, rung.path), folder).loudness
    assert after.integrated_lufs == pytest.approx(before.integrated_lufs + before.gain_db, abs=0.5)
    assert after.true_peak_db <= profiles.MAX_TRUE_PEAK_DB


def test_shouting_is_held_below_the_ceiling(tools, clips, folder):
    (rung,) = climbed(tools, clips("talk.mp4"), folder, gain_db=24.0).rungs

    after = listen(tools, rung.path, probe(tools, rung.path), folder).loudness
    assert after.true_peak_db <= profiles.MAX_TRUE_PEAK_DB


def test_a_few_damaged_frames_are_told_to_the_owner(tools, clips, folder):
    made = encoded(tools, clips.scratched("faststart.mp4", 0.0002), folder)

    assert made.warnings == (
        "A few frames of this recording are damaged; there the picture may break for a moment.",
    )


def test_a_file_that_is_mostly_damage_is_refused(tools, clips, folder):
    with pytest.raises(BrokenMedia, match="damaged"):
        encoded(tools, clips.scratched("faststart.mp4", 0.5), folder)


def test_hdr_without_tone_mapping_is_told_to_the_owner(tools, clips, folder):
    plain = replace(tools, filters=tools.filters - {"lut3d"})

    assert "HDR" in climbed(plain, clips("hdr.mov"), folder).warnings[0]


def test_a_codec_that_cannot_be_decoded_is_named(tools, clips, folder):
    blind = replace(tools, decoders=frozenset())

    with pytest.raises(BrokenMedia, match="cannot decode H264"):
        climbed(blind, clips("hd.mp4"), folder)


def test_an_abort_ends_an_encode_within_a_second(tools, clips, folder):
    path = clips("full-hd.mp4")
    source = probe(tools, path)
    stop = fakes.Stop((folder / "360p.mp4").exists)

    with pytest.raises(Aborted):
        make_ladder(tools, path, source, folder, abort=stop)

    assert stop.seconds_ago < 1


def test_a_playlist_that_was_written_to_a_full_disk_is_not_believed(tools, clips, folder):
    source = probe(tools, clips("talk.mp4"))
    liar = fakes.unsandboxed(tools, fakes.script(folder, ": > 360p.m3u8; head -c 5000 /dev/zero > 360p.mp4"))

    with pytest.raises(OutputRefused, match=r"360p.m3u8 is incomplete"):
        make_ladder(liar, clips("talk.mp4"), source, folder)


@pytest.mark.parametrize(
    ("failure", "is_files_fault"),
    [
        (ToolFailed("", 183, "Invalid data found when processing input"), True),
        (ToolFailed("", -11, "Invalid data found when processing input"), False),
        (ToolFailed("", 139, "Invalid data found when processing input"), False),
        (ToolFailed("", 228, "Invalid data found; No space left on device"), False),
        (ToolFailed("", 1, "Cannot allocate memory"), False),
    ],
)
def test_a_crash_or_a_full_disk_is_not_blamed_on_the_file(failure, is_files_fault):
    assert isinstance(ladder.blame(failure, DamageCount()), BrokenMedia) is is_files_fault


def test_a_short_output_of_a_damaged_file_is_the_files_fault():
    damage = DamageCount()
    refusal = OutputRefused("360p.mp4 holds 567 of 1000 ms.")
    assert ladder.blame(refusal, damage) is refusal

    damage.note("[hevc @ 0x55] Skipping invalid undecodable NALU: 1")

    assert isinstance(ladder.blame(refusal, damage), BrokenMedia)


def test_one_scratch_in_a_sound_is_a_warning(tools, clips, folder):
    made = climbed(tools, clips.scratched("sound.mp3", 0.01), folder)

    assert len(made.warnings) == 1
