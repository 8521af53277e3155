"""HLS playlists and storyboard tracks, written from rows. Addresses inside are ours.

HLS: RFC 8216; byte ranges over one fragmented MP4 per rung. Storyboard: WebVTT with
`#xywh` media fragments.
"""

from collections.abc import Callable

from pitchreview.models import Recording, Rendition

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
    lines = [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        f"#EXT-X-TARGETDURATION:{-(-longest_ms // 1000)}",
        "#EXT-X-PLAYLIST-TYPE:VOD",
        "#EXT-X-INDEPENDENT-SEGMENTS",
        f'#EXT-X-MAP:URI="{address}",BYTERANGE="{length}@{offset}"',
    ]
    for offset, length, duration_ms in layout["segments"]:
        lines += [f"#EXTINF:{duration_ms / 1000:.3f},", f"#EXT-X-BYTERANGE:{length}@{offset}", address]
    return "\n".join([*lines, "#EXT-X-ENDLIST"]) + "\n"


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
