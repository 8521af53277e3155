"""Several files become one: screen and camera in a layout, and what followed a crash after what came before.

Files of one sequence lie side by side on the clock of the recording, from where the first of them begins;
each is moved to its place, holds its last picture when it ends early, and is heard with the others. Sequences
follow each other without a gap. All is encoded once, as a picture that can be its own top rung.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil
from pathlib import Path
from typing import Any

import ffmpeg

from pitchreview.errors import BrokenMedia
from pitchreview.models import Layout, SourceRole
from worker.media import color, commands, ladder, layouts, profiles
from worker.media.codecs import codecs_string
from worker.media.commands import OnProgress, ignore
from worker.media.copy import MUXERS, STRIPPED
from worker.media.errors import ToolFailed
from worker.media.layouts import Box, Size
from worker.media.probe import Probe, VideoStream
from worker.media.process import Abort, never
from worker.media.renditions import Rendition
from worker.media.tools import Tools
from worker.media.verify import DamageCount, verify_footage

SILENCE = f"anullsrc=r={profiles.AUDIO_HZ}:cl=stereo"


@dataclass(frozen=True)
class Part:
    """One file, and where it belongs."""

    path: Path
    probe: Probe
    role: SourceRole = SourceRole.CAMERA
    sequence: int = 0
    offset_ms: int = 0

    @property
    def size(self) -> Size | None:
        return (self.probe.video.width, self.probe.video.height) if self.probe.video else None


@dataclass(frozen=True)
class Scene:
    """What was recorded at the same time."""

    parts: tuple[Part, ...]
    fps: Fraction

    @property
    def start_ms(self) -> int:
        return min(part.offset_ms for part in self.parts)

    def delay_ms(self, part: Part) -> int:
        return part.offset_ms - self.start_ms

    @property
    def frames(self) -> int:
        """Whole pictures, so that sound and picture of the next scene begin together."""
        lasts_ms = max(self.delay_ms(part) + part.probe.duration_ms for part in self.parts)
        return ceil(lasts_ms * self.fps / 1000)

    @property
    def seconds(self) -> float:
        return float(self.frames / self.fps)

    def seen(self, role: SourceRole) -> Part | None:
        return next((part for part in self.parts if part.role is role and part.probe.video), None)

    @property
    def heard(self) -> list[Part]:
        return [part for part in self.parts if part.probe.audio]


@dataclass(frozen=True)
class Film:
    """All of it, one scene after the other."""

    scenes: tuple[Scene, ...]
    layout: Layout
    # None: there is nothing to be seen
    canvas: Size | None
    fps: Fraction

    @property
    def parts(self) -> list[Part]:
        return [part for scene in self.scenes for part in scene.parts]

    @property
    def has_sound(self) -> bool:
        return any(scene.heard for scene in self.scenes)

    @property
    def span_ms(self) -> int:
        return round(1000 * sum(scene.seconds for scene in self.scenes))

    @property
    def kbps(self) -> int:
        return ladder.own_kbps(min(self.canvas)) if self.canvas else 0


def plan_film(parts: Sequence[Part], layout: Layout) -> Film:
    """The scenes in their order, on a canvas that is the same for all of them."""
    fps = _fps(parts)
    scenes = tuple(
        Scene(tuple(part for part in parts if part.sequence == sequence), fps)
        for sequence in sorted({part.sequence for part in parts})
    )
    screen, camera = _first_size(scenes, SourceRole.SCREEN), _first_size(scenes, SourceRole.CAMERA)
    canvas = layouts.canvas_of(layout, screen, camera) if screen or camera else None
    return Film(scenes, layout, canvas, fps)


def _fps(parts: Sequence[Part]) -> Fraction:
    rates = [part.probe.video.fps for part in parts if part.probe.video]
    return min(max(rates, default=Fraction(profiles.FOOTAGE_FPS)), Fraction(profiles.FOOTAGE_FPS))


def _first_size(scenes: Sequence[Scene], role: SourceRole) -> Size | None:
    found = (part.size for scene in scenes if (part := scene.seen(role)) is not None)
    return next(found, None)


def compose(
    tools: Tools,
    parts: Sequence[Part],
    layout: Layout,
    folder: Path,
    *,
    most_seconds: int = profiles.SOURCE_LIMITS.max_duration_seconds,
    on_progress: OnProgress = ignore,
    abort: Abort = never,
) -> Rendition:
    """The footage, verified; raises BrokenMedia when what came cannot become one recording."""
    film = plan_film(parts, layout)
    if film.span_ms > 1000 * most_seconds:
        raise BrokenMedia(f"Put together this is longer than the {most_seconds / 3600:.1f} hours allowed.")
    tools = _able(tools, film)
    made, damage = folder / "footage.mp4", DamageCount()
    try:
        commands.run_ffmpeg(
            tools,
            _compile(film, made),
            reads=[part.path for part in film.parts],
            folder=folder,
            span_ms=film.span_ms,
            most_bytes=_most_bytes(film),
            on_progress=on_progress,
            on_complaint=damage.note,
            abort=abort,
        )
        damage.warnings(sum(part.probe.packets for part in film.parts))
        return _describe(tools, film, made, abort)
    except ToolFailed as failure:
        raise ladder.blame(failure, damage) from failure


def _able(tools: Tools, film: Film) -> Tools:
    """The tools that decode all of it."""
    for codec in {part.probe.video.codec for part in film.parts if part.probe.video}:
        if not tools.can_decode(codec):
            raise BrokenMedia(f"The ffmpeg of this server cannot decode {codec.upper()} video.")
        tools = tools.for_codec(codec)
    return tools


def _most_bytes(film: Film) -> int:
    rate = film.kbps + profiles.AUDIO_KBPS
    return round(film.span_ms * rate // 8 * profiles.RUNG_SLACK) + profiles.SMALL_OUTPUT_BYTES


def _compile(film: Film, made: Path) -> Any:
    options: dict[str, Any] = {**STRIPPED, **MUXERS["mp4"], "t": round(film.span_ms / 1000 + 0.5, 3)}
    if film.canvas is not None:
        options |= {"c:v": "libx264", **ladder.picture_options(film.kbps, film.fps)}
    if film.has_sound:
        options |= ladder.sound_options()
    return ffmpeg.output(*_joined(film), str(made), **options)


def _joined(film: Film) -> list[Any]:
    streams = [stream for scene in film.scenes for stream in _streams(film, scene)]
    if len(film.scenes) == 1:
        return streams
    kinds = {"v": int(film.canvas is not None), "a": int(film.has_sound)}
    joined = ffmpeg.filter_multi_output(streams, "concat", n=len(film.scenes), **kinds)
    return [joined[k] for k in range(sum(kinds.values()))]


def _streams(film: Film, scene: Scene) -> list[Any]:
    # A window that is made larger while it is recorded must not set up all filters anew
    opened = {
        part: commands.open_input(part.path, part.probe.container, **{"reinit_filter:v": 0})
        for part in scene.parts
    }
    streams = []
    if film.canvas is not None:
        streams.append(_picture(film, scene, opened, film.canvas))
    if film.has_sound:
        streams.append(_sound(scene, opened))
    return streams


def _picture(film: Film, scene: Scene, opened: dict[Part, Any], canvas: Size) -> Any:
    screen, camera = scene.seen(SourceRole.SCREEN), scene.seen(SourceRole.CAMERA)
    sizes = (screen.size if screen else None, camera.size if camera else None)
    boxes = layouts.boxes_of(film.layout, canvas, *sizes)
    picture = None
    for role, box in boxes.items():
        part = screen if role is SourceRole.SCREEN else camera
        assert part is not None
        if picture is None:
            picture = _layer(scene, part, opened[part], box, canvas)
        else:
            over = _layer(scene, part, opened[part], replace(box, x=0, y=0), (box.width, box.height))
            picture = ffmpeg.filter([picture, over], "overlay", box.x, box.y, eval="init")
    if picture is None:
        picture = _black(scene, canvas)
    return picture.filter("format", "yuv420p").filter("setparams", **color.BT709).filter("setsar", 1)


def _layer(scene: Scene, part: Part, opened: Any, box: Box, ground: Size) -> Any:
    """One picture at its place on a dark ground, from the first moment of the scene to its last."""
    video = part.probe.video
    assert video is not None
    picture = _on_time(opened[str(video.index)], scene, part, video)
    return (
        color.fit(picture, video, box.width, box.height)
        .filter(
            "pad",
            *ground,
            f"{box.x}+({box.width}-iw)/2",
            f"{box.y}+({box.height}-ih)/2",
            eval="frame",
        )
        .filter("tpad", stop_mode="clone", stop=-1)
        .filter("trim", end_frame=scene.frames)
    )


def _on_time(picture: Any, scene: Scene, part: Part, video: VideoStream) -> Any:
    """Its pictures at the times of the scene; before the first one there is the first one."""
    moved = picture.filter("setpts", f"PTS+{scene.delay_ms(part)}/1000/TB")
    return moved.filter("fps", fps=str(scene.fps), start_time=0)


def _black(scene: Scene, canvas: Size) -> Any:
    ground = f"color=c=black:s={canvas[0]}x{canvas[1]}:r={scene.fps}"
    return _drawn(scene, ground)["v"].filter("trim", end_frame=scene.frames)


def _drawn(scene: Scene, source: str) -> Any:
    """Longer than it need be, by another second in each scene: equal inputs are taken for one."""
    return ffmpeg.input(source, f="lavfi", t=scene.seconds + 1 + scene.parts[0].sequence)


def _sound(scene: Scene, opened: dict[Part, Any]) -> Any:
    """All that was heard at once, exactly as long as the pictures are seen."""
    if not scene.heard:
        return _drawn(scene, SILENCE)["a"].filter("atrim", end=scene.seconds)
    tracks = [_track(scene, part, opened[part]) for part in scene.heard]
    sound = tracks[0]
    if len(tracks) > 1:
        sound = ffmpeg.filter(tracks, "amix", inputs=len(tracks), duration="longest", normalize=0)
    return sound.filter("apad", whole_dur=scene.seconds).filter("atrim", end=scene.seconds)


def _track(scene: Scene, part: Part, opened: Any) -> Any:
    assert part.probe.audio is not None
    return (
        opened[str(part.probe.audio.index)]
        .filter("asetpts", f"PTS+{scene.delay_ms(part)}/1000/TB")
        .filter("aresample", profiles.AUDIO_HZ, **{"async": 1, "first_pts": 0})
        .filter("aformat", sample_fmts="fltp", channel_layouts="stereo")
    )


def _describe(tools: Tools, film: Film, made: Path, abort: Abort) -> Rendition:
    width, height = film.canvas or (0, 0)
    draft = Rendition(
        path=made,
        content_type="video/mp4" if film.canvas else "audio/mp4",
        codecs="",
        width=width,
        height=height,
        duration_ms=film.span_ms,
        bytes=made.stat().st_size if made.exists() else 0,
    )
    seen = verify_footage(tools, draft, has_sound=film.has_sound, abort=abort)
    return replace(draft, codecs=codecs_string(made, seen.video, seen.audio), duration_ms=seen.duration_ms)
