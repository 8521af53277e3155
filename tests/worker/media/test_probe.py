"""What comes in, what is refused, and in which words."""

import time
from dataclasses import replace
from fractions import Fraction

import pytest

from pitchreview.errors import BrokenMedia
from tests.worker.media.canary import Canary
from worker.media.errors import Aborted
from worker.media.numbers import fraction, seconds_or_none, whole
from worker.media.probe import _check_duration, probe
from worker.media.profiles import SOURCE_LIMITS


def test_a_plain_recording_is_described(tools, clips):
    found = probe(tools, clips("talk.mp4"))

    assert found.container == "mov"
    assert found.duration_ms == pytest.approx(2000, abs=30)
    assert found.bytes == clips("talk.mp4").stat().st_size
    assert (found.video.codec, found.video.pix_fmt, found.video.fps) == ("h264", "yuv420p", 30)
    assert (found.video.width, found.video.height, found.video.rotation) == (640, 360, 0)
    assert found.video.frames == 60
    assert found.video.max_keyframe_gap_ms == pytest.approx(1000, abs=40)
    assert (found.audio.codec, found.audio.channels) == ("aac", 1)
    assert found.warnings == ()


@pytest.mark.parametrize(("degrees", "size"), [(90, (360, 640)), (180, (640, 360)), (270, (360, 640))])
def test_a_turned_phone_is_seen_upright(tools, clips, degrees, size):
    video = probe(tools, clips.turned(degrees)).video

    assert (video.width, video.height) == size
    assert (video.coded_width, video.coded_height) == (640, 360)
    assert video.rotation == degrees


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_a_mirror_is_noticed_however_it_is_turned(tools, clips, degrees):
    plain = probe(tools, clips.displayed("corners.mp4", degrees)).video
    mirrored = probe(tools, clips.displayed("corners.mp4", degrees, mirrored=True)).video

    assert (plain.is_mirrored, mirrored.is_mirrored) == (False, True)
    assert (plain.is_upright, mirrored.is_upright) == (degrees == 0, False)


def test_pictures_that_an_edit_list_hides_are_noticed(tools, clips):
    whole, trimmed = clips("bidirectional.mp4"), clips.trimmed("bidirectional.mp4", 0.5)

    assert not probe(tools, whole).video.is_trimmed
    assert probe(tools, trimmed).video.is_trimmed
    assert probe(tools, trimmed).video.start_ms <= 40


def test_oblong_pixels_count_for_the_width(tools, clips):
    video = probe(tools, clips("anamorphic.mp4")).video

    assert (video.coded_width, video.width, video.height) == (360, 524, 288)
    assert video.sample_aspect == Fraction(16, 11)


def test_webm_from_a_browser_tells_its_length_by_its_packets(tools, clips):
    found = probe(tools, clips.live())

    assert found.duration_ms == pytest.approx(2000, abs=50)
    assert found.video.fps == 25


def test_uneven_frames_get_the_rate_of_the_camera(tools, clips):
    video = probe(tools, clips("uneven.mp4")).video

    assert video.fps == 30
    assert not video.is_constant


def test_a_fractional_rate_stays_exact(tools, clips):
    assert probe(tools, clips("ntsc.mp4")).video.fps == Fraction(30000, 1001)


def test_slow_motion_is_taken_at_sixty(tools, clips):
    assert probe(tools, clips("slow-motion.mp4")).video.fps == 60


def test_a_picture_that_starts_late_is_noticed(tools, clips):
    assert probe(tools, clips("late-picture.mp4")).video.start_ms == pytest.approx(500, abs=30)


def test_hdr_is_noticed(tools, clips):
    assert probe(tools, clips("hdr.mov")).video.is_hdr


def test_no_sound_is_said(tools, clips):
    found = probe(tools, clips("silent.mp4"))

    assert found.audio is None
    assert found.warnings == ("There is no sound in this recording.",)


def test_a_single_picture_is_no_recording(tools, clips):
    with pytest.raises(BrokenMedia, match="single picture"):
        probe(tools, clips("one-frame.mp4"))


def test_a_single_picture_beside_a_sound_is_its_cover(tools, clips):
    assert probe(tools, clips("still.mp4")).video is None


def test_a_clock_that_starts_below_zero_loses_nothing(tools, clips):
    found = probe(tools, clips("negative.mkv"))

    assert found.start_ms == pytest.approx(-1000, abs=30)
    assert found.duration_ms == pytest.approx(2000, abs=60)


def test_cover_art_is_no_video(tools, clips):
    found = probe(tools, clips("covered.mp3"))

    assert found.video is None
    assert found.audio.codec == "mp3"
    assert "no picture" in found.warnings[0]


@pytest.mark.parametrize(
    "name", ["sound.m4a", "sound.mp3", "sound.wav", "sound.flac", "sound.ogg", "sound.aac"]
)
def test_sound_alone_comes_in(tools, clips, name):
    found = probe(tools, clips(name))

    assert found.video is None
    assert found.duration_ms == pytest.approx(2000, abs=120)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("eight-k.mp4", "7680 × 4320"),
        ("a-day.mp4", "hours long"),
        ("a-pause.mp4", "stands still for 10 minutes"),
        ("thousand.mp4", "1000 frames per second"),
    ],
)
def test_what_is_beyond_the_limits_is_refused_at_once(tools, clips, name, reason):
    path = clips(name)
    started_at = time.monotonic()

    with pytest.raises(BrokenMedia, match=reason):
        probe(tools, path)

    assert time.monotonic() - started_at < 10


