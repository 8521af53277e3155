"""What comes in, and what becomes of it: one row per kind of file, through the real steps.

Whatever is published must be what a player relies on (`published.py`); a row says only what is special
about its file. Files are small and short, so that a row costs about a second. Those that come through are
tried in their most telling kinds each time, and all of them in `make campaign`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from pitchreview.actions.intake import TASK_OF
from pitchreview.models import Recording, RecordingState, RenditionKind, StepName, Take
from pitchreview.store import ObjectStore
from tests.media import Clips
from tests.worker.published import (
    Color,
    Published,
    brightness,
    corners,
    fetch_published,
    require_playable,
    require_steady,
)
from tests.worker.reading import reread
from worker.media.tools import Tools
from worker.tasks.registry import TASKS
from worker.workshop import Workshop

NTSC = Fraction(30000, 1001)
FILM = Fraction(24000, 1001)
RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)
NO_SOUND = "There is no sound in this recording."
NO_PICTURE = "There is no picture in this recording: it is played as sound."
FEW_DAMAGED = "A few frames of this recording are damaged"

Make = str | Callable[[Clips], Path]


@dataclass(frozen=True)
class Comes:
    """A file that comes through."""

    name: str
    make: Make
    seconds: float = 1.0
    # The highest rung as people see it
    size: tuple[int, int] = (320, 180)
    rungs: tuple[int, ...] = (180,)
    # Of the rungs that are encoded
    rate: Fraction | int = 30
    sound: bool = True
    # Browsers play it at once, by stream copy
    is_copied: bool = True
    warning: str | None = None
    corners: tuple[Color, ...] = ()
    # Bytes of the source that must not be published
    stripped: bytes = b""
    # A row that is about the first stage alone goes no further
    is_only_checked: bool = False


@dataclass(frozen=True)
class Sounds:
    """A file that becomes an audio pitch."""

    name: str
    make: Make
    seconds: float = 2.0
    stripped: bytes = b""


@dataclass(frozen=True)
class Refused:
    """A file that is turned away, and the words for it."""

    name: str
    make: Make
    reason: str


def slow(name: str, make: Make, **more: object) -> Comes:
    """What browsers do not play: nothing is copied."""
    return Comes(name, make, is_copied=False, **more)  # type: ignore[arg-type]


def quiet(name: str, make: Make, **more: object) -> Comes:
    return Comes(name, make, sound=False, warning=NO_SOUND, **more)  # type: ignore[arg-type]


def turned(name: str, clip: str, degrees: int, seen: tuple[Color, ...], *, mirrored: bool = False) -> Comes:
    return Comes(
        name,
        lambda clips: clips.displayed(clip, degrees, mirrored=mirrored),
        size=(180, 320) if degrees in (90, 270) else (320, 180),
        sound=False,
        warning=NO_SOUND,
        is_copied=clip.endswith("mp4"),
        corners=seen,
    )


TURNED = [
    turned("upright", "corners.mp4", 0, (RED, GREEN, BLUE, WHITE)),
    turned("turned by 90", "corners.mp4", 90, (BLUE, RED, WHITE, GREEN)),
    turned("turned by 180", "corners.mp4", 180, (WHITE, BLUE, GREEN, RED)),
    turned("turned by 270", "corners.mp4", 270, (GREEN, WHITE, RED, BLUE)),
    turned("mirrored", "corners.mp4", 0, (GREEN, RED, WHITE, BLUE), mirrored=True),
    turned("turned by 180 and mirrored", "corners.mp4", 180, (BLUE, WHITE, RED, GREEN), mirrored=True),
    turned("phone turned by 90", "corners-phone.mov", 90, (BLUE, RED, WHITE, GREEN)),
    turned("phone mirrored", "corners-phone.mov", 0, (GREEN, RED, WHITE, BLUE), mirrored=True),
    turned(
        "phone turned by 90 and mirrored", "corners-phone.mov", 90, (RED, BLUE, GREEN, WHITE), mirrored=True
    ),
]

SIZES = [
    Comes("portrait", "upright-phone.mp4", size=(180, 320)),
    Comes("odd sides, VP8", "odd.webm"),
    slow("odd sides, MPEG-4", "odd-asp.mp4", rungs=(180,)),
    quiet("one pixel more than a rung", "one-off.webm", size=(640, 360), rungs=(360,), rate=10),
    quiet("tiny", "tiny.mp4", size=(64, 36), rungs=(36,)),
    quiet("the smallest", "smallest.mp4", size=(16, 16), rungs=(16,)),
    Refused("too small", "too-small.mp4", "only 14 × 14 pixels"),
    quiet("4K", "four-k.mp4", seconds=2.0, size=(1920, 1080), rungs=(360, 720, 1080), rate=10),
    Refused("8K", "eight-k.mp4", "7680 × 4320"),
    quiet("oblong pixels", "anamorphic.mp4", size=(524, 288), rungs=(288,), rate=25),
]

CLOCKS = [
    slow("uneven frames of a phone", "uneven-phone.mov", seconds=2.0),
    slow("24000/1001 frames", "film.mp4", rate=FILM),
    Comes("25 frames", "pal.mp4", rate=25),
    slow("30000/1001 frames", "ntsc-asp.mp4", rate=NTSC),
    slow("50 frames", "fifty.mp4", rate=50),
    Comes("60 frames", "sixty.mp4", rate=60),
    slow("120 frames", "action.mp4", rate=60),
    Comes(
        "an edit list that hides the beginning",
        lambda clips: clips.trimmed("talk.mp4", 0.5),
        seconds=1.5,
        size=(640, 360),
        rungs=(360,),
    ),
    Comes("a clock that starts at 5 s, MP4", "starts-late.mp4", seconds=2.0),
    Comes("a clock that starts at 100 s, TS", "starts-late.ts", seconds=2.0),
    slow("a clock that starts at 7 s, Matroska", "starts-late.mkv", seconds=2.0),
    Comes("a clock that starts below 0", "negative.mkv", seconds=2.0),
    Comes("sound that starts late", "late-sound.mp4", seconds=2.5),
    Comes("a picture that starts late", "late-picture.mp4", seconds=2.5),
    Comes("pictures that refer to later ones", "bidirectional.mp4", seconds=2.0),
    Comes("sparse keyframes", "sparse.mp4", seconds=8.0),
    quiet("three hours of black", "three-hours.mp4", seconds=10800.0, is_only_checked=True),
    Refused("more than three hours", "over-three-hours.mp4", "the longest that can be taken is 3.0 hours"),
    Refused("a day between two frames", "a-day.mp4", "hours long"),
    Refused("a thousand frames a second", "thousand.mp4", "1000 frames per second"),
]

PICTURES = [
    slow("10 bits", "ten-bit.mp4", sound=False, warning=NO_SOUND),
    slow("4:2:2", "high-422.mp4", sound=False, warning=NO_SOUND),
    slow("HDR of a phone (HLG)", "hlg.mov", sound=False, warning=NO_SOUND),
    slow("HDR (PQ)", "pq.mov", sound=False, warning=NO_SOUND),
    Comes("interlaced", "interlaced.mp4", rate=25),
]

SOUNDS = [
    quiet("no sound", "silent.mp4"),
    Comes("5.1", "surround.mp4"),
    Comes("mono of 8 kHz", "telephone.mp4"),
    Comes("AAC of 96 kHz", "studio.mp4"),
    Comes("PCM of 96 kHz", "studio.mov"),
    Comes("several sound tracks", "two-tongues.mkv"),
    Sounds("M4A", "sound.m4a"),
    Sounds("MP3", "sound.mp3"),
    Sounds("WAV", "sound.wav"),
    Sounds("Opus", "sound.ogg"),
    Sounds("MP3 with a cover", "covered.mp3", seconds=1.0, stripped=b"JFIF"),
    Sounds("M4A with a cover", "covered.m4a", seconds=1.0, stripped=b"covr"),
]

BESIDE = [
    Comes("cover art beside a video", "covered.mp4", stripped=b"covr"),
    Comes(
        "subtitles, chapters and an attachment", lambda clips: clips.with_words(), rate=25, stripped=b"vendor"
    ),
    Comes("a data track", "timecode.mov", stripped=b"tmcd"),
    Comes("metadata", "tagged.mkv", stripped=b"secret"),
]

CODECS = [
    Comes("Opus in MP4", "opus.mp4"),
    Comes("MP3 in MP4", "mp3.mp4"),
    Comes("VP9 in WebM", "vp9.webm"),
    Comes("VP9 in MP4", "vp9.mp4"),
    Comes("AV1 in WebM", "av1.webm"),
    Comes("AV1 in MP4", "av1.mp4"),
    slow("ProRes", "prores.mov"),
    slow("MJPEG", "mjpeg.avi"),
    slow("MPEG-4 ASP in AVI", "asp.avi"),
]

RECORDERS = [
    Comes(
        "a browser's WebM without a length",
        lambda clips: clips.live(),
        seconds=2.0,
        size=(320, 240),
        rungs=(240,),
        rate=25,
    ),
    Comes("a browser's H.264 in Matroska without a length", lambda clips: clips.live_h264(), seconds=2.0),
    Comes("Safari's fragmented MP4 without a length", lambda clips: clips.fragmented(), seconds=2.0),
    Comes("an index at the end", "webcam.mp4", size=(640, 480), rungs=(360, 480)),
    Comes("an index in front", "fast.mp4", seconds=2.0, size=(640, 480), rungs=(360, 480)),
]

BROKEN = [
    Refused("10 % with the index in front", lambda clips: clips.cut(clips("faststart.mp4"), 10), "cut off"),
    Refused("50 % with the index in front", lambda clips: clips.cut(clips("faststart.mp4"), 50), "cut off"),
    Comes(
        "99 % with the index in front",
        lambda clips: clips.cut(clips("fast.mp4"), 99),
        seconds=2.0,
        size=(640, 480),
        rungs=(360, 480),
    ),
    Refused(
        "10 % with the index at the end", lambda clips: clips.cut(clips("talk.mp4"), 10), "index is missing"
    ),
    Refused(
        "50 % with the index at the end", lambda clips: clips.cut(clips("talk.mp4"), 50), "index is missing"
    ),
    Refused("99 % with the index at the end", lambda clips: clips.cut(clips("talk.mp4"), 99), "index"),
    Comes(
        "50 % of a recorder's WebM",
        lambda clips: clips.cut(clips.live(), 50),
        seconds=1.0,
        size=(320, 240),
        rungs=(240,),
        rate=25,
    ),
    Comes(
        "a few damaged frames, H.264",
        lambda clips: clips.scratched("fast.mp4", 0.0004),
        seconds=2.0,
        size=(640, 480),
        rungs=(360, 480),
        warning=FEW_DAMAGED,
    ),
    Comes(
        "a few damaged frames of a picture that is copied",
        lambda clips: clips.scratched("faststart.mp4", 0.0004),
        seconds=4.0,
        size=(640, 360),
        rungs=(360,),
        warning=FEW_DAMAGED,
    ),
    Refused("50 % of Safari's fragments", lambda clips: clips.cut(clips.fragmented(), 50), "cut off"),
    slow(
        "a few damaged frames, HEVC",
        lambda clips: clips.scratched("fast-phone.mov", 0.002),
        seconds=4.0,
        warning=FEW_DAMAGED,
    ),
    Refused("mostly damage", lambda clips: clips.scratched("fast.mp4", 0.5), "damaged"),
    Refused("a single frame", "one-frame.mp4", "single picture"),
    Refused("no bytes at all", lambda clips: clips.written("empty.mp4", b""), "empty"),
]

STRANGERS = [
    Refused("a PDF", lambda clips: clips.written("letter.mp4", b"%PDF-1.7\n" * 500), "a PDF document"),
    Refused("a ZIP", lambda clips: clips.written("zip.mp4", b"PK\x03\x04" * 500), "a ZIP archive"),
    Refused("a web page", lambda clips: clips.written("page.mp4", b"<!DOCTYPE html><p>" * 500), "a web page"),
    Refused("a PNG", lambda clips: clips.written("png.mp4", b"\x89PNG\r\n\x1a\n" * 500), "a PNG picture"),
    Refused("a program", lambda clips: clips.written("exe.mp4", b"MZ\x90\0\x03\0\0\0" * 500), "a program"),
    Refused(
        "a PDF with a video inside",
        lambda clips: clips.written("both.pdf.mp4", b"%PDF-1.7\n" + clips("pal.mp4").read_bytes()),
        "a PDF document",
    ),
    Comes(
        "a video with a PDF inside",
        lambda clips: clips.written("both.mp4", behind_first_box(clips.fragmented(), b"%PDF-1.7\n")),
        seconds=2.0,
        stripped=b"%PDF",
    ),
    Comes(
        "a video with a ZIP behind it",
        lambda clips: clips.written("zipped.mp4", clips("pal.mp4").read_bytes() + b"PK\x03\x04" * 500),
        rate=25,
        stripped=b"PK\x03\x04",
    ),
    Sounds(
        "a sound with a web page in front",
        lambda clips: clips.written("page.mp3", id3(b"<script>") + clips("sound.mp3").read_bytes()),
        stripped=b"<script>",
    ),
]

# Sizes, rates and sounds by themselves go through the ladder in test_ladder each time.
EACH_TIME = {
    "turned by 90",
    "phone turned by 90 and mirrored",
    "one pixel more than a rung",
    "uneven frames of a phone",
    "an edit list that hides the beginning",
    "a clock that starts at 100 s, TS",
    "a clock that starts below 0",
    "sound that starts late",
    "pictures that refer to later ones",
    "10 bits",
    "HDR of a phone (HLG)",
    "no sound",
    "several sound tracks",
    "M4A",
    "MP3 with a cover",
    "cover art beside a video",
    "VP9 in WebM",
    "ProRes",
    "a browser's WebM without a length",
    "Safari's fragmented MP4 without a length",
    "an index at the end",
    "99 % with the index in front",
    "a few damaged frames of a picture that is copied",
    "a video with a PDF inside",
}
ROWS = [*TURNED, *SIZES, *CLOCKS, *PICTURES, *SOUNDS, *BESIDE, *CODECS, *RECORDERS, *BROKEN, *STRANGERS]


def behind_first_box(clip: Path, words: bytes) -> bytes:
    """A free box with any words, where a PDF reader still looks for the beginning of its document."""
    content = clip.read_bytes()
    first = int.from_bytes(content[:4], "big")
    return content[:first] + (8 + len(words)).to_bytes(4, "big") + b"free" + words + content[first:]


def id3(words: bytes) -> bytes:
    """A tag of MP3 with any words as its title."""
    frame = b"TIT2" + (len(words) + 1).to_bytes(4, "big") + b"\0\0\0" + words
    return b"ID3\x03\0\0\0\0\0" + bytes([len(frame)]) + frame


@pytest.fixture(scope="session")
def clips(media_tools: Tools, tmp_path_factory: pytest.TempPathFactory) -> Clips:
    return Clips(media_tools, tmp_path_factory.mktemp("clips"))


@pytest.fixture
def process(
    workshop: Workshop, session: Session, clips: Clips, upload: Callable[[Path], Take]
) -> Callable[..., Recording]:
    """Uploads a file and runs whatever step comes next, until there is none."""

    def process_file(make: Make, *, steps: int = len(StepName)) -> Recording:
        take = upload(clips(make) if isinstance(make, str) else make(clips))
        recording = reread(session, take)
        while steps and not recording.is_broken and (step := recording.current_step) is not None:
            TASKS[TASK_OF[step.name]](workshop, recording_id=str(recording.id))
            recording = reread(session, take)
            assert all(step.failures == 0 for step in recording.steps), "this failed by a fault of ours"
            steps -= 1
        return recording

    return process_file


def rows_of(kind: type) -> list[Any]:
    """Whatever is refused costs next to nothing."""
    found = [row for row in ROWS if isinstance(row, kind)]
    each_time = {row.name for row in found if isinstance(row, Refused)} | EACH_TIME
    return [
        pytest.param(row, marks=() if row.name in each_time else pytest.mark.campaign, id=row.name)
        for row in found
    ]


@pytest.mark.parametrize("row", rows_of(Comes))
def test_it_comes_through(
    process: Callable[..., Recording], media_tools: Tools, store: ObjectStore, tmp_path: Path, row: Comes
) -> None:
    recording = process(row.make, steps=1 if row.is_only_checked else len(StepName))

    assert recording.reason is None
    assert recording.has_audio is row.sound
    assert row.warning in (recording.warning or "") if row.warning else recording.warning is None
    assert recording.poster is not None
    published = fetch_published(media_tools, store, recording, tmp_path)
    assert RenditionKind.COPY in {made.rendition.kind for made in published} or not row.is_copied
    for made in published:
        require_playable(made, row.seconds)
        assert (made.audio is not None) is row.sound
        assert not row.stripped or row.stripped not in made.path.read_bytes()
        if row.corners:
            require_corners(corners(media_tools, made.path), row.corners)
    if row.is_only_checked:
        assert recording.is_playable
        return
    assert recording.state is RecordingState.READY
    if decodes(media_tools, recording):
        require_ladder([made for made in published if made.is_rung], row)
        assert recording.storyboard is not None


def decodes(tools: Tools, recording: Recording) -> bool:
    """A build without a decoder of AV1 plays such sources as they are."""
    return tools.can_decode((recording.probe or {})["video_codec"])


def require_ladder(rungs: list[Published], row: Comes) -> None:
    assert tuple(made.rendition.rung for made in rungs) == row.rungs
    assert (rungs[-1].rendition.width, rungs[-1].rendition.height) == row.size
    for made in rungs:
        if made.is_encoded_rung:
            require_steady(made, Fraction(row.rate))


def require_corners(seen: tuple[Color, ...], wanted: tuple[Color, ...]) -> None:
    for color, wish in zip(seen, wanted, strict=True):
        assert color == pytest.approx(wish, abs=40), f"{seen} instead of {wanted}"


@pytest.mark.parametrize("row", rows_of(Sounds))
def test_it_becomes_an_audio_pitch(
    process: Callable[..., Recording], media_tools: Tools, store: ObjectStore, tmp_path: Path, row: Sounds
) -> None:
    recording = process(row.make)

    assert recording.state is RecordingState.READY
    assert (recording.has_video, recording.has_audio) == (False, True)
    assert recording.warning == NO_PICTURE
    (made,) = fetch_published(media_tools, store, recording, tmp_path)
    require_playable(made, row.seconds)
    assert made.video is None and made.audio is not None
    assert not row.stripped or row.stripped not in made.path.read_bytes()
    assert recording.poster is not None
    store.fetch(recording.poster.object_key, tmp_path / "waveform.jpg")
    assert brightness(media_tools, tmp_path / "waveform.jpg") > 80, "the waveform is drawn"


@pytest.mark.parametrize("row", rows_of(Refused))
def test_it_is_refused_with_a_reason(process: Callable[..., Recording], row: Refused) -> None:
    recording = process(row.make)

    assert recording.state is RecordingState.BROKEN
    assert recording.reason is not None and row.reason in recording.reason
    assert not [r for r in recording.renditions if r.kind is RenditionKind.RUNG]
