"""The packets of a file, walked once without decoding: its true span, its rhythm, its keyframes."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from pitchreview.errors import BrokenMedia
from worker.media import commands, profiles
from worker.media.numbers import seconds_or_none, whole
from worker.media.process import Abort, Limits
from worker.media.tools import Tools

FIELDS = "packet=stream_index,pts_time,dts_time,duration_time,flags"
# A real recording has a handful; more are noise that must not fill the memory
MAX_KINDS_OF_GAP = 1000
# A disk that has other things to do still reads this much in a second
PATIENT_BYTES_PER_SECOND = 20_000_000


@dataclass
class Walk:
    """What the packets of one stream tell, gathered one by one in constant memory. Times in seconds."""

    count: int = 0
    # Packets that a decoder needs and nobody sees or hears: an edit list hides them
    hidden: int = 0
    first: float | None = None
    last_end: float = 0.0
    longest_gap: float = 0.0
    # milliseconds from packet to packet -> how often, and the true length of these together
    gaps: Counter[int] = field(default_factory=Counter)
    _microseconds: Counter[int] = field(default_factory=Counter)
    _first_dts: float = 0.0
    _last_dts: float | None = None
    _last_keyframe: float | None = None
    _keyframe_gap: float = 0.0

    def take(self, pts: float, dts: float, duration: float, is_keyframe: bool) -> None:
        """Note one packet."""
        self.count += 1
        self.first = pts if self.first is None else min(self.first, pts)
        self.last_end = max(self.last_end, pts + duration)
        if self._last_dts is None:
            self._first_dts = dts
        else:
            self._note_gap(dts - self._last_dts)
        self._last_dts = dts
        if is_keyframe:
            self._note_keyframe(pts)

    def _note_gap(self, gap: float) -> None:
        self.longest_gap = max(self.longest_gap, gap)
        milliseconds = round(gap * 1000)
        if milliseconds in self.gaps or len(self.gaps) < MAX_KINDS_OF_GAP:
            self.gaps[milliseconds] += 1
            self._microseconds[milliseconds] += round(gap * 1_000_000)

    def _note_keyframe(self, pts: float) -> None:
        if self._last_keyframe is not None:
            self._keyframe_gap = max(self._keyframe_gap, pts - self._last_keyframe)
        self._last_keyframe = pts

    @property
    def span(self) -> float:
        """From the first picture to the end of the last one.

        WebM gives its last packet no duration: it lasts as long as the usual one.
        """
        if self.first is None:
            return 0.0
        return max(self.last_end, (self._last_dts or 0.0) + self.usual_gap) - self.first

    @property
    def usual_gap(self) -> float:
        """The median time from packet to packet."""
        seen, half = 0, sum(self.gaps.values()) / 2
        for milliseconds, times in sorted(self.gaps.items()):
            seen += times
            if seen >= half:
                return milliseconds / 1000
        return 0.0

    @property
    def is_steady(self) -> bool:
        """Whether nine of ten gaps are the usual one, give or take a millisecond of the clock."""
        near = sum(self.gaps[gap] for gap in self._usual_gaps)
        return near >= 0.9 * sum(self.gaps.values())

    @property
    def longest_keyframe_gap(self) -> float:
        if self._last_keyframe is None:
            return self.span
        return max(self._keyframe_gap, self.last_end - self._last_keyframe)

    @property
    def frame_rate(self) -> Fraction:
        """The constant rate that loses no frame of note: the camera's own, at most 60."""
        rate = max(self._average_rate, self._usual_rate)
        while rate > float(profiles.FRAME_RATES[-1]) * 1.01:
            rate /= 2
        nearest = min(profiles.FRAME_RATES, key=lambda known: abs(float(known) - rate))
        if abs(float(nearest) - rate) <= 0.05 * rate:
            return nearest
        return next(known for known in profiles.FRAME_RATES if known >= rate)

    @property
    def _usual_gaps(self) -> list[int]:
        usual = round(self.usual_gap * 1000)
        return [gap for gap in self.gaps if abs(gap - usual) <= 1]

    @property
    def _usual_rate(self) -> float:
        """Packets per second while they keep their usual distance: a screen that rests is not slow."""
        count = sum(self.gaps[gap] for gap in self._usual_gaps)
        microseconds = sum(self._microseconds[gap] for gap in self._usual_gaps)
        return count * 1_000_000 / microseconds if microseconds > 0 else 0.0

    @property
    def _average_rate(self) -> float:
        elapsed = (self._last_dts or 0.0) - self._first_dts
        return (self.count - 1) / elapsed if elapsed > 0 else 0.0


def walk_packets(
    tools: Tools, path: Path, demuxer: str, streams: tuple[int, ...], max_packets: int, abort: Abort
) -> Mapping[int, Walk]:
    """Walk the whole file and gather what the packets of these streams tell."""
    walks = {index: Walk() for index in streams}
    seen = 0

    def take(line: str) -> bool:
        nonlocal seen
        seen += 1
        if seen > max_packets:
            raise BrokenMedia("The file holds far more frames than a recording of its length would.")
        _take_line(line, walks)
        return True

    commands.run_ffprobe(
        tools,
        path,
        demuxer,
        ["-show_entries", FIELDS, "-of", "csv=p=0"],
        limits=Limits(wall_seconds=60 + path.stat().st_size / PATIENT_BYTES_PER_SECOND),
        on_line=take,
        abort=abort,
    )
    return walks


def _take_line(line: str, walks: Mapping[int, Walk]) -> None:
    words = line.split(",")
    walk = walks.get(whole(words[0]))
    if walk is None or len(words) < 5:
        return
    if "D" in words[4]:
        walk.hidden += 1
        return
    pts, dts = seconds_or_none(words[1]), seconds_or_none(words[2])
    time = pts if pts is not None else dts
    if time is not None:
        walk.take(time, dts if dts is not None else time, seconds_or_none(words[3]) or 0.0, "K" in words[4])