def test_too_many_tracks_are_refused(tools, clips):
    with pytest.raises(BrokenMedia, match="more than 1 tracks"):
        probe(tools, clips("talk.mp4"), replace(SOURCE_LIMITS, max_streams=1))


def test_far_too_many_packets_end_the_walk(tools, clips):
    with pytest.raises(BrokenMedia, match="far more frames"):
        probe(tools, clips("talk.mp4"), replace(SOURCE_LIMITS, max_packets=20))


def test_the_longest_length_is_a_setting(tools, clips):
    with pytest.raises(BrokenMedia, match="2 seconds long; the longest"):
        probe(tools, clips("talk.mp4"), replace(SOURCE_LIMITS, max_duration_seconds=1))


@pytest.mark.parametrize(
    ("seconds", "words"), [(94, "94 seconds"), (1830, "30.5 minutes"), (12_600, "3.5 hours")]
)
def test_a_length_is_told_in_the_unit_that_people_would_use(seconds, words):
    with pytest.raises(BrokenMedia, match=f"The recording is {words} long"):
        _check_duration(seconds, replace(SOURCE_LIMITS, max_duration_seconds=90))


def test_half_an_upload_says_how_much_of_it_arrived(tools, clips):
    with pytest.raises(BrokenMedia, match=r"cut off: only \d of its 4 seconds arrived"):
        probe(tools, clips.half("faststart.mp4"))


def test_a_second_that_is_missing_at_the_end_is_told_to_the_owner(tools, clips):
    whole = clips("minutes.mp4")

    assert probe(tools, whole).warnings == ()
    assert probe(tools, clips.cut(whole, 99)).warnings == (
        "The last 2 seconds of this recording are missing: the file was cut off.",
    )


@pytest.mark.parametrize("name", ["starts-late.mkv", "starts-late.mp4", "starts-late.ts"])
def test_a_clock_that_starts_late_is_no_loss(tools, clips, name):
    found = probe(tools, clips(name))

    assert found.start_ms > 4900
    assert found.duration_ms == pytest.approx(2000, abs=60)


def test_half_an_upload_whose_clock_starts_late_is_noticed(tools, clips):
    with pytest.raises(BrokenMedia, match="cut off"):
        probe(tools, clips.half("starts-late.mkv"))


def test_half_an_upload_without_its_index_says_so(tools, clips):
    with pytest.raises(BrokenMedia, match="index is missing"):
        probe(tools, clips.half("talk.mp4"))


def test_a_head_without_a_body_is_refused(tools, tmp_path):
    path = tmp_path / "pitch.webm"
    path.write_bytes(b"\x1a\x45\xdf\xa3" + b"\0" * 200)

    with pytest.raises(BrokenMedia, match="damaged|neither"):
        probe(tools, path)


PLAYLISTS = {
    "hls": "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{url}\n#EXT-X-ENDLIST\n",
    "concat": "ffconcat version 1.0\nfile {url}\n",
    "dash": '<?xml version="1.0"?><MPD><BaseURL>{url}</BaseURL></MPD>',
    "sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=video {port} RTP/AVP 96\n",
    "svg": '<svg xmlns="http://www.w3.org/2000/svg"><image href="{url}"/></svg>',
}


@pytest.mark.parametrize("kind", PLAYLISTS)
def test_a_playlist_in_disguise_calls_nobody(tools, tmp_path, kind):
    path = tmp_path / "pitch.mp4"
    with Canary() as canary:
        path.write_text(PLAYLISTS[kind].format(url=f"http://127.0.0.1:{canary.port}/x.ts", port=canary.port))
        with pytest.raises(BrokenMedia, match="not a video"):
            probe(tools, path)

    assert canary.visits == 0


def test_a_playlist_behind_a_video_head_calls_nobody(tools, clips, tmp_path):
    path = tmp_path / "pitch.mp4"
    with Canary() as canary:
        address = f"http://127.0.0.1:{canary.port}/x.ts"
        path.write_bytes(b"\x00\x00\x00\x08ftyp" + f"\n#EXTM3U\n#EXTINF:1,\n{address}\n".encode())
        with pytest.raises(BrokenMedia):
            probe(tools, path)

    assert canary.visits == 0


def test_an_abort_ends_a_probe(tools, clips):
    with pytest.raises(Aborted):
        probe(tools, clips("talk.mp4"), abort=lambda: True)


def test_numbers_that_are_none_are_read_as_such():
    assert whole("311|") == 311
    assert whole("N/A") == whole(None) == 0
    assert seconds_or_none("nan") is None
    assert seconds_or_none("1e300") is None
    assert fraction("0/0") == fraction("16:0") == 0
    assert fraction("4:3") == Fraction(4, 3)
