"""How cost grows with length, with size and with company. Long: up to hours on a small machine."""

import statistics
from dataclasses import dataclass
from pathlib import Path

from bench import clips
from bench.measure import Watch, busy_seconds
from bench.world import World
from pitchreview.models import Recording, RecordingState
from worker.media.tools import Tools

MINUTES = (1, 3, 10, 30)
COMPANY = tuple((workers, takes) for workers in (1, 2) for takes in (1, 2, 4))
SMALL_BYTES, LARGE_BYTES = 10 * 10**6, 5 * 10**9
# What the budget allows on disk beside the source and the outputs.
SPARE_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True)
class Grown:
    """One take on a fresh worker."""

    recording: Recording
    cpu: float
    rss_mb: float
    disk_bytes: int

    @property
    def playable_s(self) -> float:
        assert self.recording.playable_at and self.recording.received_at
        return (self.recording.playable_at - self.recording.received_at).total_seconds()

    @property
    def cpu_per_second(self) -> float:
        return self.cpu / ((self.recording.duration_ms or 1) / 1000)

    @property
    def disk_allowed_bytes(self) -> int:
        outputs = sum(rendition.size_bytes for rendition in self.recording.renditions)
        return self.recording.size_bytes + outputs + SPARE_BYTES


def measure(here: World, tools: Tools, minutes: tuple[int, ...] = MINUTES) -> dict[str, object]:
    here.stop_workers()
    clip = clips.talking(tools, here.folder, 20)
    return {
        "by_length": [_by_length(here, tools, clip, length) for length in minutes],
        "by_size": _by_size(here, tools, LARGE_BYTES),
        "in_company": [_in_company(here, clip, workers, takes) for workers, takes in COMPANY],
    }


def _by_length(here: World, tools: Tools, clip: Path, minutes: int) -> dict[str, float]:
    source = clips.looped(tools, here.folder, clip, 60 * minutes)
    grown = _grow(here, source)
    source.unlink()
    figures = {
        "minutes": minutes,
        "cpu_per_second": round(grown.cpu_per_second, 3),
        "playable_s": round(grown.playable_s, 2),
        "worker_rss_mb": round(grown.rss_mb, 1),
        "disk_mb": round(grown.disk_bytes / 1e6, 1),
        "disk_allowed_mb": round(grown.disk_allowed_bytes / 1e6, 1),
    }
    print("  length", figures, flush=True)
    return figures


def _by_size(here: World, tools: Tools, large: int) -> dict[str, float]:
    """Stage 1 alone: it fetches, copies and sends all the bytes; half an hour of ladder tells no more."""
    figures: dict[str, float] = {}
    for name, size in (("small", SMALL_BYTES), ("large", large)):
        source = clips.of_size(tools, here.folder, size)
        grown = _grow(here, source, until_checked=True)
        source.unlink()
        figures |= {f"{name}_mb": round(size / 1e6), f"{name}_rss_mb": round(grown.rss_mb, 1)}
        figures |= {f"{name}_disk_mb": round(grown.disk_bytes / 1e6, 1)}
        figures |= {f"{name}_disk_allowed_mb": round(grown.disk_allowed_bytes / 1e6, 1)}
    figures["rss_growth_mb"] = round(figures["large_rss_mb"] - figures["small_rss_mb"], 1)
    print("  size", figures, flush=True)
    return figures


def _in_company(here: World, clip: Path, workers: int, takes: int) -> dict[str, float]:
    """Several takes at once: when the first and the last are playable, and when all are ready."""
    for _ in range(workers):
        here.start_worker()
    here.wait_for(here.upload(clip), RecordingState.READY)
    recordings = [
        here.wait_for(one, RecordingState.READY) for one in [here.upload(clip) for _ in range(takes)]
    ]
    here.stop_workers()
    starts = [one.received_at for one in recordings if one.received_at]
    playable = [
        (one.playable_at - one.received_at).total_seconds()
        for one in recordings
        if one.playable_at and one.received_at
    ]
    ends = [one.ready_at for one in recordings if one.ready_at]
    figures = {
        "workers": workers,
        "takes": takes,
        "playable_median_s": round(statistics.median(playable), 2),
        "playable_worst_s": round(max(playable), 2),
        "all_ready_s": round((max(ends) - min(starts)).total_seconds(), 1),
    }
    print("  company", figures, flush=True)
    return figures


def _grow(here: World, source: Path, *, until_checked: bool = False) -> Grown:
    worker = here.start_worker()
    with Watch([worker.pid], here.work_dir) as watch:
        before = busy_seconds()
        recording_id = here.upload(source)
        if until_checked:
            recording = here.wait_for(recording_id, RecordingState.PLAYABLE)
            here.stop_the_work(recording_id)
        else:
            recording = here.wait_for(recording_id, RecordingState.READY)
        cpu = busy_seconds() - before
    here.stop_workers()
    _throw_away(here, recording)
    return Grown(recording, cpu, watch.peak_rss_mb, watch.peak_disk_bytes)


def _throw_away(here: World, recording: Recording) -> None:
    """Gigabytes that the next measurement does not need."""
    here.store.delete([stat.key for stat in here.store.list_objects(recording.folder)])
