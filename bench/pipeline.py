"""What the pipeline costs beside the bare commands that make the same files.

    python -m bench.pipeline [--json] [--quick | --growth | --no-growth] [--minutes 1,3]

Product path and reference run in turns on the same machine, so that its load falls on both; each
figure is the median of the turns. A ratio of 1 is the limit: nothing but ffmpeg itself was paid for.
The source is a minute of what a camera writes; the full run adds a short one ("short") and one so rich that
no rung of it is copied ("export").
CPU is the whole machine's, so nothing else may run. `--quick` leaves out the peers and the long
clips; `--growth` measures only how cost grows; without either, everything.
"""

import argparse
import json
import os
import statistics
from dataclasses import dataclass
from pathlib import Path

from bench import bare, breakdown, clips, growth, peers, quality
from bench.bare import BareRung
from bench.measure import Cost, Watch, busy_seconds
from bench.world import World, world
from pitchreview.models import Recording, RecordingState
from worker.media.tools import Tools, find_tools

TURNS, QUICK_TURNS = 3, 1
# A pitch is minutes long; what a short clip pays for processes and transactions is told beside it.
SECONDS, SHORT_SECONDS, QUICK_SECONDS = 60, 20, 10
FOREIGN_SECONDS, QUICK_FOREIGN_SECONDS = 20, 5


@dataclass(frozen=True)
class Turn:
    """One take through the product, and the same work by hand."""

    recording: Recording
    product: Cost
    reference: Cost
    copied: float
    reference_bytes: int
    rss_mb: float

    @property
    def playable(self) -> float:
        return _seconds_to_playable(self.recording)

    @property
    def byte_ratio(self) -> float:
        """The rungs alone; one that is copied is as large on both sides."""
        return sum(row.size_bytes for row in self.recording.rungs) / self.reference_bytes


def main() -> None:
    options = _options()
    figures: dict[str, object] = {}
    with world() as here:
        tools = find_tools(here.settings)
        if not options.growth:
            figures |= _measure(here, tools, quick=options.quick)
        if not options.quick and not options.no_growth:
            print("growth")
            figures["growth"] = growth.measure(here, tools, options.minutes)
    for name, value in figures.items():
        print(f"  {name:26} {value}")
    print(json.dumps(figures))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.pipeline", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--json", action="store_true", help="the last line is JSON in any case")
    parser.add_argument("--quick", action="store_true", help="one turn on a short clip, a minute in all")
    parser.add_argument("--growth", action="store_true", help="only the growth")
    parser.add_argument("--no-growth", action="store_true", help="everything else, some minutes in all")
    parser.add_argument(
        "--minutes",
        type=lambda text: tuple(map(int, text.split(","))),
        default=growth.MINUTES,
        help="lengths of the sources whose growth is measured (1,3,10,30)",
    )
    return parser.parse_args()


def _measure(here: World, tools: Tools, *, quick: bool) -> dict[str, object]:
    seconds = QUICK_SECONDS if quick else SECONDS
    source = clips.talking(tools, here.folder, seconds)
    here.start_worker()
    here.wait_for(here.upload(source), RecordingState.READY)  # what is slow only the first time
    turns = [_turn(here, tools, source) for _ in range(QUICK_TURNS if quick else TURNS)]
    print(f"{clips.SIZE}, {seconds} s, {len(turns)} turn(s); ratios are product / bare commands")
    figures = _ratios(turns)
    figures |= _quality(here, tools, source, turns[-1].recording)
    figures |= _any_source(here, tools, quick=quick)
    figures["to_playable_s"] = _rounded(breakdown.break_down(here, tools, source))
    if not quick:
        short = clips.talking(tools, here.folder, SHORT_SECONDS)
        figures["short"] = _ratios([_turn(here, tools, short) for _ in range(TURNS)])
        figures["peers"] = _peers(here, tools, short)
        export = clips.talking(tools, here.folder, SHORT_SECONDS, clips.EXPORT_MBITS)
        figures["export"] = _ratios([_turn(here, tools, export) for _ in range(TURNS)])
    return figures


