"""What was made: files with the facts that pages and playlists need; nobody has to look inside again."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class ByteRange:
    offset: int
    length: int


@dataclass(frozen=True)
class Segment:
    """One stretch of a rung that begins with a keyframe."""

    offset: int
    length: int
    duration_ms: int


@dataclass(frozen=True)
class Rendition:
    """A file that plays by itself. Sound alone has a width and height of 0."""

    path: Path
    content_type: str
    # RFC 6381, as `canPlayType` and HLS want it; empty when the codec has no short name
    codecs: str
    width: int
    height: int
    duration_ms: int
    bytes: int

    @property
    def bitrate(self) -> int:
        """Average bits per second."""
        return self.bytes * 8000 // max(self.duration_ms, 1)


@dataclass(frozen=True)
class Rung(Rendition):
    """One step of the ladder: plays progressively, and as HLS by byte ranges of the same file."""

    # "360p", or "audio"
    name: str
    init: ByteRange
    segments: tuple[Segment, ...]
    fps: float
    # The source's own picture: its keyframes and its rate are what they are
    is_copied: bool = False

    @property
    def peak_bitrate(self) -> int:
        """Bits per second of its hungriest segment, as an HLS playlist must announce it."""
        return max(part.length * 8000 // max(part.duration_ms, 1) for part in self.segments)


@dataclass(frozen=True)
class Ladder:
    """All rungs, lowest first, and what their owner should be told."""

    rungs: tuple[Rung, ...]
    warnings: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class Picture:
    path: Path
    width: int
    height: int


@dataclass(frozen=True)
class Storyboard(Picture):
    """A sprite of small pictures, row by row; picture k shows the moment k * interval_ms."""

    columns: int
    rows: int
    tile_width: int
    tile_height: int
    interval_ms: int
    count: int
    # Sentences for the owner
    warnings: tuple[str, ...] = ()
