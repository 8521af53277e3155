"""The sprite of small pictures that the timeline shows while somebody looks for a moment."""

import math
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import ffmpeg

from worker.media import commands, profiles
from worker.media.ladder import even
from worker.media.process import Abort, never
from worker.media.renditions import Rung, Storyboard
from worker.media.tools import Tools
from worker.media.verify import verify_jpeg


@dataclass(frozen=True)
class Plan:
    """Every `step`-th keyframe becomes a tile."""

    step: int
    count: int
    columns: int
    rows: int
    tile_width: int
    tile_height: int
    interval_ms: int


def plan_storyboard(rung: Rung) -> Plan:
    """At most a hundred tiles that reach to the very end, at the exact times of the rung's keyframes."""
    keyframe_ms = _keyframe_ms(rung.fps)
    keyframes = max(1, math.ceil(rung.duration_ms / keyframe_ms))
    step = math.ceil(keyframes / profiles.MAX_TILES)
    count = math.ceil(keyframes / step)
    columns = min(count, profiles.TILE_COLUMNS)
    height = even(Fraction(profiles.TILE_WIDTH * rung.height, rung.width))
    return Plan(
        step=step,
        count=count,
        columns=columns,
        rows=math.ceil(count / columns),
        tile_width=profiles.TILE_WIDTH,
        tile_height=height,
        interval_ms=round(step * keyframe_ms),
    )


def make_storyboard(tools: Tools, rung: Rung, folder: Path, *, abort: Abort = never) -> Storyboard:
    """The sprite of the lowest rung: only its keyframes are decoded, one a second."""
    plan = plan_storyboard(rung)
    made = folder / "storyboard.jpg"
    for quality in profiles.SPRITE_QUALITIES:
        _draw(tools, rung, plan, made, quality, abort)
        if made.stat().st_size <= profiles.MAX_SPRITE_BYTES:
            break
    return Storyboard(
        path=made,
        width=plan.columns * plan.tile_width,
        height=plan.rows * plan.tile_height,
        columns=plan.columns,
        rows=plan.rows,
        tile_width=plan.tile_width,
        tile_height=plan.tile_height,
        interval_ms=plan.interval_ms,
        count=plan.count,
    )


def _keyframe_ms(fps: float) -> float:
    """At 29.97 a group of 30 pictures lasts 1001 ms: over three hours that is ten seconds."""
    return round(fps * profiles.KEYFRAME_SECONDS) / fps * 1000


def _draw(tools: Tools, rung: Rung, plan: Plan, made: Path, quality: int, abort: Abort) -> None:
    opened = commands.open_input(rung.path, "mov", skip_frame="nokey", an=None)
    tiles = (
        opened["v"]
        .filter("select", f"not(mod(n,{plan.step}))")
        .filter("scale", plan.tile_width, plan.tile_height)
        .filter("tile", f"{plan.columns}x{plan.rows}", nb_frames=plan.count)
        .filter("format", "yuv420p")
    )
    options = {"c:v": "mjpeg", "q:v": quality, "frames:v": 1, "f": "image2", "update": 1, "fps_mode": "vfr"}
    commands.run_ffmpeg(
        tools,
        ffmpeg.output(tiles, str(made), **options),
        reads=[rung.path],
        folder=made.parent,
        span_ms=rung.duration_ms,
        abort=abort,
    )
    verify_jpeg(made)
