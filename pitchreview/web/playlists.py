"""HLS playlists and storyboard tracks, written from rows. Addresses inside are ours.

HLS: RFC 8216; byte ranges over one fragmented MP4 per rung. Storyboard: WebVTT with
`#xywh` media fragments.
"""

from collections.abc import Callable

from pitchreview.models import LiveSegment, Recording, Rendition

HLS_TYPE = "application/vnd.apple.mpegurl"
VTT_TYPE = "text/vtt; charset=utf-8"


def ladder(recording: Recording, address_of: Callable[[Rendition], str]) -> str:
    """The multivariant playlist: one line per rung, lowest first."""
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
    for rung in recording.rungs:
        lines.append(
            f"#EXT-X-STREAM-INF:BANDWIDTH={rung.bitrate},RESOLUTION={rung.width}x{rung.height},"
            f'CODECS="{rung.codecs}"'
        )
        lines.append(address_of(rung))
    return "\n".join(lines) + "\n"


def rung(rendition: Rendition, address: str) -> str:
    """The media playlist of one rung: byte ranges of one object."""
    layout = rendition.layout or {}
    offset, length = layout["init"]
    longest_ms = max(duration for _, _, duration in layout["segments"])
    lines = _head("VOD", longest_ms) + [f'#EXT-X-MAP:URI="{address}",BYTERANGE="{length}@{offset}"']
    for offset, length, duration_ms in layout["segments"]:
        lines += [f"#EXTINF:{duration_ms / 1000:.3f},", f"#EXT-X-BYTERANGE:{length}@{offset}", address]
    return "\n".join([*lines, "#EXT-X-ENDLIST"]) + "\n"


def growing(segments: list[LiveSegment], address_of: Callable[[LiveSegment], str], *, is_whole: bool) -> str:
    """The media playlist of a rung that is still being made: each stretch is an object of its own."""
    head, *stretches = segments
    longest_ms = max(stretch.duration_ms for stretch in stretches)
    lines = _head("EVENT", longest_ms) + [f'#EXT-X-MAP:URI="{address_of(head)}"']
    for stretch in stretches:
        lines += [f"#EXTINF:{stretch.duration_ms / 1000:.3f},", address_of(stretch)]
    end = ["#EXT-X-ENDLIST"] if is_whole else []
    return "\n".join([*lines, *end]) + "\n"


def _head(kind: str, longest_ms: int) -> list[str]:
    return [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        f"#EXT-X-TARGETDURATION:{-(-longest_ms // 1000)}",
        f"#EXT-X-PLAYLIST-TYPE:{kind}",
        "#EXT-X-INDEPENDENT-SEGMENTS",
    ]


def storyboard(recording: Recording, sprite: Rendition, address: str) -> str:
    """Which tile of the sprite shows which span of time."""
    layout = sprite.layout or {}
    width, height, step = layout["tile_width"], layout["tile_height"], layout["interval_ms"]
    end = recording.duration_ms or layout["count"] * step
    lines = ["WEBVTT", ""]
    for index in range(layout["count"]):
        row, column = divmod(index, layout["columns"])
        last = end if index == layout["count"] - 1 else (index + 1) * step
        lines += [
            f"{_clock(index * step)} --> {_clock(max(last, index * step + 1))}",
            f"{address}#xywh={column * width},{row * height},{width},{height}",
            "",
        ]
    return "\n".join(lines)


def _clock(ms: int) -> str:
    seconds, rest = divmod(ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"
