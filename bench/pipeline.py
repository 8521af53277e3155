"""What the pipeline costs beside the bare commands that make the same files.

    python -m bench.pipeline [--json] [--quick]

Product path and reference run in turns on the same machine, so that its load falls on both; each
figure is the median of the turns. A ratio of 1 is the limit: nothing but ffmpeg itself was paid for.
"""

import argparse
import json
import os
import statistics
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.world import World, world
from pitchreview.models import Recording, RecordingState
from worker.media.tools import Tools, find_tools

SECONDS = 20
SIZE = "1920x1080"


@dataclass(frozen=True)
class Cost:
    wall: float
    cpu: float


@dataclass(frozen=True)
class Turn:
    """One take through the product, and the same work by hand."""

    playable: float
    copied: float
    encode: Cost
    reference: Cost


def main() -> None:
    options = _options()
    with world() as here:
        tools = find_tools(here.settings)
        source = _make_source(tools, here.folder, options.seconds)
        here.start_worker()
        _warm_up(here, source)
        turns = [_turn(here, tools, source) for _ in range(1 if options.quick else 3)]
        _report(here, turns, options.seconds)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.pipeline", description=__doc__)
    parser.add_argument("--json", action="store_true", help="the last line is JSON in any case")
    parser.add_argument("--quick", action="store_true", help="one turn on a short clip")
    options = parser.parse_args()
    options.seconds = SECONDS // 2 if options.quick else SECONDS
    return options


def _make_source(tools: Tools, folder: Path, seconds: int) -> Path:
    """A drawn head that talks, enlarged, with the noise of a camera over it."""
    clip = Path(__file__).parent.parent / "pitchreview" / "local" / "demo_clips" / "vendor-ada-2.mp4"
    made = folder / "source.mp4"
    picture = f"scale={SIZE},noise=alls=6:allf=t,fps=30,format=yuv420p"
    encode = ("-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-g", "60", "-c:a", "aac")
    _run(tools.ffmpeg, "-t", str(seconds), "-i", clip, "-vf", picture, *encode, made)
    return made


def _warm_up(here: World, source: Path) -> None:
    here.wait_for(here.upload(source), RecordingState.READY)


def _turn(here: World, tools: Tools, source: Path) -> Turn:
    before = _busy_seconds()
    recording = here.wait_for(here.upload(source), RecordingState.READY)
    cpu = _busy_seconds() - before
    assert recording.received_at and recording.playable_at and recording.ready_at
    wall = (recording.ready_at - recording.received_at).total_seconds()
    reference = _reference(here, tools, source, recording)
    return Turn(
        playable=(recording.playable_at - recording.received_at).total_seconds(),
        copied=_bare_copy(here, tools, source),
        encode=Cost(wall, cpu),
        reference=reference,
    )


def _bare_copy(here: World, tools: Tools, source: Path) -> float:
    """GET, stream copy and PUT of the same bytes, without anything of ours, in seconds."""
    key, fetched, made = "bench/source", here.folder / "fetched.mp4", here.folder / "copied.mp4"
    here.store.put_file(source, key, "video/mp4")
    started = time.monotonic()
    here.store.fetch(key, fetched)
    _run(tools.ffmpeg, "-i", fetched, "-c", "copy", "-movflags", "+faststart", made)
    here.store.put_file(made, key, "video/mp4")
    return time.monotonic() - started


def _reference(here: World, tools: Tools, source: Path, recording: Recording) -> Cost:
    """Bare commands for the same rungs in one decode, the poster, the sprite and the loudness."""
    with here.sessions() as session:
        rungs = [rung.rung for rung in session.get_one(Recording, recording.id).rungs]
    out = here.folder / "reference"
    out.mkdir(exist_ok=True)
    names = [f"[v{number}]" for number in range(len(rungs))]
    graph = f"[0:v]split={len(rungs)}{''.join(f'[s{n}]' for n in range(len(rungs)))};" + ";".join(
        f"[s{n}]scale=-2:{rung}[v{n}]" for n, rung in enumerate(rungs)
    )
    ladder: list[str | Path] = ["-i", source, "-filter_complex", graph]
    for name, rung in zip(names, rungs, strict=True):
        rate = {360: "800k", 720: "2800k", 1080: "5000k"}.get(rung, "2800k")
        ladder += ["-map", name, "-map", "0:a", "-c:v", "libx264", "-preset", "veryfast", "-crf", "23"]
        ladder += ["-maxrate", rate, "-bufsize", rate, "-g", "30", "-keyint_min", "30", "-sc_threshold", "0"]
        ladder += ["-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "128k", "-ac", "2", out / f"{rung}.mp4"]

    def work() -> None:
        _run(tools.ffmpeg, *ladder)
        _run(tools.ffmpeg, "-i", source, "-vf", "thumbnail=50", "-frames:v", "1", out / "poster.jpg")
        tiles = "fps=1,scale=160:-2,tile=10x2"
        lowest, board = out / f"{rungs[0]}.mp4", out / "board.jpg"
        _run(tools.ffmpeg, "-skip_frame", "nokey", "-i", lowest, "-vf", tiles, "-frames:v", "1", board)
        _run(tools.ffmpeg, "-i", source, "-vn", "-af", "ebur128=peak=true", "-f", "null", "-")

    return _measured(work)


def _measured(work: Callable[[], None]) -> Cost:
    before, started = _busy_seconds(), time.monotonic()
    work()
    return Cost(time.monotonic() - started, _busy_seconds() - before)


def _busy_seconds() -> float:
    """CPU of the whole machine, for the sandbox hides its tools from their parent's account.

    So the product's figure has its database and object store in it, and the machine must do nothing else.
    """
    times = psutil.cpu_times()
    return float(times.user + times.nice + times.system + times.softirq)


def _run(tool: Path, *arguments: str | Path) -> None:
    command = [str(tool), "-nostdin", "-y", "-v", "error", *map(str, arguments)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _report(here: World, turns: list[Turn], seconds: int) -> None:
    median = statistics.median
    figures = {
        "cpu_ratio": round(median(t.encode.cpu / t.reference.cpu for t in turns), 3),
        "wall_ratio": round(median(t.encode.wall / t.reference.wall for t in turns), 3),
        "playable_minus_copy_s": round(median(t.playable - t.copied for t in turns), 3),
        "playable_s": round(median(t.playable for t in turns), 3),
        "cpu_per_second_of_video": round(median(t.encode.cpu for t in turns) / seconds, 2),
        "worker_rss_mb": round(here.worker_rss_mb(), 1),
        "turns": len(turns),
        "cores": os.cpu_count(),
    }
    print(f"{SIZE}, {seconds} s, {len(turns)} turn(s); ratios are product / bare commands")
    for name, value in figures.items():
        print(f"  {name:26} {value}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
