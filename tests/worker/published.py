"""What every published file must be, whatever came in: looked at as the object store hands it out."""

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from pitchreview.models import Recording, Rendition, RenditionKind
from pitchreview.store import ObjectStore
from worker.media.tools import Tools

PLAYED_KINDS = (RenditionKind.COPY, RenditionKind.RUNG, RenditionKind.AUDIO)
MOST_DRIFT_MS = 100
ONE_FRAME = 0.04
# A copied top rung is cut at its source's keyframes
LONGEST_COPIED_GROUP = 6.0
# A sound codec begins before 0 to warm up, which nobody hears. One frame of AAC at 8 kHz:
MOST_PRIMING = 0.128
CUES, CLUSTER = b"\x1c\x53\xbb\x6b", b"\x1f\x43\xb6\x75"
FACTS = (
    "stream=index,codec_type,codec_name,width,height,sample_aspect_ratio,pix_fmt,color_space,color_transfer"
    ":stream_side_data=rotation:packet=stream_index,pts_time,duration_time,flags"
)

Color = tuple[int, int, int]


@dataclass(frozen=True)
class Published:
    """One published file, fetched, and what ffprobe says of it."""

    rendition: Rendition
    path: Path
    video: dict[str, Any] | None
    audio: dict[str, Any] | None
    packets: list[dict[str, Any]]

    @property
    def is_rung(self) -> bool:
        return self.rendition.kind is RenditionKind.RUNG

    @property
    def is_encoded_rung(self) -> bool:
        return self.is_rung and not (self.rendition.layout or {}).get("copied", False)

    def times(self, stream: dict[str, Any], *, keyframes: bool = False) -> list[float]:
        """When the packets of a stream are shown or heard, in order."""
        mine = [p for p in self.packets if p["stream_index"] == stream["index"]]
        return sorted(float(p["pts_time"]) for p in mine if not keyframes or "K" in p["flags"])

    @property
    def first(self) -> float:
        """When the first picture is shown or the first sound heard."""
        seen = self.times(self.video)[:1] if self.video else []
        heard = self.times(self.audio)[:1] if self.audio else []
        return min([*seen, *(0.0 if -MOST_PRIMING <= at < 0 else at for at in heard)])

    @property
    def end(self) -> float:
        return max(float(p["pts_time"]) + float(p.get("duration_time", 0)) for p in self.packets)


def fetch_published(tools: Tools, store: ObjectStore, recording: Recording, folder: Path) -> list[Published]:
    """Everything of a recording that a player may be given."""
    played = [rendition for rendition in recording.renditions if rendition.kind in PLAYED_KINDS]
    return [_look(tools, rendition, _fetched(store, rendition, folder)) for rendition in played]


def _fetched(store: ObjectStore, rendition: Rendition, folder: Path) -> Path:
    path = folder / f"{rendition.kind}-{rendition.rung}.{rendition.content_type.split('/')[1]}"
    store.fetch(rendition.object_key, path)
    return path


def _look(tools: Tools, rendition: Rendition, path: Path) -> Published:
    command = [str(tools.ffprobe), "-v", "error", "-show_entries", FACTS, "-of", "json", str(path)]
    facts = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    streams = {stream["codec_type"]: stream for stream in facts["streams"]}
    assert len(streams) == len(facts["streams"]), "one picture and one sound track at most"
    assert set(streams) <= {"video", "audio"}
    # What an edit list hides is neither seen nor heard
    packets = [packet for packet in facts["packets"] if "D" not in packet["flags"]]
    return Published(rendition, path, streams.get("video"), streams.get("audio"), packets)


# --- what holds for all of them -------------------------------------------------------------------


def require_playable(made: Published, seconds: float) -> None:
    """It is whole, begins at 0, can be played while it loads, and is announced as what it is."""
    assert made.path.stat().st_size == made.rendition.size_bytes
    assert abs(made.end - seconds) * 1000 <= MOST_DRIFT_MS, f"{made.path.name} ends at {made.end}"
    assert abs((made.rendition.duration_ms or 0) - seconds * 1000) <= MOST_DRIFT_MS
    assert -0.001 <= made.first <= ONE_FRAME, f"{made.path.name} begins at {made.first}"
    assert _index_comes_first(made.path), f"{made.path.name} has its index at the end"
    assert made.rendition.codecs
    if made.video is not None:
        assert made.video["pix_fmt"] in ("yuv420p", "yuvj420p")
        assert _displayed_size(made.video) == (made.rendition.width, made.rendition.height)
    if made.is_rung:
        _require_rung(made)
    if made.rendition.layout is not None:
        _require_covered(made.rendition.layout, made.rendition.size_bytes, made.rendition.duration_ms or 0)


