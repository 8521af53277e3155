"""Outputs that are not what they claim to be."""

from dataclasses import replace

import pytest

from pitchreview.errors import BrokenMedia
from worker.media.errors import OutputRefused
from worker.media.ladder import make_ladder
from worker.media.probe import probe
from worker.media.renditions import ByteRange, Segment
from worker.media.verify import DamageCount, verify_rendition, verify_rung


@pytest.fixture(scope="session")
def source(tools, clips):
    return probe(tools, clips("talk.mp4"))


@pytest.fixture(scope="session")
def rung(tools, clips, source, tmp_path_factory):
    return make_ladder(tools, clips("talk.mp4"), source, tmp_path_factory.mktemp("rung")).rungs[0]


def test_a_good_rung_passes(tools, rung, source):
    assert verify_rung(tools, rung, source).duration_ms == pytest.approx(2000, abs=60)


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        ({"width": 1280}, "instead of 1280x360"),
        ({"bytes": 1}, "changed its size"),
        ({"init": ByteRange(0, 1)}, "has a hole"),
        ({"segments": (Segment(10**6, 1, 2000),)}, "has a hole"),
    ],
)
def test_a_rung_that_claims_something_else_is_refused(tools, rung, source, claim, reason):
    with pytest.raises(OutputRefused, match=reason):
        verify_rung(tools, replace(rung, **claim), source)


def test_a_playlist_that_ends_early_is_refused(tools, rung, source):
    whole = rung.segments[-1]
    short = (*rung.segments[:-1], replace(whole, length=whole.length - 10))

    with pytest.raises(OutputRefused, match="ends at byte"):
        verify_rung(tools, replace(rung, segments=short), source)


def test_a_playlist_whose_times_do_not_add_up_is_refused(tools, rung, source):
    part = rung.segments[0]
    hasty = tuple(replace(each, duration_ms=100) for each in rung.segments)

    assert part.duration_ms > 100
    with pytest.raises(OutputRefused, match="lists"):
        verify_rung(tools, replace(rung, segments=hasty), source)


def test_half_a_file_is_refused(tools, rung, source):
    with pytest.raises(OutputRefused, match="of 4000 ms"):
        verify_rendition(tools, rung, replace(source, duration_ms=4000))


def test_far_more_than_the_source_is_refused(tools, rung, source):
    with pytest.raises(OutputRefused, match="of 500 ms"):
        verify_rendition(tools, rung, replace(source, duration_ms=500))


def test_lost_sound_is_refused(tools, clips, rung, source, folder):
    mute = make_ladder(tools, clips("silent.mp4"), probe(tools, clips("silent.mp4")), folder).rungs[0]

    with pytest.raises(OutputRefused, match="lost its sound"):
        verify_rendition(tools, mute, replace(source, duration_ms=mute.duration_ms))


def test_a_picture_that_is_turned_is_no_rung(tools, clips, rung, source):
    turned = clips.turned(90)
    size = turned.stat().st_size
    claim = replace(
        rung,
        path=turned,
        width=360,
        height=640,
        bytes=size,
        init=ByteRange(0, 100),
        segments=(Segment(100, size - 100, 2000),),
    )

    with pytest.raises(OutputRefused, match="turned"):
        verify_rung(tools, claim, source)


def test_few_damaged_frames_are_a_warning_and_many_the_end():
    count = DamageCount()
    assert count.warnings(100) == ()

    for _ in range(3):
        count.note("[vist#0:0/h264 @ 0x55] corrupt decoded frame")
    count.note("[mp4 @ 0x55] something else")
    assert len(count.warnings(100)) == 1

    for _ in range(20):
        count.note("[dec:h264 @ 0x55] Error submitting packet to decoder: Invalid data found")
    with pytest.raises(BrokenMedia, match="23 of about 100 frames"):
        count.warnings(100)
