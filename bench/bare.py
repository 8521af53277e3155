"""The same files by hand: bare ffmpeg commands, derived from the rows that the product published.

One decode, split into the encoded rungs; a rung that the product copied is copied here, with its sound
encoded; then the poster, the sprite from the lowest rung's keyframes, and the loudness.
"""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.measure import Cost, measured
from pitchreview.models import Recording, Rendition
from pitchreview.store import ObjectStore
from worker.media import profiles
from worker.media.tools import Tools

# What every plain encode has in common with the product's rungs, besides its size and its ceiling.
FRAMES = round(30 * profiles.KEYFRAME_SECONDS)
SOUND = ("-c:a", "aac", "-b:a", f"{profiles.AUDIO_KBPS}k", "-ac", "2")


@dataclass(frozen=True)
class BareRung:
    """One rung as its row describes it."""

    name: int
    width: int
    height: int
    is_copied: bool

    @classmethod
    def of(cls, row: Rendition) -> "BareRung":
        assert row.width and row.height
        return cls(row.rung, row.width, row.height, bool((row.layout or {}).get("copied")))

    @property
    def kbps(self) -> int:
        """The ceiling that the product's table has for this size."""
        ceilings = {rung.short_side: rung.max_kbps for rung in profiles.RUNGS}
        own = (kbps for side, kbps in profiles.OWN_SIZE_KBPS if self.name <= side)
        return ceilings.get(self.name) or next(own)

    @property
    def encoding(self) -> list[str]:
        """The product's settings, as plain options."""
        return [
            *("-c:v", "libx264", "-preset", profiles.PRESET, "-crf", str(profiles.CRF)),
            *("-maxrate", f"{self.kbps}k", "-bufsize", f"{2 * self.kbps}k"),
            *("-g", str(FRAMES), "-keyint_min", str(FRAMES), "-sc_threshold", "0", "-pix_fmt", "yuv420p"),
        ]


def rungs_of(recording: Recording) -> list[BareRung]:
    """Lowest first."""
    return [BareRung.of(row) for row in recording.rungs]


def run(tool: Path, *arguments: str | Path) -> None:
    """One command, without sandbox, limits or watchdog."""
    subprocess.run(_command(tool, arguments), check=True, stdout=subprocess.DEVNULL)


def ask(tool: Path, *arguments: str | Path) -> str:
    """All that a command says of its work."""
    command = [str(tool), "-nostdin", "-y", "-hide_banner", *map(str, arguments)]
    answer = subprocess.run(
        command, check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    )
    return answer.stdout


def make_everything(tools: Tools, source: Path, rungs: Sequence[BareRung], out: Path) -> Cost:
    """Rungs, poster, sprite and loudness, as somebody would type them."""

    def work() -> None:
        make_rungs(tools, source, rungs, out)
        run(tools.ffmpeg, "-i", source, "-vf", "thumbnail=50", "-frames:v", "1", out / "poster.jpg")
        tiles = "fps=1,scale=160:-2,tile=10x10"
        lowest, board = out / f"{rungs[0].name}.mp4", out / "board.jpg"
        run(tools.ffmpeg, "-skip_frame", "nokey", "-i", lowest, "-vf", tiles, "-frames:v", "1", board)
        run(tools.ffmpeg, "-i", source, "-vn", "-af", "ebur128=peak=true", "-f", "null", "-")

    out.mkdir(exist_ok=True)
    return measured(work)


def make_rungs(tools: Tools, source: Path, rungs: Sequence[BareRung], out: Path) -> None:
    encoded = [rung for rung in rungs if not rung.is_copied]
    command: list[str | Path] = ["-i", source]
    if encoded:
        command += ["-filter_complex", _graph(encoded)]
    for number, rung in enumerate(encoded):
        command += ["-map", f"[v{number}]", "-map", "0:a:0?", *rung.encoding, *SOUND]
        command += [out / f"{rung.name}.mp4"]
    for rung in rungs:
        if rung.is_copied:
            command += ["-map", "0:v:0", "-map", "0:a:0?", "-c:v", "copy", *SOUND, out / f"{rung.name}.mp4"]
    run(tools.ffmpeg, *command)


def copy_between(store: ObjectStore, tools: Tools, source: Path, folder: Path) -> float:
    """GET, stream copy and PUT of the same bytes, in seconds."""
    key, fetched, made = "bench/source", folder / "fetched", folder / "copied.mp4"
    store.put_file(source, key, "video/mp4")

    def work() -> None:
        store.fetch(key, fetched)
        run(tools.ffmpeg, "-i", fetched, "-c", "copy", "-movflags", "+faststart", made)
        store.put_file(made, key, "video/mp4")

    seconds = measured(work).wall
    store.delete([key])
    return seconds


def fetch_seconds(store: ObjectStore, source: Path, folder: Path) -> float:
    """How long a download of these bytes takes."""
    key = "bench/source"
    store.put_file(source, key, "video/mp4")
    seconds = measured(lambda: store.fetch(key, folder / "fetched")).wall
    store.delete([key])
    return seconds


def _graph(encoded: Sequence[BareRung]) -> str:
    branches = "".join(f"[s{number}]" for number in range(len(encoded)))
    scales = [
        f"[s{number}]scale={rung.width}:{rung.height}[v{number}]" for number, rung in enumerate(encoded)
    ]
    return ";".join([f"[0:v]split={len(encoded)}{branches}", *scales])


def _command(tool: Path, arguments: Sequence[str | Path]) -> list[str]:
    return [str(tool), "-nostdin", "-y", "-v", "error", *map(str, arguments)]
