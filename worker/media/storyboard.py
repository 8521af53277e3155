"""The sprite of small pictures that the timeline shows while somebody looks for a moment."""

import math
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import ffmpeg

from worker.media import commands, profiles
from worker.media.ladder import even
from worker.media.process import Abort, never
from worker.media.renditions import Rung, Storyboard
from worker.media.tools import Tools
from worker.media.verify import DamageCount, verify_jpeg


@dataclass(frozen=True)
class Plan:
    """One tile per interval: every `step`-th keyframe where we set the keyframes ourselves."""

    step: int
    count: int
    columns: int
    rows: int
    tile_width: int
    tile_height: int
    interval_ms: int


def plan_storyboard(rung: Rung) -> Plan:
    """At most a hundred tiles that reach to the very end, at the exact times of the rung's keyframes."""
    second_ms = 1000.0 if rung.is_copied else _keyframe_ms(rung.fps)
    seconds = max(1, math.ceil(rung.duration_ms / second_ms))
    step = math.ceil(seconds / profiles.MAX_TILES)
    count = math.ceil(seconds / step)
    columns = min(count, profiles.TILE_COLUMNS)
    height = even(Fraction(profiles.TILE_WIDTH * rung.height, rung.width))
    return Plan(
        step=step,
        count=count,
        columns=columns,
        rows=math.ceil(count / columns),
        tile_width=profiles.TILE_WIDTH,
        tile_height=height,
        interval_ms=round(step * second_ms),
    )


def make_storyboard(tools: Tools, rung: Rung, folder: Path, *, abort: Abort = never) -> Storyboard:
    """The sprite of the lowest rung: only its keyframes are decoded, one a second.

    A source that is its own lowest rung has keyframes of its own: it is small, and decoded as a whole, for
    the first time, so that this is where its damage shows.
    """
    damage = DamageCount()
    plan = plan_storyboard(rung)
    made = folder / "storyboard.jpg"
    for quality in profiles.SPRITE_QUALITIES:
        damage.frames = 0
        _draw(tools, rung, plan, made, quality, damage, abort)
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
        warnings=damage.warnings(round(rung.duration_ms * rung.fps / 1000)),
    )


def _keyframe_ms(fps: float) -> float:
    """At 29.97 a group of 30 pictures lasts 1001 ms: over three hours that is ten seconds."""
    return round(fps * profiles.KEYFRAME_SECONDS) / fps * 1000


def _draw(
    tools: Tools, rung: Rung, plan: Plan, made: Path, quality: int, damage: DamageCount, abort: Abort
) -> None:
    tiles = (
        _pictures(rung, plan)
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
        on_complaint=damage.note,
        abort=abort,
    )
    verify_jpeg(made)


def _pictures(rung: Rung, plan: Plan) -> Any:
    """The picture in view at each tile's moment."""
    if rung.is_copied:
        opened = commands.open_input(rung.path, "mov", an=None)
        return opened["v"].filter("fps", fps=f"1000/{plan.interval_ms}", start_time=0, round="up")
    opened = commands.open_input(rung.path, "mov", skip_frame="nokey", an=None)
    return opened["v"].filter("select", f"not(mod(n,{plan.step}))")
