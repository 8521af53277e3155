"""Limits, rungs and encoder settings as data: change the product's media here, not in the code that runs it.

To add a rendition, add a row; `ladder.py` and the pages take what they find.
"""

from dataclasses import dataclass, replace
from fractions import Fraction

from pitchreview.config import Settings


@dataclass(frozen=True)
class SourceLimits:
    """What may come in. Every limit is checked before a single frame is decoded."""

    max_duration_seconds: int = 3 * 3600
    # So much longer it may be, unsaid: nobody stops on the second
    spare_seconds: int = 0
    # 4096 x 2176: 4K comes in, 8K does not
    max_pixels: int = 4096 * 2176
    max_streams: int = 32
    max_frames_per_second: int = 250
    # A still slide may stand for minutes; two frames a day apart are an attack on the constant frame rate
    max_frame_gap_seconds: int = 300
    max_packets: int = 6_000_000


SOURCE_LIMITS = SourceLimits()


def limits_of(settings: Settings) -> SourceLimits:
    """The limits of this site: ours, but with the duration that its people set."""
    return replace(SOURCE_LIMITS, max_duration_seconds=settings.max_duration_seconds)


@dataclass(frozen=True)
class RungProfile:
    """One rung: the short side of the picture, and the most bits it may take at 30 frames per second."""

    short_side: int
    max_kbps: int


RUNGS = (RungProfile(360, 800), RungProfile(720, 2800), RungProfile(1080, 5000))
# A plain H.264 source is its own top rung when it seeks well and takes at most this many times a rung's bits
MAX_COPIED_KEYFRAME_GAP_MS = 6000
MAX_COPIED_RATE_FACTOR = 4
MAX_COPIED_FPS = 61
# A source this much larger than its highest rung (a webcam's 640x480) gets one more rung of its own size
OWN_SIZE_FROM = 1.25
# What a rung of a source's own size may take: the first row that is at least as large
OWN_SIZE_KBPS = ((240, 400), (360, 800), (480, 1300), (540, 1600), (720, 2800), (1080, 5000))
MIN_SIDE = 16
HIGH_RATE_FACTOR = 1.5

# Frame rates of cameras and screens; anything else is lifted to the next one
NTSC = Fraction(1000, 1001)
FRAME_RATES = tuple(
    Fraction(rate) for rate in (10, 12, 15, 24 * NTSC, 24, 25, 30 * NTSC, 30, 48, 50, 60 * NTSC, 60)
)

# What is put together of several files: smooth enough for faces, and screens rest most of the time
FOOTAGE_FPS = 30
FOOTAGE_LONG_SIDE = 1920
# A cut begins with the keyframe it was made at when that is this close; else its pictures are encoded
CUT_SLACK_MS = 100

KEYFRAME_SECONDS = 1
SEGMENT_SECONDS = 2
CRF = 23
PRESET = "veryfast"
AUDIO_KBPS = 128
AUDIO_HZ = 48000
MAX_THREADS = 8

# Loudness: -16 LUFS is what speech on the web is mixed to
TARGET_LUFS = -16.0
MAX_TRUE_PEAK_DB = -1.5
# The limiter sees samples, not the curve between them, and AAC overshoots: it stops this much earlier
LIMITER_MARGIN_DB = 1.5
# The limiter may take this much off the peaks before it is heard; beyond that the pitch stays quieter
MAX_LIMITING_DB = 8.0
MAX_GAIN_DB = 24.0

# The waveform: few samples are enough to see speech and silence; 20 bytes a second
WAVEFORM_HZ = 2000
WAVEFORM_INTERVAL_MS = 50

# Stage 2 gives way to stage 1, and both to the web and the database
FIRST_STAGE_NICENESS = 5
SECOND_STAGE_NICENESS = 15
# What a run may write that makes no video: pictures, samples, measurements
SMALL_OUTPUT_BYTES = 64 * 1024**2
# A rung may exceed its rate for as long as its buffer lasts; more than this is no rung of that source
RUNG_SLACK = 1.5

POSTER_SHORT_SIDE = 540
# Where to look for a poster, as shares of the length
POSTER_PLACES = (0.1, 0.3, 0.5, 0.7)
# With keyframes further apart than this, what lies between them has to be decoded: only near the beginning
DENSE_KEYFRAMES_MS = 2500
EARLY_PLACES_MS = (0, 1000, 3000)

TILE_WIDTH = 160
MAX_TILES = 100
TILE_COLUMNS = 10
MAX_SPRITE_BYTES = 250 * 1024
# JPEG quality of the sprite, best first (2 is ffmpeg's best, 31 its worst)
SPRITE_QUALITIES = (6, 10, 16, 24, 31)

# A file may lose this share of its span to rounding or a damaged end, or this many milliseconds
MIN_DURATION_SHARE = 0.98
DURATION_SLACK_MS = 120
# Above this share of damaged frames nobody should be shown the result
MAX_DAMAGED_SHARE = 0.1
