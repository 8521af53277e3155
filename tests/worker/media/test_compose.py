"""Screen and camera as one picture, and what followed a crash: everything stays at its moment."""

from dataclasses import replace

import pytest

from pitchreview.errors import BrokenMedia
from pitchreview.models import Layout, SourceRole
from tests.media import clap_times
from tests.worker.media.moments import observed
from worker.media.compose import Part, compose
from worker.media.ladder import may_be_rung
from worker.media.layouts import boxes_of, canvas_of
from worker.media.probe import probe

ONE_FRAME = 0.034
MOST_OFFSET = 0.020
# The screen began this much later than the camera
LATER_MS = 700
CLAPS, LATER = clap_times(), [at + LATER_MS / 1000 for at in clap_times()]

# Layout: a part of the picture that is the screen's alone, and one that is the camera's;
# of a screen of 640 x 480 with a camera of 320 x 180
SEEN = {
    Layout.CORNER: ("640:240:0:0", "100:60:500:390"),
    Layout.CORNER_LEFT: ("640:240:0:0", "100:60:40:390"),
    Layout.SIDE_BY_SIDE: ("400:280:20:40", "160:60:460:150"),
    Layout.SCREEN: ("640:480:0:0", None),
    Layout.CAMERA: (None, "320:180:0:0"),
}


@pytest.fixture
def put_together(tools, folder):
    def act(*parts, layout=Layout.CORNER):
        return compose(tools, parts, layout, folder)

    return act


@pytest.fixture
def part(tools):
    def make(path, role=SourceRole.CAMERA, sequence=0, offset_ms=0):
        return Part(path, probe(tools, path), role, sequence, offset_ms)

    return make


OTHERS = [pytest.param(layout, marks=pytest.mark.campaign) for layout in list(Layout)[1:]]


@pytest.mark.parametrize("layout", [Layout.CORNER, *OTHERS])
def test_screen_and_camera_flash_and_beep_at_their_own_moments(
    tools, clips, folder, put_together, part, layout
):
    camera = part(clips("clapper.webm"), offset_ms=4000)
    screen = part(clips("clapper.mp4"), SourceRole.SCREEN, offset_ms=4000 + LATER_MS)

    made = put_together(camera, screen, layout=layout)

    of_screen, of_camera = SEEN[layout]
    heard = sorted([*CLAPS, *LATER])
    for region, times in ((of_camera, CLAPS), (of_screen, LATER)):
        if region is not None:
            flashes, beeps = observed(tools, made.path, folder / "sound.pcm", region)
            assert flashes == pytest.approx(times, abs=ONE_FRAME)
            assert beeps == pytest.approx(heard, abs=MOST_OFFSET)
            assert all(min(abs(flash - beep) for beep in beeps) <= MOST_OFFSET for flash in flashes)
    assert made.duration_ms == pytest.approx(3000 + LATER_MS, abs=40), "the camera's last picture stays"
    assert may_be_rung(probe(tools, made.path)), "it is its own best quality"


@pytest.mark.campaign
def test_what_was_put_together_is_its_own_best_quality(tools, clips, put_together, part):
    made = put_together(part(clips("clapper.webm")), part(clips("webcam.mp4"), SourceRole.SCREEN))

    seen = probe(tools, made.path)
    assert may_be_rung(seen)
    assert (seen.video.width, seen.video.height, seen.start_ms) == (640, 480, 0)
    assert seen.video.max_keyframe_gap_ms <= 1000
    assert (seen.video.is_constant, seen.video.color_space) == (True, "bt709")


def test_what_followed_a_crash_comes_right_after_what_was_before_it(tools, clips, folder, put_together, part):
    before, after = part(clips("clapper.webm")), part(clips("clapper-uneven.mov"), sequence=1, offset_ms=9000)

    made = put_together(after, before)

    assert made.duration_ms == pytest.approx(before.probe.duration_ms + after.probe.duration_ms, abs=90)
    flashes, beeps = observed(tools, made.path, folder / "sound.pcm")
    second = before.probe.duration_ms / 1000
    assert flashes == pytest.approx([*CLAPS, *(second + at for at in CLAPS)], abs=0.07)
    assert beeps == pytest.approx(flashes, abs=MOST_OFFSET)


@pytest.mark.campaign
@pytest.mark.parametrize(
    ("camera", "screen"),
    [
        ("portrait.mp4", "clapper.mp4"),
        ("silent.mp4", "clapper.mp4"),
        ("clapper.webm", "silent.mp4"),
        ("silent.mp4", "uneven.mp4"),
        ("odd.webm", "anamorphic.mp4"),
        ("ntsc.mp4", "pal.mp4"),
        ("phone.mov", "hdr.mov"),
        ("nothing-heard.m4a", "pal.mp4"),
    ],
)
@pytest.mark.parametrize("layout", list(Layout))
def test_whatever_came_is_put_together(tools, clips, put_together, part, camera, screen, layout):
    made = put_together(part(clips(camera)), part(clips(screen), SourceRole.SCREEN, 0, 120), layout=layout)

    assert may_be_rung(probe(tools, made.path))


