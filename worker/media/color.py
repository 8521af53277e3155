"""Any picture to the one that every screen shows: BT.709, 8 bits, 4:2:0, square pixels, a given size."""

from typing import Any

from worker.media.probe import VideoStream
from worker.media.tools import Tools

BT709 = {"color_primaries": "bt709", "color_trc": "bt709", "colorspace": "bt709", "range": "tv"}
# Pictures that do not name their matrix: high definition is BT.709, smaller ones BT.601, as browsers assume
HIGH_DEFINITION = 720
# Nominal white of HDR in candela per square metre
HDR_WHITE = 100


def scale(tools: Tools, picture: Any, video: VideoStream, width: int, height: int) -> Any:
    """The filters that bring one branch of the picture to its size and colours."""
    if video.is_hdr and can_map_tones(tools):
        picture = _map_tones(picture)
    matrix = "auto" if video.color_space else _assumed_matrix(video)
    matrices = {"in_color_matrix": matrix, "out_color_matrix": "bt709"}
    return (
        picture.filter("scale", width, height, out_range="tv", **matrices)
        .filter("format", "yuv420p")
        .filter("setparams", **BT709)
        .filter("setsar", 1)
    )


def can_map_tones(tools: Tools) -> bool:
    return {"zscale", "tonemap"} <= tools.filters


def warnings(tools: Tools, video: VideoStream | None) -> tuple[str, ...]:
    if video is not None and video.is_hdr and not can_map_tones(tools):
        return ("This is an HDR recording; its colours look paler than on the camera.",)
    return ()


def _assumed_matrix(video: VideoStream) -> str:
    return "bt709" if video.short_side >= HIGH_DEFINITION else "bt601"


def _map_tones(picture: Any) -> Any:
    return (
        picture.filter("zscale", transfer="linear", npl=HDR_WHITE)
        .filter("format", "gbrpf32le")
        .filter("zscale", primaries="bt709")
        .filter("tonemap", "hable", desat=0)
        .filter("zscale", transfer="bt709", matrix="bt709", range="tv")
    )