def _turn(here: World, tools: Tools, source: Path) -> Turn:
    with Watch([worker.pid for worker in here.workers], here.work_dir) as watch:
        before = busy_seconds()
        recording = here.wait_for(here.upload(source), RecordingState.READY)
        cpu = busy_seconds() - before
    assert recording.received_at and recording.ready_at
    wall = (recording.ready_at - recording.received_at).total_seconds()
    out = here.folder / "reference"
    rungs = bare.rungs_of(recording)
    reference = bare.make_everything(tools, source, rungs, out)
    copied = bare.copy_between(here.store, tools, source, here.folder)
    made = sum((out / f"{rung.name}.mp4").stat().st_size for rung in rungs)
    return Turn(recording, Cost(wall, cpu), reference, copied, made, watch.peak_rss_mb)


def _ratios(turns: list[Turn]) -> dict[str, object]:
    median = statistics.median
    seconds = (turns[0].recording.duration_ms or 1) / 1000
    return {
        "cpu_ratio": round(median(turn.product.cpu / turn.reference.cpu for turn in turns), 3),
        "wall_ratio": round(median(turn.product.wall / turn.reference.wall for turn in turns), 3),
        "byte_ratio": round(median(turn.byte_ratio for turn in turns), 3),
        "playable_s": round(median(turn.playable for turn in turns), 3),
        "playable_minus_copy_s": round(median(turn.playable - turn.copied for turn in turns), 3),
        "cpu_per_second_of_video": round(median(turn.product.cpu for turn in turns) / seconds, 3),
        "worker_rss_mb": round(max(turn.rss_mb for turn in turns), 1),
        "rungs": {
            rung.name: "copied" if rung.is_copied else "encoded"
            for rung in bare.rungs_of(turns[-1].recording)
        },
        "turns": len(turns),
        "cores": os.cpu_count(),
    }


def _quality(here: World, tools: Tools, source: Path, recording: Recording) -> dict[str, object]:
    """The worst rung counts. A copied rung is its source, so nothing can be lost."""
    compared = []
    for row in recording.rungs:
        rung = BareRung.of(row)
        if not rung.is_copied:
            ours = here.folder / f"ours-{rung.name}.mp4"
            here.store.fetch(row.object_key, ours)
            plain = here.folder / "reference" / f"{rung.name}.mp4"
            compared.append(quality.compare(tools, source, rung, ours, plain))
    vmaf = [one.vmaf_delta for one in compared if one.vmaf_delta is not None]
    figures: dict[str, object] = {
        "ssim_delta": round(min((one.ssim_delta for one in compared), default=0), 5)
    }
    return figures | ({"vmaf_delta": round(min(vmaf), 3)} if vmaf else {})


def _any_source(here: World, tools: Tools, *, quick: bool) -> dict[str, object]:
    """From the finished upload to the first picture, without the download, for what cannot be copied."""
    waits = {}
    for name in clips.FOREIGN_QUICK if quick else clips.FOREIGN:
        length = QUICK_FOREIGN_SECONDS if quick else FOREIGN_SECONDS
        source = clips.foreign(tools, here.folder, name, length)
        recording = here.wait_for(here.upload(source), RecordingState.READY)
        get = bare.fetch_seconds(here.store, source, here.folder)
        waits[name] = _seconds_to_playable(recording) - get
        source.unlink()
    return {"playable_any_source_s": round(max(waits.values()), 3), "playable_by_source_s": _rounded(waits)}


def _peers(here: World, tools: Tools, source: Path) -> dict[str, float]:
    """CPU of a peer's recipe over ours, each in turn with one of ours."""
    ratios = {}
    for name in peers.RECIPES:
        before = busy_seconds()
        here.wait_for(here.upload(source), RecordingState.READY)
        ours = busy_seconds() - before
        ratios[name] = peers.cost_of(name, tools, source, here.folder).cpu / ours
    return _rounded(ratios)


def _seconds_to_playable(recording: Recording) -> float:
    assert recording.received_at and recording.playable_at
    return (recording.playable_at - recording.received_at).total_seconds()


def _rounded(values: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 3) for name, value in values.items()}


if __name__ == "__main__":
    main()
