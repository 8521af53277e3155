"""Any picture to the one that every screen shows: BT.709, 8 bits, 4:2:0, square pixels, a given size."""

from pathlib import Path
from typing import Any

from worker.media import tones
from worker.media.probe import VideoStream
from worker.media.tools import Tools

BT709 = {"color_primaries": "bt709", "color_trc": "bt709", "colorspace": "bt709", "range": "tv"}
# Pictures that do not name their matrix: high definition is BT.709, smaller ones BT.601, as browsers assume
HIGH_DEFINITION = 720


def scale(tools: Tools, picture: Any, video: VideoStream, width: int, height: int, folder: Path) -> Any:
    """The filters that bring one branch of the picture to its size and colours."""
    if video.is_hdr and can_map_tones(tools):
        picture = _map_tones(picture, video, width, height, folder)
    else:
        picture = picture.filter(
            "scale", width, height, in_color_matrix=_matrix(video), out_color_matrix="bt709", out_range="tv"
        )
    return picture.filter("format", "yuv420p").filter("setparams", **BT709).filter("setsar", 1)


def fit(picture: Any, video: VideoStream, width: int, height: int) -> Any:
    """The picture whole inside these sides, also when its own change on the way; its colours are BT.709."""
    return picture.filter(
        "scale",
        width,
        height,
        force_original_aspect_ratio="decrease",
        eval="frame",
        in_color_matrix=_matrix(video),
        out_color_matrix="bt709",
        out_range="tv",
    )


def can_map_tones(tools: Tools) -> bool:
    return "lut3d" in tools.filters


def warnings(tools: Tools, video: VideoStream | None) -> tuple[str, ...]:
    if video is not None and video.is_hdr and not can_map_tones(tools):
        return ("This is an HDR recording; its colours look paler than on the camera.",)
    return ()


def _matrix(video: VideoStream) -> str:
    if video.color_space:
        return "auto"
    return "bt709" if video.short_side >= HIGH_DEFINITION else "bt601"


def _map_tones(picture: Any, video: VideoStream, width: int, height: int, folder: Path) -> Any:
    """The table speaks RGB; ten bits keep the steps invisible, and the small picture costs the least."""
    table = tones.write_table(video.transfer, folder)
    return (
        picture.filter("scale", width, height, in_color_matrix="bt2020", out_range="pc")
        .filter("format", "gbrp10le")
        .filter("lut3d", file=str(table), interp="tetrahedral")
        .filter("scale", out_color_matrix="bt709", out_range="tv")
    )