@pytest.mark.campaign
def test_a_phone_held_sideways_stands_upright_beside_the_screen(tools, clips, put_together, part):
    made = put_together(part(clips.turned(90)), layout=Layout.CAMERA)

    assert (made.width, made.height) == (360, 640)


@pytest.mark.campaign
def test_sound_alone_is_joined_as_sound(tools, clips, put_together, part):
    names = ("whisper.m4a", "nothing-heard.m4a")
    parts = [part(clips(name), SourceRole.AUDIO, sequence) for sequence, name in enumerate(names)]

    made = put_together(*parts)

    assert (made.content_type, made.width) == ("audio/mp4", 0)
    assert made.duration_ms == pytest.approx(4000, abs=90)


@pytest.mark.campaign
def test_where_nothing_was_heard_or_seen_for_a_while_there_is_silence_and_darkness(clips, put_together, part):
    seen, heard = clips("silent.mp4"), clips("nothing-heard.m4a")
    tiny = clips("tiny.mp4")
    scenes = [(seen, SourceRole.CAMERA), (tiny, SourceRole.CAMERA), (heard, SourceRole.AUDIO)]

    made = put_together(*(part(path, role, number) for number, (path, role) in enumerate(scenes)))

    assert made.duration_ms == pytest.approx(3000, abs=120)
    assert (made.width, made.height) == (320, 180)


@pytest.mark.campaign
def test_a_window_that_grows_is_still_seen_whole(tools, clips, folder, put_together, part, tmp_path):
    """Browsers go on with the file when the shared window changes its size."""
    grown = clips.growing()
    made = put_together(part(clips("clapper.webm")), part(grown, SourceRole.SCREEN))

    assert (made.width, made.height) == (320, 240)
    assert made.duration_ms == pytest.approx(4000, abs=70)


def test_longer_than_allowed_is_refused(clips, tools, folder, part):
    parts = [part(clips("clapper.webm")), part(clips("clapper.webm"), SourceRole.SCREEN, 0, 3_600_000)]
    with pytest.raises(BrokenMedia, match="longer"):
        compose(tools, parts, Layout.CORNER, folder, most_seconds=1800)


# --- where they lie -----------------------------------------------------------------------------------

FULL_HD, WEBCAM, PHONE = (1920, 1080), (1280, 720), (720, 1280)


@pytest.mark.parametrize("layout", list(Layout))
@pytest.mark.parametrize("screen", [FULL_HD, (3840, 2160), (1440, 900), PHONE, (320, 240), (2560, 600), None])
@pytest.mark.parametrize("camera", [WEBCAM, PHONE, (640, 480), None])
def test_every_part_lies_inside_the_picture(layout, screen, camera):
    if screen is None and camera is None:
        return
    width, height = canvas = canvas_of(layout, screen, camera)
    assert width % 2 == height % 2 == 0
    assert max(canvas) <= 1920 and min(canvas) <= 1080
    boxes = boxes_of(layout, canvas, screen, camera)
    assert boxes
    for box in boxes.values():
        assert box.x >= 0 and box.y >= 0 and box.width % 2 == box.height % 2 == 0
        assert box.x + box.width <= width and box.y + box.height <= height


def test_the_small_camera_keeps_its_shape_and_leaves_the_screen_in_sight():
    box = boxes_of(Layout.CORNER, FULL_HD, FULL_HD, PHONE)[SourceRole.CAMERA]
    assert box.width / box.height == pytest.approx(PHONE[0] / PHONE[1], rel=0.02)
    assert box.width * box.height < 0.1 * FULL_HD[0] * FULL_HD[1]
    left = boxes_of(Layout.CORNER_LEFT, FULL_HD, FULL_HD, PHONE)[SourceRole.CAMERA]
    assert left == replace(box, x=FULL_HD[0] - box.x - box.width)


def test_what_is_missing_leaves_its_place_to_the_other():
    for layout in Layout:
        (camera,) = boxes_of(layout, WEBCAM, None, WEBCAM).items()
        (screen,) = boxes_of(layout, WEBCAM, WEBCAM, None).items()
        assert (camera[0], screen[0]) == (SourceRole.CAMERA, SourceRole.SCREEN)
        assert (camera[1].width, screen[1].width) == (WEBCAM[0], WEBCAM[0])
