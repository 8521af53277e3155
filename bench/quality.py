"""What the eye loses: each rung against its source, beside a plain encode at the same settings.

SSIM by the worker's own ffmpeg; VMAF where a build that measures it is installed (imageio-ffmpeg).
"""

import re
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from bench.bare import BareRung, ask
from worker.media.tools import Tools

SSIM = re.compile(r"SSIM .*All:([\d.]+)")
VMAF = re.compile(r"VMAF score: ([\d.]+)")


@dataclass(frozen=True)
class Quality:
    """Ours minus plain; below 0 is worse."""

    rung: int
    ssim_delta: float
    vmaf_delta: float | None


def compare(tools: Tools, source: Path, rung: BareRung, ours: Path, plain: Path) -> Quality:
    """A rung of ours and a plain one, each against the source at the rung's size."""
    graph = _aligned(rung) + "[made][wanted]ssim"
    ssims = [_score(tools.ffmpeg, made, source, graph, SSIM) for made in (ours, plain)]
    meter = vmaf_ffmpeg()
    vmaf_delta = None
    if meter is not None:
        vmaf = _aligned(rung) + "[made][wanted]libvmaf=n_threads=2:n_subsample=5"
        scores = [_score(meter, made, source, vmaf, VMAF) for made in (ours, plain)]
        vmaf_delta = scores[0] - scores[1]
    return Quality(rung.name, ssims[0] - ssims[1], vmaf_delta)


def vmaf_ffmpeg() -> Path | None:
    """The binary inside the package; found by its path, for importing the package would start it."""
    spec = find_spec("imageio_ffmpeg")
    if spec is None or spec.origin is None:
        return None
    found = sorted((Path(spec.origin).parent / "binaries").glob("ffmpeg-linux*"))
    return next((path for path in found if "n_threads" in ask(path, "-h", "filter=libvmaf")), None)


def _aligned(rung: BareRung) -> str:
    """Both pictures at one size and rate, from one zero: otherwise frame is compared with the next frame."""
    same = f"fps=30,scale={rung.width}:{rung.height}:flags=bicubic,format=yuv420p,setpts=PTS-STARTPTS"
    return f"[0:v]{same}[made];[1:v]{same}[wanted];"


def _score(ffmpeg: Path, made: Path, source: Path, graph: str, pattern: re.Pattern[str]) -> float:
    report = ask(ffmpeg, "-i", made, "-i", source, "-lavfi", graph, "-f", "null", "-")
    found = pattern.findall(report)
    if not found:
        raise RuntimeError(f"no score for {made.name}: {report[-500:]}")
    return float(found[-1])
