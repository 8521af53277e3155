"""Posters and storyboards."""

from dataclasses import replace

import pytest

from pitchreview.errors import BrokenMedia
from worker.media import profiles, storyboard
from worker.media.errors import OutputRefused
from worker.media.ladder import make_ladder, plan_ladder, plan_rungs
from worker.media.poster import make_poster
from worker.media.probe import probe
from worker.media.storyboard import make_storyboard, plan_storyboard
from worker.media.verify import verify_jpeg


def size_of(path) -> tuple[int, int]:
    """Width and height as the JPEG itself says (its frame header)."""
    content = path.read_bytes()
    at = min(content.index(mark) for mark in (b"\xff\xc0", b"\xff\xc2") if mark in content)
    return int.from_bytes(content[at + 7 : at + 9]), int.from_bytes(content[at + 5 : at + 7])


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("talk.mp4", (640, 360)),
        ("hd.mp4", (960, 540)),
        ("portrait.mp4", (360, 640)),
        ("odd.webm", (320, 180)),
        ("tiny.mp4", (64, 36)),
        ("phone.mov", (320, 180)),
        ("short-picture.mp4", (320, 180)),
        ("negative.mkv", (320, 180)),
        ("sound.m4a", (960, 540)),
    ],
)
def test_every_recording_has_a_poster(tools, clips, folder, name, size):
    made = make_poster(tools, clips(name), probe(tools, clips(name)), folder)

    assert (made.width, made.height) == size == size_of(made.path)
    assert [path.name for path in folder.iterdir()] == ["poster.jpg"]


@pytest.mark.parametrize("name", ["fade-in.mp4", "fade-in-sparse.mp4"])
def test_a_poster_is_not_black_when_the_beginning_is(tools, clips, folder, name):
    dark = clips(name)

    made = make_poster(tools, dark, probe(tools, dark), folder)

    assert made.path.stat().st_size > 5000


def test_a_recording_without_index_has_a_poster(tools, clips, folder):
    made = make_poster(tools, clips.live(), probe(tools, clips.live()), folder)

    assert size_of(made.path) == (320, 240)


def test_what_cannot_be_decoded_has_its_waveform_as_poster(tools, clips, folder):
    blind = replace(tools, decoders=frozenset())

    made = make_poster(blind, clips("talk.mp4"), probe(tools, clips("talk.mp4")), folder)

    assert size_of(made.path) == (960, 540)


@pytest.fixture(scope="session")
def rung(tools, clips, tmp_path_factory):
    path = clips("faststart.mp4")
    source = probe(tools, path)
    plans = plan_rungs(source.video)
    return make_ladder(tools, path, source, tmp_path_factory.mktemp("rung"), plans).rungs[0]


def test_a_source_that_is_its_own_rung_has_a_picture_for_each_second(tools, clips, folder):
    path = clips("fade-in-sparse.mp4")
    rung = make_ladder(tools, path, probe(tools, path), folder).rungs[0]

    board = make_storyboard(tools, rung, folder)

    assert rung.is_copied and (board.count, board.interval_ms) == (3, 1000)
    assert (board.width, board.height) == (480, 90) == size_of(board.path)


def test_a_few_damaged_frames_of_a_source_that_is_its_own_rung_are_told(tools, clips, folder):
    path = clips.scratched("faststart.mp4", 0.0002)
    rung = make_ladder(tools, path, probe(tools, path), folder).rungs[0]

    assert rung.is_copied and "damaged" in make_storyboard(tools, rung, folder).warnings[0]


def test_a_source_that_is_mostly_damage_is_refused_even_where_nothing_is_encoded(tools, clips, folder):
    path = clips.scratched("faststart.mp4", 0.05)
    plans = plan_ladder(path, probe(tools, path))
    assert all(plan.copies for plan in plans)

    with pytest.raises(BrokenMedia, match="damaged"):
        make_storyboard(tools, make_ladder(tools, path, probe(tools, path), folder, plans).rungs[0], folder)


def test_a_storyboard_has_a_picture_for_each_second(tools, rung, folder):
    board = make_storyboard(tools, rung, folder)

    assert (board.count, board.columns, board.rows, board.interval_ms) == (4, 4, 1, 1000)
    assert (board.tile_width, board.tile_height) == (160, 90)
    assert (board.width, board.height) == (640, 90) == size_of(board.path)
    assert board.path.stat().st_size <= profiles.MAX_SPRITE_BYTES


def test_a_sprite_that_is_too_heavy_is_drawn_again_more_lightly(tools, rung, folder, monkeypatch):
    best = make_storyboard(tools, rung, folder).path.stat().st_size
    monkeypatch.setattr(profiles, "MAX_SPRITE_BYTES", best - 1)

    assert make_storyboard(tools, rung, folder).path.stat().st_size < best


@pytest.mark.parametrize(
    ("seconds", "fps", "step", "count", "interval_ms"),
    [
        (1, 30, 1, 1, 1000),
        (8.7, 30, 1, 9, 1000),
        (100, 30, 1, 100, 1000),
        (101, 30, 2, 51, 2000),
        (180, 30000 / 1001, 2, 90, 2002),
        (3 * 3600, 25, 108, 100, 108000),
    ],
)
def test_at_most_a_hundred_tiles_reach_to_the_end(rung, seconds, fps, step, count, interval_ms):
    plan = plan_storyboard(replace(rung, duration_ms=round(seconds * 1000), fps=fps))

    assert (plan.step, plan.count, plan.interval_ms) == (step, count, interval_ms)
    assert plan.count * plan.interval_ms >= seconds * 1000
    assert plan.columns * plan.rows >= plan.count


def test_a_portrait_keeps_its_shape_in_the_tiles(rung):
    plan = plan_storyboard(replace(rung, width=360, height=640))

    assert (plan.tile_width, plan.tile_height) == (160, 284)


def test_a_picture_that_was_cut_short_is_refused(tmp_path):
    path = tmp_path / "poster.jpg"
    path.write_bytes(b"\xff\xd8\xff\xe0 half of it")

    with pytest.raises(OutputRefused):
        verify_jpeg(path)
    with pytest.raises(OutputRefused):
        verify_jpeg(tmp_path / "missing.jpg")


def test_tiles_show_the_moments_they_stand_for():
    assert storyboard._keyframe_ms(30000 / 1001) == pytest.approx(1001)
    assert storyboard._keyframe_ms(25) == pytest.approx(1000)