def require_steady(made: Published, rate: Fraction) -> None:
    """An encoded rung has one picture after the other at the same distance."""
    assert made.video is not None
    times = made.times(made.video)
    # MP4's own clock is finer than this; the first picture counts from 0
    assert all(abs(at - number / rate) < 0.001 for number, at in enumerate(times)), times[:5]


def corners(tools: Tools, path: Path) -> tuple[Color, ...]:
    """The colours of the first picture as people see it: top left, top right, bottom left, bottom right."""
    pixels = _pixels(tools, path, "rgb24")
    places = [(2, 2), (37, 2), (2, 37), (37, 37)]
    return tuple(tuple(pixels[3 * (40 * y + x) :][:3]) for x, y in places)  # type: ignore[misc]


def brightness(tools: Tools, path: Path) -> int:
    """Of the brightest spot of a picture, from 0 to 255."""
    return max(_pixels(tools, path, "gray"))


def _pixels(tools: Tools, path: Path, layout: str) -> bytes:
    """The first picture, 40 by 40."""
    command = [str(tools.ffmpeg), "-nostdin", "-v", "error", "-i", str(path), "-frames:v", "1"]
    command += ["-vf", "scale=40:40", "-f", "rawvideo", "-pix_fmt", layout, "-"]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout


def _require_rung(made: Published) -> None:
    video = made.video
    assert video is not None
    assert (video["codec_name"], video["pix_fmt"]) == ("h264", "yuv420p")
    assert video.get("sample_aspect_ratio", "1:1") == "1:1"
    assert video["width"] % 2 == video["height"] % 2 == 0
    assert made.rendition.rung == min(made.rendition.width or 0, made.rendition.height or 0)
    longest = 1.05 if made.is_encoded_rung else LONGEST_COPIED_GROUP
    keyframes = [*made.times(video, keyframes=True), made.times(video)[-1]]
    assert max(later - earlier for earlier, later in zip(keyframes, keyframes[1:], strict=False)) <= longest
    if made.is_encoded_rung:
        assert _rotation(video) == 0
        assert made.times(video)[0] == 0
        assert video["color_space"] == video["color_transfer"] == "bt709"
    if made.audio is not None:
        assert made.audio["codec_name"] == "aac"
        assert -MOST_PRIMING <= made.times(made.audio)[0] <= ONE_FRAME


def _require_covered(layout: dict[str, Any], size_bytes: int, duration_ms: int) -> None:
    """The byte ranges follow each other from the first byte of the file to its last."""
    ranges: Sequence[tuple[int, int]] = [layout["init"], *(part[:2] for part in layout["segments"])]
    position = 0
    for offset, length in ranges:
        assert offset == position
        position += length
    assert position == size_bytes
    assert abs(sum(part[2] for part in layout["segments"]) - duration_ms) <= MOST_DRIFT_MS


def _index_comes_first(path: Path) -> bool:
    content = path.read_bytes()
    if path.suffix == ".webm":
        return 0 < content.find(CUES) < content.find(CLUSTER)
    return _boxes(content).index(b"moov") < min(
        number for number, name in enumerate(_boxes(content)) if name in (b"mdat", b"moof")
    )


def _boxes(content: bytes) -> list[bytes]:
    names, position = [], 0
    while position + 8 <= len(content):
        names.append(content[position + 4 : position + 8])
        length = int.from_bytes(content[position : position + 4], "big")
        if length == 1:
            length = int.from_bytes(content[position + 8 : position + 16], "big")
        position += length or len(content)
    return names


def _displayed_size(video: dict[str, Any]) -> tuple[int, int]:
    aspect = Fraction(video.get("sample_aspect_ratio", "1:1").replace(":", "/"))
    size = (round(video["width"] * aspect), int(video["height"]))
    return size if _rotation(video) % 180 == 0 else (size[1], size[0])


def _rotation(video: dict[str, Any]) -> int:
    return next((int(data["rotation"]) for data in video.get("side_data_list", []) if "rotation" in data), 0)
